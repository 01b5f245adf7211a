/* Three requests at once. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { REQUESTS = 3 };

static enum sim_status get_data(struct sim *sim, void *arg)
{
    const int64_t *seconds = arg;

    SIM_TRY(sim_sleep(sim, *seconds * SIM_SECOND));
    return sim_return(sim, sim_str(sim_format(sim, "%lld s", (long long)*seconds)));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[REQUESTS];
    int64_t seconds[REQUESTS];
    struct sim_value all;
    int64_t began = sim_now(sim);

    (void)arg;
    for (int i = 0; i < REQUESTS; i++) {
        seconds[i] = i + 1;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, get_data, &seconds[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, REQUESTS, false), &all));
    sim_print(sim, "took %lld s", (long long)((sim_now(sim) - began) / SIM_SECOND));
    for (uint32_t i = 0; i < all.count; i++)
        sim_print(sim, "%s", all.as.items[i].as.string);
    return SIM_OK;
}

const struct sim_scenario gather_data = {
    .name = "gather_data",
    .title = "Three requests at once",
    .about = "Three requests of one, two and three seconds: together they take three.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
