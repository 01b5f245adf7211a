/* A task that runs until it is cancelled. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status tick(struct sim *sim, void *arg)
{
    (void)arg;
    for (;;) {
        SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
        sim_print(sim, "the task is running");
    }
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "ticker", tick, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_cancel(task, NULL);
    if (sim_await(task, NULL) == SIM_CANCELLED)
        sim_print(sim, "the task is cancelled");
    return SIM_OK;
}

const struct sim_scenario cancel_task = {
    .name = "cancel_task",
    .title = "A task that runs until it is cancelled",
    .about = "cancel() raises CancelledError where the task waits; whoever awaits the task gets "
             "it, too.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
