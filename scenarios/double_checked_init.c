/* Something is made when it is first needed, under a lock that is taken only while it is missing.
 */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct lazy {
    struct sim_mutex *mutex;
    struct sim_atomic *ready;
    struct sim_var *value; /* written under mutex, before ready */
    int made;
    bool check_again;
};

static enum sim_status make(struct sim *sim, struct lazy *lazy)
{
    sim_mutex_lock(lazy->mutex);
    if (!lazy->check_again || sim_atomic_load(lazy->ready) == 0) {
        sim_check(sim, lazy->made == 0, "it is made a second time");
        lazy->made++;
        sim_write(lazy->value, 42);
        sim_atomic_store(lazy->ready, 1);
    }
    return sim_mutex_unlock(lazy->mutex);
}

static enum sim_status use(struct sim *sim, void *arg)
{
    struct lazy *lazy = arg;

    if (sim_atomic_load(lazy->ready) == 0)
        SIM_TRY(make(sim, lazy));
    int64_t value = sim_read(lazy->value);

    sim_check(sim, value == 42, "%lld is used before it is made", (long long)value);
    return SIM_OK;
}

static enum sim_status share(struct sim *sim, const int64_t *params, bool check_again)
{
    size_t count = (size_t)params[0];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct lazy lazy = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .ready = sim_atomic_new(sim, "ready", 0),
        .value = sim_var_new(sim, "value", 0),
        .check_again = check_again,
    };

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "user %zu", i + 1), use, &lazy);
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

const struct sim_scenario double_checked_init = {
    .name = "double_checked_init",
    .title = "Double-checked initialisation that checks once",
    .about = "What was found missing before the lock was had may be there by then. Who does not "
             "look again makes it a second time, under the eyes of those who use the first.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"threads", 2, 1, 1000, "how many threads need it"}},
};

const struct sim_scenario double_checked_init_fixed = {
    .name = "double_checked_init_fixed",
    .title = "Double-checked initialisation",
    .about =
        "The second look, with the lock held, decides; the first only spares the lock to those "
        "who come later. What says that it is ready is an atomic, and is written last.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 1, 1000, "how many threads need it"}},
};
