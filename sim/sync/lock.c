#include "sim/sync/lock.h"

#include "sim/core/sched.h"
#include "sim/core/wait.h"

/* Invariant: if somebody waits and the lock is free, a woken waiter is on its way to take it. */
struct sim_lock {
    struct sim *sim;
    struct list_node waiters;
    uint32_t id;
    uint32_t holder; /* who took it; for traces only */
    bool locked;
};

struct sim_lock *sim_lock_new(struct sim *sim, const char *name)
{
    struct sim_lock *lock = sim_alloc(sim, sizeof(*lock));

    lock->sim = sim;
    lock->id = sim_object_new(sim, SIM_OBJ_LOCK, name, 0, NULL);
    list_init(&lock->waiters);
    return lock;
}

enum sim_status(sim_lock_acquire)(struct sim_lock *lock, const struct sim_site *site)
{
    struct sim *sim = lock->sim;

    if (lock->locked || !waitq_all_cancelled(&lock->waiters)) {
        sim_op(sim, SIM_EV_BLOCK, .actor = sim_actor(sim), .object = lock->id,
               .value = lock->holder, .site = site);
        enum sim_status status = waitq_park(sim, &lock->waiters, SIM_WAIT_LOCK, lock->id, site);

        if (status != SIM_OK) {
            /* The wake-up may have come before the cancellation: pass it on. */
            if (status == SIM_CANCELLED && !lock->locked)
                waitq_wake_first(&lock->waiters);
            return status;
        }
    }
    SIM_ASSERT(!lock->locked);
    lock->locked = true;
    lock->holder = sim_actor(sim);
    sim_op(sim, SIM_EV_ACQUIRE, .actor = lock->holder, .object = lock->id, .site = site);
    return SIM_OK;
}

enum sim_status(sim_lock_release)(struct sim_lock *lock, const struct sim_site *site)
{
    struct sim *sim = lock->sim;

    if (!lock->locked)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Lock is not acquired.");
    lock->locked = false;
    lock->holder = 0;
    sim_op(sim, SIM_EV_RELEASE, .actor = sim_actor(sim), .object = lock->id, .site = site);
    waitq_wake_first(&lock->waiters);
    return SIM_OK;
}

bool sim_lock_locked(const struct sim_lock *lock)
{
    return lock->locked;
}

enum sim_status(sim_lock_with)(struct sim_lock *lock, sim_body_fn body, void *arg,
                               const struct sim_site *site)
{
    SIM_TRY((sim_lock_acquire)(lock, site));
    enum sim_status status = body(lock->sim, arg);
    enum sim_status released = (sim_lock_release)(lock, site);

    return status != SIM_OK ? status : released;
}
