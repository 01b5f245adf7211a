#include "sim/detect/livelock.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/vec.h"

enum { NAMED_MAX = 3 };

struct livelock_id {
    int64_t least; /* variable: its values so far */
    int64_t most;
    uint32_t run;
    uint32_t since; /* actor: step of the last news when it was counted */
    uint32_t turns; /* since then */
    bool spawned;
    bool carries; /* thread: a loop, whose tasks run in its place */
};

void livelock_begin(struct livelock *livelock)
{
    livelock->run++;
    livelock->news = (struct moment){0};
    livelock->found = false;
    livelock->out_of_memory = false;
}

void livelock_free(struct livelock *livelock)
{
    free(livelock->ids);
    livelock->ids = NULL;
}

/* NULL: out of memory.  fresh: it was not seen in this run before. */
static struct livelock_id *id_of(struct livelock *livelock, uint32_t id, bool *fresh)
{
    if (id >= livelock->capacity &&
        !vec_reserve_zeroed(&livelock->ids, (size_t)id + 1, &livelock->capacity,
                            sizeof(*livelock->ids))) {
        livelock->out_of_memory = true;
        return NULL;
    }
    struct livelock_id *at = &livelock->ids[id];

    *fresh = at->run != livelock->run;
    if (*fresh)
        *at = (struct livelock_id){.run = livelock->run};
    return at;
}

void livelock_spawn(struct livelock *livelock, const struct sim_event *event)
{
    bool fresh = false;
    struct livelock_id *actor = id_of(livelock, event->object, &fresh);

    if (actor != NULL)
        actor->spawned = true;
}

void livelock_resume(struct livelock *livelock, const struct sim_event *event)
{
    bool fresh = false;
    struct livelock_id *actor = id_of(livelock, event->actor, &fresh);

    if (actor == NULL)
        return;
    if (fresh || actor->since != livelock->news.step) {
        actor->since = livelock->news.step;
        actor->turns = 0;
    }
    actor->turns++;
}

void livelock_write(struct livelock *livelock, const struct sim_event *event)
{
    bool fresh = false;
    struct livelock_id *variable = id_of(livelock, event->object, &fresh);

    if (variable == NULL)
        return;
    if (!fresh && event->value >= variable->least && event->value <= variable->most)
        return;
    if (fresh || event->value < variable->least)
        variable->least = event->value;
    if (fresh || event->value > variable->most)
        variable->most = event->value;
    livelock_news(livelock, event);
}

static uint32_t turns_of(const struct livelock *livelock, uint32_t actor)
{
    const struct livelock_id *at = actor < livelock->capacity ? &livelock->ids[actor] : NULL;

    return at != NULL && at->run == livelock->run && at->since == livelock->news.step ? at->turns
                                                                                      : 0;
}

static bool is_actor(const struct track *track, uint32_t id)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object != NULL && (object->kind == SIM_OBJ_TASK || object->kind == SIM_OBJ_THREAD);
}

/* Threads whose tasks run in their place. */
static void mark_carriers(struct livelock *livelock, const struct track *track)
{
    for (uint32_t id = 1; id <= track->count; id++) {
        const struct sim_object *object = registry_object(track->registry, id);
        bool fresh = false;
        struct livelock_id *thread = object != NULL && object->kind == SIM_OBJ_TASK
                                         ? id_of(livelock, object->parent, &fresh)
                                         : NULL;

        if (thread != NULL)
            thread->carries = true;
    }
}

/* Is it there, and has not ended, and no loop runs in its place? */
static bool takes_part(const struct livelock *livelock, const struct track *track, uint32_t id)
{
    const struct tracked *actor = track_of(track, id);
    const struct livelock_id *at = id < livelock->capacity ? &livelock->ids[id] : NULL;
    bool known = at != NULL && at->run == livelock->run;

    return is_actor(track, id) && actor->done.step == 0 && !(known && at->carries) &&
           ((known && at->spawned) || actor->wait.step != 0 || turns_of(livelock, id) > 0);
}

/* Does the actor wait for somebody else of the program, and for no moment? */
static bool waits_inside(const struct track *track, uint32_t id, int64_t now_ns)
{
    const struct tracked *actor = track_of(track, id);

    if (!actor->suspended || track_gives_up(track, id, now_ns))
        return false;
    switch (actor->wait_why) {
    case SIM_WAIT_LOCK:
    case SIM_WAIT_EVENT:
    case SIM_WAIT_CONDITION:
    case SIM_WAIT_JOIN:
    case SIM_WAIT_SEMAPHORE:
    case SIM_WAIT_BARRIER:
    case SIM_WAIT_GET:
    case SIM_WAIT_PUT:
    case SIM_WAIT_QUEUE_JOIN:
    case SIM_WAIT_WORK:
        return true;
    case SIM_WAIT_FUTURE:
        return actor->wait_object != 0;
    default:
        return false;
    }
}

void livelock_end(struct livelock *livelock, const struct track *track,
                  const struct lost_update *variables, const struct sim_event *event)
{
    uint32_t idle = event->step - livelock->news.step;
    bool anybody = false;

    if (livelock->news.step == 0 || idle < LIVELOCK_STEPS || idle < event->step / 2)
        return;
    mark_carriers(livelock, track);
    for (uint32_t id = 1; id <= track->count; id++) {
        struct moment read = {0};

        if (!takes_part(livelock, track, id))
            continue;
        bool ran =
            turns_of(livelock, id) > 1 ||
            (lost_update_last_read(variables, id, &read) != 0 && read.step > livelock->news.step);

        if (!ran && !waits_inside(track, id, event->time_ns))
            return;
        anybody |= ran;
    }
    livelock->found = anybody;
}

/* The variable that an actor wrote last, since the last news; 0: none. */
static uint32_t written_last(const struct livelock *livelock, const struct track *track,
                             const struct lost_update *variables, uint32_t actor,
                             struct moment *write)
{
    uint32_t found = 0;

    for (uint32_t id = 1; id <= registry_count(track->registry); id++) {
        struct moment at = lost_update_last_write(variables, id);

        if (at.actor == actor && at.step > livelock->news.step &&
            (found == 0 || at.step > write->step)) {
            *write = at;
            found = id;
        }
    }
    return found;
}

static bool is_write(unsigned kind)
{
    return kind == SIM_EV_WRITE || kind == SIM_EV_ATOMIC_STORE || kind == SIM_EV_ATOMIC_RMW;
}

static void tell_news(struct story *story, const struct livelock *livelock)
{
    const struct registry *registry = story->registry;
    const char *who = NAME(registry, livelock->news.actor);
    const char *what = livelock->object == 0 ? "" : NAME(registry, livelock->object);

    if (is_write(livelock->kind))
        story_step(story, livelock->news, livelock->object,
                   "%s writes %s = %" PRId64 ": the last that was new", who, what,
                   livelock->news.value);
    else
        story_step(story, livelock->news, livelock->object, "%s, %s%s%s: the last that was new",
                   who, sim_event_name(livelock->kind), what[0] == '\0' ? "" : " ", what);
}

/* What it does again and again: what it wrote last, or else what it waits for. */
static void tell_turns(struct story *story, const struct livelock *livelock,
                       const struct track *track, const struct lost_update *variables, uint32_t id)
{
    const struct tracked *actor = track_of(track, id);
    const char *who = NAME(story->registry, id);
    struct moment write = {0};
    uint32_t variable = written_last(livelock, track, variables, id, &write);

    if (variable != 0)
        story_step(story, write, variable,
                   "%s writes %s = %" PRId64 ", which is nothing new, after %u turns", who,
                   NAME(story->registry, variable), write.value, turns_of(livelock, id));
    else
        story_step(story, actor->wait, actor->wait_object,
                   "%s waits, after %u turns that changed nothing", who, turns_of(livelock, id));
}

bool livelock_report(const struct livelock *livelock, const struct track *track,
                     const struct lost_update *variables, struct sim_finding *finding)
{
    if (!livelock->found)
        return false;
    const struct registry *registry = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_LIVELOCK, registry);
    int named = 0;

    tell_news(&story, livelock);
    for (uint32_t id = 1; id <= track->count; id++) {
        uint32_t turns = turns_of(livelock, id);

        if (!takes_part(livelock, track, id) || turns < 2)
            continue;
        if (named < NAMED_MAX)
            story_say(&story, "%s%s ran %u times", named > 0 ? ", " : "", NAME(registry, id),
                      turns);
        named++;
        tell_turns(&story, livelock, track, variables, id);
    }
    story_in_order(&story);
    if (named > NAMED_MAX)
        story_say(&story, " and %d others ran, too", named - NAMED_MAX);
    story_say(
        &story,
        "%s from step %u to the limit at step %u, and got nowhere: no variable left the range "
        "of its values, and nobody ended.",
        named == 0 ? "Variables were read again and again" : ",", livelock->news.step,
        track->last_step);
    return true;
}
