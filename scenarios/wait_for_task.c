/* A task that is given up. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "the task takes 1.65 s");
    SIM_TRY(sim_sleep(sim, 1650 * SIM_MS));
    sim_print(sim, "the task is done");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);

    (void)arg;
    if (sim_wait_for(task, 200 * SIM_MS, NULL) == SIM_TIMEOUT)
        sim_print(sim, "gave up waiting; cancelled: %s", sim_cancelled(task) ? "True" : "False");
    return SIM_OK;
}

const struct sim_scenario wait_for_task = {
    .name = "wait_for_task",
    .title = "A task that is given up",
    .about = "Given a task, wait_for cancels that task: its own line shows that it never got to "
             "the end.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
