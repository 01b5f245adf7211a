#include "sim/detect/mistake.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

void mistakes_begin(struct mistakes *mistakes, const struct registry *registry)
{
    if (mistakes->highest > 0)
        memset(mistakes->created, 0, mistakes->highest * sizeof(*mistakes->created));
    if (mistakes->began_used > 0)
        memset(mistakes->began, 0, mistakes->began_used * sizeof(*mistakes->began));
    mistakes->registry = registry;
    mistakes->slowest = (struct busy_step){0};
    mistakes->slow_count = 0;
    mistakes->unawaited = 0;
    mistakes->highest = 0;
    mistakes->began_used = 0;
    mistakes->out_of_memory = false;
}

void mistakes_free(struct mistakes *mistakes)
{
    free(mistakes->created);
    free(mistakes->began);
}

static bool is_task(const struct mistakes *mistakes, uint32_t id)
{
    const struct sim_object *object = registry_object(mistakes->registry, id);

    return object != NULL && object->kind == SIM_OBJ_TASK;
}

void mistakes_resume(struct mistakes *mistakes, const struct sim_event *event)
{
    if (event->actor >= mistakes->began_used) {
        if (event->actor >= mistakes->began_capacity &&
            !vec_reserve_zeroed(&mistakes->began, (size_t)event->actor + 1,
                                &mistakes->began_capacity, sizeof(*mistakes->began))) {
            mistakes->out_of_memory = true;
            return;
        }
        mistakes->began_used = event->actor + 1;
    }
    struct busy_step *step = &mistakes->began[event->actor];

    /* A thread that was preempted goes on with the same step. */
    if (step->began.step == 0)
        *step = (struct busy_step){.began = moment_of(event), .time_ns = event->time_ns};
}

/* A task that blocks, computes or waits for the GIL is still in its step, and its loop with it. */
static bool ends_step(const struct sim_event *event)
{
    return event->kind == SIM_EV_DONE ||
           (event->aux != SIM_WAIT_BLOCKING && event->aux != SIM_WAIT_COMPUTE &&
            event->aux != SIM_WAIT_GIL);
}

/* It will go on at the time that is the event's value, if it is one. */
static void note_block(struct busy_step *step, const struct sim_event *event)
{
    int64_t lasts = event->aux == SIM_WAIT_GIL ? 0 : event->value - event->time_ns;

    if (lasts <= step->blocked_ns)
        return;
    step->blocked = moment_of(event);
    step->blocked_ns = lasts;
}

void mistakes_end_step(struct mistakes *mistakes, const struct sim_event *event)
{
    if (event->actor >= mistakes->began_used)
        return;
    struct busy_step *step = &mistakes->began[event->actor];

    if (!ends_step(event)) {
        note_block(step, event);
        return;
    }
    int64_t took = event->time_ns - step->time_ns;

    if (step->began.step != 0 && took >= SLOW_CALLBACK_NS && is_task(mistakes, event->actor)) {
        mistakes->slow_count++;
        if (took > mistakes->slowest.time_ns)
            mistakes->slowest =
                (struct busy_step){step->began, took, step->blocked, step->blocked_ns};
    }
    step->began.step = 0;
}

static void create(struct mistakes *mistakes, const struct sim_event *event)
{
    if (event->object == 0)
        return;
    if (!vec_reserve_zeroed(&mistakes->created, event->object, &mistakes->created_capacity,
                            sizeof(*mistakes->created))) {
        mistakes->out_of_memory = true;
        return;
    }
    mistakes->unawaited += mistakes->created[event->object - 1].step == 0;
    mistakes->created[event->object - 1] = moment_of(event);
    if (event->object > mistakes->highest)
        mistakes->highest = event->object;
}

void mistakes_coroutine(struct mistakes *mistakes, const struct sim_event *event)
{
    if (event->kind == SIM_EV_CREATE) {
        create(mistakes, event);
    } else if (event->object <= mistakes->highest && event->object != 0 &&
               mistakes->created[event->object - 1].step != 0) {
        mistakes->created[event->object - 1].step = 0;
        mistakes->unawaited--;
    }
}

bool mistakes_report_unawaited(const struct mistakes *mistakes, uint32_t *cursor,
                               struct sim_finding *finding)
{
    while (mistakes->unawaited > 0 && *cursor < mistakes->highest) {
        uint32_t id = ++*cursor;
        struct moment created = mistakes->created[id - 1];

        if (created.step == 0)
            continue;
        struct story story = story_begin(finding, SIM_FINDING_NEVER_AWAITED, mistakes->registry);

        story_say(
            &story, "coroutine '%s' was never awaited: %s made it at step %u, and it never ran.",
            NAME(mistakes->registry, id), NAME(mistakes->registry, created.actor), created.step);
        story_step(&story, created, id, "%s makes %s, and nobody awaits it",
                   NAME(mistakes->registry, created.actor), NAME(mistakes->registry, id));
        return true;
    }
    return false;
}

bool mistakes_report_slow(const struct mistakes *mistakes, struct sim_finding *finding)
{
    const struct busy_step *slow = &mistakes->slowest;

    if (mistakes->slow_count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_SLOW_CALLBACK, mistakes->registry);
    const char *name = NAME(mistakes->registry, slow->began.actor);

    finding->also = mistakes->slow_count - 1;
    story_say(&story,
              "Executing %s took %" PRId64 ".%03" PRId64
              " seconds from step %u on: its loop stood still for as long.",
              name, slow->time_ns / 1000000000, slow->time_ns / 1000000 % 1000, slow->began.step);
    story_step(&story, slow->began, slow->began.actor, "%s begins a step that blocks the loop",
               name);
    if (slow->blocked.step != 0)
        story_step(&story, slow->blocked, 0,
                   "%s stands still for %" PRId64 ".%03" PRId64 " seconds, and its loop with it",
                   name, slow->blocked_ns / 1000000000, slow->blocked_ns / 1000000 % 1000);
    return true;
}
