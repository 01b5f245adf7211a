/* A time-out around a gather. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct work {
    const char *name;
    int64_t delay_ns;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    sim_print(sim, "%s starts", self->name);
    SIM_TRY(sim_sleep(sim, self->delay_ns));
    sim_print(sim, "%s gave its value", self->name);
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status get_both(struct sim *sim, void *arg)
{
    static struct work foo = {"foo", 2 * SIM_SECOND};
    static struct work bar = {"bar", 1 * SIM_SECOND};
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "foo", work, &foo)),
                                 SIM_FUTURE(sim_task_new(sim, "bar", work, &bar))};

    (void)arg;
    return sim_await(sim_gather(sim, both, 2, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "main starts");
    if (sim_timeout_with(sim_timeout_new(sim, 2 * SIM_SECOND), get_both, NULL) == SIM_TIMEOUT)
        sim_print(sim, "TimeoutError");
    return SIM_OK;
}

const struct sim_scenario timeout_gather = {
    .name = "timeout_gather",
    .title = "A time-out around a gather",
    .about = "The time-out cancels main where it waits, main cancels the gather, and the gather "
             "its tasks. One of them ends in the same instant, too late.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
