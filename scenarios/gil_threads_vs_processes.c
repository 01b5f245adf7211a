/* Work in threads, work in processes. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { WORKERS = 4 };

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_compute(sim, 100 * SIM_MS);
    return SIM_OK;
}

static enum sim_status use(struct sim *sim, const char *what, struct sim_executor *pool)
{
    struct sim_future *pieces[WORKERS];
    int64_t start = sim_now(sim);

    for (int i = 0; i < WORKERS; i++)
        pieces[i] = sim_run_in_executor(sim, pool, work, NULL);
    SIM_TRY(sim_await(sim_gather(sim, pieces, WORKERS, false), NULL));
    sim_print(sim, "%s: %lld ms", what, (long long)((sim_now(sim) - start) / SIM_MS));
    sim_executor_shutdown(pool);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_enable_gil(sim);
    SIM_TRY(use(sim, "threads", sim_thread_pool_new(sim, "thread", WORKERS)));
    return use(sim, "processes", sim_process_pool_new(sim, "process", WORKERS));
}

const struct sim_scenario gil_threads_vs_processes = {
    .name = "gil_threads_vs_processes",
    .title = "Work in threads, work in processes",
    .about = "Four pieces of work of 100 ms each. Under Python's global interpreter lock four "
             "threads take as long as one would, 400 ms; four processes, each with a lock of its "
             "own, take 100 ms.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
