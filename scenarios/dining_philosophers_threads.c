/* Philosophers who are threads: the circle of waiting closes in some schedules only. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct philosopher {
    struct sim_mutex *first;
    struct sim_mutex *second;
};

static enum sim_status dine(struct sim *sim, void *arg)
{
    struct philosopher *self = arg;

    (void)sim;
    sim_mutex_lock(self->first);
    sim_mutex_lock(self->second);
    SIM_TRY(sim_mutex_unlock(self->second));
    return sim_mutex_unlock(self->first);
}

static enum sim_status seat(struct sim *sim, size_t n, bool ordered)
{
    struct sim_mutex **forks = sim_alloc(sim, n * sizeof(struct sim_mutex *));
    struct philosopher *table = sim_alloc(sim, n * sizeof(*table));
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));

    for (size_t i = 0; i < n; i++)
        forks[i] = sim_mutex_new(sim, sim_format(sim, "fork %zu", i + 1));
    for (size_t i = 0; i < n; i++) {
        struct sim_mutex *left = forks[i];
        struct sim_mutex *right = forks[(i + 1) % n];

        /* The right fork of the last one is fork 1, which comes first in order. */
        table[i] = ordered && i == n - 1 ? (struct philosopher){right, left}
                                         : (struct philosopher){left, right};
        threads[i] =
            sim_thread_new(sim, sim_format(sim, "philosopher %zu", i + 1), dine, &table[i]);
    }
    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;

    return seat(sim, (size_t)params[0], false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    const int64_t *params = arg;

    return seat(sim, (size_t)params[0], true);
}

const struct sim_scenario dining_philosophers_threads = {
    .name = "dining_philosophers_threads",
    .title = "Dining philosophers, as threads",
    .about = "Everybody must be switched between two locks for the circle of waiting to close. The "
             "more sit at the table, the rarer the deadlock, and the harder to meet in a test.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_LOCK_ORDER,
    .expect_any = SIM_FINDING_DEADLOCK,
    .params = {{"n", 3, 2, 1000, "how many sit at the table"}},
};

const struct sim_scenario dining_philosophers_threads_fixed = {
    .name = "dining_philosophers_threads_fixed",
    .title = "Dining philosophers, as threads, who take the forks in order",
    .about = "Nobody holds a higher fork while asking for a lower one, so no circle can close.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 3, 2, 1000, "how many sit at the table"}},
};
