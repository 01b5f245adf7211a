#include "sim/detect/track.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/status.h"
#include "sim/base/vec.h"

const struct tracked tracked_nothing;

void track_begin(struct track *track, const struct registry *registry)
{
    if (track->count > 0)
        memset(track->ids, 0, track->count * sizeof(*track->ids));
    permits_clear(&track->permits);
    track->registry = registry;
    track->count = 0;
    track->main = 0;
    track->tried = false;
    track->end_actor = 0;
    track->closed = 0;
    track->held = 0;
    track->blocked = 0;
    track->suspended = 0;
    track->failures = 0;
    track->last_step = 0;
    track->outcome = SIM_OUTCOME_FINISHED;
    track->out_of_memory = false;
}

void track_free(struct track *track)
{
    free(track->ids);
    track->ids = NULL;
    permits_free(&track->permits);
}

/* The entry of an id, made if need be; NULL for 0 or when out of memory. */
static struct tracked *entry(struct track *track, uint32_t id)
{
    if (id == 0)
        return NULL;
    if (id > track->count) {
        if (id > track->capacity &&
            !vec_reserve_zeroed(&track->ids, id, &track->capacity, sizeof(*track->ids))) {
            track->out_of_memory = true;
            return NULL;
        }
        track->count = id;
    }
    return &track->ids[id - 1];
}

static bool blocks(unsigned why)
{
    return why == SIM_WAIT_LOCK || why == SIM_WAIT_SEMAPHORE;
}

static void go_on(struct track *track, struct tracked *actor)
{
    track->blocked -= actor->suspended && blocks(actor->wait_why);
    track->suspended -= actor->suspended;
    actor->suspended = false;
}

/* Remember one who waits for a lock: the first, as long as he waits. */
static void note_waiter(struct track *track, const struct sim_event *event)
{
    struct tracked *lock = entry(track, event->object);

    if (lock == NULL)
        return;
    const struct tracked *first = track_of(track, lock->first_waiter);

    if (!first->suspended || first->wait_why != SIM_WAIT_LOCK ||
        first->wait_object != event->object)
        lock->first_waiter = event->actor;
}

/* A task that waits for what threads wait for stops the thread of its loop. */
static void note_blocker(struct track *track, const struct sim_event *event)
{
    const struct sim_object *object = registry_object(track->registry, event->object);
    const struct sim_object *self = registry_object(track->registry, event->actor);

    if (object == NULL || self == NULL || self->kind != SIM_OBJ_TASK ||
        (object->kind != SIM_OBJ_MUTEX && object->kind != SIM_OBJ_CONDVAR &&
         object->kind != SIM_OBJ_THREAD))
        return;
    struct tracked *thread = entry(track, self->parent);

    if (thread != NULL)
        thread->blocker = event->actor;
}

static void note_awaited(struct track *track, uint32_t id)
{
    struct tracked *object = entry(track, id);

    if (object != NULL)
        object->awaited = true;
}

void track_actor(struct track *track, const struct sim_event *event)
{
    struct tracked *actor = entry(track, event->actor);

    if (actor == NULL)
        return;
    switch (event->kind) {
    case SIM_EV_SUSPEND:
        go_on(track, actor);
        track->blocked += blocks(event->aux);
        track->suspended++;
        actor->wait = moment_of(event);
        actor->woken.step = 0;
        actor->wait_object = event->object;
        actor->wait_why = event->aux;
        actor->until_ns = event->value;
        actor->suspended = true;
        if (event->aux == SIM_WAIT_LOCK)
            note_waiter(track, event);
        if (event->aux == SIM_WAIT_LOCK || event->aux == SIM_WAIT_JOIN ||
            event->aux == SIM_WAIT_CONDITION)
            note_blocker(track, event);
        if (event->aux == SIM_WAIT_FUTURE)
            note_awaited(track, event->object);
        break;
    case SIM_EV_RESUME:
        go_on(track, actor);
        break;
    case SIM_EV_BLOCK:
        actor->block = moment_of(event);
        break;
    case SIM_EV_COND_WAIT:
        actor->heard = moment_of(event);
        break;
    case SIM_EV_RAISE:
        actor->raised = moment_of(event);
        actor->raised_status = event->aux;
        break;
    case SIM_EV_DONE:
        actor->done = moment_of(event);
        actor->status = event->aux;
        go_on(track, actor);
        track->failures += event->aux != SIM_OK && event->aux != SIM_CANCELLED;
        break;
    default:
        break;
    }
}

void track_looked(struct track *track, uint32_t actor, uint32_t step)
{
    struct tracked *at = entry(track, actor);

    if (at != NULL)
        at->looked = step;
}

/* Whoever gives it up: it was its taker's. */
static void give(struct track *track, struct tracked *lock, uint32_t id)
{
    lock->held = false;
    track->held--;
    if (lock->taken.actor == 0 || lock->taken.actor > track->count)
        return;
    uint32_t *link = &track->ids[lock->taken.actor - 1].newest;

    while (*link != id && *link != 0)
        link = &track->ids[*link - 1].below;
    *link = lock->below;
}

/* A lock that is taken while it is held, by who waits for nobody, counts as given up first. */
static void take(struct track *track, struct tracked *lock, const struct sim_event *event)
{
    uint32_t holder = event->actor;

    if (lock->held)
        give(track, lock, event->object);
    /* Room for the holder may move the lock. */
    struct tracked *actor = entry(track, holder);

    lock = entry(track, event->object);
    if (lock == NULL)
        return;
    lock->taken = moment_of(event);
    lock->held = true;
    track->held++;
    lock->below = 0;
    if (actor == NULL)
        return;
    lock->below = track->ids[holder - 1].newest;
    track->ids[holder - 1].newest = event->object;
}

/* What is counted: permits, who must still come, items. */
static void count(struct track *track, struct tracked *object, const struct sim_event *event)
{
    switch (event->kind) {
    case SIM_EV_SEM_ACQUIRE:
        if (!permits_take(&track->permits, &object->permits, moment_of(event)))
            track->out_of_memory = true;
        break;
    case SIM_EV_SEM_RELEASE:
        permits_give(&track->permits, &object->permits, event->actor);
        break;
    case SIM_EV_BARRIER_ARRIVE:
        object->missing = event->value;
        break;
    case SIM_EV_BARRIER_LEAVE:
        object->missing += event->aux != SIM_OK;
        break;
    case SIM_EV_GET:
        if (!object->held) /* a queue is never held */
            object->taken = moment_of(event);
        object->missing++;
        break;
    case SIM_EV_TASK_DONE:
        object->missing--;
        break;
    default:
        break;
    }
}

/* Who may go on: a condition or an event tells waiters, or one becomes ready. */
static void tell(struct tracked *object, const struct sim_event *event)
{
    struct moment moment = moment_of(event);

    switch (event->kind) {
    case SIM_EV_WAKE:
        object->woken = moment;
        object->woken_ns = event->time_ns;
        break;
    case SIM_EV_SET:
        object->cleared.step = 0;
        object->unheard = moment;
        object->unheard.step *= event->value == 0;
        break;
    case SIM_EV_NOTIFY:
        if (event->value == 0)
            object->unheard = moment;
        else
            object->unheard.step = 0;
        break;
    case SIM_EV_CLEAR:
        if (object->unheard.step != 0 && object->cleared.step == 0)
            object->cleared = moment;
        break;
    default:
        break;
    }
}

/* A future gets its outcome, or somebody looks at it. */
static void settle(struct track *track, struct tracked *object, const struct sim_event *event)
{
    if (event->kind == SIM_EV_RESULT) {
        object->done = moment_of(event);
        object->status = event->aux;
        track->failures += event->aux != SIM_OK && event->aux != SIM_CANCELLED;
        return;
    }
    /* When the loop has closed, main's exception goes to whoever ran the loop: nobody caught it. */
    if (object->retrieved || object->done.step == 0 || event->object == track->main)
        return;
    object->retrieved = true;
    track->failures -= object->status != SIM_OK && object->status != SIM_CANCELLED;
}

void track_object(struct track *track, const struct sim_event *event)
{
    struct tracked *object = entry(track, event->object);

    if (object == NULL)
        return;
    switch (event->kind) {
    case SIM_EV_ACQUIRE:
        take(track, object, event);
        break;
    case SIM_EV_RELEASE:
        if (object->held) {
            object->handed_on |= object->taken.actor != event->actor;
            give(track, object, event->object);
        }
        break;
    case SIM_EV_CANCEL:
        if (event->aux == SIM_CANCEL_TAKEN_BACK)
            object->cancel = (struct moment){0};
        else if (event->aux != 0)
            object->cancel = moment_of(event);
        track->tried |= event->aux != 0;
        if (event->aux == 0 && event->actor != 0 && event->actor != event->object &&
            object->done.step == 0 && track->closed == 0)
            object->cancel = moment_of(event);
        break;
    case SIM_EV_TIMER:
        object->deadline_ns = event->value;
        break;
    case SIM_EV_RESULT:
    case SIM_EV_RETRIEVE:
        settle(track, object, event);
        break;
    case SIM_EV_WAKE:
    case SIM_EV_SET:
    case SIM_EV_CLEAR:
    case SIM_EV_NOTIFY:
        tell(object, event);
        break;
    default:
        count(track, object, event);
        break;
    }
}

void track_seen(struct track *track, const struct sim_event *event)
{
    if (event->site == 0)
        return;
    struct tracked *actor = entry(track, event->actor);

    if (actor != NULL)
        actor->seen = *event;
    struct tracked *started = event->kind == SIM_EV_SPAWN ? entry(track, event->object) : NULL;

    if (started != NULL)
        started->seen = *event;
}

void track_end(struct track *track, const struct sim_event *event)
{
    if (event->kind == SIM_EV_LOOP_CLOSE) {
        track->main = event->object;
        if (track->closed == 0)
            track->closed = event->step;
        return;
    }
    track->outcome = event->aux;
    track->end_actor = event->actor;
    track->last_step = event->step;
}

bool track_blocked(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);

    return at->suspended && blocks(at->wait_why);
}

bool track_gives_up(const struct track *track, uint32_t actor, int64_t now_ns)
{
    const struct tracked *at = track_of(track, actor);

    return at->deadline_ns > now_ns ||
           (at->suspended && at->until_ns != 0 && (at->until_ns > now_ns || at->woken.step != 0));
}

/* When who has a permit that the actor waits for took it. */
static struct moment permit_taken(const struct track *track, const struct permit_list *list,
                                  uint32_t actor)
{
    struct moment own = {0};
    struct moment gone = {0};
    struct moment other = {0};

    for (const struct permit *permit = permits_at(&track->permits, list->newest); permit != NULL;
         permit = permits_at(&track->permits, permit->next)) {
        uint32_t holder = permit->taken.actor;

        *(holder == actor                           ? &own
          : track_of(track, holder)->done.step != 0 ? &gone
                                                    : &other) = permit->taken;
    }
    return gone.step != 0 ? gone : other.step != 0 ? other : own;
}

struct moment track_taken(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);
    const struct tracked *object = track_of(track, at->wait_object);

    if (at->suspended && at->wait_why == SIM_WAIT_LOCK && object->held)
        return object->taken;
    if (at->suspended && at->wait_why == SIM_WAIT_SEMAPHORE)
        return permit_taken(track, &object->permits, actor);
    return (struct moment){0};
}

uint32_t track_blocker(const struct track *track, uint32_t actor)
{
    const struct sim_object *self = registry_object(track->registry, actor);
    uint32_t blocker =
        self != NULL && self->kind == SIM_OBJ_TASK ? track_of(track, self->parent)->blocker : 0;
    const struct tracked *at = track_of(track, blocker);
    const struct sim_object *object = registry_object(track->registry, at->wait_object);
    bool blocks_thread = at->suspended && object != NULL &&
                         (object->kind == SIM_OBJ_MUTEX || object->kind == SIM_OBJ_CONDVAR ||
                          object->kind == SIM_OBJ_THREAD);

    return blocks_thread && blocker != actor ? blocker : 0;
}

uint32_t track_awaited(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);

    if (!at->suspended)
        return 0;
    uint32_t blocker = track_blocker(track, actor);

    if (blocker != 0)
        return blocker;
    if (track_blocked(track, actor))
        return track_taken(track, actor).actor;
    if (at->wait_why != SIM_WAIT_FUTURE && at->wait_why != SIM_WAIT_JOIN)
        return 0;
    const struct sim_object *object = registry_object(track->registry, at->wait_object);

    return object != NULL && (object->kind == SIM_OBJ_TASK || object->kind == SIM_OBJ_THREAD)
               ? at->wait_object
               : 0;
}

const char *track_ended(const struct tracked *actor)
{
    return actor->status == SIM_OK          ? "ended"
           : actor->status == SIM_CANCELLED ? "was cancelled"
                                            : "failed";
}

const char *track_ends(const struct tracked *actor)
{
    return actor->status == SIM_OK          ? "ends"
           : actor->status == SIM_CANCELLED ? "is cancelled"
                                            : "fails";
}
