#include "sim/detect/screen.h"

#include "sim/base/status.h"
#include "sim/detect/mistake.h"
#include "sim/detect/starvation.h"

_Static_assert(SIM_EVENT_COUNT <= 64, "kinds are bits of a word");

/* Locks and actors are bits of a word, by id. */
enum { IDS_MAX = 63 };

enum { VALUE = 1, ORDER = 2 };

/* To which list an event goes.  What orders nothing and is no access has no SIM_HB. */
#define LISTED(id, name, hb) [id] = (hb) == SIM_HB_NONE ? 0 : ORDER,
static const uint8_t orders[SIM_EVENT_COUNT] = {SIM_EVENTS(LISTED)};
#undef LISTED

static const uint8_t values[SIM_EVENT_COUNT] = {
    [SIM_EV_READ] = VALUE,         [SIM_EV_ATOMIC_LOAD] = VALUE, [SIM_EV_WRITE] = VALUE,
    [SIM_EV_ATOMIC_STORE] = VALUE, [SIM_EV_ATOMIC_RMW] = VALUE,  [SIM_EV_COND_WAIT] = VALUE,
    [SIM_EV_COND_WOKEN] = VALUE,   [SIM_EV_NOTIFY] = VALUE};

/* Who ended, or what was settled, in another way than well. */
static const uint8_t statuses[SIM_EVENT_COUNT] = {[SIM_EV_DONE] = 0xff, [SIM_EV_RESULT] = 0xff};

#define BIT(kind) (UINT64_C(1) << (kind))

/* What some findings cannot do without, whatever else happens. */
#define UNCLEAR                                                                                    \
    (BIT(SIM_EV_CANCEL) | BIT(SIM_EV_FIRE) | BIT(SIM_EV_CHECK) | BIT(SIM_EV_PENDING) |             \
     BIT(SIM_EV_CREATE) | BIT(SIM_EV_AWAITED) | BIT(SIM_EV_SEM_ACQUIRE) |                          \
     BIT(SIM_EV_SEM_RELEASE) | BIT(SIM_EV_PROPERTY) | BIT(SIM_EV_PRIORITY))

#define LOCKS (BIT(SIM_EV_ACQUIRE) | BIT(SIM_EV_RELEASE) | BIT(SIM_EV_BLOCK))

/* One pass without a branch that depends on the kind: kinds come in no order that a processor could
 * predict.  Returns whether all kinds are known, and every status is a good one. */
static bool list(struct screen *screen, const struct sim_event *events, size_t count)
{
    uint64_t seen = 0;
    uint32_t value_count = 0;
    uint32_t order_count = 0;
    unsigned statuses_seen = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned kind = events[i].kind;

        if (kind >= SIM_EVENT_COUNT)
            return false;
        seen |= BIT(kind);
        statuses_seen |= events[i].aux & statuses[kind];
        screen->value_at[value_count] = (uint16_t)i;
        screen->order_at[order_count] = (uint16_t)i;
        value_count += values[kind] / VALUE;
        order_count += orders[kind] / ORDER;
    }
    screen->seen = seen;
    screen->values = value_count;
    screen->orders = order_count;
    _Static_assert(SIM_OK == 0, "the bits of other statuses add up to another one");
    return statuses_seen == 0;
}

/* Who has which locks, and who waits for one. */
struct holders {
    uint64_t held[IDS_MAX + 1]; /* [actor] */
    uint64_t used;              /* actors whose held is known; of the others it is 0 */
    uint64_t taken;             /* by anybody */
    uint64_t waiting;           /* actors suspended for a lock */
    bool up;                    /* somebody who held a lock asked for one with a higher id */
    bool down;
};

static uint64_t *held_by(struct holders *holders, uint32_t actor)
{
    if ((holders->used & BIT(actor)) == 0) {
        holders->used |= BIT(actor);
        holders->held[actor] = 0;
    }
    return &holders->held[actor];
}

/* Who asks for a lock while holding others makes an order between them: a cycle has a step up and
 * one down. */
static void ask(struct holders *holders, uint64_t held, uint32_t lock)
{
    holders->up |= (held & (BIT(lock) - 1)) != 0;
    holders->down |= (held & ~(BIT(lock) - 1) & ~BIT(lock)) != 0;
}

static bool is_task(const struct registry *registry, uint32_t id)
{
    const struct sim_object *object = registry_object(registry, id);

    return object != NULL && object->kind == SIM_OBJ_TASK;
}

/* Returns false if something about locks must be looked at closer. */
static bool lock_event(struct holders *holders, const struct registry *registry,
                       const struct sim_event *event)
{
    uint64_t actor = BIT(event->actor);
    uint64_t *held = held_by(holders, event->actor);

    switch (event->kind) {
    case SIM_EV_BLOCK:
        ask(holders, *held, event->object);
        return true;
    case SIM_EV_ACQUIRE:
        ask(holders, *held, event->object);
        if ((holders->taken & BIT(event->object)) != 0)
            return false; /* it was somebody's */
        *held |= BIT(event->object);
        holders->taken |= BIT(event->object);
        return true;
    case SIM_EV_RELEASE:
        if ((*held & BIT(event->object)) == 0)
            return false; /* it was nobody's, or another's */
        *held &= ~BIT(event->object);
        holders->taken &= ~BIT(event->object);
        return true;
    case SIM_EV_SUSPEND:
        if (event->aux == SIM_WAIT_LOCK || event->aux == SIM_WAIT_SEMAPHORE)
            holders->waiting |= actor;
        else
            holders->waiting &= ~actor;
        return true;
    case SIM_EV_RESUME:
        holders->waiting &= ~actor;
        /* A task went on, while it held what somebody waits for. */
        return *held == 0 || holders->waiting == 0 || !is_task(registry, event->actor);
    case SIM_EV_DONE:
        holders->waiting &= ~actor;
        return true;
    case SIM_EV_LOOP_CLOSE:
        return holders->waiting == 0;
    default:
        return true;
    }
}

/* Were all locks given back by who took them, and taken in one order; and does nobody wait for one
 * when a loop closes or the run ends? */
static bool locks_are_clear(const struct registry *registry, const struct sim_event *events,
                            size_t count)
{
    struct holders holders;

    holders.used = 0;
    holders.taken = 0;
    holders.waiting = 0;
    holders.up = false;
    holders.down = false;
    for (size_t i = 0; i < count; i++)
        if (events[i].actor > IDS_MAX || events[i].object > IDS_MAX ||
            !lock_event(&holders, registry, &events[i]))
            return false;
    return holders.taken == 0 && holders.waiting == 0 && !(holders.up && holders.down);
}

/* Nobody waits for a lock if none is ever taken; but for what is not in the run. */
static bool nobody_waits(const struct sim_event *events, size_t count)
{
    unsigned waits = 0;

    for (size_t i = 0; i < count; i++)
        waits |= events[i].kind == SIM_EV_SUSPEND &&
                 (events[i].aux == SIM_WAIT_LOCK || events[i].aux == SIM_WAIT_SEMAPHORE);
    return waits == 0;
}

/* A decision on one variable and an act on another need two that are written. */
static void note_written(struct screen *screen, const struct sim_event *events)
{
    uint32_t first = 0;

    screen->two_written = false;
    for (uint32_t i = 0; i < screen->values && !screen->two_written; i++) {
        const struct sim_event *event = &events[screen->value_at[i]];

        if (event->kind != SIM_EV_WRITE)
            continue;
        screen->two_written = first != 0 && event->object != first;
        first = event->object;
    }
}

bool screen_look(struct screen *screen, const struct registry *registry,
                 const struct sim_event *events, size_t count)
{
    if (count == 0 || count > SCREEN_MAX)
        return false;
    const struct sim_event *end = &events[count - 1];

    if (end->kind != SIM_EV_END || end->aux != SIM_OUTCOME_FINISHED ||
        end->time_ns - events[0].time_ns >= SLOW_CALLBACK_NS || !list(screen, events, count) ||
        (screen->seen & UNCLEAR) != 0)
        return false;
    /* Long enough for somebody to be starved, who waited. */
    if (count >= 2 * STARVATION_TIMES && (screen->seen & BIT(SIM_EV_SUSPEND)) != 0 &&
        (screen->seen & BIT(SIM_EV_BLOCK)) != 0)
        return false;
    note_written(screen, events);
    return (screen->seen & LOCKS) != 0 ? locks_are_clear(registry, events, count)
                                       : nobody_waits(events, count);
}
