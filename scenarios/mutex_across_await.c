/* A handler holds a mutex of threads while it awaits the database. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct cache {
    struct sim_mutex *mutex;
    struct sim_var *entries; /* guarded by mutex */
    bool awaits_first;
};

static enum sim_status ask_database(struct sim *sim)
{
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status refresh(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    if (cache->awaits_first)
        SIM_TRY(ask_database(sim));
    sim_mutex_lock(cache->mutex);
    enum sim_status status = SIM_OK;

    if (!cache->awaits_first)
        status = ask_database(sim);
    if (status == SIM_OK)
        sim_write(cache->entries, 1);
    sim_mutex_unlock(cache->mutex);
    sim_print(sim, "handler: refreshed");
    return status;
}

static enum sim_status log_entries(struct sim *sim, void *arg)
{
    struct cache *cache = arg;

    sim_mutex_lock(cache->mutex);
    sim_print(sim, "logger: looks at the entries");
    (void)sim_read(cache->entries);
    return sim_mutex_unlock(cache->mutex);
}

static enum sim_status log_in_thread(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, log_entries, arg, NULL);
}

static enum sim_status serve(struct sim *sim, bool awaits_first)
{
    struct cache cache = {.mutex = sim_mutex_new(sim, "cache lock"),
                          .entries = sim_var_new(sim, "entries", 0),
                          .awaits_first = awaits_first};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "handler", refresh, &cache)),
        SIM_FUTURE(sim_task_new(sim, "logger", log_in_thread, &cache)),
    };

    return sim_await(sim_gather(sim, tasks, 2, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return serve(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return serve(sim, true);
}

const struct sim_scenario mutex_across_await = {
    .name = "mutex_across_await",
    .title = "A mutex that is held while its holder awaits",
    .about = "The handler takes a mutex of threads and then awaits: a thread that wants it is "
             "blocked for as long as the database takes. If the loop's own thread wanted it, "
             "nothing would ever go on.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_AWAIT_UNDER_LOCK,
    .expect_any = SIM_FINDING_AWAIT_UNDER_LOCK,
};

const struct sim_scenario mutex_across_await_fixed = {
    .name = "mutex_across_await_fixed",
    .title = "First await, then lock",
    .about = "The answer of the database is awaited without the mutex, which is then held for the "
             "write alone: nobody is kept waiting.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
