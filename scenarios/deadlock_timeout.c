/* The tasks of deadlock_abba, of which one gives up after a second: the other goes on. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct transfer {
    const char *name;
    struct sim_lock *first;
    struct sim_lock *second;
    int64_t patience_ns;
};

static enum sim_status take(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    (void)sim;
    return sim_lock_acquire(lock);
}

static enum sim_status take_second(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    sim_print(sim, "%s: first lock taken", self->name);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    enum sim_status taken = sim_wait_for_call(sim, take, self->second, self->patience_ns);

    if (taken == SIM_TIMEOUT) {
        sim_print(sim, "%s: gave up", self->name);
        return SIM_OK;
    }
    SIM_TRY(taken);
    sim_print(sim, "%s: both locks taken", self->name);
    return sim_lock_release(self->second);
}

static enum sim_status transfer(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    (void)sim;
    return sim_lock_with(self->first, take_second, self);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_lock *a = sim_lock_new(sim, "lock A");
    struct sim_lock *b = sim_lock_new(sim, "lock B");
    struct transfer there = {"A to B", a, b, 1 * SIM_SECOND};
    struct transfer back = {"B to A", b, a, 5 * SIM_SECOND};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, there.name, transfer, &there)),
        SIM_FUTURE(sim_task_new(sim, back.name, transfer, &back)),
    };

    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, false), NULL));
    sim_print(sim, "main: both tasks ended");
    return SIM_OK;
}

const struct sim_scenario deadlock_timeout = {
    .name = "deadlock_timeout",
    .title = "A time-out breaks a deadlock",
    .about = "Both tasks hold one lock and wait for the other's, as in deadlock_abba. One waits at "
             "most a second, gives up and releases what it holds, which lets the other finish.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
