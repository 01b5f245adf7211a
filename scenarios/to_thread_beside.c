/* A blocking call beside a task. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status blocking(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "the call starts");
    sim_thread_sleep(sim, 1 * SIM_SECOND);
    sim_print(sim, "the call is complete");
    return SIM_OK;
}

static enum sim_status in_thread(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, blocking, arg, NULL);
}

static enum sim_status nap(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "main starts");
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "call", in_thread, NULL)),
                                 SIM_FUTURE(sim_task_new(sim, "nap", nap, NULL))};

    SIM_TRY(sim_await(sim_gather(sim, both, 2, false), NULL));
    sim_print(sim, "main is done");
    return SIM_OK;
}

const struct sim_scenario to_thread_beside = {
    .name = "to_thread_beside",
    .title = "A blocking call beside a task",
    .about = "The thread sleeps a second while the task sleeps a second: one second in all.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
