/* A coroutine that is called and not awaited. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status answer(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "the answer is asked for");
    return sim_return(sim, sim_int(42));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_value value;

    (void)arg;
    (void)sim_coroutine_new(sim, "answer", answer, NULL);
    sim_print(sim, "nothing has run");
    SIM_TRY(sim_coroutine_await(sim_coroutine_new(sim, "answer", answer, NULL), &value));
    sim_print(sim, "%lld", (long long)value.as.integer);
    return SIM_OK;
}

const struct sim_scenario coroutine_never_awaited = {
    .name = "coroutine_never_awaited",
    .title = "A coroutine that is called and not awaited",
    .about = "Calling a coroutine function makes a coroutine and runs none of it. Only an await, "
             "or a task, does.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_NEVER_AWAITED,
    .expect_any = SIM_FINDING_NEVER_AWAITED,
};
