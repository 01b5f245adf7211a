/* A task asks for a lock that it holds itself. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status save(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    SIM_TRY(sim_lock_acquire(lock));
    sim_print(sim, "saver: lock taken, asking for it again");
    SIM_TRY(sim_lock_acquire(lock));
    sim_print(sim, "saver: never reached");
    SIM_TRY(sim_lock_release(lock));
    return sim_lock_release(lock);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_lock *lock = sim_lock_new(sim, "lock");

    return sim_await(sim_task_new(sim, "saver", save, lock), NULL);
}

const struct sim_scenario deadlock_self = {
    .name = "deadlock_self",
    .title = "A task takes the same lock twice",
    .about =
        "A lock does not know who holds it, so a task that asks for it again waits for itself. "
        "This happens when a function that locks calls another one that locks.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_SELF_DEADLOCK,
    .expect_any = SIM_FINDING_SELF_DEADLOCK,
};
