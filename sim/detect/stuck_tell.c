#include "sim/detect/stuck_tell.h"

#include <stdio.h>

#include "sim/detect/story.h"

enum { IN_SENTENCE = 2 }; /* a longer cycle is not spelled out in a sentence */

/* Does it wait for a lock or a permit, and not only for its loop? */
static bool for_lock(const struct track *track, uint32_t actor)
{
    return track_blocked(track, actor) && track_blocker(track, actor) == 0;
}

/* The actor that waits at the end of the chain for somebody of the cycle: most often main. */
static void tell_bystander(struct story *story, const struct track *track, const uint32_t *cycle,
                           int length)
{
    const struct registry *reg = track->registry;

    if (track->outcome != SIM_OUTCOME_STUCK)
        return; /* others go on */
    for (uint32_t id = 1; id <= track->count; id++) {
        uint32_t for_whom = stuck_waits(track, id) ? track_awaited(track, id) : 0;
        bool inside = false;
        bool follows = false;

        for (int i = 0; i < length; i++) {
            inside |= cycle[i] == id;
            follows |= cycle[i] == for_whom;
        }
        if (inside || !follows)
            continue;
        story_step(story, track_of(track, id)->wait, for_whom,
                   "%s waits for %s, too: nothing can run any more", NAME(reg, id),
                   NAME(reg, for_whom));
        return;
    }
}

/* The step from which on nobody of the cycle can go on. */
static uint32_t closing_step(const struct track *track, const uint32_t *cycle, int length)
{
    uint32_t step = 0;

    for (int i = 0; i < length; i++)
        if (track_of(track, cycle[i])->wait.step > step)
            step = track_of(track, cycle[i])->wait.step;
    return step;
}

/* Who waits for whom, in a sentence. */
static void say_member(struct story *story, const struct track *track, uint32_t actor)
{
    const struct registry *reg = track->registry;
    const char *name = NAME(reg, actor);
    const char *holder = NAME(reg, track_awaited(track, actor));

    if (for_lock(track, actor))
        story_say(story, "%s waits for %s, held by %s since step %u", name,
                  NAME(reg, track_of(track, actor)->wait_object), holder,
                  track_taken(track, actor).step);
    else if (track_blocker(track, actor) != 0)
        story_say(story, "%s needs the loop, which %s blocks", name, holder);
    else
        story_say(story, "%s awaits %s", name, holder);
}

static void step_member(struct story *story, const struct track *track, uint32_t actor,
                        uint32_t before, bool closes)
{
    const struct registry *reg = track->registry;
    const struct tracked *at = track_of(track, actor);
    const char *end = closes ? ": this closes the circle" : "";
    char what[2 * REGISTRY_NAME_MAX];
    char holding[REGISTRY_NAME_MAX + 16] = "";

    if (for_lock(track, actor))
        (void)snprintf(what, sizeof(what), "waits for %s", NAME(reg, at->wait_object));
    else if (at->wait_object == 0)
        (void)snprintf(what, sizeof(what), "gives the loop to others");
    else
        (void)snprintf(what, sizeof(what), "awaits %s", NAME(reg, at->wait_object));
    if (for_lock(track, before))
        (void)snprintf(holding, sizeof(holding), ", holding %s,",
                       NAME(reg, track_of(track, before)->wait_object));
    story_step(story, track_blocked(track, actor) ? at->block : at->wait, at->wait_object,
               "%s%s %s%s", NAME(reg, actor), holding, what, end);
}

static void tell_cycle(const struct track *track, const uint32_t *cycle, int length,
                       struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_DEADLOCK, reg);
    uint32_t closing = closing_step(track, cycle, length);

    if (length > IN_SENTENCE)
        story_say(&story, "%s and %d others wait for each other in a circle", NAME(reg, cycle[0]),
                  length - 1);
    for (int i = 0; i < length; i++) {
        if (length <= IN_SENTENCE) {
            story_say(&story, "%s", i > 0 ? "; " : "");
            say_member(&story, track, cycle[i]);
        }
        story_edge(&story, cycle[i], track_of(track, cycle[i])->wait_object,
                   track_awaited(track, cycle[i]));
    }
    story_say(&story, length > IN_SENTENCE ? ", and nobody can go on."
                                           : ": a cycle that nobody can leave.");
    for (int i = 0; i < length; i++)
        step_member(&story, track, cycle[i], cycle[(i + length - 1) % length],
                    track_of(track, cycle[i])->wait.step == closing);
    tell_bystander(&story, track, cycle, length);
}

static void tell_self(const struct track *track, uint32_t actor, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_SELF_DEADLOCK, reg);
    const struct tracked *at = track_of(track, actor);
    struct moment taken = track_taken(track, actor);
    const char *name = NAME(reg, actor);
    const char *what = NAME(reg, at->wait_object);

    story_say(&story,
              "%s waits at step %u for %s, which it holds itself since step %u: only it could "
              "release it.",
              name, at->block.step, what, taken.step);
    story_edge(&story, actor, at->wait_object, actor);
    story_step(&story, taken, at->wait_object, "%s takes %s", name, what);
    story_step(&story, at->block, at->wait_object, "%s asks for %s again, and waits for itself",
               name, what);
    tell_bystander(&story, track, &actor, 1);
}

static void tell_abandoned(const struct track *track, uint32_t actor, uint32_t holder,
                           struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_ABANDONED_LOCK, reg);
    const struct tracked *at = track_of(track, actor);
    struct moment taken = track_taken(track, actor);
    const struct tracked *gone = track_of(track, holder);
    const char *name = NAME(reg, actor);
    const char *what = NAME(reg, at->wait_object);
    const char *who = NAME(reg, holder);
    bool permit = registry_object(reg, at->wait_object)->kind == SIM_OBJ_SEMAPHORE;
    const char *a = permit ? "a permit of " : "";

    story_say(&story,
              "%s waits at step %u for %s%s, which %s took at step %u and still held when it %s at "
              "step %u: nobody will %s.",
              name, at->block.step, a, what, who, taken.step, track_ended(gone), gone->done.step,
              permit ? "give it back" : "release it");
    story_edge(&story, actor, at->wait_object, holder);
    story_step(&story, taken, at->wait_object, "%s takes %s%s", who, a, what);
    story_step(&story, gone->done, holder, "%s %s without %s %s%s", who, track_ends(gone),
               permit ? "giving back" : "releasing", a, what);
    story_step(&story, at->block, at->wait_object, "%s waits for %s%s, for ever", name, a, what);
    story_in_order(&story);
    tell_bystander(&story, track, &actor, 1);
}

bool stuck_missed_wakeup(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);
    const struct tracked *cond = track_of(track, at->wait_object);

    return at->wait_why == SIM_WAIT_CONDITION && cond->unheard.step != 0 &&
           cond->unheard.step <= at->heard.step && at->looked <= cond->unheard.step;
}

bool stuck_missed_pulse(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);
    const struct tracked *event = track_of(track, at->wait_object);

    return at->wait_why == SIM_WAIT_EVENT && event->unheard.step != 0 && event->cleared.step != 0 &&
           event->cleared.actor == event->unheard.actor && event->unheard.actor != actor &&
           event->cleared.step <= at->wait.step && at->looked <= event->unheard.step;
}

static void tell_pulse(const struct track *track, uint32_t actor, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    const struct tracked *at = track_of(track, actor);
    const struct tracked *event = track_of(track, at->wait_object);
    struct story story = story_begin(finding, SIM_FINDING_LOST_WAKEUP, reg);
    const char *name = NAME(reg, actor);
    const char *what = NAME(reg, at->wait_object);
    const char *who = NAME(reg, event->unheard.actor);

    story_say(&story,
              "%s set %s at step %u, when nobody waited, and cleared it at step %u; %s began to "
              "wait at step %u, and nobody set it again.",
              who, what, event->unheard.step, event->cleared.step, name, at->wait.step);
    story_step(&story, event->unheard, at->wait_object, "%s sets %s: nobody waits for it", who,
               what);
    story_step(&story, event->cleared, at->wait_object, "%s clears %s", who, what);
    story_step(&story, at->wait, at->wait_object, "%s begins to wait for %s, too late", name, what);
    tell_bystander(&story, track, &actor, 1);
}

static void tell_lost_wakeup(const struct track *track, uint32_t actor, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    const struct tracked *at = track_of(track, actor);
    const struct tracked *cond = track_of(track, at->wait_object);
    struct story story = story_begin(finding, SIM_FINDING_LOST_WAKEUP, reg);
    const char *name = NAME(reg, actor);
    const char *what = NAME(reg, at->wait_object);
    const char *who = NAME(reg, cond->unheard.actor);

    story_say(&story,
              "%s notified %s at step %u, when nobody waited; %s began to wait at step %u, and "
              "nobody notified again.",
              who, what, cond->unheard.step, name, at->heard.step);
    if (at->if_woken != WAKE_UNKNOWN)
        story_say(&story, " If it were woken, it would go on.");
    story_step(&story, cond->unheard, at->wait_object, "%s notifies %s: nobody hears it", who,
               what);
    story_step(&story, at->heard, at->wait_object, "%s begins to wait for %s, too late", name,
               what);
    tell_bystander(&story, track, &actor, 1);
}

/* What the actor waits for, in words. */
static void say_awaited(struct story *story, const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);
    const char *what = NAME(track->registry, at->wait_object);

    if (at->wait_object == 0)
        story_say(story, "something");
    else if (at->wait_why == SIM_WAIT_GET)
        story_say(story, "an item in %s", what);
    else if (at->wait_why == SIM_WAIT_PUT)
        story_say(story, "room in %s", what);
    else if (at->wait_why == SIM_WAIT_QUEUE_JOIN)
        story_say(story, "the items of %s to be done", what);
    else if (at->wait_why == SIM_WAIT_BARRIER)
        story_say(story, "%d more to come to %s", (int)track_of(track, at->wait_object)->missing,
                  what);
    else
        story_say(story, "%s", what);
}

/* A queue whose items were taken, and not all reported done. */
static void tell_undone(struct story *story, const struct track *track, uint32_t queue)
{
    const struct tracked *at = track_of(track, queue);
    int missing = (int)at->missing;
    const char *name = NAME(track->registry, queue);

    story_say(story, " %d item%s taken and never reported done.", missing,
              missing == 1 ? " was" : "s were");
    story_step(story, at->taken, queue, "%s takes an item of %s, the last that was taken",
               NAME(track->registry, at->taken.actor), name);
}

/* A queue that is empty: who took what was in it last. */
static void tell_emptied(struct story *story, const struct track *track, uint32_t queue)
{
    const struct registry *reg = track->registry;
    struct moment taken = track_of(track, queue)->taken;
    const struct tracked *taker = track_of(track, taken.actor);
    const char *who = NAME(reg, taken.actor);

    story_say(story, " %s took the last one at step %u", who, taken.step);
    story_step(story, taken, queue, "%s takes an item of %s, the last that was taken", who,
               NAME(reg, queue));
    if (taker->done.step == 0) {
        story_say(story, ".");
        return;
    }
    story_say(story, " and %s at step %u.", track_ended(taker), taker->done.step);
    story_step(story, taker->done, taken.actor, "%s %s", who, track_ends(taker));
}

void stuck_tell_hang(const struct track *track, uint32_t actor, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_HANG, reg);
    const struct tracked *at = track_of(track, actor);
    const char *name = NAME(reg, actor);
    const char *what = at->wait_object == 0 ? "something" : NAME(reg, at->wait_object);

    story_say(&story, "%s waits since step %u for ", name, at->wait.step);
    say_awaited(&story, track, actor);
    story_say(&story, ", and nobody is left who could end that.");
    if (at->if_woken == WAKE_WAITS_AGAIN)
        story_say(&story, " No wake-up is lost: woken, it would look and wait again.");
    if (at->wait_why == SIM_WAIT_QUEUE_JOIN && track_of(track, at->wait_object)->missing > 0)
        tell_undone(&story, track, at->wait_object);
    if (at->wait_why == SIM_WAIT_GET && track_of(track, at->wait_object)->taken.step != 0)
        tell_emptied(&story, track, at->wait_object);
    story_edge(&story, actor, at->wait_object, 0);
    story_step(&story, at->wait, at->wait_object, "%s waits for %s", name, what);
    story_in_order(&story);
    tell_bystander(&story, track, &actor, 1);
}

/* What it waits for is so, and nobody told it. */
static void tell_untold(const struct track *track, uint32_t actor, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    const struct tracked *at = track_of(track, actor);
    struct story story = story_begin(finding, SIM_FINDING_LOST_WAKEUP, reg);
    const char *name = NAME(reg, actor);
    const char *what = NAME(reg, at->wait_object);

    story_say(&story,
              "%s waits since step %u for %s, and nobody notifies it any more, although what it "
              "waits for is so: if it were woken, it would look and go on.",
              name, at->wait.step, what);
    story_step(&story, at->wait, at->wait_object,
               "%s begins to wait for %s; what it waits for comes true, and nobody notifies", name,
               what);
    tell_bystander(&story, track, &actor, 1);
}

void stuck_tell(const struct track *track, uint32_t actor, const struct reason *reason,
                struct sim_finding *finding)
{
    if (reason->kind == SIM_FINDING_SELF_DEADLOCK)
        tell_self(track, actor, finding);
    else if (reason->kind == SIM_FINDING_DEADLOCK)
        tell_cycle(track, reason->cycle, reason->length, finding);
    else if (reason->kind == SIM_FINDING_ABANDONED_LOCK)
        tell_abandoned(track, actor, track_awaited(track, actor), finding);
    else if (stuck_missed_pulse(track, actor))
        tell_pulse(track, actor, finding);
    else if (stuck_missed_wakeup(track, actor))
        tell_lost_wakeup(track, actor, finding);
    else
        tell_untold(track, actor, finding);
}
