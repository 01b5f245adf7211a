/* A shield that comes too late. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status send(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "sending an important message");
    return sim_sleep(sim, 7 * SIM_SECOND);
}

static enum sim_status wait_for_it(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;

    (void)sim;
    return sim_wait_for(task, 5 * SIM_SECOND, NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "send", send, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND));
    sim_cancel(task, NULL);
    enum sim_status status =
        sim_await(sim_shield(sim_task_new(sim, "wait", wait_for_it, task)), NULL);

    if (status == SIM_OK)
        sim_print(sim, "sent");
    return status;
}

const struct sim_scenario cancel_then_shield = {
    .name = "cancel_then_shield",
    .title = "A shield that comes too late",
    .about = "The task was cancelled before the shield was put around it: what it protects is "
             "lost already, and the cancellation comes out.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_UNHANDLED,
    .expect_any = SIM_FINDING_UNHANDLED,
};
