#include "sim/detect/check_then_act.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/vec.h"

struct decision_read {
    uint32_t variable;
    struct moment at;
};

/* What an actor has read since its last write. */
struct decision {
    uint32_t next;  /* which of reads is the oldest */
    uint32_t count; /* of reads */
    struct decision_read reads[DECISION_READS_MAX];
};

/* A write, and what led to it. */
struct decided_write {
    struct moment at;
    struct decision by;
};

struct decision_id {
    uint32_t run;
    uint32_t next;                                   /* which of writes is the oldest */
    uint32_t count;                                  /* of writes */
    struct decision now;                             /* of an actor */
    struct decided_write writes[DECIDED_WRITES_MAX]; /* of a variable */
};

void check_then_act_begin(struct check_then_act *detector)
{
    detector->run++;
    detector->found = 0;
    detector->out_of_memory = false;
}

void check_then_act_free(struct check_then_act *detector)
{
    free(detector->ids);
    detector->ids = NULL;
}

static bool reach(struct check_then_act *detector, uint32_t id)
{
    if (id > detector->capacity &&
        !vec_reserve_zeroed(&detector->ids, id, &detector->capacity, sizeof(*detector->ids))) {
        detector->out_of_memory = true;
        return false;
    }
    struct decision_id *at = &detector->ids[id - 1];

    if (at->run != detector->run) {
        at->run = detector->run;
        at->next = 0;
        at->count = 0;
        at->now.next = 0;
        at->now.count = 0;
    }
    return true;
}

void check_then_act_read(struct check_then_act *detector, const struct sim_event *event)
{
    if (event->actor == 0 || event->object == 0 || !reach(detector, event->actor))
        return;
    struct decision *actor = &detector->ids[event->actor - 1].now;
    uint32_t slot = 0;

    while (slot < actor->count && actor->reads[slot].variable != event->object)
        slot++;
    if (slot == DECISION_READS_MAX) {
        slot = actor->next;
        actor->next = (slot + 1) % DECISION_READS_MAX;
    } else if (slot == actor->count) {
        actor->count++;
    }
    actor->reads[slot] = (struct decision_read){event->object, moment_of(event)};
}

/* Did what led to a write include a read of this variable? */
static const struct decision_read *find_read(const struct decision *decision, uint32_t variable)
{
    for (uint32_t i = 0; i < decision->count; i++)
        if (decision->reads[i].variable == variable)
            return &decision->reads[i];
    return NULL;
}

/* The actor writes what another has read, who wrote what the actor had read: read. */
static void examine(struct check_then_act *detector, const struct decision_read *read,
                    const struct sim_event *event)
{
    if (read->variable == event->object || read->variable > detector->capacity ||
        detector->ids[read->variable - 1].run != detector->run)
        return;
    const struct decision_id *variable = &detector->ids[read->variable - 1];

    for (uint32_t i = 0; i < variable->count; i++) {
        const struct decided_write *write = &variable->writes[i];
        const struct decision_read *other = find_read(&write->by, event->object);

        if (write->at.actor == event->actor || write->at.step <= read->at.step || other == NULL)
            continue;
        if (detector->found++ > 0)
            return;
        detector->first_variable = read->variable;
        detector->second_variable = event->object;
        detector->self_read = read->at;
        detector->other_read = other->at;
        detector->other_write = write->at;
        detector->self_write = moment_of(event);
        return;
    }
}

void check_then_act_write(struct check_then_act *detector, const struct sim_event *event)
{
    if (event->actor == 0 || event->object == 0 || !reach(detector, event->actor) ||
        !reach(detector, event->object))
        return;
    struct decision *actor = &detector->ids[event->actor - 1].now;
    struct decision_id *variable = &detector->ids[event->object - 1];
    uint32_t slot = variable->count;

    for (uint32_t i = 0; i < actor->count; i++)
        examine(detector, &actor->reads[i], event);
    if (slot == DECIDED_WRITES_MAX) {
        slot = variable->next;
        variable->next = (slot + 1) % DECIDED_WRITES_MAX;
    } else {
        variable->count++;
    }
    variable->writes[slot].at = moment_of(event);
    variable->writes[slot].by = *actor;
    actor->count = 0;
    actor->next = 0;
}

bool check_then_act_report(const struct check_then_act *detector, const struct registry *registry,
                           struct sim_finding *finding)
{
    if (detector->found == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_CHECK_THEN_ACT, registry);
    const char *self = NAME(registry, detector->self_write.actor);
    const char *other = NAME(registry, detector->other_write.actor);
    const char *first = NAME(registry, detector->first_variable);
    const char *second = NAME(registry, detector->second_variable);

    finding->also = detector->found - 1;
    story_say(&story,
              "%s looked at %s at step %u and wrote %s at step %u; %s looked at %s at step %u and "
              "wrote %s at step %u: each acted on what the other then changed.",
              other, second, detector->other_read.step, first, detector->other_write.step, self,
              first, detector->self_read.step, second, detector->self_write.step);
    bool self_first = detector->self_read.step < detector->other_read.step;

    for (int i = 0; i < 2; i++) {
        if ((i == 0) == self_first)
            story_step(&story, detector->self_read, detector->first_variable,
                       "%s reads %s = %" PRId64, self, first, detector->self_read.value);
        else
            story_step(&story, detector->other_read, detector->second_variable,
                       "%s reads %s = %" PRId64, other, second, detector->other_read.value);
    }
    story_step(&story, detector->other_write, detector->first_variable,
               "%s writes %s = %" PRId64 ", which %s has looked at", other, first,
               detector->other_write.value, self);
    story_step(&story, detector->self_write, detector->second_variable,
               "%s writes %s = %" PRId64 " without another look at %s: it would have seen what %s "
               "wrote",
               self, second, detector->self_write.value, first, other);
    return true;
}
