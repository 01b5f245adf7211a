/* Nine coroutines that wait longer and longer. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 9 };

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *delay_ms = arg;

    sim_print(sim, "%lld ms started", (long long)*delay_ms);
    SIM_TRY(sim_sleep(sim, *delay_ms * SIM_MS));
    sim_print(sim, "%lld ms done", (long long)*delay_ms);
    return sim_return(sim, sim_int(*delay_ms));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[TASKS];
    int64_t delays_ms[TASKS];
    struct sim_value all;
    int64_t sum = 0;

    (void)arg;
    sim_print(sim, "main starts");
    for (int i = 0; i < TASKS; i++) {
        delays_ms[i] = INT64_C(400) * (i + 1);
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &delays_ms[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, TASKS, false), &all));
    for (uint32_t i = 0; i < all.count; i++)
        sum += all.as.items[i].as.integer;
    sim_print(sim, "main done: %lld ms of waiting", (long long)sum);
    return SIM_OK;
}

const struct sim_scenario gather_many = {
    .name = "gather_many",
    .title = "Nine coroutines that wait longer and longer",
    .about = "Together they take as long as the longest, 3.6 seconds, and not the 18 that they "
             "wait in all.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
