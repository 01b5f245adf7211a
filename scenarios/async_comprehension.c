/* A list of what a generator gives. */
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

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_value list;
    const char *text = "";

    (void)arg;
    SIM_TRY(sim_generator_collect(sim_async_generator_new(sim, numbers, NULL), &list));
    for (uint32_t i = 0; i < list.count; i++)
        text = sim_format(sim, "%s%s%lld", text, i > 0 ? ", " : "",
                          (long long)list.as.items[i].as.integer);
    sim_print(sim, "[%s]", text);
    return SIM_OK;
}

const struct sim_scenario async_comprehension = {
    .name = "async_comprehension",
    .title = "A list of what a generator gives",
    .about = "An asynchronous comprehension collects the values: here one a second, ten seconds.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
