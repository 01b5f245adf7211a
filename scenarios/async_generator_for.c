/* A loop over an asynchronous generator. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { COUNT = 10 };

static enum sim_status numbers(struct sim_generator *generator, void *arg)
{
    (void)arg;
    for (int number = 0; number < COUNT; number++) {
        SIM_TRY(sim_sleep(sim_generator_sim(generator), 1 * SIM_SECOND));
        SIM_TRY(sim_yield(generator, sim_int(number), NULL));
    }
    return SIM_OK;
}

static enum sim_status show(struct sim *sim, void *arg, struct sim_value value)
{
    (void)arg;
    sim_print(sim, "%lld", (long long)value.as.integer);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_generator_each(sim_async_generator_new(sim, numbers, NULL), show, NULL);
}

const struct sim_scenario async_generator_for = {
    .name = "async_generator_for",
    .title = "A loop over an asynchronous generator",
    .about = "Between two values the generator sleeps, and the loop over it with it; other tasks "
             "could run.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
