/* Two coroutines side by side. */
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
    sim_print(sim, "%s ends", self->name);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct work foo = {"foo", 1 * SIM_SECOND};
    struct work bar = {"bar", 2 * SIM_SECOND};
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "foo", work, &foo)),
                                 SIM_FUTURE(sim_task_new(sim, "bar", work, &bar))};

    (void)arg;
    return sim_await(sim_gather(sim, both, 2, false), NULL);
}

const struct sim_scenario gather_two = {
    .name = "gather_two",
    .title = "Two coroutines side by side",
    .about = "gather waits for all of them: as long as the slowest takes.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
