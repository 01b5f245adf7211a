/* Two tasks take two locks in opposite order: each holds what the other waits for. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct transfer {
    const char *name;
    struct sim_lock *first;
    struct sim_lock *second;
};

static enum sim_status transfer(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    SIM_TRY(sim_lock_acquire(self->first));
    sim_print(sim, "%s: first lock taken", self->name);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    SIM_TRY(sim_lock_acquire(self->second));
    sim_print(sim, "%s: both locks taken", self->name);
    SIM_TRY(sim_lock_release(self->second));
    return sim_lock_release(self->first);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_lock *a = sim_lock_new(sim, "lock A");
    struct sim_lock *b = sim_lock_new(sim, "lock B");
    struct transfer there = {"A to B", a, b};
    struct transfer back = {"B to A", b, a};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, there.name, transfer, &there)),
        SIM_FUTURE(sim_task_new(sim, back.name, transfer, &back)),
    };

    return sim_await(sim_gather(sim, tasks, 2, false), NULL);
}

const struct sim_scenario deadlock_abba = {
    .name = "deadlock_abba",
    .title = "Two tasks take two locks in opposite order",
    .about = "One task holds A and waits for B, the other holds B and waits for A: a cycle that "
             "nobody can leave. deadlock_ordered shows the cure.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_DEADLOCK,
    .expect_any = SIM_FINDING_DEADLOCK,
};
