/* Tasks have names. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status nap(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *named = sim_task_new(sim, "downloader", nap, NULL);
    struct sim_task *second = sim_task_new(sim, NULL, nap, NULL);
    struct sim_task *third = sim_task_new(sim, NULL, nap, NULL);

    (void)arg;
    sim_print(sim, "%s, %s, %s", sim_task_name(named), sim_task_name(second), sim_task_name(third));
    sim_task_set_name(third, "123");
    SIM_TRY(sim_await(named, NULL));
    SIM_TRY(sim_await(second, NULL));
    SIM_TRY(sim_await(third, NULL));
    sim_print(sim, "%s is done", sim_task_name(third));
    return SIM_OK;
}

const struct sim_scenario task_names = {
    .name = "task_names",
    .title = "Tasks have names",
    .about = "A name is given when a task is made or later; without one it is Task-1, Task-2, and "
             "so on.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
