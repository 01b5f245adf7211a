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
static bool waits_inside(const struct tracked *actor, int64_t now_ns)
{
    if (!actor->suspended || actor->deadline_ns > now_ns)
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
        const struct tracked *actor = track_of(track, id);
        struct moment read = {0};

        if (!takes_part(livelock, track, id))
            continue;
        bool ran =
            turns_of(livelock, id) > 1 ||
            (lost_update_last_read(variables, id, &read) != 0 && read.step > livelock->news.step);

        if (!ran && !waits_inside(actor, event->time_ns))
            return;
        anybody |= ran;
    }
    livelock->found = anybody;
}

bool livelock_report(const struct livelock *livelock, const struct track *track,
                     struct sim_finding *finding)
{
    if (!livelock->found)
        return false;
    const struct registry *registry = track->registry;
    struct story story = story_begin(finding, SIM_FINDING_LIVELOCK, registry);
    int named = 0;

    story_say(&story, "From step %u to the limit at step %u nothing new happened, though ",
              livelock->news.step, track->last_step);
    story_step(&story, livelock->news, livelock->object, "the last that was new: %s, %s%s%s",
               NAME(registry, livelock->news.actor), sim_event_name(livelock->kind),
               livelock->object == 0 ? "" : " ",
               livelock->object == 0 ? "" : NAME(registry, livelock->object));
    for (uint32_t id = 1; id <= track->count; id++) {
        const struct tracked *actor = track_of(track, id);
        uint32_t turns = turns_of(livelock, id);

        if (!takes_part(livelock, track, id) || turns < 2)
            continue;
        if (named < NAMED_MAX)
            story_say(&story, "%s%s ran %u times", named > 0 ? ", " : "", NAME(registry, id),
                      turns);
        named++;
        story_step(&story, actor->wait, actor->wait_object, "%s waits, and has run %u times since",
                   NAME(registry, id), turns);
    }
    if (named > NAMED_MAX)
        story_say(&story, " and %d others ran, too", named - NAMED_MAX);
    story_say(&story, "%s: no variable left the range of its values, and nobody ended.",
              named == 0 ? "variables were read again and again" : "");
    return true;
}
