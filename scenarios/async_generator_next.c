/* The same, asynchronous. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { COUNT = 10 };

static enum sim_status numbers(struct sim_generator *generator, void *arg)
{
    (void)arg;
    for (int number = 0; number < COUNT; number++) {
        SIM_TRY(sim_yield(generator, sim_int(number), NULL));
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_generator *generator = sim_async_generator_new(sim, numbers, NULL);
    struct sim_value value;

    (void)arg;
    for (int i = 0; i < 2; i++) {
        SIM_TRY(sim_generator_next(generator, &value));
        sim_print(sim, "%lld", (long long)value.as.integer);
    }
    return sim_generator_close(generator);
}

const struct sim_scenario async_generator_next = {
    .name = "async_generator_next",
    .title = "The same, asynchronous",
    .about = "anext asks an asynchronous generator; it could wait before it gives, and need not.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
