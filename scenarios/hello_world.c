/* Say hello, wait a second, say world. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "hello");
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "world");
    return SIM_OK;
}

const struct sim_scenario hello_world = {
    .name = "hello_world",
    .title = "Say hello, wait a second, say world",
    .about = "A coroutine gives the loop back while it waits, and goes on where it was.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
