/* A future for a coroutine. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status slow_operation(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    return sim_return(sim, sim_str("complete"));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *future =
        sim_coroutine_task(sim_coroutine_new(sim, "slow_operation", slow_operation, NULL));
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "a second later");
    SIM_TRY(sim_await(future, &value));
    sim_print(sim, "%s", value.as.string);
    return SIM_OK;
}

const struct sim_scenario ensure_future = {
    .name = "ensure_future",
    .title = "A future for a coroutine",
    .about = "ensure_future makes a task of a coroutine; it runs while main does something else.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
