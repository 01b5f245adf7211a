#include "sim/sync/condition.h"

#include <limits.h>

#include "sim/core/wait.h"
#include "sim/sync/inside.h"
#include "sim/sync/lock.h"

/* Invariant: a notification wakes a waiter that goes on to return SIM_OK, or wakes another. */
struct sim_condition {
    struct sim *sim;
    struct sim_lock *lock;
    struct sim_loop *loop; /* of those who wait; NULL: nobody has yet */
    struct list_node waiters;
    uint32_t id;
    uint8_t why; /* enum sim_wait: what waiting here means */
    bool inside; /* of another primitive, which tells traces what happens */
};

struct sim_condition *sim_condition_new(struct sim *sim, const char *name, struct sim_lock *lock)
{
    struct sim_condition *cond = sim_alloc(sim, sizeof(*cond));

    cond->sim = sim;
    cond->lock = lock != NULL ? lock : sim_lock_new(sim, NULL);
    cond->id = sim_object_new(sim, SIM_OBJ_CONDITION, name, 0, NULL);
    cond->why = SIM_WAIT_CONDITION;
    list_init(&cond->waiters);
    return cond;
}

struct sim_condition *condition_new_inside(struct sim *sim, uint32_t object, enum sim_wait why)
{
    struct sim_condition *cond = sim_alloc(sim, sizeof(*cond));

    cond->sim = sim;
    cond->lock = lock_new_inside(sim, object, why);
    cond->id = object;
    cond->why = (uint8_t)why;
    cond->inside = true;
    list_init(&cond->waiters);
    return cond;
}

struct sim_lock *sim_condition_lock(struct sim_condition *cond)
{
    return cond->lock;
}

/* Take the lock, however often the task is cancelled meanwhile; the last cancellation counts. */
static enum sim_status reacquire(struct sim_condition *cond, const struct sim_site *site)
{
    const struct sim_exception *raised = NULL;
    enum sim_status status = SIM_OK;

    while ((status = (sim_lock_acquire)(cond->lock, site)) == SIM_CANCELLED)
        raised = *sim_raised(cond->sim);
    if (status != SIM_OK)
        return status;
    SIM_ASSERT(sim_lock_locked(cond->lock));
    if (raised == NULL)
        return SIM_OK;
    *sim_raised(cond->sim) = raised;
    return SIM_CANCELLED;
}

enum sim_status(sim_condition_wait)(struct sim_condition *cond, const struct sim_site *site)
{
    struct sim *sim = cond->sim;

    if (!sim_lock_locked(cond->lock))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "cannot wait on un-acquired lock");
    SIM_TRY(wait_bind(sim, &cond->loop, "Condition"));
    SIM_TRY((sim_lock_release)(cond->lock, site));
    if (!cond->inside)
        sim_op(sim, SIM_EV_COND_WAIT, .actor = sim_actor(sim), .object = cond->id, .site = site);
    enum sim_status parked = waitq_park(sim, &cond->waiters, cond->why, cond->id, site);
    const struct sim_exception *raised = *sim_raised(sim);

    if (!cond->inside)
        sim_note(sim, SIM_EV_COND_WOKEN, .actor = sim_actor(sim), .object = cond->id, .aux = parked,
                 .site = site);
    enum sim_status locked = reacquire(cond, site);

    if (parked == SIM_OK && locked == SIM_OK)
        return SIM_OK;
    if (locked == SIM_OK)
        *sim_raised(sim) = raised;
    /* The cancellation may have come after a notification: pass it on, or it is lost.  If there was
     * none, the next waiter wakes for no reason, which wait() allows. */
    (void)waitq_wake(&cond->waiters, 1);
    return locked != SIM_OK ? locked : parked;
}

enum sim_status(sim_condition_wait_for)(struct sim_condition *cond, sim_predicate_fn predicate,
                                        void *arg, const struct sim_site *site)
{
    while (!predicate(arg))
        SIM_TRY((sim_condition_wait)(cond, site));
    return SIM_OK;
}

enum sim_status(sim_condition_notify)(struct sim_condition *cond, int count,
                                      const struct sim_site *site)
{
    struct sim *sim = cond->sim;

    if (!sim_lock_locked(cond->lock))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "cannot notify on un-acquired lock");
    int64_t pending = 0;

    for (struct list_node *node = cond->waiters.next; node != &cond->waiters && pending < count;
         node = node->next)
        pending += container_of(node, struct waiter, link)->future.state == FUTURE_PENDING;
    if (!cond->inside)
        sim_op(sim, SIM_EV_NOTIFY, .actor = sim_actor(sim), .object = cond->id, .value = pending,
               .site = site);
    (void)waitq_wake(&cond->waiters, count);
    return SIM_OK;
}

enum sim_status(sim_condition_notify_all)(struct sim_condition *cond, const struct sim_site *site)
{
    return (sim_condition_notify)(cond, INT_MAX, site);
}
