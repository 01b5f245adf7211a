/* A blocking call in a thread. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status blocking(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "the call starts");
    sim_thread_sleep(sim, 2 * SIM_SECOND);
    sim_print(sim, "the call is done");
    return SIM_OK;
}

static enum sim_status in_thread(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, blocking, arg, NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "main starts the call");
    struct sim_task *task = sim_task_new(sim, "call", in_thread, NULL);

    sim_print(sim, "main does other things");
    SIM_TRY(sim_sleep(sim, 0));
    return sim_await(task, NULL);
}

const struct sim_scenario to_thread = {
    .name = "to_thread",
    .title = "A blocking call in a thread",
    .about = "to_thread gives the blocking call to a thread, and the loop goes on.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
