/* The task behind the shield goes on. */
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

    (void)arg;
    sim_task_new(sim, "canceller", cancel_it, shielded);
    return sim_await(task, NULL);
}

const struct sim_scenario shield_task = {
    .name = "shield_task",
    .title = "The task behind the shield goes on",
    .about = "Cancelling the shield cancels the shield: the task behind it does not notice.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
