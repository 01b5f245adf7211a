/* A countdown that waits between its numbers. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    for (int number = 1; number <= 3; number++) {
        sim_print(sim, "%d", number);
        SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    }
    sim_print(sim, "Go!");
    return SIM_OK;
}

const struct sim_scenario rocket = {
    .name = "rocket",
    .title = "A countdown that waits between its numbers",
    .about = "Nothing else runs here, and so each second of waiting is a second of the whole "
             "program.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
