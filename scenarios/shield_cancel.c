/* Who awaits the shield is cancelled. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "work starts");
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_print(sim, "work ends");
    return sim_return(sim, sim_int(1));
}

static enum sim_status cancel_it(struct sim *sim, void *arg)
{
    struct sim_future *future = arg;

    SIM_TRY(sim_sleep(sim, 500 * SIM_MS));
    sim_print(sim, "cancelled: %s", sim_cancel(future, NULL) ? "True" : "False");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);
    struct sim_future *shielded = sim_shield(task);
    struct sim_value value;

    (void)arg;
    sim_task_new(sim, "canceller", cancel_it, shielded);
    if (sim_await(shielded, NULL) == SIM_CANCELLED)
        sim_print(sim, "the shield was cancelled");
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    SIM_TRY(sim_future_result(task, &value));
    sim_print(sim, "the task: cancelled %s, result %lld", sim_cancelled(task) ? "True" : "False",
              (long long)value.as.integer);
    return SIM_OK;
}

const struct sim_scenario shield_cancel = {
    .name = "shield_cancel",
    .title = "Who awaits the shield is cancelled",
    .about = "Whoever awaits the shield gets CancelledError; the task has its result all the "
             "same.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
