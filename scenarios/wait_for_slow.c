/* Too slow. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status slow(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 360 * SIM_SECOND));
    sim_print(sim, "that did not take long");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_wait_for_call(sim, slow, NULL, 5 * SIM_SECOND) == SIM_TIMEOUT)
        sim_print(sim, "too slow");
    return SIM_OK;
}

const struct sim_scenario wait_for_slow = {
    .name = "wait_for_slow",
    .title = "Too slow",
    .about = "wait_for cancels what it waits for when the time is up, and raises TimeoutError.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
