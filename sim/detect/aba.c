#include "sim/detect/aba.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/vec.h"

struct aba_read {
    uint32_t variable;
    struct moment at;
};

struct aba_id {
    uint32_t run;
    /* Of a variable. */
    struct moment since;     /* the write of what it is now; step 0: not in this run */
    struct moment different; /* the last before that; or step 0 */
    /* Of an actor. */
    uint32_t next;  /* which of reads is the oldest */
    uint32_t count; /* of reads */
    struct aba_read reads[ABA_READS_MAX];
};

void aba_begin(struct aba *detector)
{
    detector->run++;
    detector->first.read.step = 0;
    detector->found = 0;
    detector->out_of_memory = false;
}

void aba_free(struct aba *detector)
{
    free(detector->ids);
    detector->ids = NULL;
}

/* What is known of an id; NULL: out of memory. */
static struct aba_id *reach(struct aba *detector, uint32_t id)
{
    if (id > detector->capacity &&
        !vec_reserve_zeroed(&detector->ids, id, &detector->capacity, sizeof(*detector->ids))) {
        detector->out_of_memory = true;
        return NULL;
    }
    struct aba_id *at = &detector->ids[id - 1];

    if (at->run != detector->run) {
        at->run = detector->run;
        at->since.step = 0;
        at->different.step = 0;
        at->next = 0;
        at->count = 0;
    }
    return at;
}

void aba_read(struct aba *detector, const struct sim_event *event)
{
    struct aba_id *actor =
        event->actor == 0 || event->object == 0 ? NULL : reach(detector, event->actor);
    uint32_t slot = 0;

    if (actor == NULL)
        return;
    while (slot < actor->count && actor->reads[slot].variable != event->object)
        slot++;
    if (slot == ABA_READS_MAX) {
        slot = actor->next;
        actor->next = (slot + 1) % ABA_READS_MAX;
    } else if (slot == actor->count) {
        actor->count++;
    }
    actor->reads[slot] = (struct aba_read){event->object, moment_of(event)};
}

static const struct aba_read *find_read(const struct aba_id *actor, uint32_t variable)
{
    for (uint32_t i = 0; i < actor->count; i++)
        if (actor->reads[i].variable == variable)
            return &actor->reads[i];
    return NULL;
}

/* Has another given it another value since it was read?  NULL: no. */
static const struct moment *changed_since(const struct aba *detector, const struct aba_read *read,
                                          uint32_t actor)
{
    if (read->variable > detector->capacity ||
        detector->ids[read->variable - 1].run != detector->run)
        return NULL;
    const struct moment *since = &detector->ids[read->variable - 1].since;

    return since->step > read->at.step && since->actor != actor && since->value != read->at.value
               ? since
               : NULL;
}

/* The variable is compared with what was read, and is that: was it something else meanwhile, and is
 * what the actor puts there no longer so? */
static void examine(struct aba *detector, const struct aba_id *variable, const struct aba_id *actor,
                    const struct sim_event *event)
{
    const struct aba_read *read = find_read(actor, event->object);

    if (read == NULL || variable->different.step <= read->at.step ||
        variable->since.actor == event->actor || variable->since.value != read->at.value)
        return;
    for (uint32_t i = 0; i < actor->count; i++) {
        const struct aba_read *other = &actor->reads[i];
        const struct moment *written =
            other->at.step > read->at.step && other->at.value == event->value
                ? changed_since(detector, other, event->actor)
                : NULL;

        if (written == NULL)
            continue;
        if (detector->found++ == 0)
            detector->first = (struct aba_case){.compared = event->object,
                                                .other = other->variable,
                                                .read = read->at,
                                                .changed = variable->different,
                                                .restored = variable->since,
                                                .other_read = other->at,
                                                .other_write = *written,
                                                .exchange = moment_of(event)};
        return;
    }
}

void aba_write(struct aba *detector, const struct sim_event *event)
{
    if (event->actor == 0 || event->object == 0 || reach(detector, event->actor) == NULL)
        return;
    struct aba_id *variable = reach(detector, event->object);

    if (variable == NULL)
        return;
    if (event->kind == SIM_EV_ATOMIC_RMW && event->aux != 0)
        examine(detector, variable, &detector->ids[event->actor - 1], event);
    if (variable->since.step != 0 && variable->since.value == event->value)
        return;
    variable->different = variable->since;
    variable->since = moment_of(event);
}

static void tell(const struct aba_case *at, struct story *story)
{
    const struct registry *registry = story->registry;
    const char *self = NAME(registry, at->read.actor);
    const char *compared = NAME(registry, at->compared);
    const char *other = NAME(registry, at->other);

    story_step(story, at->read, at->compared, "%s reads %s = %" PRId64, self, compared,
               at->read.value);
    story_step(story, at->other_read, at->other, "%s reads %s = %" PRId64, self, other,
               at->other_read.value);
    story_step(story, at->changed, at->compared, "%s changes %s to %" PRId64,
               NAME(registry, at->changed.actor), compared, at->changed.value);
    story_step(story, at->other_write, at->other, "%s changes %s to %" PRId64,
               NAME(registry, at->other_write.actor), other, at->other_write.value);
    story_step(story, at->restored, at->compared, "%s changes %s back to %" PRId64,
               NAME(registry, at->restored.actor), compared, at->restored.value);
    story_step(story, at->exchange, at->compared,
               "%s finds %s = %" PRId64 ", cannot tell that it was changed, and puts %" PRId64
               " there",
               self, compared, at->read.value, at->exchange.value);
    story_in_order(story);
}

bool aba_report(const struct aba *detector, const struct registry *registry,
                struct sim_finding *finding)
{
    if (detector->found == 0)
        return false;
    const struct aba_case *at = &detector->first;
    struct story story = story_begin(finding, SIM_FINDING_ABA, registry);
    const char *compared = NAME(registry, at->compared);
    const char *other = NAME(registry, at->other);

    finding->also = detector->found - 1;
    story_say(&story,
              "%s read %s = %" PRId64 " at step %u and %s = %" PRId64
              " at step %u, and put %" PRId64 " in the place of %" PRId64
              " at step %u; but %s had been %" PRId64 " in between, and %s was %" PRId64 ".",
              NAME(registry, at->read.actor), compared, at->read.value, at->read.step, other,
              at->other_read.value, at->other_read.step, at->exchange.value, at->read.value,
              at->exchange.step, compared, at->changed.value, other, at->other_write.value);
    tell(at, &story);
    return true;
}
