#include "sim/detect/screen.h"

#include "sim/base/status.h"
#include "sim/detect/mistake.h"
#include "sim/detect/starvation.h"
#include "sim/trace/finding.h"

_Static_assert(SIM_EVENT_COUNT <= 64, "kinds are bits of a word");

/* Locks and actors are bits of a word, by id. */
enum { IDS_MAX = 63 };

/* How much longer the lists get by an event of a kind: that of values in the lower half, that of
 * orders in the upper one.  What orders nothing and is no access has no SIM_HB. */
enum { VALUE = 1, ORDER_SHIFT = 16 };

#define ORDER(hb) ((uint32_t)((hb) != SIM_HB_NONE) << ORDER_SHIFT)
#define IS_VALUE(kind)                                                                             \
    ((kind) == SIM_EV_READ || (kind) == SIM_EV_WRITE || (kind) == SIM_EV_ATOMIC_LOAD ||            \
     (kind) == SIM_EV_ATOMIC_STORE || (kind) == SIM_EV_ATOMIC_RMW || (kind) == SIM_EV_COND_WAIT || \
     (kind) == SIM_EV_COND_WOKEN || (kind) == SIM_EV_NOTIFY)
#define LENGTHENS(id, name, hb) [id] = ORDER(hb) | (IS_VALUE(id) ? VALUE : 0),
static const uint32_t lengthens[SIM_EVENT_COUNT] = {SIM_EVENTS(LENGTHENS)};
#undef LENGTHENS

#define BIT(kind) (UINT64_C(1) << (kind))

/* What some findings cannot do without, whatever else happens. */
#define UNCLEAR                                                                                    \
    (BIT(SIM_EV_CANCEL) | BIT(SIM_EV_FIRE) | BIT(SIM_EV_CHECK) | BIT(SIM_EV_PENDING) |             \
     BIT(SIM_EV_CREATE) | BIT(SIM_EV_AWAITED) | BIT(SIM_EV_SEM_ACQUIRE) |                          \
     BIT(SIM_EV_SEM_RELEASE) | BIT(SIM_EV_PROPERTY) | BIT(SIM_EV_PRIORITY))

#define LOCKS (BIT(SIM_EV_ACQUIRE) | BIT(SIM_EV_RELEASE) | BIT(SIM_EV_BLOCK))

#define ACCESSES (BIT(SIM_EV_READ) | BIT(SIM_EV_WRITE))

/* Where somebody waited for a lock, or something did not end well. */
#define WAITS                                                                                      \
    (BIT(SIM_EV_SUSPEND) | BIT(SIM_EV_RESUME) | BIT(SIM_EV_DONE) | BIT(SIM_EV_RESULT) |            \
     BIT(SIM_EV_LOOP_CLOSE))

#define CONDITIONS (BIT(SIM_EV_COND_WAIT) | BIT(SIM_EV_COND_WOKEN) | BIT(SIM_EV_NOTIFY))

#define LOCK_WAITS (1U << SIM_WAIT_LOCK | 1U << SIM_WAIT_SEMAPHORE)

_Static_assert(SIM_WAIT_COUNT <= 32 && SIM_STATUS_COUNT <= 32, "they are bits of a word");

/* What is worth a second look, bit 1 << aux: who waits for a lock, and who ended, or what was
 * settled, in another way than well. */
static const uint32_t odd_by_kind[SIM_EVENT_COUNT] = {[SIM_EV_SUSPEND] = LOCK_WAITS,
                                                      [SIM_EV_DONE] = ~(1U << SIM_OK),
                                                      [SIM_EV_RESULT] = ~(1U << SIM_OK)};

/* One pass without a branch that depends on the kind: kinds come in no order that a processor could
 * predict.  Returns whether all kinds are known. */
static bool list(struct screen *screen, const struct sim_event *events, size_t count)
{
    uint64_t seen = 0;
    uint32_t lengths = 0;
    uint32_t odd = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned kind = events[i].kind;

        if (kind >= SIM_EVENT_COUNT)
            return false;
        seen |= BIT(kind);
        odd |= odd_by_kind[kind] >> (events[i].aux & 31);
        screen->value_at[lengths & UINT16_MAX] = (uint16_t)i;
        screen->order_at[lengths >> ORDER_SHIFT] = (uint16_t)i;
        lengths += lengthens[kind];
    }
    screen->seen = seen;
    screen->values = lengths & UINT16_MAX;
    screen->orders = lengths >> ORDER_SHIFT;
    screen->odd = (odd & 1) != 0;
    return true;
}

/* Who has which locks, and who waits for one; and what locks guard which variables. */
struct holders {
    uint64_t held[IDS_MAX + 1];   /* [actor] */
    uint64_t guards[IDS_MAX + 1]; /* [variable]: held by whoever accessed it, each time */
    uint64_t used;                /* actors whose held is known; of the others it is 0 */
    uint64_t accessed;            /* variables whose guards are known */
    uint64_t taken;               /* by anybody */
    uint64_t waiting;             /* actors suspended for a lock */
    bool up;                      /* somebody who held a lock asked for one with a higher id */
    bool down;
    bool bare; /* some variable has no lock that was held at every access */
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

/* The rule of Eraser (Savage and others, SOSP 1997): a variable is guarded by the locks that were
 * held at every access. */
static void access_event(struct holders *holders, uint64_t held, uint32_t variable)
{
    uint64_t guards =
        (holders->accessed & BIT(variable)) != 0 ? holders->guards[variable] & held : held;

    holders->accessed |= BIT(variable);
    holders->guards[variable] = guards;
    holders->bare |= guards == 0;
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
    case SIM_EV_READ:
    case SIM_EV_WRITE:
        access_event(holders, *held, event->object);
        return true;
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
        return event->aux == SIM_OK;
    case SIM_EV_RESULT:
        return event->aux == SIM_OK;
    case SIM_EV_LOOP_CLOSE:
        return holders->waiting == 0;
    default:
        return true;
    }
}

/* Were all locks given back by who took them, and taken in one order; and does nobody wait for one
 * when a loop closes or the run ends?  Learns, too, whether every variable is guarded by a lock:
 * whoever takes that lock comes after all that was done before it was given back, so no two
 * accesses can race. */
static bool locks_are_clear(struct screen *screen, const struct registry *registry,
                            const struct sim_event *events, size_t count)
{
    uint64_t concerned = LOCKS | ACCESSES | (screen->odd ? WAITS : 0);
    struct holders holders;

    holders.used = 0;
    holders.accessed = 0;
    holders.taken = 0;
    holders.waiting = 0;
    holders.up = false;
    holders.down = false;
    holders.bare = false;
    for (const struct sim_event *event = events; event < events + count; event++) {
        if ((concerned >> event->kind & 1) == 0)
            continue;
        if (event->actor > IDS_MAX || event->object > IDS_MAX ||
            !lock_event(&holders, registry, event))
            return false;
    }
    screen->guarded = !holders.bare;
    return holders.taken == 0 && holders.waiting == 0 && !(holders.up && holders.down);
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
    if (count / 2 >= STARVATION_TIMES && (screen->seen & BIT(SIM_EV_SUSPEND)) != 0 &&
        (screen->seen & BIT(SIM_EV_BLOCK)) != 0)
        return false;
    note_written(screen, events);
    screen->compared = (screen->seen & BIT(SIM_EV_ATOMIC_RMW)) != 0;
    screen->values_alone =
        !screen->two_written && !screen->compared && (screen->seen & CONDITIONS) == 0;
    screen->guarded = false;
    return ((screen->seen & LOCKS) == 0 && !screen->odd) ||
           locks_are_clear(screen, registry, events, count);
}

bool screen_summary(const struct summary *summary, uint64_t *kinds)
{
    *kinds = (uint64_t)summary->raced << SIM_FINDING_DATA_RACE | (uint64_t)(summary->lost != 0)
                                                                     << SIM_FINDING_LOST_UPDATE;
    return !summary->refused && !summary->doubt && summary->outcome == SIM_OUTCOME_FINISHED &&
           summary->end_ns < SLOW_CALLBACK_NS && summary->ended == summary->threads &&
           summary->taken == 0 && !(summary->up && summary->down) &&
           !(summary->blocked && summary->acquired >= STARVATION_TIMES);
}
