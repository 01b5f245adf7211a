/* An iterator that waits. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

/* The object: how far it has counted. */
struct counter {
    int64_t count;
    int64_t limit;
};

/* Its __anext__. */
static enum sim_status next(struct sim *sim, void *arg)
{
    struct counter *self = arg;

    if (self->count == self->limit)
        return sim_raise(sim, SIM_STOP_ASYNC_ITERATION, "%s", "");
    self->count++;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_return(sim, sim_int(self->count));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct counter counter = {0, 10};
    struct sim_value value;
    enum sim_status status = SIM_OK;

    (void)arg;
    while ((status = sim_call(sim, next, &counter, &value)) == SIM_OK)
        sim_print(sim, "%lld", (long long)value.as.integer);
    return status == SIM_STOP_ASYNC_ITERATION ? SIM_OK : status;
}

const struct sim_scenario async_iterator = {
    .name = "async_iterator",
    .title = "An iterator that waits",
    .about = "An asynchronous iterator is an object whose next value is awaited, until it says "
             "that there is no more.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
