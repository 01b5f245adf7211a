/* All tasks of the loop. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 10 };

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *number = arg;

    sim_print(sim, "task %lld is running", (long long)*number);
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *started[TASKS];
    int64_t numbers[TASKS];
    size_t count = 0;

    (void)arg;
    for (int i = 0; i < TASKS; i++) {
        numbers[i] = i;
        started[i] = sim_task_new(sim, NULL, work, &numbers[i]);
    }
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    struct sim_task **all = sim_all_tasks(sim, &count);

    for (size_t i = 0; i < count; i++)
        sim_print(sim, "> %s", sim_task_name(all[i]));
    for (int i = 0; i < TASKS; i++)
        SIM_TRY(sim_await(started[i], NULL));
    (void)sim_all_tasks(sim, &count);
    sim_print(sim, "left: %zu", count);
    return SIM_OK;
}

const struct sim_scenario all_tasks = {
    .name = "all_tasks",
    .title = "All tasks of the loop",
    .about = "all_tasks() lists what is not done yet, main among it.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
