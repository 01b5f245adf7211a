/* The time, once a second. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    int64_t end = sim_now(sim) + 5 * SIM_SECOND;

    (void)arg;
    for (;;) {
        sim_print(sim, "%lld s", (long long)(sim_now(sim) / SIM_SECOND));
        if (sim_now(sim) + 1 * SIM_SECOND >= end)
            return SIM_OK;
        SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    }
}

const struct sim_scenario sleep_clock = {
    .name = "sleep_clock",
    .title = "The time, once a second",
    .about = "The clock of the loop moves only while everybody sleeps.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
