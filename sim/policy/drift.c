#include "sim/policy/drift.h"

#include <stdio.h>
#include <string.h>

#include "sim/trace/trace.h"

enum { PART_MAX = 2 * REGISTRY_NAME_MAX + 64 };

static struct policy_drift *of_sink(struct sink *sink)
{
    return (struct policy_drift *)((char *)sink - offsetof(struct policy_drift, sink));
}

static const char *name_of(const struct registry *registry, uint32_t id,
                           char out[REGISTRY_NAME_MAX])
{
    return id == 0 ? "the loop" : registry_name(registry, id, out);
}

/* The same object?  A task may be renamed after it was made: the recorded names are the last ones.
 */
static bool same_object(const struct policy_drift *drift, uint32_t recorded, uint32_t now)
{
    const struct sim_object *was = registry_object(drift->recorded->registry, recorded);
    const struct sim_object *is = registry_object(drift->registry, now);
    char left[REGISTRY_NAME_MAX];
    char right[REGISTRY_NAME_MAX];

    if (was == NULL || is == NULL)
        return was == NULL && is == NULL;
    if (was->kind == SIM_OBJ_TASK && is->kind == SIM_OBJ_TASK && recorded == now)
        return true;
    /* Quicker, and mostly so: both have no name of their own, or a number of none. */
    if (was->name == NULL && is->name == NULL)
        return was->kind == is->kind && was->number == is->number;
    return strcmp(name_of(drift->recorded->registry, recorded, left),
                  name_of(drift->registry, now, right)) == 0;
}

/* "A at acquire m" */
static const char *place(const struct registry *registry, uint32_t actor, unsigned kind,
                         uint32_t object, char out[PART_MAX])
{
    char who[REGISTRY_NAME_MAX];
    char what[REGISTRY_NAME_MAX];

    (void)snprintf(out, PART_MAX, "%s at %s%s%s", name_of(registry, actor, who),
                   sim_event_name(kind), object == 0 || object == actor ? "" : " ",
                   object == 0 || object == actor ? "" : name_of(registry, object, what));
    return out;
}

/* What comes next in the recorded run, but for choices; NULL if it ends. */
static const struct sim_event *expected_event(const struct policy_drift *drift)
{
    for (size_t i = drift->next; i < drift->recorded->event_count; i++)
        if (drift->recorded->events[i].kind != SIM_EV_CHOICE)
            return &drift->recorded->events[i];
    return NULL;
}

static void note(struct policy_drift *drift, const char *expected, const char *found)
{
    if (drift->drifts++ == 0)
        (void)snprintf(drift->why, sizeof(drift->why), "step %u: expected %s, %s", drift->step,
                       expected, found);
}

/* Is this the actor, or a task that it runs? */
static bool acts_for(const struct registry *registry, uint32_t actor, uint32_t thread)
{
    const struct sim_object *object = registry_object(registry, actor);

    return actor == thread ||
           (object != NULL && object->kind == SIM_OBJ_TASK && object->parent == thread);
}

/* The next operation that was recorded of an actor, from where the run is; NULL if there is none.
 */
static const struct sim_event *next_of(const struct policy_drift *drift, uint32_t actor)
{
    for (size_t i = drift->next; i < drift->recorded->event_count; i++) {
        const struct sim_event *event = &drift->recorded->events[i];

        if (acts_for(drift->recorded->registry, event->actor, actor) &&
            event->kind != SIM_EV_CHOICE && event->kind != SIM_EV_PREEMPT &&
            event->kind != SIM_EV_RESUME)
            return event;
    }
    return NULL;
}

/* The option that takes who was taken; count if there is none. */
static uint32_t option_named(const struct policy_drift *drift, const struct sim_choice *choice,
                             uint32_t recorded)
{
    uint32_t i = 0;

    while (i < choice->count && !same_object(drift, recorded, choice->options[i].actor))
        i++;
    return i;
}

/* Can an operation announced as op begin with an event of this kind? */
static bool begins_with(uint8_t op, uint8_t kind)
{
    switch (op) {
    case SIM_EV_TRY:
        return kind == SIM_EV_ACQUIRE;
    case SIM_EV_ATOMIC_RMW:
        return kind == SIM_EV_ATOMIC_LOAD;
    default:
        /* What it had to wait for it asked for all the same. */
        return kind == SIM_EV_BLOCK || kind == SIM_EV_SUSPEND;
    }
}

/* Is what the option stands before what its actor did then? */
static void check_announced(struct policy_drift *drift, const struct sim_option *option,
                            uint32_t recorded)
{
    const struct sim_event *event =
        option->op == SIM_EV_RESUME || option->op == SIM_EV_SPAWN ? NULL : next_of(drift, recorded);
    char expected[PART_MAX];
    char found[PART_MAX];
    char text[PART_MAX + 16];

    if (event == NULL)
        return;
    /* It gives its mutex up first. */
    if (option->op == SIM_EV_COND_WAIT && event->kind == SIM_EV_RELEASE)
        return;
    /* The clock announces for whom the deadline is; its event tells which deadline passed. */
    if (option->op == SIM_EV_CLOCK && event->kind == SIM_EV_CLOCK)
        return;
    if ((event->kind == option->op || begins_with(option->op, event->kind)) &&
        same_object(drift, event->object, option->object))
        return;
    (void)snprintf(text, sizeof(text), "but it is %s",
                   place(drift->registry, option->actor, option->op, option->object, found));
    note(drift, place(drift->recorded->registry, recorded, event->kind, event->object, expected),
         text);
}

/* Check a choice against the recorded one.  Returns the option that was taken then. */
static uint32_t check_choice(struct policy_drift *drift, const struct sim_choice *choice,
                             const struct sim_event *event, uint32_t taken)
{
    uint32_t count = (uint32_t)((uint64_t)event->value & UINT32_MAX);
    char expected[PART_MAX];
    char found[PART_MAX];
    char who[REGISTRY_NAME_MAX];

    if (count != choice->count || event->aux != (uint8_t)choice->kind) {
        (void)snprintf(expected, sizeof(expected), "a choice of %u, with %s taken", count,
                       name_of(drift->recorded->registry, event->object, who));
        (void)snprintf(found, sizeof(found), "but %u can go on", choice->count);
        note(drift, expected, found);
    }
    if (sim_choice_is_number(choice->kind))
        return taken < choice->count ? taken : 0;
    /* Of several with one name, the one in the same place. */
    uint32_t option =
        taken < choice->count && same_object(drift, event->object, choice->options[taken].actor)
            ? taken
            : option_named(drift, choice, event->object);

    if (option == choice->count) {
        (void)snprintf(expected, sizeof(expected), "%s to go on",
                       name_of(drift->recorded->registry, event->object, who));
        note(drift, expected, "but it cannot");
        return 0;
    }
    check_announced(drift, &choice->options[option], event->object);
    return option;
}

/* There is a choice where none was recorded. */
static void note_choice(struct policy_drift *drift, const struct sim_choice *choice)
{
    const struct sim_event *event = expected_event(drift);
    const struct sim_option *first = &choice->options[0];
    char expected[PART_MAX];
    char found[PART_MAX];
    char text[PART_MAX + 16];

    if (choice->preempting)
        (void)snprintf(text, sizeof(text), "but it is %s",
                       place(drift->registry, first->actor, first->op, first->object, found));
    else
        (void)snprintf(text, sizeof(text), "but %u can go on", choice->count);
    note(drift,
         event == NULL
             ? "the end"
             : place(drift->recorded->registry, event->actor, event->kind, event->object, expected),
         text);
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_drift *drift = (struct policy_drift *)policy;
    const struct trace *recorded = drift->recorded;
    size_t at = drift->next;
    uint32_t option = 0;

    if (choice->index >= recorded->schedule.count)
        note(drift, "the end", "but the schedule ends before the run does");
    if (drift->stop && drift->drifts > 0)
        return SIM_DIVERGE;
    /* The choice itself comes next among the events, unless the run has drifted. */
    while (drift->drifts > 0 && at < recorded->event_count &&
           recorded->events[at].kind != SIM_EV_CHOICE)
        at++;
    if (at < recorded->event_count && recorded->events[at].kind == SIM_EV_CHOICE) {
        drift->next = at;
        option = check_choice(drift, choice, &recorded->events[at],
                              choice->index < recorded->schedule.count
                                  ? recorded->schedule.choices[choice->index]
                                  : 0);
    } else {
        note_choice(drift, choice);
    }
    return drift->stop && drift->drifts > 0 ? SIM_DIVERGE : option;
}

static void sink_begin(struct sink *sink, const struct registry *registry)
{
    struct policy_drift *drift = of_sink(sink);

    drift->registry = registry;
    drift->next = 0;
    drift->drifts = 0;
    drift->step = 0;
    drift->why[0] = '\0';
}

/* The recorded event from the cursor on that is the same doing; SIZE_MAX if there is none near. */
static size_t find_again(const struct policy_drift *drift, const struct sim_event *event)
{
    enum { NEAR = 64 };

    for (size_t i = drift->next; i < drift->recorded->event_count && i < drift->next + NEAR; i++) {
        const struct sim_event *recorded = &drift->recorded->events[i];

        if (recorded->kind == event->kind && same_object(drift, recorded->actor, event->actor) &&
            same_object(drift, recorded->object, event->object))
            return i;
    }
    return SIZE_MAX;
}

static void sink_event(struct sink *sink, const struct sim_event *event)
{
    struct policy_drift *drift = of_sink(sink);
    char expected[PART_MAX];
    char found[PART_MAX];
    char text[PART_MAX + 16];

    drift->step = event->step;
    size_t again = find_again(drift, event);

    if (again == drift->next) {
        drift->next++;
        return;
    }
    const struct sim_event *recorded = expected_event(drift);

    /* One that ends at its first drift has ended, and that is no other. */
    if (event->kind != SIM_EV_END || drift->drifts == 0) {
        (void)snprintf(text, sizeof(text), "but it is %s",
                       place(drift->registry, event->actor, event->kind, event->object, found));
        note(drift,
             recorded == NULL ? "the end"
                              : place(drift->recorded->registry, recorded->actor, recorded->kind,
                                      recorded->object, expected),
             text);
    }
    if (again != SIZE_MAX)
        drift->next = again + 1;
}

void policy_drift_init(struct policy_drift *drift, const struct trace *recorded, bool stop)
{
    *drift = (struct policy_drift){.policy = {.choose = choose},
                                   .sink = {.begin = sink_begin, .event = sink_event},
                                   .recorded = recorded,
                                   .stop = stop};
}

void policy_drift_end(struct policy_drift *drift)
{
    char expected[PART_MAX];

    if (drift->drifts > 0 || drift->next >= drift->recorded->event_count)
        return;
    const struct sim_event *event = &drift->recorded->events[drift->next];

    note(drift,
         place(drift->recorded->registry, event->actor, event->kind, event->object, expected),
         "but the run has ended");
}
