/* Enter, work, leave. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status enter(struct sim *sim, void *self)
{
    const char *name = self;

    sim_print(sim, "> entering %s", name);
    return sim_sleep(sim, 500 * SIM_MS);
}

static enum sim_status leave(struct sim *sim, void *self, enum sim_status status)
{
    const char *name = self;

    sim_print(sim, "> leaving %s", name);
    SIM_TRY(sim_sleep(sim, 500 * SIM_MS));
    return status;
}

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "within");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    static char name[] = "the manager";
    struct sim_manager manager = {enter, leave, name};

    (void)arg;
    return sim_with(sim, &manager, work, NULL);
}

const struct sim_scenario async_context_manager = {
    .name = "async_context_manager",
    .title = "Enter, work, leave",
    .about = "A manager may wait when it is entered and when it is left, and is left whatever "
             "happens within.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
