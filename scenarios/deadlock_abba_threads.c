/* Two threads lock two mutexes in opposite order: some schedules let each have one. */
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
    struct transfer back = {"B to A", b, a};
    struct sim_thread *first = sim_thread_new(sim, there.name, transfer, &there);
    struct sim_thread *second = sim_thread_new(sim, back.name, transfer, &back);

    SIM_TRY(sim_thread_join(first, NULL));
    return sim_thread_join(second, NULL);
}

const struct sim_scenario deadlock_abba_threads = {
    .name = "deadlock_abba_threads",
    .title = "Two threads lock two mutexes in opposite order",
    .about = "Most runs go well: one thread has both mutexes before the other asks. Switched "
             "between its two locks, each holds what the other waits for.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_LOCK_ORDER,
    .expect_any = SIM_FINDING_DEADLOCK,
};
