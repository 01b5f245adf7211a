/* A call when the task is done. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "executing the task");
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    return sim_return(sim, sim_str("I am alive"));
}

static void say_done(struct sim_future *future, void *arg)
{
    struct sim_value value = sim_str("");

    if (sim_future_result(future, &value) == SIM_OK)
        sim_print(arg, "callback: %s", value.as.string);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);

    (void)arg;
    sim_print(sim, "main started");
    sim_add_done_callback(task, say_done, sim);
    SIM_TRY(sim_await(task, NULL));
    sim_print(sim, "main done");
    return SIM_OK;
}

const struct sim_scenario done_callback = {
    .name = "done_callback",
    .title = "A call when the task is done",
    .about = "A callback runs in the turn after the task has ended, before whoever awaits the "
             "task goes on if it was registered first.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
