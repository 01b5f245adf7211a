#include "sim/sync/lock.h"

#include "sim/core/sched.h"
#include "sim/core/wait.h"
#include "sim/sync/inside.h"

/* Invariant: if somebody waits and the lock is free, a woken waiter is on its way to take it. */
struct sim_lock {
    struct sim *sim;
    struct sim_loop *loop; /* of those who wait; NULL: nobody has yet */
    struct list_node waiters;
    uint32_t id;
    uint32_t holder; /* who took it; for traces only */
    uint8_t why;     /* enum sim_wait: what waiting here means */
    bool inside;     /* of another primitive, which tells traces what happens */
    bool locked;
};

static struct sim_lock *lock_new(struct sim *sim, uint32_t id, enum sim_wait why)
{
    struct sim_lock *lock = sim_alloc(sim, sizeof(*lock));

    lock->sim = sim;
    lock->id = id;
    lock->why = (uint8_t)why;
    list_init(&lock->waiters);
    return lock;
}

struct sim_lock *sim_lock_new(struct sim *sim, const char *name)
{
    return lock_new(sim, sim_object_new(sim, SIM_OBJ_LOCK, name, 0, NULL), SIM_WAIT_LOCK);
}

struct sim_lock *lock_new_inside(struct sim *sim, uint32_t object, enum sim_wait why)
{
    struct sim_lock *lock = lock_new(sim, object, why);

    lock->inside = true;
    return lock;
}

static inline void tell(struct sim_lock *lock, enum sim_event_kind kind, uint32_t holder,
                        const struct sim_site *site)
{
    if (!lock->inside)
        sim_op(lock->sim, kind, .actor = sim_actor(lock->sim), .object = lock->id, .value = holder,
               .site = site);
}

enum sim_status(sim_lock_acquire)(struct sim_lock *lock, const struct sim_site *site)
{
    struct sim *sim = lock->sim;

    if (lock->locked || !waitq_all_cancelled(&lock->waiters)) {
        SIM_TRY(wait_bind(sim, &lock->loop, "Lock"));
        tell(lock, SIM_EV_BLOCK, lock->holder, site);
        enum sim_status status = waitq_park(sim, &lock->waiters, lock->why, lock->id, site);

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
    tell(lock, SIM_EV_ACQUIRE, 0, site);
    return SIM_OK;
}

enum sim_status(sim_lock_release)(struct sim_lock *lock, const struct sim_site *site)
{
    if (!lock->locked)
        return sim_raise(lock->sim, SIM_RUNTIME_ERROR, "Lock is not acquired.");
    lock->locked = false;
    lock->holder = 0;
    tell(lock, SIM_EV_RELEASE, 0, site);
    waitq_wake_first(&lock->waiters);
    return SIM_OK;
}

bool sim_lock_locked(const struct sim_lock *lock)
{
    sim_look(lock->sim, lock->id);
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
