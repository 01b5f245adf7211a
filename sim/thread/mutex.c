#include "sim/thread/mutex.h"

#include "sim/core/choose.h"
#include "sim/core/property_state.h"
#include "sim/thread/mutex_state.h"

/* Invariant: every thread in waiters is blocked, and wants the mutex once it is woken. */
struct sim_condvar {
    struct sim *sim;
    struct sim_mutex *mutex;  /* that its waiters gave up; NULL: nobody has waited yet */
    struct list_node waiters; /* oldest first */
    uint32_t id;
};

struct sim_mutex *sim_mutex_new(struct sim *sim, const char *name)
{
    struct sim_mutex *mutex = sim_alloc(sim, sizeof(*mutex));

    mutex->sim = sim;
    mutex->id = sim_object_new(sim, SIM_OBJ_MUTEX, name, 0, NULL);
    list_init(&mutex->waiters);
    list_init(&mutex->lends);
    return mutex;
}

static struct sim_thread *thread_of(struct list_node *node)
{
    return container_of(node, struct sim_thread, waiting);
}

/* Does it want a mutex until a deadline that has passed? */
static bool is_late(const struct sim_thread *thread)
{
    if (!thread->gives_up)
        return false;
    sim_look_clock(thread->sim);
    return thread->gives_up_ns <= thread->sim->now_ns;
}

/* A thread that could run is blocked: somebody else has the mutex.  Who is late already can go on:
 * it has one more look. */
static void shut_out(struct sim_mutex *mutex, struct sim_thread *thread)
{
    struct sim *sim = mutex->sim;
    uint32_t actor = thread->task != NULL ? sim_task_id(thread->task) : thread->id;

    if (is_late(thread)) {
        sched_announce(thread, SIM_EV_TRY, mutex->id);
        return;
    }
    if (thread->gives_up)
        sched_unwake_until(thread, thread->gives_up_ns);
    else
        sched_unwake(thread);
    sim_note(sim, SIM_EV_BLOCK, .actor = actor, .object = mutex->id, .aux = thread->gives_up,
             .value = mutex->holder->id, .site = thread->wanting);
    sim_note(sim, SIM_EV_SUSPEND, .actor = actor, .object = mutex->id, .aux = SIM_WAIT_LOCK,
             .value = thread->gives_up ? thread->gives_up_ns : 0, .site = thread->wanting);
}

/* Who holds it, or waits for it, has changed. */
static inline void lend(const struct sim_mutex *mutex)
{
    if (__builtin_expect(mutex->sim->priorities, 0))
        priorities_lend(mutex->sim);
}

static void take(struct sim_mutex *mutex, bool tried, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;

    SIM_ASSERT(mutex->holder == NULL);
    list_remove(&sim->running->waiting);
    mutex->holder = sim->running;
    sim_op(sim, SIM_EV_ACQUIRE, .actor = sim_actor(sim), .object = mutex->id, .aux = tried,
           .site = site);
    LIST_EACH(node, &mutex->waiters)
    {
        shut_out(mutex, thread_of(node));
    }
    lend(mutex);
}

/* The running thread stands before a free mutex: it is among those who want it only while others go
 * first. */
static inline __attribute__((always_inline)) void stand_plain(struct sim *sim,
                                                              struct sim_mutex *mutex)
{
    uint32_t taken = sim->runnable > sim->unasked ? sim_draw_thread(sim, true, true) : 0;

    if (taken == 0)
        return;
    list_append(&mutex->waiters, &sim->running->waiting);
    sched_switch_plain(sim, taken, SIM_EV_ACQUIRE, mutex->id);
}

void(sim_mutex_lock)(struct sim_mutex *mutex, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;
    struct sim_thread *self = sim->running;

    if (__builtin_expect(sim->priorities, 0))
        priorities_check_ceiling(mutex, site);
    self->wanting = site;
    if (sim->plain && mutex->holder == NULL) {
        stand_plain(sim, mutex);
        take(mutex, false, site);
        return;
    }
    list_append(&mutex->waiters, &self->waiting);
    if (mutex->holder == NULL) {
        sched_point(sim, SIM_EV_ACQUIRE, mutex->id);
    } else {
        sim_op(sim, SIM_EV_BLOCK, .actor = sim_actor(sim), .object = mutex->id,
               .value = mutex->holder->id, .site = site);
        lend(mutex);
        if (sim->plain)
            sched_block_plain(sim, SIM_WAIT_LOCK, mutex->id);
        else
            sched_block(sim, SIM_WAIT_LOCK, mutex->id, 0, site);
    }
    take(mutex, false, site);
}

/* Take it, or find it held. */
static bool try_it(struct sim_mutex *mutex, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;

    if (mutex->holder != NULL) {
        sim_op(sim, SIM_EV_TRY, .actor = sim_actor(sim), .object = mutex->id,
               .value = mutex->holder->id, .site = site);
        return false;
    }
    take(mutex, true, site);
    return true;
}

bool(sim_mutex_trylock)(struct sim_mutex *mutex, const struct sim_site *site)
{
    sched_point(mutex->sim, SIM_EV_TRY, mutex->id);
    return try_it(mutex, site);
}

/* Wait for it until the deadline, which is not yet.  Returns false if that has passed first. */
static bool want_until(struct sim_mutex *mutex, int64_t deadline_ns, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;
    struct sim_thread *self = sim->running;

    self->wanting = site;
    self->gives_up = true;
    self->gives_up_ns = deadline_ns;
    self->timed_out = false;
    list_append(&mutex->waiters, &self->waiting);
    if (mutex->holder == NULL) {
        sched_point(sim, SIM_EV_ACQUIRE, mutex->id);
    } else {
        sim_op(sim, SIM_EV_BLOCK, .actor = sim_actor(sim), .object = mutex->id, .aux = true,
               .value = mutex->holder->id, .site = site);
        lend(mutex);
        (void)sched_block_for(sim, deadline_ns - sim->now_ns, SIM_WAIT_LOCK, mutex->id, site);
    }
    self->gives_up = false;
    return !self->timed_out;
}

enum sim_status(sim_mutex_timedlock)(struct sim_mutex *mutex, int64_t deadline_ns,
                                     const struct sim_site *site)
{
    struct sim *sim = mutex->sim;

    if (__builtin_expect(sim->priorities, 0))
        priorities_check_ceiling(mutex, site);
    sim_look_clock(sim);
    if (deadline_ns <= sim->now_ns)
        return (sim_mutex_trylock)(mutex, site) ? SIM_OK : SIM_TIMEOUT;
    /* Only while it is held can the deadline pass. */
    if (sim->clock != 0)
        sim_look(sim, mutex->id);
    bool wanted = want_until(mutex, deadline_ns, site);

    if (wanted && try_it(mutex, site))
        return SIM_OK;
    list_remove(&sim->running->waiting);
    lend(mutex);
    return SIM_TIMEOUT;
}

bool sim_mutex_held(const struct sim_mutex *mutex)
{
    if (mutex->sim->inspecting != NULL)
        properties_glance_mutex(mutex->sim, mutex->id, mutex->holder != NULL);
    return mutex->holder != NULL;
}

static void release(struct sim_mutex *mutex, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;

    mutex->holder = NULL;
    sim_op(sim, SIM_EV_RELEASE, .actor = sim_actor(sim), .object = mutex->id, .site = site);
    LIST_EACH(node, &mutex->waiters)
    {
        sched_wake(thread_of(node), mutex->id);
    }
    lend(mutex);
}

enum sim_status(sim_mutex_unlock)(struct sim_mutex *mutex, const struct sim_site *site)
{
    sched_point(mutex->sim, SIM_EV_RELEASE, mutex->id);
    if (mutex->holder != mutex->sim->running)
        return sim_raise(mutex->sim, SIM_RUNTIME_ERROR, "mutex is not held by this thread");
    release(mutex, site);
    return SIM_OK;
}

struct sim_condvar *sim_condvar_new(struct sim *sim, const char *name)
{
    struct sim_condvar *condvar = sim_alloc(sim, sizeof(*condvar));

    condvar->sim = sim;
    condvar->id = sim_object_new(sim, SIM_OBJ_CONDVAR, name, 0, NULL);
    list_init(&condvar->waiters);
    return condvar;
}

/* A waiter wants its mutex back. */
static void wake(struct sim_condvar *condvar, struct sim_thread *thread)
{
    struct sim_mutex *mutex = condvar->mutex;

    list_remove(&thread->waiting);
    list_append(&mutex->waiters, &thread->waiting);
    sched_wake(thread, condvar->id);
    sched_announce(thread, SIM_EV_ACQUIRE, mutex->id);
    sim_note(condvar->sim, SIM_EV_COND_WOKEN, .actor = thread->id, .object = condvar->id);
    if (mutex->holder != NULL)
        shut_out(mutex, thread);
    lend(mutex);
}

/* Wherever a thread waits at a condition variable. */
static void rescue(struct sim_thread *thread)
{
    struct sim_condvar *condvar = thread->waits_at;

    wake(condvar, thread);
}

/* Where time is explored: does this wait end for no reason?  If so, no signal comes before that:
 * one that did would end the wait itself.  So it is the same as if it ended where it begins. */
static bool wakes_for_no_reason(struct sim *sim, uint32_t condvar)
{
    struct sim_thread *self = sim->running;

    if (sim->time != SIM_TIME_EXPLORED)
        return false;
    if (self->spurious) {
        sim->withheld |= SIM_WITHHELD_SPURIOUS;
        return false;
    }
    struct sim_option *options = sim_options(sim, 2);

    options[0] =
        (struct sim_option){.actor = sim_actor(sim), .object = condvar, .op = SIM_EV_COND_WAIT};
    options[1] =
        (struct sim_option){.actor = sim_actor(sim), .object = condvar, .op = SIM_EV_COND_WOKEN};
    self->spurious = sim_choose(sim, SIM_CHOICE_WAKE, options, 2) == 1;
    return self->spurious;
}

/* Take the mutex again after a wait that no signal has ended. */
static void take_again(struct sim_condvar *condvar, struct sim_mutex *mutex, unsigned status,
                       bool no_reason, const struct sim_site *site)
{
    struct sim *sim = condvar->sim;

    sim_note(sim, SIM_EV_COND_WOKEN, .actor = sim_actor(sim), .object = condvar->id, .aux = status,
             .value = no_reason, .site = site);
    (sim_mutex_lock)(mutex, site);
}

/* Give up the mutex and begin to wait. */
static enum sim_status begin_wait(struct sim_condvar *condvar, struct sim_mutex *mutex,
                                  const struct sim_site *site)
{
    struct sim *sim = condvar->sim;

    sched_point(sim, SIM_EV_COND_WAIT, condvar->id);
    if (mutex->holder != sim->running)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "mutex is not held by this thread");
    if (condvar->mutex != mutex && !list_empty(&condvar->waiters))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "threads wait with another mutex");
    condvar->mutex = mutex;
    release(mutex, site);
    sim_op(sim, SIM_EV_COND_WAIT, .actor = sim_actor(sim), .object = condvar->id, .site = site);
    return SIM_OK;
}

/* Wait for a signal, at most for delay_ns (negative: no limit). */
static enum sim_status wait_for(struct sim_condvar *condvar, struct sim_mutex *mutex,
                                int64_t delay_ns, const struct sim_site *site)
{
    struct sim *sim = condvar->sim;
    struct sim_thread *self = sim->running;

    if (wakes_for_no_reason(sim, condvar->id)) {
        take_again(condvar, mutex, SIM_OK, true, site);
        return SIM_OK;
    }
    self->wanting = site;
    list_append(&condvar->waiters, &self->waiting);
    self->waits_at = condvar;
    self->rescue = rescue;
    bool timed_out = sched_block_for(sim, delay_ns, SIM_WAIT_CONDITION, condvar->id, site);

    self->rescue = NULL;
    if (timed_out) {
        take_again(condvar, mutex, SIM_TIMEOUT, false, site);
        return SIM_TIMEOUT;
    }
    take(mutex, false, site);
    return SIM_OK;
}

enum sim_status(sim_condvar_wait)(struct sim_condvar *condvar, struct sim_mutex *mutex,
                                  const struct sim_site *site)
{
    struct sim *sim = condvar->sim;

    SIM_TRY(begin_wait(condvar, mutex, site));
    if (!sim->plain)
        return wait_for(condvar, mutex, -1, site);
    sim->running->wanting = site;
    list_append(&condvar->waiters, &sim->running->waiting);
    sched_block_plain(sim, SIM_WAIT_CONDITION, condvar->id);
    take(mutex, false, site);
    return SIM_OK;
}

enum sim_status(sim_condvar_timedwait)(struct sim_condvar *condvar, struct sim_mutex *mutex,
                                       int64_t deadline_ns, const struct sim_site *site)
{
    struct sim *sim = condvar->sim;

    SIM_TRY(begin_wait(condvar, mutex, site));
    sim_look_clock(sim);
    if (deadline_ns > sim->now_ns)
        return wait_for(condvar, mutex, deadline_ns - sim->now_ns, site);
    take_again(condvar, mutex, SIM_TIMEOUT, false, site);
    return SIM_TIMEOUT;
}

void(sim_condvar_signal)(struct sim_condvar *condvar, const struct sim_site *site)
{
    struct sim *sim = condvar->sim;

    sched_point(sim, SIM_EV_NOTIFY, condvar->id);
    sim_op(sim, SIM_EV_NOTIFY, .actor = sim_actor(sim), .object = condvar->id,
           .value = !list_empty(&condvar->waiters), .site = site);
    if (!list_empty(&condvar->waiters))
        wake(condvar, thread_of(condvar->waiters.next));
}

void(sim_condvar_broadcast)(struct sim_condvar *condvar, const struct sim_site *site)
{
    struct sim *sim = condvar->sim;
    int64_t waiting = 0;

    sched_point(sim, SIM_EV_NOTIFY, condvar->id);
    LIST_EACH(node, &condvar->waiters)
    {
        waiting++;
    }
    sim_op(sim, SIM_EV_NOTIFY, .actor = sim_actor(sim), .object = condvar->id, .value = waiting,
           .site = site);
    while (!list_empty(&condvar->waiters))
        wake(condvar, thread_of(condvar->waiters.next));
}
