/* Who am I?. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status who(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "I am %s", sim_task_name(sim_current_task(sim)));
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "still %s", sim_task_name(sim_current_task(sim)));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *child = sim_task_new(sim, "child", who, NULL);

    SIM_TRY(who(sim, arg));
    return sim_await(child, NULL);
}

const struct sim_scenario current_task = {
    .name = "current_task",
    .title = "Who am I?",
    .about = "current_task() names the task whose step runs; main is a task, too.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
