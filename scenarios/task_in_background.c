/* A long operation beside short ones. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status say(struct sim *sim, const char *text)
{
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    sim_print(sim, "%s", text);
    return SIM_OK;
}

static enum sim_status long_operation(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "long operation started");
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_print(sim, "long operation complete");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(say(sim, "first message"));
    struct sim_task *task = sim_task_new(sim, "long operation", long_operation, NULL);

    SIM_TRY(say(sim, "second message"));
    return sim_await(task, NULL);
}

const struct sim_scenario task_in_background = {
    .name = "task_in_background",
    .title = "A long operation beside short ones",
    .about = "A task runs on while main awaits something shorter; main awaits it when it needs "
             "it.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
