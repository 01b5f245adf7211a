/* A connection that is always given back. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status enter(struct sim *sim, void *self)
{
    const char *name = self;

    sim_print(sim, "acquire %s", name);
    return sim_sleep(sim, 500 * SIM_MS);
}

static enum sim_status leave(struct sim *sim, void *self, enum sim_status status)
{
    const char *name = self;

    sim_print(sim, "release %s", name);
    SIM_TRY(sim_sleep(sim, 500 * SIM_MS));
    return status;
}

static enum sim_status query(struct sim *sim, void *arg)
{
    const char *table = arg;

    sim_print(sim, "select from %s", table);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    if (table[0] == 'n')
        return sim_raise(sim, SIM_LOOKUP_ERROR, "no table %s", table);
    return sim_return(sim, sim_int(3));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    static char name[] = "the connection";
    static char tables[2][16] = {"users", "nothing"};
    struct sim_manager manager = {enter, leave, name};

    (void)arg;
    for (int i = 0; i < 2; i++) {
        if (sim_with(sim, &manager, query, tables[i]) == SIM_OK)
            sim_print(sim, "%s: found", tables[i]);
        else
            sim_print(sim, "%s: %s", tables[i], sim_exception_message(sim_exception(sim)));
    }
    return SIM_OK;
}

const struct sim_scenario connection_manager = {
    .name = "connection_manager",
    .title = "A connection that is always given back",
    .about = "The query fails, and the connection is released all the same.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
