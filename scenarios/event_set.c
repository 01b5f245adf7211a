/* Waiting for an event. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status wait(struct sim *sim, void *arg)
{
    sim_print(sim, "waiting for the event");
    SIM_TRY(sim_event_wait(arg));
    sim_print(sim, "the event has been set");
    return SIM_OK;
}

static enum sim_status set(struct sim *sim, void *arg)
{
    SIM_TRY(sim_sleep(sim, 10 * SIM_SECOND));
    sim_print(sim, "setting the event");
    sim_event_set(arg);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_flag *event = sim_event_new(sim, "ready");
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "waiter", wait, event)),
                                 SIM_FUTURE(sim_task_new(sim, "setter", set, event))};

    (void)arg;
    return sim_await(sim_gather(sim, both, 2, false), NULL);
}

const struct sim_scenario event_set = {
    .name = "event_set",
    .title = "Waiting for an event",
    .about = "An event wakes whoever waits for it when somebody sets it.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
