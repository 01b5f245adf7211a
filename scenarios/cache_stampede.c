/* Everybody misses the cache at once, and everybody fetches. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct cache {
    struct sim_var *value; /* 0: missing */
    struct sim_var *fetches;
    struct sim_var *under_way; /* one of them is, and the future is there */
    struct sim_future *fetching;
};

static enum sim_status fetch(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    int fetches = (int)sim_read(cache->fetches) + 1;

    sim_write(cache->fetches, fetches);
    sim_print(sim, "fetch %d", fetches);
    sim_check(sim, fetches == 1, "the value is fetched %d times", fetches);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_write(cache->value, 42);
    return SIM_OK;
}

static enum sim_status use(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    if (sim_read(cache->value) == 0)
        SIM_TRY(fetch(sim, cache));
    sim_print(sim, "%lld", (long long)sim_read(cache->value));
    return SIM_OK;
}

/* Who comes while it is fetched waits for what is on its way.  The shield keeps one who is
 * cancelled from taking it away from the others. */
static enum sim_status use_shared(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    if (!sim_read(cache->under_way)) {
        sim_write(cache->under_way, true);
        cache->fetching = SIM_FUTURE(sim_task_new(sim, "fetch", fetch, cache));
    }
    SIM_TRY(sim_await(sim_shield(cache->fetching), NULL));
    sim_print(sim, "%lld", (long long)sim_read(cache->value));
    return SIM_OK;
}

static enum sim_status rush(struct sim *sim, const int64_t *params, sim_body_fn body)
{
    size_t count = (size_t)params[0];
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(struct sim_future *));
    struct cache cache = {.value = sim_var_new(sim, "value", 0),
                          .fetches = sim_var_new(sim, "fetches", 0),
                          .under_way = sim_var_new(sim, "under way", false)};

    for (size_t i = 0; i < count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, sim_format(sim, "user %zu", i + 1), body, &cache));
    return sim_await(sim_gather(sim, tasks, count, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return rush(sim, arg, use);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return rush(sim, arg, use_shared);
}

const struct sim_scenario cache_stampede = {
    .name = "cache_stampede",
    .title = "Everybody misses the cache",
    .about =
        "Until the first fetch is over, all who come find the cache empty, and fetch, too. The "
        "more are in a hurry, the more work is done for nothing.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_CHECK,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"tasks", 3, 2, 10000, "how many want the value"}},
};

const struct sim_scenario cache_stampede_fixed = {
    .name = "cache_stampede_fixed",
    .title = "One fetch for all who miss the cache",
    .about = "The cache keeps the fetch itself, a future, from the moment it begins: who comes "
             "later waits for the same one.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tasks", 3, 2, 10000, "how many want the value"}},
};
