/* Operations that are already under way. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { OPERATIONS = 3 };

static enum sim_status operation(struct sim *sim, void *arg)
{
    const int64_t *number = arg;

    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    return sim_return(sim,
                      sim_str(sim_format(sim, "operation %lld is complete", (long long)*number)));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *futures[OPERATIONS];
    int64_t numbers[OPERATIONS];
    struct sim_value all;

    (void)arg;
    for (int i = 0; i < OPERATIONS; i++) {
        numbers[i] = i;
        futures[i] = SIM_FUTURE(
            sim_coroutine_task(sim_coroutine_new(sim, "operation", operation, &numbers[i])));
    }
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    SIM_TRY(sim_await(sim_gather(sim, futures, OPERATIONS, false), &all));
    for (uint32_t i = 0; i < all.count; i++)
        sim_print(sim, "%s", all.as.items[i].as.string);
    return SIM_OK;
}

const struct sim_scenario gather_futures = {
    .name = "gather_futures",
    .title = "Operations that are already under way",
    .about = "What was started earlier can be gathered later: it has been running since.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
