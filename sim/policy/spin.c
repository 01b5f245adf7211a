#include "sim/policy/spin.h"

#include <stdlib.h>

#include "sim/base/vec.h"
#include "sim/policy/fair.h"

/* What an event is to who looks for repetition. */
enum deed_kind {
    CHANGES = 0, /* others can notice it, unless the following says otherwise */
    NEWS,        /* the same, and nobody looks at its object again and again */
    PASSES,      /* no deed of the actor's own: it comes or goes, or is kept from a mutex */
    WAITS,       /* as SUSPEND says: for what */
    READS,
    WRITES,
    TAKES,
    TRIES,
    GIVES,
    LOOKS, /* as LOOK says: how */
};

static const uint8_t deed_kinds[SIM_EVENT_COUNT] = {
    [SIM_EV_CHOICE] = PASSES, [SIM_EV_PREEMPT] = PASSES,      [SIM_EV_WAKE] = PASSES,
    [SIM_EV_BLOCK] = PASSES,  [SIM_EV_RESUME] = PASSES,       [SIM_EV_SUSPEND] = WAITS,
    [SIM_EV_READ] = READS,    [SIM_EV_ATOMIC_LOAD] = READS,   [SIM_EV_WRITE] = WRITES,
    [SIM_EV_SPAWN] = NEWS,    [SIM_EV_DONE] = NEWS,           [SIM_EV_JOIN] = NEWS,
    [SIM_EV_PRINT] = NEWS,    [SIM_EV_ATOMIC_STORE] = WRITES, [SIM_EV_ATOMIC_RMW] = WRITES,
    [SIM_EV_ACQUIRE] = TAKES, [SIM_EV_TRY] = TRIES,           [SIM_EV_RELEASE] = GIVES,
    [SIM_EV_LOOK] = LOOKS,
};

void spin_free(struct spin *spin)
{
    free(spin->actors);
    free(spin->objects);
    free(spin->undo);
    *spin = (struct spin){0};
}

static __attribute__((noinline)) bool make_room(struct spin *spin, size_t actors, size_t objects)
{
    bool ok =
        vec_reserve_zeroed(&spin->actors, actors, &spin->actor_capacity, sizeof(*spin->actors)) &&
        vec_reserve_zeroed(&spin->objects, objects, &spin->object_capacity, sizeof(*spin->objects));

    spin->out_of_memory |= !ok;
    return ok;
}

/* Are both known?  Returns false when out of memory. */
static inline bool know(struct spin *spin, uint32_t actor, uint32_t object)
{
    return (actor < spin->actor_capacity && object < spin->object_capacity) ||
           make_room(spin, (size_t)actor + 1, (size_t)object + 1);
}

static const struct spin_actor *known_actor(const struct spin *spin, uint32_t id)
{
    return id < spin->actor_capacity ? &spin->actors[id] : NULL;
}

static inline void set_count(struct spin *spin, struct spin_actor *actor, struct spin_count count)
{
    spin->repeaters -= actor->count.repeats >= FAIR_REPEATS;
    spin->repeaters += count.repeats >= FAIR_REPEATS;
    actor->count = count;
}

static inline void forget(struct spin *spin, struct spin_actor *actor)
{
    set_count(spin, actor, (struct spin_count){0});
}

/* Note how things are before they change; object: UINT32_MAX for none.  NULL: out of memory. */
static inline struct spin_undo *keep(struct spin *spin, uint32_t actor, uint32_t object)
{
    if (!vec_reserve(&spin->undo, spin->undo_count + 1, &spin->undo_capacity,
                     sizeof(*spin->undo))) {
        spin->out_of_memory = true;
        return NULL;
    }
    struct spin_undo *undo = &spin->undo[spin->undo_count++];

    undo->count = spin->actors[actor].count;
    undo->actor = actor;
    undo->object = object;
    undo->slot = SPIN_RECENT;
    if (object != UINT32_MAX)
        undo->before = spin->objects[object];
    return undo;
}

void spin_rewind(struct spin *spin, size_t undo_count)
{
    while (spin->undo_count > undo_count) {
        const struct spin_undo *undo = &spin->undo[--spin->undo_count];
        struct spin_actor *actor = &spin->actors[undo->actor];

        set_count(spin, actor, undo->count);
        if (undo->slot < SPIN_RECENT)
            actor->recent[undo->slot] = undo->deed;
        if (undo->object != UINT32_MAX)
            spin->objects[undo->object] = undo->before;
    }
}

static uint32_t recent(const struct spin_actor *actor)
{
    return actor->count.deeds < SPIN_RECENT ? actor->count.deeds : SPIN_RECENT;
}

/* What the actor does once more, if it is the same as before; else it is new.  Has the object
 * changed since the actor last looked at it?  That is asked as it looks again, for what happens to
 * other things meanwhile has no place in the order of the two. */
static void note(struct spin *spin, struct spin_actor *actor, const struct spin_deed *deed,
                 struct spin_undo *undo)
{
    bool again = false;

    for (uint32_t i = 0, count = recent(actor); i < count; i++) {
        const struct spin_deed *was = &actor->recent[i];

        if (was->object != deed->object)
            continue;
        if (was->looks && was->version != deed->version) {
            forget(spin, actor);
            again = false;
            break;
        }
        again |= was->kind == deed->kind && was->value == deed->value;
    }
    if (again) {
        actor->count.repeats++;
        spin->repeaters += actor->count.repeats == FAIR_REPEATS;
        return;
    }
    undo->slot = actor->count.deeds++ % SPIN_RECENT;
    undo->deed = actor->recent[undo->slot];
    actor->recent[undo->slot] = *deed;
}

/* What the object holds; returns whether that is something else than before. */
static bool becomes(struct spin_object *object, int64_t value)
{
    bool same = object->valued && object->value == value;

    object->valued = true;
    object->value = value;
    return !same;
}

static bool is_change(struct spin_object *object, enum deed_kind kind, int64_t value)
{
    if (kind == READS)
        (void)becomes(object, value);
    return kind == CHANGES || (kind == WRITES && becomes(object, value));
}

/* What the event is, whose kind alone may not tell. */
static enum deed_kind kind_of(const struct sim_event *event, bool of_task)
{
    enum deed_kind kind = (enum deed_kind)deed_kinds[event->kind];

    if (kind == WAITS)
        return event->aux == SIM_WAIT_LOCK || event->aux == SIM_WAIT_YIELD ? PASSES : CHANGES;
    if (kind != LOOKS)
        return kind;
    /* A loop makes a call, or begins a turn; or it is only looked at. */
    if (event->aux == SIM_LOOK_CALL_MADE || event->aux == SIM_LOOK_TURN)
        return PASSES;
    return of_task && event->aux == SIM_LOOK_AT && event->object != 0 ? LOOKS : CHANGES;
}

/* Something passes: but it may end a round, or have somebody begin anew. */
static void pass(struct spin *spin, const struct sim_event *event)
{
    const struct spin_actor *actor = known_actor(spin, event->actor);

    if (event->kind == SIM_EV_SUSPEND && event->aux == SIM_WAIT_YIELD && actor != NULL &&
        actor->count.deeds > 0 && actor->count.yielded == 0 &&
        keep(spin, event->actor, UINT32_MAX) != NULL)
        spin->actors[event->actor].count.yielded = 1;
}

/* What changes the object for certain, or may. */
static enum spin_change see_deed(struct spin *spin, const struct sim_event *event,
                                 enum deed_kind kind)
{
    if (!know(spin, event->actor, event->object))
        return SPIN_CHANGED;
    struct spin_actor *actor = &spin->actors[event->actor];
    struct spin_object *object = &spin->objects[event->object];
    struct spin_undo *undo = keep(spin, event->actor, event->object);

    if (undo == NULL)
        return SPIN_CHANGED;
    if (is_change(object, kind, event->value)) {
        object->version++;
        forget(spin, actor);
        return SPIN_CHANGED;
    }
    note(spin, actor,
         &(struct spin_deed){.value = event->value,
                             .object = event->object,
                             .version = object->version,
                             .kind = event->kind,
                             .looks = kind != TAKES && kind != GIVES},
         undo);
    if (kind == TAKES)
        actor->count.taken++;
    else if (kind == GIVES && actor->count.taken > 0)
        actor->count.taken--;
    /* Whoever tried in vain to take it waits for this. */
    object->version += kind == GIVES;
    return kind == GIVES ? SPIN_FREED : SPIN_SAME;
}

enum spin_change spin_see_access(struct spin *spin, const struct sim_event *event)
{
    return see_deed(spin, event, (enum deed_kind)deed_kinds[event->kind]);
}

enum spin_change spin_see(struct spin *spin, const struct sim_event *event, bool of_task)
{
    enum deed_kind kind = kind_of(event, of_task);

    if (kind == PASSES) {
        pass(spin, event);
        return SPIN_SAME;
    }
    if (event->kind == SIM_EV_CANCEL)
        spin_forget(spin, event->object);
    if (kind != NEWS)
        return see_deed(spin, event, kind);
    spin_see_news(spin, event->actor);
    return SPIN_CHANGED;
}

/* What an operation may turn out to have been. */
static bool may_be(uint8_t op, uint8_t kind)
{
    return op == kind || (op == SIM_EV_ATOMIC_RMW && kind == SIM_EV_ATOMIC_LOAD) ||
           (op == SIM_EV_TRY && kind == SIM_EV_ACQUIRE);
}

/* How many repetitions are enough.  What is looked at under a mutex is as often polled some times
 * by somebody who then goes without: that is let go on longer. */
static uint32_t enough(const struct spin_actor *actor)
{
    uint32_t rounds = 0;

    for (uint32_t i = 0; i < recent(actor); i++) {
        uint8_t kind = actor->recent[i].kind;

        if (kind == SIM_EV_ACQUIRE || kind == SIM_EV_RELEASE)
            return SPIN_POLLS * recent(actor);
        /* A property may look, too, at each step. */
        if (kind == SIM_EV_LOOK)
            rounds = recent(actor);
    }
    return rounds == 0 ? FAIR_REPEATS : FAIR_REPEATS * rounds;
}

static bool has_repeated(const struct spin_actor *actor)
{
    return actor != NULL && actor->count.repeats >= FAIR_REPEATS && actor->count.taken == 0 &&
           actor->count.repeats >= enough(actor);
}

bool spin_repeats(const struct spin *spin, uint32_t id, uint32_t object, uint8_t op)
{
    const struct spin_actor *actor = known_actor(spin, id);

    if (!has_repeated(actor))
        return false;
    for (uint32_t i = 0; i < recent(actor); i++)
        if (actor->recent[i].object == object && may_be(op, actor->recent[i].kind))
            return true;
    return false;
}

bool spin_sees_no_change(const struct spin *spin, uint32_t id)
{
    const struct spin_actor *actor = &spin->actors[id];

    for (uint32_t i = 0; i < recent(actor); i++)
        if (actor->recent[i].looks &&
            actor->recent[i].version != spin->objects[actor->recent[i].object].version)
            return false;
    return true;
}

bool spin_yields(const struct spin *spin, uint32_t id)
{
    const struct spin_actor *actor = known_actor(spin, id);

    return actor != NULL && actor->count.yielded != 0;
}

bool spin_polls(const struct spin *spin, uint32_t id)
{
    const struct spin_actor *actor = known_actor(spin, id);
    uint32_t place = 0;

    return has_repeated(actor) && actor->count.yielded != 0 &&
           spin_looked_at(spin, id, &place) != 0;
}

uint32_t spin_looked_at(const struct spin *spin, uint32_t id, uint32_t *place)
{
    const struct spin_actor *actor = known_actor(spin, id);

    while (actor != NULL && *place < recent(actor)) {
        const struct spin_deed *deed = &actor->recent[(*place)++];

        if (deed->looks)
            return deed->object;
    }
    return 0;
}

void spin_forget(struct spin *spin, uint32_t id)
{
    const struct spin_actor *actor = known_actor(spin, id);

    if (actor != NULL && (actor->count.repeats | actor->count.deeds | actor->count.taken) != 0 &&
        keep(spin, id, UINT32_MAX) != NULL)
        forget(spin, &spin->actors[id]);
}

void spin_forget_all(struct spin *spin)
{
    for (uint32_t id = 0; id < spin->actor_capacity; id++)
        spin_forget(spin, id);
}
