/* Three tasks, waited for together. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 3 };

static enum sim_status work(struct sim *sim, void *arg)
{
    const char *name = arg;

    sim_print(sim, "%s: starts", name);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "%s: done", name);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    char names[TASKS][8] = {"task A", "task B", "task C"};
    struct sim_future *tasks[TASKS];
    struct sim_wait_sets sets;

    (void)arg;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, names[i], work, names[i]));
    return sim_wait(sim, tasks, TASKS, -1, SIM_ALL_COMPLETED, &sets);
}

const struct sim_scenario wait_three = {
    .name = "wait_three",
    .title = "Three tasks, waited for together",
    .about = "wait gives back when all are done. Whoever only wants to wait needs no results.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
