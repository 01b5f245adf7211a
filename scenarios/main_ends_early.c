/* main does not wait for its task. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_print(sim, "the task ends");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);

    (void)arg;
    sim_print(sim, sim_done(task) ? "the task is done" : "the task is still running");
    return SIM_OK;
}

const struct sim_scenario main_ends_early = {
    .name = "main_ends_early",
    .title = "main does not wait for its task",
    .about = "When main returns, the loop closes and cancels what is left: the task never gets to "
             "its end.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_PENDING,
    .expect_any = SIM_FINDING_PENDING,
};
