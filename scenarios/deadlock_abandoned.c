/* A task fails while it holds a lock that nobody will now release. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status write_file(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    SIM_TRY(sim_lock_acquire(lock));
    sim_print(sim, "writer: lock taken");
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    return sim_raise(sim, SIM_VALUE_ERROR, "disk full");
}

static enum sim_status read_file(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    SIM_TRY(sim_sleep(sim, 5 * SIM_MS));
    sim_print(sim, "reader: asking for the lock");
    SIM_TRY(sim_lock_acquire(lock));
    sim_print(sim, "reader: lock taken");
    return sim_lock_release(lock);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_lock *lock = sim_lock_new(sim, "lock");
    struct sim_task *writer = sim_task_new(sim, "writer", write_file, lock);
    struct sim_task *reader = sim_task_new(sim, "reader", read_file, lock);

    /* The reader first: that the writer has failed is never seen. */
    SIM_TRY(sim_await(reader, NULL));
    return sim_await(writer, NULL);
}

const struct sim_scenario deadlock_abandoned = {
    .name = "deadlock_abandoned",
    .title = "A task fails while it holds a lock",
    .about = "The lock was taken with a plain acquire, so the exception leaves it locked and the "
             "next task waits for ever. `async with` (here sim_lock_with) cannot forget.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_ABANDONED_LOCK,
    .expect_any = SIM_FINDING_ABANDONED_LOCK,
};
