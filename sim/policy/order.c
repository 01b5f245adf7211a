#include "sim/policy/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/trace/event.h"

struct order_state {
    uint32_t actor; /* id; 0: not met yet */
    uint32_t seen;  /* how often it came, whatever its number */
    bool done;      /* it came as often as its number says */
    bool tried;     /* it would come next, and is blocked */
};

static struct policy_order *of_sink(struct sink *sink)
{
    return (struct policy_order *)((char *)sink - offsetof(struct policy_order, sink));
}

static bool named(const struct policy_order *order, uint32_t id, const char *name)
{
    char buffer[REGISTRY_NAME_MAX];

    return strcmp(registry_name(order->registry, id, buffer), name) == 0;
}

/* Is this what the event is about, its number aside?  SIM_EV_RESUME stands for any operation: who
 * was blocked on the object goes on with what it wanted. */
static bool matches(const struct policy_order *order, const struct order_event *event,
                    uint32_t actor, uint32_t object, unsigned op)
{
    if (op != event->op && op != SIM_EV_RESUME)
        return false;
    bool alone = object == 0 || object == actor;

    return (event->object[0] == '\0' ? alone
                                     : object != 0 && named(order, object, event->object)) &&
           named(order, actor, event->actor);
}

/* An event that must come before this one and has not; SIZE_MAX if there is none. */
static size_t missing(const struct policy_order *order, size_t index)
{
    for (size_t i = 0; i < order->spec->pair_count; i++) {
        const struct order_pair *pair = &order->spec->pairs[i];

        if (pair->after == index && !order->states[pair->before].done)
            return pair->before;
    }
    return SIZE_MAX;
}

/* The event that this option would be and may not be yet; SIZE_MAX if it may go on. */
static size_t held_by(const struct policy_order *order, const struct sim_option *option)
{
    for (size_t i = 0; i < order->spec->event_count; i++) {
        const struct order_event *event = &order->spec->events[i];

        if (order->states[i].done || order->states[i].seen + 1 != event->nth ||
            (option->op == SIM_EV_RESUME && option->object == 0) ||
            !matches(order, event, option->actor, option->object, option->op))
            continue;
        if (missing(order, i) != SIZE_MAX)
            return i;
    }
    return SIZE_MAX;
}

static void break_run(struct policy_order *order, size_t index, const char *what, const char *why)
{
    char event[ORDER_TEXT_MAX];
    char before[ORDER_TEXT_MAX];
    size_t earlier = missing(order, index);

    order->broken = true;
    (void)snprintf(order->why, sizeof(order->why), "step %u: %s %s %s: %s", order->step,
                   order_event_format(&order->spec->events[index], event), what,
                   earlier == SIZE_MAX ? "others"
                                       : order_event_format(&order->spec->events[earlier], before),
                   why);
}

/* Learn the ids of the actors that events name; of several with one name, the first. */
static void find_actors(struct policy_order *order)
{
    for (; order->scanned < registry_count(order->registry); order->scanned++) {
        const struct sim_object *object = registry_object(order->registry, order->scanned + 1);

        if (object->kind != SIM_OBJ_THREAD && object->kind != SIM_OBJ_TASK)
            continue;
        for (size_t i = 0; i < order->spec->event_count; i++)
            if (order->states[i].actor == 0 &&
                named(order, order->scanned + 1, order->spec->events[i].actor))
                order->states[i].actor = order->scanned + 1;
    }
}

/* The option that brings an actor on: itself, or the thread that runs it; count if none does. */
static uint32_t option_of(const struct policy_order *order, const struct sim_choice *choice,
                          uint32_t actor)
{
    const struct sim_object *object = registry_object(order->registry, actor);
    uint32_t thread = object != NULL && object->kind == SIM_OBJ_TASK ? object->parent : actor;
    uint32_t i = 0;

    while (i < choice->count && choice->options[i].actor != actor &&
           (choice->kind != SIM_CHOICE_THREAD || choice->options[i].actor != thread))
        i++;
    return i;
}

/* The option of who has an event that may come now, and is not held back; count if there is none.
 */
static uint32_t drive(struct policy_order *order, const struct sim_choice *choice)
{
    for (size_t i = 0; i < order->spec->event_count; i++) {
        const struct order_state *state = &order->states[i];

        if (state->done || state->actor == 0 || missing(order, i) != SIZE_MAX)
            continue;
        uint32_t option = option_of(order, choice, state->actor);

        if (option < choice->count && held_by(order, &choice->options[option]) == SIZE_MAX)
            return option;
    }
    return choice->count;
}

static uint32_t any(struct policy_order *order, const struct sim_choice *choice)
{
    uint32_t from = prng_below(&order->prng, choice->count);

    for (uint32_t i = 0; i < choice->count; i++) {
        uint32_t option = (from + i) % choice->count;

        if (held_by(order, &choice->options[option]) == SIZE_MAX)
            return option;
    }
    return choice->count;
}

static uint32_t first_free(struct policy_order *order, const struct sim_choice *choice)
{
    uint32_t i = 0;

    while (i < choice->count && held_by(order, &choice->options[i]) != SIZE_MAX)
        i++;
    return i;
}

/* A task announces nothing: give way to one whose events may come, unless nobody has such. */
static bool waits(const struct policy_order *order, uint32_t actor)
{
    bool waits = false;

    for (size_t i = 0; i < order->spec->event_count; i++) {
        const struct order_state *state = &order->states[i];

        if (state->actor != actor || state->done)
            continue;
        if (missing(order, i) == SIZE_MAX)
            return false;
        waits = true;
    }
    return waits;
}

static uint32_t first_task(struct policy_order *order, const struct sim_choice *choice)
{
    uint32_t i = 0;

    while (i < choice->count && waits(order, choice->options[i].actor))
        i++;
    return i < choice->count ? i : 0;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_order *order = (struct policy_order *)policy;

    if (order->broken)
        return SIM_DIVERGE;
    if (sim_choice_is_number(choice->kind))
        return order->mode == ORDER_RANDOM ? prng_below(&order->prng, choice->count) : 0;
    find_actors(order);
    uint32_t taken = order->mode == ORDER_DRIVEN ? drive(order, choice) : choice->count;

    if (taken == choice->count && order->mode == ORDER_RANDOM)
        taken = any(order, choice);
    else if (taken == choice->count && choice->kind == SIM_CHOICE_TASK)
        taken = first_task(order, choice);
    else if (taken == choice->count)
        taken = first_free(order, choice);
    if (taken < choice->count)
        return taken;
    break_run(order, held_by(order, &choice->options[0]), "must wait for",
              "and so must whatever else can run");
    return SIM_DIVERGE;
}

static void sink_begin(struct sink *sink, const struct registry *registry)
{
    struct policy_order *order = of_sink(sink);

    order->registry = registry;
    order->scanned = 0;
    order->step = 0;
    order->broken = false;
    order->why[0] = '\0';
    memset(order->states, 0, order->spec->event_count * sizeof(*order->states));
    prng_seed(&order->prng, order->seed);
}

/* Who waits for a lock has asked for it: if the run ends so, that is all that can be wanted. */
static void note_blocked(struct policy_order *order, const struct sim_event *event)
{
    for (size_t i = 0; i < order->spec->event_count; i++) {
        struct order_state *state = &order->states[i];

        state->tried |=
            state->seen + 1 == order->spec->events[i].nth &&
            matches(order, &order->spec->events[i], event->actor, event->object, SIM_EV_ACQUIRE);
    }
}

static void sink_event(struct sink *sink, const struct sim_event *event)
{
    struct policy_order *order = of_sink(sink);

    order->step = event->step;
    if (event->kind == SIM_EV_BLOCK)
        note_blocked(order, event);
    if (order->broken || !order_is_operation(event->kind))
        return;
    for (size_t i = 0; i < order->spec->event_count; i++) {
        struct order_state *state = &order->states[i];

        if (!matches(order, &order->spec->events[i], event->actor, event->object, event->kind) ||
            ++state->seen != order->spec->events[i].nth)
            continue;
        if (missing(order, i) != SIZE_MAX) {
            break_run(order, i, "came before", "it could not be held back");
            return;
        }
        state->done = true;
    }
}

bool policy_order_init(struct policy_order *order, const struct order_spec *spec,
                       enum order_mode mode, uint64_t seed)
{
    *order = (struct policy_order){.policy = {.choose = choose},
                                   .sink = {.begin = sink_begin, .event = sink_event},
                                   .spec = spec,
                                   .mode = mode,
                                   .seed = seed};
    order->states = calloc(spec->event_count + 1, sizeof(*order->states));
    return order->states != NULL;
}

void policy_order_free(struct policy_order *order)
{
    free(order->states);
    *order = (struct policy_order){0};
}

bool policy_order_met(struct policy_order *order)
{
    char event[ORDER_TEXT_MAX];

    for (size_t i = 0; i < order->spec->event_count && !order->broken; i++) {
        if (order->states[i].done || order->states[i].tried)
            continue;
        order->broken = true;
        (void)snprintf(order->why, sizeof(order->why), "step %u: the run ends, and %s never came%s",
                       order->step, order_event_format(&order->spec->events[i], event),
                       order->states[i].seen > 0 ? " so often" : "");
    }
    return !order->broken;
}
