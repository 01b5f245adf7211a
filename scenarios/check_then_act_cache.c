/* A cache whose every method is locked, and whose user calls two of them. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct cache {
    struct sim_mutex *mutex;
    struct sim_var *value; /* 0: missing; guarded by mutex */
    int fetched;
    bool together;
};

static enum sim_status get(struct cache *cache, int64_t *value)
{
    sim_mutex_lock(cache->mutex);
    *value = sim_read(cache->value);
    return sim_mutex_unlock(cache->mutex);
}

static enum sim_status put(struct cache *cache, int64_t value)
{
    sim_mutex_lock(cache->mutex);
    sim_write(cache->value, value);
    return sim_mutex_unlock(cache->mutex);
}

/* Dear, and only the cache should call it. */
static int64_t fetch(struct sim *sim, struct cache *cache)
{
    cache->fetched++;
    sim_check(sim, cache->fetched == 1, "the value is fetched a second time");
    return 42;
}

static enum sim_status check_then_act(struct sim *sim, struct cache *cache)
{
    int64_t value;

    SIM_TRY(get(cache, &value));
    if (value == 0)
        SIM_TRY(put(cache, fetch(sim, cache)));
    return SIM_OK;
}

static enum sim_status get_or_fetch(struct sim *sim, struct cache *cache)
{
    sim_mutex_lock(cache->mutex);
    if (sim_read(cache->value) == 0)
        sim_write(cache->value, fetch(sim, cache));
    return sim_mutex_unlock(cache->mutex);
}

static enum sim_status use(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    return cache->together ? get_or_fetch(sim, cache) : check_then_act(sim, cache);
}

static enum sim_status share(struct sim *sim, const int64_t *params, bool together)
{
    size_t count = (size_t)params[0];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct cache cache = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .value = sim_var_new(sim, "value", 0),
        .together = together,
    };

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "user %zu", i + 1), use, &cache);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return share(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return share(sim, arg, true);
}

const struct sim_scenario check_then_act_cache = {
    .name = "check_then_act_cache",
    .title = "Two safe calls that are not safe together",
    .about = "Each method locks the cache, but nothing locks it between them: both threads find "
             "the value missing, and both fetch it. There is no data race to warn of that.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"threads", 2, 1, 1000, "how many threads want the value"}},
};

const struct sim_scenario check_then_act_cache_fixed = {
    .name = "check_then_act_cache_fixed",
    .title = "Test and change under one lock",
    .about = "What must not be torn apart is one method: it looks and fetches with the lock held.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 1, 1000, "how many threads want the value"}},
};
