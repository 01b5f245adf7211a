#include "sim/detect/property.h"

#include <inttypes.h>
#include <string.h>

void properties_begin(struct properties_broken *properties)
{
    properties->count = 0;
    properties->seen_count = 0;
    properties->invariants = 0;
    properties->promises = 0;
}

static void inspect(struct properties_broken *properties, const struct lost_update *variables,
                    const struct sim_event *event)
{
    if (properties->seen_count == INSPECTED_MAX)
        return;
    properties->seen[properties->seen_count++] =
        (struct inspected){.write = lost_update_last_write(variables, event->object),
                           .value = event->value,
                           .object = event->object};
}

/* What the breaker had read before it broke it. */
static void note_read(struct broken *broken, const struct lost_update *variables)
{
    broken->read_object = lost_update_last_read(variables, broken->at.actor, &broken->read);
    for (int i = 0; i < broken->seen_count; i++)
        if (broken->seen[i].object == broken->read_object && broken->read.step < broken->at.step)
            return;
    broken->read.step = 0;
}

/* Who had written before what the breaker wrote, if that was somebody else. */
static void note_before(struct broken *broken, const struct lost_update *variables)
{
    broken->before = (struct inspected){0};
    for (int i = 0; i < broken->seen_count; i++) {
        const struct inspected *seen = &broken->seen[i];
        struct moment write = lost_update_write_before(variables, seen->object);

        if (seen->write.step == broken->at.step && write.actor != broken->at.actor)
            broken->before = (struct inspected){.write = write, .object = seen->object};
    }
}

static void note(struct properties_broken *properties, const struct lost_update *variables,
                 const struct sim_event *event)
{
    uint32_t i = 0;

    while (i < properties->count && properties->broken[i].property != event->object)
        i++;
    if (i == BROKEN_MAX)
        return;
    struct broken *broken = &properties->broken[i];

    if (i < properties->count) {
        broken->also++;
        return;
    }
    properties->count++;
    *(event->aux == SIM_PROPERTY_INVARIANT ? &properties->invariants : &properties->promises) += 1;
    broken->at = moment_of(event);
    broken->property = event->object;
    broken->kind = event->aux;
    broken->also = 0;
    broken->seen_count = (uint8_t)properties->seen_count;
    memcpy(broken->seen, properties->seen, sizeof(broken->seen));
    note_read(broken, variables);
    note_before(broken, variables);
}

void properties_event_seen(struct properties_broken *properties,
                           const struct lost_update *variables, const struct sim_event *event)
{
    if (event->aux == SIM_PROPERTY_SAW) {
        inspect(properties, variables, event);
        return;
    }
    note(properties, variables, event);
    properties->seen_count = 0;
}

/* " (cars = 3, places = 2)" */
static void say_seen(struct story *story, const struct broken *broken)
{
    for (int i = 0; i < broken->seen_count; i++)
        story_say(story, "%s%s = %" PRId64 "%s", i == 0 ? " (" : ", ",
                  NAME(story->registry, broken->seen[i].object), broken->seen[i].value,
                  i == broken->seen_count - 1 ? ")" : "");
}

/* The earliest step after `told` at which something that it saw was written, or overwritten by who
 * broke it; those at the step itself are told with it. */
static const struct inspected *next_write(const struct broken *broken, uint32_t told)
{
    const struct inspected *next = NULL;

    for (int i = 0; i <= broken->seen_count; i++) {
        const struct inspected *at = i < broken->seen_count ? &broken->seen[i] : &broken->before;
        bool before = at->write.step < broken->at.step || broken->kind != SIM_PROPERTY_INVARIANT;

        if (at->write.step > told && before && (next == NULL || at->write.step < next->write.step))
            next = at;
    }
    return next;
}

/* How what it saw came to be so, in order of time: who wrote it, and what the breaker knew. */
static void tell_writes(struct story *story, const struct broken *broken)
{
    const struct registry *registry = story->registry;
    bool read = broken->kind == SIM_PROPERTY_INVARIANT && broken->read.step != 0;
    const struct inspected *next = next_write(broken, 0);

    while (next != NULL || read) {
        if (read && (next == NULL || broken->read.step < next->write.step)) {
            story_step(story, broken->read, broken->read_object, "%s reads %s = %" PRId64,
                       NAME(registry, broken->read.actor), NAME(registry, broken->read_object),
                       broken->read.value);
            read = false;
            continue;
        }
        story_step(story, next->write, next->object, "%s writes %s = %" PRId64,
                   NAME(registry, next->write.actor), NAME(registry, next->object),
                   next->write.value);
        next = next_write(broken, next->write.step);
    }
}

static void tell_invariant(struct story *story, const struct broken *broken)
{
    const char *name = NAME(story->registry, broken->property);
    const char *who = broken->at.actor == 0 ? "the loop" : NAME(story->registry, broken->at.actor);
    const struct inspected *written = NULL;

    for (int i = 0; i < broken->seen_count; i++)
        if (broken->seen[i].write.step == broken->at.step)
            written = &broken->seen[i];
    if (written == NULL) {
        story_say(story, "The invariant \"%s\" was broken by %s at step %u", name, who,
                  broken->at.step);
        say_seen(story, broken);
        tell_writes(story, broken);
        story_step(story, broken->at, broken->property,
                   "%s: after this step \"%s\" no longer holds", who, name);
    } else {
        const char *what = NAME(story->registry, written->object);

        story_say(story, "The invariant \"%s\" was broken at step %u, when %s wrote %s = %" PRId64,
                  name, broken->at.step, who, what, written->write.value);
        if (broken->seen_count > 1)
            say_seen(story, broken);
        tell_writes(story, broken);
        story_step(story, broken->at, written->object,
                   "%s writes %s = %" PRId64 ": \"%s\" no longer holds", who, what,
                   written->write.value, name);
    }
    story_say(story, ".");
}

static void tell_promise(struct story *story, const struct broken *broken)
{
    const char *name = NAME(story->registry, broken->property);
    bool at_end = broken->kind == SIM_PROPERTY_FINALLY;

    story_say(story,
              at_end ? "\"%s\" should hold at the end, and does not"
                     : "\"%s\" should come "
                       "true, and never did",
              name);
    say_seen(story, broken);
    story_say(story, ": nothing happens any more after step %u.", broken->at.step);
    tell_writes(story, broken);
    story_step(story, broken->at, broken->property, "the run ends, and \"%s\" %s", name,
               at_end ? "does not hold" : "has never been true");
}

bool properties_report(const struct properties_broken *properties, const struct registry *registry,
                       uint32_t index, struct sim_finding *finding)
{
    if (index >= properties->count)
        return false;
    const struct broken *broken = &properties->broken[index];
    bool invariant = broken->kind == SIM_PROPERTY_INVARIANT;
    struct story story =
        story_begin(finding, invariant ? SIM_FINDING_INVARIANT : SIM_FINDING_EVENTUALLY, registry);

    finding->also = broken->also;
    if (invariant)
        tell_invariant(&story, broken);
    else
        tell_promise(&story, broken);
    return true;
}
