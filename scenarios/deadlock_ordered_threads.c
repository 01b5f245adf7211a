/* The threads of deadlock_abba_threads, which now agree on the order of the mutexes. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct transfer {
    const char *name;
    struct sim_mutex *first;
    struct sim_mutex *second;
};

static enum sim_status transfer(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    sim_mutex_lock(self->first);
    sim_mutex_lock(self->second);
    sim_print(sim, "%s: both mutexes locked", self->name);
    SIM_TRY(sim_mutex_unlock(self->second));
    return sim_mutex_unlock(self->first);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_mutex *a = sim_mutex_new(sim, "mutex A");
    struct sim_mutex *b = sim_mutex_new(sim, "mutex B");
    struct transfer there = {"A to B", a, b};
    struct transfer back = {"B to A", a, b};
    struct sim_thread *first = sim_thread_new(sim, there.name, transfer, &there);
    struct sim_thread *second = sim_thread_new(sim, back.name, transfer, &back);

    SIM_TRY(sim_thread_join(first, NULL));
    return sim_thread_join(second, NULL);
}

const struct sim_scenario deadlock_ordered_threads = {
    .name = "deadlock_ordered_threads",
    .title = "Two threads lock two mutexes in the same order",
    .about = "The cure for deadlock_abba_threads: whoever holds B already has A, so no schedule "
             "closes a cycle.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
