/* A barrier made by hand, used in every round of a loop: the quick come back before the slow have
 * left. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct barrier {
    struct sim_mutex *mutex;
    struct sim_condvar *opened;
    struct sim_var *arrived;    /* in this round; guarded by mutex, as generation is */
    struct sim_var *generation; /* how often it opened */
    int64_t parties;
    int64_t rounds;
    bool by_generation;
};

/* Zero means that it opened; but who comes back meanwhile makes it one again. */
static enum sim_status wait_for_zero(struct barrier *barrier)
{
    while (sim_read(barrier->arrived) != 0)
        SIM_TRY(sim_condvar_wait(barrier->opened, barrier->mutex));
    return SIM_OK;
}

static enum sim_status wait_for_next(struct barrier *barrier)
{
    int64_t mine = sim_read(barrier->generation);

    while (sim_read(barrier->generation) == mine)
        SIM_TRY(sim_condvar_wait(barrier->opened, barrier->mutex));
    return SIM_OK;
}

static enum sim_status arrive(struct barrier *barrier)
{
    sim_mutex_lock(barrier->mutex);
    int64_t arrived = sim_read(barrier->arrived) + 1;

    if (arrived == barrier->parties) {
        sim_write(barrier->arrived, 0);
        sim_write(barrier->generation, sim_read(barrier->generation) + 1);
        sim_condvar_broadcast(barrier->opened);
    } else {
        sim_write(barrier->arrived, arrived);
        SIM_TRY(barrier->by_generation ? wait_for_next(barrier) : wait_for_zero(barrier));
    }
    return sim_mutex_unlock(barrier->mutex);
}

static enum sim_status go_round(struct sim *sim, void *arg)
{
    struct barrier *barrier = arg;

    (void)sim;
    for (int64_t i = 0; i < barrier->rounds; i++)
        SIM_TRY(arrive(barrier));
    return SIM_OK;
}

static enum sim_status meet(struct sim *sim, const int64_t *params, bool by_generation)
{
    size_t count = (size_t)params[0];
    struct sim_thread **threads = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct barrier barrier = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .opened = sim_condvar_new(sim, "opened"),
        .arrived = sim_var_new(sim, "arrived", 0),
        .generation = sim_var_new(sim, "generation", 0),
        .parties = params[0],
        .rounds = params[1],
        .by_generation = by_generation,
    };

    for (size_t i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "party %zu", i + 1), go_round, &barrier);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return meet(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return meet(sim, arg, true);
}

const struct sim_scenario barrier_reuse = {
    .name = "barrier_reuse",
    .title = "A barrier that works once",
    .about = "The last to arrive is back before the first has noticed that the barrier opened, and "
             "makes it look closed. Each waits for the other, in different rounds.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_HANG,
    .expect_any = SIM_FINDING_HANG,
    .params = {{"threads", 2, 2, 100, "how many threads meet"},
               {"rounds", 2, 1, 1000, "how often they meet"}},
};

const struct sim_scenario barrier_reuse_fixed = {
    .name = "barrier_reuse_fixed",
    .title = "A barrier with generations",
    .about = "Each waits for the end of its own round, a number that never comes back, instead of "
             "a count that the next round uses again.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"threads", 2, 2, 100, "how many threads meet"},
               {"rounds", 2, 1, 1000, "how often they meet"}},
};
