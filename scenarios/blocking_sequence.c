/* Three requests that block. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { REQUESTS = 3 };

static const char *get_data(struct sim *sim, int64_t seconds)
{
    sim_thread_sleep(sim, seconds * SIM_SECOND);
    return sim_format(sim, "%lld s", (long long)seconds);
}

static enum sim_status beside(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "another task gets its turn");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *other = sim_task_new(sim, "beside", beside, NULL);
    const char *data[REQUESTS];
    int64_t began = sim_now(sim);

    (void)arg;
    for (int i = 0; i < REQUESTS; i++)
        data[i] = get_data(sim, i + 1);
    sim_print(sim, "took %lld s", (long long)((sim_now(sim) - began) / SIM_SECOND));
    for (int i = 0; i < REQUESTS; i++)
        sim_print(sim, "%s", data[i]);
    return sim_await(other, NULL);
}

const struct sim_scenario blocking_sequence = {
    .name = "blocking_sequence",
    .title = "Three requests that block",
    .about = "A blocking call stops the whole loop: three requests take one after the other, six "
             "seconds, and nothing else runs.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_SLOW_CALLBACK,
    .expect_any = SIM_FINDING_SLOW_CALLBACK,
};
