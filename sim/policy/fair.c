#include "sim/policy/fair.h"

#include <stdlib.h>

#include "sim/base/assert.h"
#include "sim/base/list.h"
#include "sim/base/vec.h"

enum { RECENT = 4 }; /* a loop may read so many things and still be seen to repeat itself */

struct deed {
    int64_t value;
    uint32_t object;
    uint8_t kind;
};

struct fair_actor {
    uint64_t run;     /* in which the rest is true */
    uint64_t turn;    /* when it last went */
    uint64_t since;   /* deeds before that change do not count as repeated */
    uint64_t spins;   /* when it was found to repeat itself; 0: it is not */
    uint32_t repeats; /* since something changed */
    uint32_t deeds;   /* that are known; the last RECENT of them in recent */
    struct deed recent[RECENT];
};

struct fair_value {
    uint64_t run; /* in which the value is known */
    uint64_t
        wanted; /* run in which somebody has tried to take it, and failed, since it was freed */
    int64_t value;
};

static struct fair_actor *actor_at(struct policy_fair *fair, uint32_t id)
{
    if (id >= fair->actor_capacity &&
        !vec_reserve_zeroed(&fair->actors, (size_t)id + 1, &fair->actor_capacity,
                            sizeof(*fair->actors))) {
        fair->out_of_memory = true;
        return NULL;
    }
    struct fair_actor *actor = &fair->actors[id];

    if (actor->run != fair->run) {
        actor->run = fair->run;
        actor->turn = 0;
        actor->since = 0;
        actor->spins = 0;
    }
    return actor;
}

static struct fair_value *value_at(struct policy_fair *fair, uint32_t id)
{
    if (id >= fair->value_capacity &&
        !vec_reserve_zeroed(&fair->values, (size_t)id + 1, &fair->value_capacity,
                            sizeof(*fair->values))) {
        fair->out_of_memory = true;
        return NULL;
    }
    return &fair->values[id];
}

/* Does the variable hold something else now? */
static bool differs(struct policy_fair *fair, const struct sim_event *event)
{
    struct fair_value *value = value_at(fair, event->object);

    if (value == NULL || (value->run == fair->run && value->value == event->value))
        return false;
    value->run = fair->run;
    value->value = event->value;
    return true;
}

/* Does anybody who spins wait for it to be given up? */
static bool is_wanted(struct policy_fair *fair, uint32_t object)
{
    struct fair_value *value = value_at(fair, object);
    bool wanted = value != NULL && value->wanted == fair->run;

    if (wanted)
        value->wanted = 0;
    return wanted;
}

/* The actor has done this again, with nothing changed in between. */
static void repeat(struct policy_fair *fair, struct fair_actor *actor)
{
    if (++actor->repeats < FAIR_REPEATS)
        return;
    actor->spins = fair->now;
    fair->spun = fair->now;
}

static void forget(struct policy_fair *fair, struct fair_actor *actor)
{
    actor->since = fair->now;
    actor->repeats = 0;
    actor->spins = 0;
    actor->deeds = 0;
}

static void note(struct policy_fair *fair, struct fair_actor *actor, struct deed deed)
{
    if (actor->since <= fair->changed)
        forget(fair, actor);
    for (uint32_t i = 0; i < RECENT && i < actor->deeds; i++) {
        const struct deed *was = &actor->recent[i];

        if (was->kind == deed.kind && was->object == deed.object && was->value == deed.value) {
            repeat(fair, actor);
            return;
        }
    }
    actor->recent[actor->deeds++ % RECENT] = deed;
}

static void want(struct policy_fair *fair, uint32_t object)
{
    struct fair_value *value = value_at(fair, object);

    if (value != NULL)
        value->wanted = fair->run;
}

/* Does this event leave everything as it was, for all that others can notice? */
static bool changes_nothing(struct policy_fair *fair, const struct sim_event *event)
{
    switch (event->kind) {
    case SIM_EV_READ:
    case SIM_EV_ATOMIC_LOAD:
        (void)differs(fair, event);
        return true;
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
        return !differs(fair, event);
    case SIM_EV_SUSPEND:
        return event->aux == SIM_WAIT_YIELD;
    case SIM_EV_ACQUIRE:
        return true;
    case SIM_EV_TRY:
        want(fair, event->object);
        return true;
    case SIM_EV_RELEASE:
        return !is_wanted(fair, event->object);
    default:
        return false;
    }
}

/* What is no deed of the actor's own: it comes or goes, or is kept from a mutex. */
static bool happens_to_it(const struct sim_event *event)
{
    switch (event->kind) {
    case SIM_EV_CHOICE:
    case SIM_EV_PREEMPT:
    case SIM_EV_RESUME:
    case SIM_EV_WAKE:
    case SIM_EV_BLOCK:
        return true;
    case SIM_EV_SUSPEND:
        return event->aux == SIM_WAIT_LOCK;
    default:
        return false;
    }
}

static void on_event(struct sink *sink, const struct sim_event *event)
{
    struct policy_fair *fair = container_of(sink, struct policy_fair, sink);

    if (happens_to_it(event)) {
        if (event->kind == SIM_EV_RESUME)
            fair->last = event->actor;
        return;
    }
    fair->last = event->actor;
    fair->now++;
    struct fair_actor *actor = actor_at(fair, event->actor);

    if (actor == NULL)
        return;
    actor->turn = fair->now;
    if (changes_nothing(fair, event))
        note(fair, actor, (struct deed){event->value, event->object, event->kind});
    else
        fair->changed = fair->now;
}

/* A thread that gives way, and goes on itself, does so without an event. */
static void yielded(struct policy_fair *fair, uint32_t id)
{
    struct fair_actor *actor = actor_at(fair, id);

    if (actor == NULL)
        return;
    actor->turn = ++fair->now;
    note(fair, actor, (struct deed){0, 0, SIM_EV_SUSPEND});
}

static uint32_t ask(struct policy_fair *fair, const struct sim_choice *choice)
{
    return fair->inner == NULL ? 0 : fair->inner->choose(fair->inner, choice);
}

static bool make_room(struct policy_fair *fair, uint32_t count)
{
    fair->out_of_memory |=
        !vec_reserve(&fair->options, count, &fair->option_capacity, sizeof(*fair->options)) ||
        !vec_reserve(&fair->places, count, &fair->place_capacity, sizeof(*fair->places));
    return !fair->out_of_memory;
}

/* Ask about those who need not wait for the others to have had a turn. */
static uint32_t ask_without(struct policy_fair *fair, const struct sim_choice *choice)
{
    uint64_t first = UINT64_MAX;
    struct sim_choice rest = *choice;

    for (uint32_t i = 0; i < choice->count; i++) {
        const struct fair_actor *actor = actor_at(fair, choice->options[i].actor);

        if (actor != NULL && actor->turn < first)
            first = actor->turn;
    }
    if (!make_room(fair, choice->count))
        return SIM_DIVERGE;
    rest.count = 0;
    for (uint32_t i = 0; i < choice->count; i++) {
        const struct fair_actor *actor = actor_at(fair, choice->options[i].actor);

        if (actor == NULL)
            return SIM_DIVERGE;
        if (actor->spins > fair->changed && first < actor->spins)
            continue;
        fair->options[rest.count] = choice->options[i];
        fair->places[rest.count++] = i;
    }
    SIM_ASSERT(rest.count > 0);
    if (rest.count == choice->count)
        return ask(fair, choice);
    fair->held = true;
    rest.preempting = choice->preempting && fair->places[0] == 0;
    rest.options = fair->options;
    uint32_t taken = rest.count == 1 ? 0 : ask(fair, &rest);

    return taken == SIM_DIVERGE ? taken : fair->places[taken];
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_fair *fair = (struct policy_fair *)policy;

    if (choice->kind == SIM_CHOICE_NUMBER)
        return ask(fair, choice);
    uint32_t taken = fair->spun > fair->changed ? ask_without(fair, choice) : ask(fair, choice);

    if (taken != SIM_DIVERGE && choice->kind == SIM_CHOICE_THREAD && !choice->preempting &&
        choice->options[taken].actor == fair->last)
        yielded(fair, fair->last);
    return fair->out_of_memory ? SIM_DIVERGE : taken;
}

static void begin(struct policy *policy)
{
    struct policy_fair *fair = (struct policy_fair *)policy;

    fair->run++;
    fair->changed = ++fair->now;
    fair->last = 0;
    if (fair->inner != NULL && fair->inner->begin != NULL)
        fair->inner->begin(fair->inner);
}

void policy_fair_init(struct policy_fair *fair, struct policy *inner)
{
    *fair = (struct policy_fair){
        .policy = {.begin = begin, .choose = choose}, .sink = {.event = on_event}, .inner = inner};
}

void policy_fair_free(struct policy_fair *fair)
{
    free(fair->actors);
    free(fair->values);
    free(fair->options);
    free(fair->places);
    policy_fair_init(fair, fair->inner);
}
