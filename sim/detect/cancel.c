#include "sim/detect/cancel.h"

#include <inttypes.h>

#include "sim/base/status.h"

enum { CHAIN_MAX = 64 };

void cancels_begin(struct cancels *cancels)
{
    cancels->swallowed = 0;
    cancels->races = 0;
}

void cancels_done(struct cancels *cancels, const struct track *track, const struct sim_event *event)
{
    const struct tracked *task = track_of(track, event->actor);
    /* From outside, to see what becomes of it: whoever awaits the task did not want it so. */
    bool tried = track->tried && task->cancel.actor == 0;

    if (task->cancel.step == 0 || event->aux != SIM_OK || (task->awaited && !tried) ||
        cancels->swallowed++ > 0)
        return;
    cancels->asked = task->cancel;
    cancels->ended = moment_of(event);
}

static bool is_task(const struct track *track, uint32_t id)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object != NULL && object->kind == SIM_OBJ_TASK;
}

/* Of the tasks that await each other, from this one on: the one whose wait ends now.  It was woken
 * at this moment, and has not gone on yet; or it would be.  0: none. */
static uint32_t ends_now(const struct track *track, uint32_t task, int64_t now_ns)
{
    for (int length = 0; length < CHAIN_MAX && is_task(track, task); length++) {
        const struct tracked *at = track_of(track, task);

        if (!at->suspended)
            return 0;
        if ((at->woken.step != 0 && at->woken_ns == now_ns) ||
            (at->wait_why == SIM_WAIT_SLEEP && at->wait.value == now_ns))
            return task;
        if (at->wait_why != SIM_WAIT_FUTURE)
            return 0;
        task = at->wait_object;
    }
    return 0;
}

void cancels_fire(struct cancels *cancels, const struct track *track, const struct sim_event *event)
{
    const struct tracked *task = track_of(track, event->object);
    uint32_t last = ends_now(track, event->object, event->time_ns);
    const struct tracked *at = track_of(track, last);
    bool woken = at->woken.step != 0 && at->woken_ns == event->time_ns;

    if (last == 0 || cancels->races++ > 0)
        return;
    cancels->wait = task->wait;
    cancels->wait_object = task->wait_object;
    cancels->inner = last == event->object ? 0 : last;
    cancels->inner_sleeps = at->wait_why == SIM_WAIT_SLEEP;
    cancels->inner_object = at->wait_object;
    cancels->inner_wait = at->wait;
    cancels->deadline_ns = event->time_ns;
    cancels->came = last == event->object && woken ? at->woken : (struct moment){0};
}

bool cancels_report_swallowed(const struct cancels *cancels, const struct registry *registry,
                              struct sim_finding *finding)
{
    if (cancels->swallowed == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_SWALLOWED_CANCEL, registry);
    const char *who = cancels->asked.actor == 0 ? "--cancel" : NAME(registry, cancels->asked.actor);
    const char *task = NAME(registry, cancels->ended.actor);

    finding->also = cancels->swallowed - 1;
    story_say(&story,
              "%s asked %s to stop at step %u, and %s ended at step %u with a result, as if nobody "
              "had.",
              who, task, cancels->asked.step, task, cancels->ended.step);
    story_step(&story, cancels->asked, cancels->ended.actor, "%s cancels %s", who, task);
    story_step(&story, cancels->ended, cancels->ended.actor,
               "%s returns: it caught the cancellation and did not raise it again", task);
    return true;
}

bool cancels_report_race(const struct cancels *cancels, const struct registry *registry,
                         struct sim_finding *finding)
{
    if (cancels->races == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_TIMEOUT_RACE, registry);
    const char *task = NAME(registry, cancels->wait.actor);
    const char *what = cancels->wait_object == 0 ? "a sleep" : NAME(registry, cancels->wait_object);
    int64_t ms = cancels->deadline_ns / 1000000;

    finding->also = cancels->races - 1;
    if (cancels->inner == 0)
        story_say(&story, "%s waits from step %u on for %s, which ends", task, cancels->wait.step,
                  what);
    else
        story_say(&story, "%s waits from step %u on for %s; %s waits for %s, which ends", task,
                  cancels->wait.step, what, NAME(registry, cancels->inner),
                  cancels->inner_sleeps || cancels->inner_object == 0
                      ? "a sleep"
                      : NAME(registry, cancels->inner_object));
    story_say(&story,
              " at the very moment of %s%s deadline, %" PRId64 ".%03" PRId64
              " s: which of the two is served first decides.",
              cancels->inner == 0 ? "its" : task, cancels->inner == 0 ? "" : "'s", ms / 1000,
              ms % 1000);
    story_step(&story, cancels->wait, cancels->wait_object, "%s waits for %s until its deadline",
               task, what);
    if (cancels->inner != 0) {
        bool sleeps = cancels->inner_sleeps || cancels->inner_object == 0;

        story_step(&story, cancels->inner_wait, sleeps ? 0 : cancels->inner_object,
                   "%s waits for %s, until just then", NAME(registry, cancels->inner),
                   sleeps ? "a sleep" : NAME(registry, cancels->inner_object));
        story_in_order(&story);
    }
    if (cancels->came.step != 0)
        story_step(&story, cancels->came, cancels->wait_object,
                   "%s is over, and the deadline passes before %s has gone on", what, task);
    return true;
}
