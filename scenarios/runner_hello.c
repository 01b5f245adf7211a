/* Two mains, one loop. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status hello(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "hello");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);

    (void)arg;
    SIM_TRY(sim_runner_run(runner, hello, NULL, NULL));
    sim_print(sim, "once more");
    SIM_TRY(sim_runner_run(runner, hello, NULL, NULL));
    sim_runner_close(runner);
    return SIM_OK;
}

const struct sim_scenario runner_hello = {
    .name = "runner_hello",
    .title = "Two mains, one loop",
    .about = "A runner keeps its loop and its context from one main to the next.",
    .main = run,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
