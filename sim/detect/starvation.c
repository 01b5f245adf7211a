#include "sim/detect/starvation.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

/* Of one object: the first who waits for it, and who got it meanwhile. */
struct starving {
    struct moment wait; /* step 0: nobody waits */
    uint32_t passers[STARVATION_PASSERS];
    uint32_t times[STARVATION_PASSERS];
    bool told; /* in this wait */
};

void starvation_begin(struct starvation *starvation)
{
    if (starvation->used > 0)
        memset(starvation->objects, 0, starvation->used * sizeof(*starvation->objects));
    starvation->used = 0;
    starvation->waiting = 0;
    starvation->count = 0;
    starvation->out_of_memory = false;
}

void starvation_free(struct starvation *starvation)
{
    free(starvation->objects);
    starvation->objects = NULL;
}

static struct starving *object_of(struct starvation *starvation, uint32_t id)
{
    if (id == 0)
        return NULL;
    if (id > starvation->used) {
        if (!vec_reserve_zeroed(&starvation->objects, id, &starvation->capacity,
                                sizeof(*starvation->objects))) {
            starvation->out_of_memory = true;
            return NULL;
        }
        starvation->used = id;
    }
    return &starvation->objects[id - 1];
}

void starvation_wait(struct starvation *starvation, const struct sim_event *event)
{
    struct starving *object = object_of(starvation, event->object);

    /* Who is shut out again says so again: it is the same wait. */
    if (object == NULL || object->wait.step != 0)
        return;
    *object = (struct starving){.wait = moment_of(event)};
    starvation->waiting++;
}

static void stop(struct starvation *starvation, struct starving *object)
{
    object->wait.step = 0;
    starvation->waiting--;
}

static void note(struct starvation *starvation, struct starving *object,
                 const struct sim_event *event)
{
    object->told = true;
    if (starvation->count++ > 0)
        return;
    starvation->wait = object->wait;
    starvation->pass = moment_of(event);
    starvation->object = event->object;
    starvation->served = 0;
    starvation->times = STARVATION_TIMES;
}

void starvation_take(struct starvation *starvation, const struct track *track,
                     const struct sim_event *event)
{
    struct starving *object = object_of(starvation, event->object);

    if (object == NULL || object->wait.step == 0)
        return;
    const struct tracked *victim = track_of(track, object->wait.actor);
    bool first = object->told && starvation->object == event->object &&
                 starvation->wait.step == object->wait.step;

    if (event->actor == object->wait.actor && first)
        starvation->served = event->step;
    /* It has it, or does without. */
    if (event->actor == object->wait.actor || !victim->suspended ||
        victim->wait_object != event->object) {
        stop(starvation, object);
        return;
    }
    uint32_t slot = 0;

    while (slot < STARVATION_PASSERS && object->passers[slot] != 0 &&
           object->passers[slot] != event->actor)
        slot++;
    if (slot == STARVATION_PASSERS)
        return;
    object->passers[slot] = event->actor;
    if (++object->times[slot] == STARVATION_TIMES && !object->told)
        note(starvation, object, event);
    else if (first && event->actor == starvation->pass.actor)
        starvation->times = object->times[slot];
}

bool starvation_report(const struct starvation *starvation, const struct registry *registry,
                       struct sim_finding *finding)
{
    if (starvation->count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_STARVATION, registry);
    const char *victim = NAME(registry, starvation->wait.actor);
    const char *other = NAME(registry, starvation->pass.actor);
    const char *object = NAME(registry, starvation->object);
    struct moment served = {.step = starvation->served, .actor = starvation->wait.actor};

    finding->also = starvation->count - 1;
    if (starvation->served != 0)
        story_say(&story, "%s waited for %s from step %u to step %u, while %s took it %u times.",
                  victim, object, starvation->wait.step, starvation->served, other,
                  starvation->times);
    else
        story_say(&story, "%s waits for %s since step %u, and %s has taken it %u times meanwhile.",
                  victim, object, starvation->wait.step, other, starvation->times);
    story_step(&story, starvation->wait, starvation->object, "%s begins to wait for %s", victim,
               object);
    story_step(&story, starvation->pass, starvation->object, "%s takes %s for the %dth time since",
               other, object, STARVATION_TIMES);
    if (served.step != 0)
        story_step(&story, served, starvation->object, "%s gets %s", victim, object);
    return true;
}
