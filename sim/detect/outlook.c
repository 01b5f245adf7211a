#include "sim/detect/outlook.h"

enum { CHAIN_MAX = 64 };

static unsigned kind_of(const struct track *track, uint32_t id)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object == NULL ? SIM_OBJ_NONE : object->kind;
}

static bool is_member(const uint32_t *members, int count, uint32_t id)
{
    for (int i = 0; i < count; i++)
        if (members[i] == id)
            return true;
    return false;
}

/* Does the actor await a member; or a group or a future, behind which a member may be? */
static bool may_await(const struct track *track, const uint32_t *members, int count, uint32_t actor)
{
    for (int i = 0; i < CHAIN_MAX; i++) {
        const struct tracked *at = track_of(track, actor);

        if (!at->suspended || at->wait_why != SIM_WAIT_FUTURE)
            return false;
        if (kind_of(track, at->wait_object) != SIM_OBJ_TASK)
            return at->wait_object != 0;
        if (is_member(members, count, at->wait_object))
            return true;
        actor = at->wait_object;
    }
    return true;
}

bool outlook_deadline(const struct track *track, const uint32_t *members, int count, int64_t now_ns)
{
    bool tasks = false;

    for (int i = 0; i < count; i++) {
        if (track_gives_up(track, members[i], now_ns))
            return true;
        tasks |= kind_of(track, members[i]) == SIM_OBJ_TASK;
    }
    for (uint32_t id = 1; tasks && id <= track->count; id++) {
        const struct tracked *at = track_of(track, id);

        if (at->suspended && at->wait_why == SIM_WAIT_FUTURE &&
            (at->deadline_ns > now_ns || track_of(track, at->wait_object)->deadline_ns > now_ns) &&
            may_await(track, members, count, id))
            return true;
    }
    return false;
}

/* Can nobody but who has what the actor waits for let it go on? */
static bool only_by_holder(const struct track *track, uint32_t actor)
{
    const struct tracked *at = track_of(track, actor);
    bool woken = at->woken.step != 0; /* cancelled, or told to look */

    if (track_blocker(track, actor) != 0)
        return true;
    switch (kind_of(track, at->wait_object)) {
    case SIM_OBJ_MUTEX:
    case SIM_OBJ_THREAD:
        return true;
    case SIM_OBJ_LOCK:
        return !woken && !track_of(track, at->wait_object)->handed_on;
    case SIM_OBJ_TASK:
        return !woken;
    default:
        return false;
    }
}

bool outlook_opens(const struct track *track, const uint32_t *members, int count)
{
    for (int i = 0; i < count; i++)
        if (!only_by_holder(track, members[i]))
            return true;
    return false;
}
