#include "sim/detect/leak.h"

/* Did the actor end before loops were closed? */
static bool ended(const struct track *track, uint32_t actor)
{
    uint32_t step = track_of(track, actor)->done.step;

    return step != 0 && (track->closed == 0 || step <= track->closed);
}

static bool is_waited_for(const struct track *track, uint32_t lock)
{
    for (uint32_t id = 1; track->blocked > 0 && id <= track->count; id++)
        if (track_blocked(track, id) && track_of(track, id)->wait_object == lock)
            return true;
    return false;
}

/* The next lock after *cursor that has leaked; 0: none. */
static uint32_t next_lock(const struct track *track, uint32_t *cursor)
{
    while (track->held > 0 && *cursor < track->count) {
        uint32_t id = ++*cursor;
        const struct tracked *lock = track_of(track, id);

        if (lock->held && ended(track, lock->taken.actor) && !is_waited_for(track, id))
            return id;
    }
    return 0;
}

/* The first permit of those that are left that its taker can give back no more; NULL: none. */
static const struct permit *lost_permit(const struct track *track, const struct tracked *semaphore,
                                        uint32_t *count)
{
    const struct permit *first = NULL;

    *count = 0;
    for (const struct permit *permit = permits_at(&track->permits, semaphore->permits.newest);
         permit != NULL; permit = permits_at(&track->permits, permit->next)) {
        if (!ended(track, permit->taken.actor))
            continue;
        ++*count;
        first = permit;
    }
    return first;
}

static uint32_t next_semaphore(const struct track *track, uint32_t *cursor)
{
    while (track->permits.taken > 0 && *cursor < track->count) {
        uint32_t id = ++*cursor;
        const struct tracked *semaphore = track_of(track, id);
        uint32_t count = 0;

        if (!semaphore->permits.handed_on && semaphore->permits.newest != 0 &&
            lost_permit(track, semaphore, &count) != NULL && !is_waited_for(track, id))
            return id;
    }
    return 0;
}

bool leak_lock_found(const struct track *track)
{
    uint32_t cursor = 0;

    return next_lock(track, &cursor) != 0;
}

bool leak_permit_found(const struct track *track)
{
    uint32_t cursor = 0;

    return next_semaphore(track, &cursor) != 0;
}

bool leak_report_lock(const struct track *track, uint32_t *cursor, struct sim_finding *finding)
{
    const struct registry *registry = track->registry;
    uint32_t id = next_lock(track, cursor);

    if (id == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_LEAKED_LOCK, registry);
    const struct moment taken = track_of(track, id)->taken;
    const struct tracked *actor = track_of(track, taken.actor);
    const char *who = NAME(registry, taken.actor);
    const char *what = NAME(registry, id);

    story_say(&story, "%s took %s at step %u and %s at step %u without releasing it.", who, what,
              taken.step, track_ended(actor), actor->done.step);
    story_step(&story, taken, id, "%s takes %s", who, what);
    story_step(&story, actor->done, taken.actor, "%s %s, and still holds %s", who,
               track_ends(actor), what);
    return true;
}

bool leak_report_permit(const struct track *track, uint32_t *cursor, struct sim_finding *finding)
{
    const struct registry *registry = track->registry;
    uint32_t id = next_semaphore(track, cursor);

    if (id == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_LEAKED_PERMIT, registry);
    uint32_t count = 0;
    const struct moment taken = lost_permit(track, track_of(track, id), &count)->taken;
    const struct tracked *actor = track_of(track, taken.actor);
    const char *who = NAME(registry, taken.actor);
    const char *what = NAME(registry, id);

    finding->also = count - 1;
    story_say(&story, "%s took a permit of %s at step %u and %s at step %u without giving it back.",
              who, what, taken.step, track_ended(actor), actor->done.step);
    story_step(&story, taken, id, "%s takes a permit of %s", who, what);
    story_step(&story, actor->done, taken.actor, "%s %s, and never gives it back", who,
               track_ends(actor));
    return true;
}
