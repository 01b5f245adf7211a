#include "sim/policy/fair.h"

#include <stdlib.h>

#include "sim/base/assert.h"
#include "sim/base/list.h"
#include "sim/base/vec.h"

enum { RECENT = 4 }; /* a loop may read so many things and still be seen to repeat itself */

/* What was done to which object, in one word. */
struct deed {
    int64_t value;
    uint64_t what;
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

static __attribute__((noinline)) bool more_actors(struct policy_fair *fair, uint32_t id)
{
    if (!vec_reserve_zeroed(&fair->actors, (size_t)id + 1, &fair->actor_capacity,
                            sizeof(*fair->actors)))
        fair->sink.out_of_memory = true;
    return !fair->sink.out_of_memory;
}

static __attribute__((noinline)) bool more_values(struct policy_fair *fair, uint32_t id)
{
    if (!vec_reserve_zeroed(&fair->values, (size_t)id + 1, &fair->value_capacity,
                            sizeof(*fair->values)))
        fair->sink.out_of_memory = true;
    return !fair->sink.out_of_memory;
}

static inline struct fair_actor *actor_at(struct policy_fair *fair, uint32_t id)
{
    if (__builtin_expect(id >= fair->actor_capacity, 0) && !more_actors(fair, id))
        return NULL;
    struct fair_actor *actor = &fair->actors[id];

    if (actor->run != fair->run) {
        actor->run = fair->run;
        actor->turn = 0;
        actor->since = 0;
        actor->spins = 0;
    }
    return actor;
}

static inline struct fair_value *value_at(struct policy_fair *fair, uint32_t id)
{
    if (__builtin_expect(id >= fair->value_capacity, 0) && !more_values(fair, id))
        return NULL;
    return &fair->values[id];
}

/* Does the variable hold something else now? */
static inline bool differs(struct policy_fair *fair, const struct sim_event *event)
{
    struct fair_value *value = value_at(fair, event->object);

    if (value == NULL || (value->run == fair->run && value->value == event->value))
        return false;
    value->run = fair->run;
    value->value = event->value;
    return true;
}

/* Does anybody who spins wait for it to be given up? */
static inline bool is_wanted(struct policy_fair *fair, uint32_t object)
{
    struct fair_value *value = value_at(fair, object);
    bool wanted = value != NULL && value->wanted == fair->run;

    if (wanted)
        value->wanted = 0;
    return wanted;
}

/* The actor has done this again, with nothing changed in between. */
static inline void repeat(struct policy_fair *fair, struct fair_actor *actor)
{
    if (++actor->repeats < FAIR_REPEATS)
        return;
    actor->spins = fair->now;
    fair->spun = fair->now;
}

static inline void forget(struct policy_fair *fair, struct fair_actor *actor)
{
    actor->since = fair->now;
    actor->repeats = 0;
    actor->spins = 0;
    actor->deeds = 0;
}

static inline void note(struct policy_fair *fair, struct fair_actor *actor, struct deed deed)
{
    if (actor->since <= fair->changed)
        forget(fair, actor);
    for (uint32_t i = 0; i < RECENT && i < actor->deeds; i++) {
        const struct deed *was = &actor->recent[i];

        if (was->what == deed.what && was->value == deed.value) {
            repeat(fair, actor);
            return;
        }
    }
    actor->recent[actor->deeds++ % RECENT] = deed;
}

static inline void want(struct policy_fair *fair, uint32_t object)
{
    struct fair_value *value = value_at(fair, object);

    if (value != NULL)
        value->wanted = fair->run;
}

/* What an event is to who looks for repetition. */
enum deed_kind {
    CHANGES = 0, /* others can notice it, unless the following says otherwise */
    PASSES,      /* no deed of the actor's own: it comes or goes, or is kept from a mutex */
    GOES_ON,
    WAITS, /* as SUSPEND says: for what */
    READS,
    WRITES,
    TAKES,
    TRIES,
    GIVES,
};

static const uint8_t deed_kinds[SIM_EVENT_COUNT] = {
    [SIM_EV_CHOICE] = PASSES,       [SIM_EV_PREEMPT] = PASSES,    [SIM_EV_WAKE] = PASSES,
    [SIM_EV_BLOCK] = PASSES,        [SIM_EV_RESUME] = GOES_ON,    [SIM_EV_SUSPEND] = WAITS,
    [SIM_EV_READ] = READS,          [SIM_EV_ATOMIC_LOAD] = READS, [SIM_EV_WRITE] = WRITES,
    [SIM_EV_ATOMIC_STORE] = WRITES, [SIM_EV_ATOMIC_RMW] = WRITES, [SIM_EV_ACQUIRE] = TAKES,
    [SIM_EV_TRY] = TRIES,           [SIM_EV_RELEASE] = GIVES,
};

/* What passes without a word. */
static const bool ignored[SIM_EVENT_COUNT] = {
    [SIM_EV_CHOICE] = true, [SIM_EV_PREEMPT] = true, [SIM_EV_WAKE] = true, [SIM_EV_BLOCK] = true};

/* Does this event leave everything as it was, for all that others can notice? */
static inline bool changes_nothing(struct policy_fair *fair, const struct sim_event *event,
                                   enum deed_kind kind)
{
    switch (kind) {
    case READS:
        (void)differs(fair, event);
        return true;
    case WRITES:
        return !differs(fair, event);
    case WAITS:
        return event->aux == SIM_WAIT_YIELD;
    case TAKES:
        return true;
    case TRIES:
        want(fair, event->object);
        return true;
    case GIVES:
        return !is_wanted(fair, event->object);
    case CHANGES:
    case PASSES:
    case GOES_ON:
    default:
        return false;
    }
}

static inline struct deed deed_of(uint8_t kind, uint32_t object, int64_t value)
{
    return (struct deed){.value = value, .what = (uint64_t)object << 8 | kind};
}

static inline void see(struct policy_fair *fair, const struct sim_event *event)
{
    enum deed_kind kind = (enum deed_kind)deed_kinds[event->kind];

    if (kind == PASSES || (kind == WAITS && event->aux == SIM_WAIT_LOCK))
        return;
    fair->last = event->actor;
    if (kind == GOES_ON)
        return;
    fair->now++;
    struct fair_actor *actor = actor_at(fair, event->actor);

    if (actor == NULL)
        return;
    actor->turn = fair->now;
    if (kind != CHANGES && changes_nothing(fair, event, kind))
        note(fair, actor, deed_of(event->kind, event->object, event->value));
    else
        fair->changed = fair->now;
}

/* To spin is to do something, and then as often again as makes a spinner, with nothing changed. */
static inline void be_patient(struct policy_fair *fair)
{
    fair->policy.patience = fair->spun > fair->changed ? 0 : 1 + FAIR_REPEATS;
}

static void on_event(struct sink *sink, const struct sim_event *event)
{
    struct policy_fair *fair = container_of(sink, struct policy_fair, sink);

    see(fair, event);
    be_patient(fair);
}

static void on_events(struct sink *sink, const struct sim_event *events, size_t count)
{
    struct policy_fair *fair = container_of(sink, struct policy_fair, sink);

    for (size_t i = 0; i < count; i++)
        see(fair, &events[i]);
    be_patient(fair);
}

/* A thread that gives way, and goes on itself, does so without an event. */
static void yielded(struct policy_fair *fair, uint32_t id)
{
    struct fair_actor *actor = actor_at(fair, id);

    if (actor == NULL)
        return;
    actor->turn = ++fair->now;
    note(fair, actor, deed_of(SIM_EV_SUSPEND, 0, 0));
    be_patient(fair);
}

static uint32_t ask(struct policy_fair *fair, const struct sim_choice *choice)
{
    return fair->inner == NULL ? 0 : fair->inner->choose(fair->inner, choice);
}

static uint32_t take_first(struct policy *policy, const struct sim_choice *choice)
{
    (void)policy;
    (void)choice;
    return 0;
}

static bool make_room(struct policy_fair *fair, uint32_t count)
{
    fair->sink.out_of_memory |=
        !vec_reserve(&fair->options, count, &fair->option_capacity, sizeof(*fair->options)) ||
        !vec_reserve(&fair->places, count, &fair->place_capacity, sizeof(*fair->places));
    return !fair->sink.out_of_memory;
}

/* Ask about those who need not wait for the others to have had a turn. */
static uint32_t ask_without(struct policy_fair *fair, const struct sim_choice *choice)
{
    const struct sim_option *options = sim_choice_options(choice);
    uint64_t first = UINT64_MAX;
    struct sim_choice rest = *choice;

    for (uint32_t i = 0; i < choice->count; i++) {
        const struct fair_actor *actor = actor_at(fair, options[i].actor);

        if (actor != NULL && actor->turn < first)
            first = actor->turn;
    }
    if (!make_room(fair, choice->count))
        return SIM_NO_MEMORY;
    rest.count = 0;
    for (uint32_t i = 0; i < choice->count; i++) {
        const struct fair_actor *actor = actor_at(fair, options[i].actor);

        if (actor == NULL)
            return SIM_NO_MEMORY;
        if (actor->spins > fair->changed && first < actor->spins)
            continue;
        fair->options[rest.count] = options[i];
        fair->places[rest.count++] = i;
    }
    SIM_ASSERT(rest.count > 0);
    if (rest.count == choice->count)
        return ask(fair, choice);
    fair->held = true;
    rest.preempting = choice->preempting && fair->places[0] == 0;
    rest.options = fair->options;
    uint32_t taken = rest.count == 1 ? 0 : ask(fair, &rest);

    return sim_is_option(taken) ? fair->places[taken] : taken;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_fair *fair = (struct policy_fair *)policy;

    if (sim_choice_is_number(choice->kind))
        return ask(fair, choice);
    uint32_t taken = fair->spun > fair->changed ? ask_without(fair, choice) : ask(fair, choice);

    if (sim_is_option(taken) && choice->gives_way && sim_choice_actor(choice, taken) == fair->last)
        yielded(fair, fair->last);
    return fair->sink.out_of_memory ? SIM_NO_MEMORY : taken;
}

static void begin(struct policy *policy)
{
    struct policy_fair *fair = (struct policy_fair *)policy;

    fair->sink.out_of_memory = false;
    fair->run++;
    fair->changed = ++fair->now;
    be_patient(fair);
    fair->last = 0;
    if (fair->inner != NULL && fair->inner->begin != NULL)
        fair->inner->begin(fair->inner);
    policy->blind = fair->alone && (fair->inner == NULL || fair->inner->blind);
    policy->learns = fair->alone ? &fair->sink : NULL;
    policy->deputy = fair->inner == NULL ? &fair->first : fair->inner;
}

void policy_fair_init(struct policy_fair *fair, struct policy *inner)
{
    *fair = (struct policy_fair){
        .policy = {.begin = begin, .choose = choose, .blind = true},
        .sink = {.event = on_event, .events = on_events, .ignores = ignored, .wordless = true},
        .first = {.choose = take_first, .blind = true},
        .inner = inner};
}

void policy_fair_free(struct policy_fair *fair)
{
    free(fair->actors);
    free(fair->values);
    free(fair->options);
    free(fair->places);
    policy_fair_init(fair, fair->inner);
}
