/* wait tells which tasks are done. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 9 };

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *delay_ms = arg;

    sim_print(sim, "%lld ms started", (long long)*delay_ms);
    SIM_TRY(sim_sleep(sim, *delay_ms * SIM_MS));
    sim_print(sim, "%lld ms done", (long long)*delay_ms);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[TASKS];
    int64_t delays_ms[TASKS];
    struct sim_wait_sets sets;

    (void)arg;
    for (int i = 0; i < TASKS; i++) {
        delays_ms[i] = INT64_C(400) * (i + 1);
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &delays_ms[i]));
    }
    SIM_TRY(sim_wait(sim, tasks, TASKS, -1, SIM_ALL_COMPLETED, &sets));
    sim_print(sim, "%zu done, %zu pending", sets.done_count, sets.pending_count);
    return SIM_OK;
}

const struct sim_scenario wait_all = {
    .name = "wait_all",
    .title = "wait tells which tasks are done",
    .about = "wait gives back two sets, done and pending; with ALL_COMPLETED nothing is pending.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
