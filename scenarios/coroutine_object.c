/* A coroutine is an object until it is awaited. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status greet(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "hello from a coroutine");
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_return(sim, sim_str("its result"));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "greet", greet, NULL);
    struct sim_value value;

    (void)arg;
    sim_print(sim, "made, not run");
    SIM_TRY(sim_coroutine_await(coroutine, &value));
    sim_print(sim, "%s", value.as.string);
    if (sim_coroutine_await(coroutine, NULL) == SIM_RUNTIME_ERROR)
        sim_print(sim, "%s", sim_exception_message(sim_exception(sim)));
    return SIM_OK;
}

const struct sim_scenario coroutine_object = {
    .name = "coroutine_object",
    .title = "A coroutine is an object until it is awaited",
    .about = "It can be made now and awaited later, but only once.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
