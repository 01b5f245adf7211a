#include "sim/sync/barrier.h"

#include "sim/core/state.h"
#include "sim/sync/inside.h"

/* Invariant: inside counts the tasks between their arrival and their leaving; it is 0 whenever the
 * barrier begins to fill. */
struct sim_barrier {
    struct sim *sim;
    struct sim_lock *lock; /* of the condition */
    struct sim_condition *changed;
    uint32_t id;
    int parties;
    int inside;
    enum sim_barrier_state state;
};

struct sim_barrier *sim_barrier_new(struct sim *sim, const char *name, int parties)
{
    if (parties < 1) {
        (void)sim_raise(sim, SIM_VALUE_ERROR, "parties must be > 0");
        return NULL;
    }
    struct sim_barrier *barrier = sim_alloc(sim, sizeof(*barrier));

    barrier->sim = sim;
    barrier->id = sim_object_new(sim, SIM_OBJ_BARRIER, name, 0, NULL);
    barrier->changed = condition_new_inside(sim, barrier->id, SIM_WAIT_BARRIER);
    barrier->lock = sim_condition_lock(barrier->changed);
    barrier->parties = parties;
    return barrier;
}

static bool lets_in(void *arg)
{
    const struct sim_barrier *barrier = arg;

    return barrier->state != SIM_BARRIER_DRAINING && barrier->state != SIM_BARRIER_RESETTING;
}

static bool has_stopped_filling(void *arg)
{
    const struct sim_barrier *barrier = arg;

    return barrier->state != SIM_BARRIER_FILLING;
}

/* Wait for the others; the last to come opens it. */
static enum sim_status fill(struct sim_barrier *barrier, const struct sim_site *site)
{
    if (barrier->inside == barrier->parties) {
        barrier->state = SIM_BARRIER_DRAINING;
        return (sim_condition_notify_all)(barrier->changed, site);
    }
    SIM_TRY((sim_condition_wait_for)(barrier->changed, has_stopped_filling, barrier, site));
    if (barrier->state != SIM_BARRIER_DRAINING)
        return sim_raise(barrier->sim, SIM_BROKEN_BARRIER, "Abort or reset of barrier");
    return SIM_OK;
}

static void leave(struct sim_barrier *barrier, const struct sim_site *site)
{
    SIM_ASSERT(barrier->inside > 0);
    if (--barrier->inside > 0)
        return;
    if (!lets_in(barrier))
        barrier->state = SIM_BARRIER_FILLING;
    (void)(sim_condition_notify_all)(barrier->changed, site);
}

/* With the lock held. */
static enum sim_status pass(struct sim_barrier *barrier, int *index, const struct sim_site *site)
{
    struct sim *sim = barrier->sim;

    SIM_TRY((sim_condition_wait_for)(barrier->changed, lets_in, barrier, site));
    if (barrier->state == SIM_BARRIER_BROKEN)
        return sim_raise(sim, SIM_BROKEN_BARRIER, "Barrier aborted");
    int mine = barrier->inside++;

    sim_op(sim, SIM_EV_BARRIER_ARRIVE, .actor = sim_actor(sim), .object = barrier->id,
           .value = barrier->parties - barrier->inside, .site = site);
    enum sim_status status = fill(barrier, site);

    sim_op(sim, SIM_EV_BARRIER_LEAVE, .actor = sim_actor(sim), .object = barrier->id, .aux = status,
           .value = mine, .site = site);
    leave(barrier, site);
    if (status == SIM_OK && index != NULL)
        *index = mine;
    return status;
}

enum sim_status(sim_barrier_wait)(struct sim_barrier *barrier, int *index,
                                  const struct sim_site *site)
{
    SIM_TRY((sim_lock_acquire)(barrier->lock, site));
    enum sim_status status = pass(barrier, index, site);
    enum sim_status released = (sim_lock_release)(barrier->lock, site);

    return status != SIM_OK ? status : released;
}

/* Let everybody look at the new state. */
static enum sim_status change(struct sim_barrier *barrier, enum sim_event_kind kind,
                              enum sim_barrier_state state, const struct sim_site *site)
{
    struct sim *sim = barrier->sim;

    barrier->state = state;
    sim_op(sim, kind, .actor = sim_actor(sim), .object = barrier->id, .value = barrier->inside,
           .site = site);
    enum sim_status notified = (sim_condition_notify_all)(barrier->changed, site);
    enum sim_status released = (sim_lock_release)(barrier->lock, site);

    return notified != SIM_OK ? notified : released;
}

enum sim_status(sim_barrier_reset)(struct sim_barrier *barrier, const struct sim_site *site)
{
    SIM_TRY((sim_lock_acquire)(barrier->lock, site));
    return change(barrier, SIM_EV_BARRIER_RESET,
                  barrier->inside > 0 ? SIM_BARRIER_RESETTING : SIM_BARRIER_FILLING, site);
}

enum sim_status(sim_barrier_abort)(struct sim_barrier *barrier, const struct sim_site *site)
{
    SIM_TRY((sim_lock_acquire)(barrier->lock, site));
    return change(barrier, SIM_EV_BARRIER_ABORT, SIM_BARRIER_BROKEN, site);
}

int sim_barrier_parties(const struct sim_barrier *barrier)
{
    return barrier->parties;
}

int sim_barrier_n_waiting(const struct sim_barrier *barrier)
{
    sim_look(barrier->sim, barrier->id);
    return barrier->state == SIM_BARRIER_FILLING ? barrier->inside : 0;
}

bool sim_barrier_broken(const struct sim_barrier *barrier)
{
    sim_look(barrier->sim, barrier->id);
    return barrier->state == SIM_BARRIER_BROKEN;
}

enum sim_barrier_state sim_barrier_state(const struct sim_barrier *barrier)
{
    return barrier->state;
}
