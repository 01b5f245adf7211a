#include "sim/detect/stuck.h"

#include "sim/detect/detect.h"
#include "sim/detect/outlook.h"
#include "sim/detect/story.h"
#include "sim/detect/stuck_tell.h"

static bool is_actor(const struct track *track, uint32_t id)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object != NULL && (object->kind == SIM_OBJ_TASK || object->kind == SIM_OBJ_THREAD);
}

bool stuck_waits(const struct track *track, uint32_t id)
{
    const struct tracked *at = track_of(track, id);

    return at->suspended && at->wait_why != SIM_WAIT_SELECT && at->wait_why != SIM_WAIT_WORK &&
           is_actor(track, id);
}

/* The cycle that begins and ends at start, following who waits for whom.  Returns its length, 0 if
 * the chain from start ends elsewhere: also in a cycle that it does not belong to (found as Brent
 * does, BIT 20, 1980: by comparing with a member that is kept, for twice as long each time). */
static int cycle_from(const struct track *track, uint32_t start, uint32_t cycle[CYCLE_MAX])
{
    uint32_t at = start;
    uint32_t kept = 0;
    int keep_next = 1;

    for (int length = 0;; length++) {
        if (length > 0 && at == start)
            return length;
        /* Its least member tells of a cycle: so each is told of once. */
        if (length == CYCLE_MAX || at == 0 || at == kept || at < start || !stuck_waits(track, at))
            return 0;
        if (length == keep_next) {
            kept = at;
            keep_next *= 2;
        }
        cycle[length] = at;
        at = track_awaited(track, at);
    }
    return 0;
}

static bool for_mutex(const struct track *track, uint32_t actor)
{
    const struct sim_object *object =
        registry_object(track->registry, track_of(track, actor)->wait_object);

    return object != NULL && object->kind == SIM_OBJ_MUTEX;
}

/* Is only the wake-up missing?  Told from what becomes of it when it is woken, if that is known;
 * else from a notification that came when nobody waited. */
static bool lost_wakeup(const struct track *track, uint32_t actor)
{
    unsigned woken = track_of(track, actor)->if_woken;

    return woken != WAKE_WAITS_AGAIN &&
           (woken == WAKE_LOOKS_AND_GOES_ON || stuck_missed_wakeup(track, actor) ||
            stuck_missed_pulse(track, actor));
}

static void find_reason(const struct track *track, uint32_t actor, struct reason *reason)
{
    uint32_t awaited = track_awaited(track, actor);

    reason->length = cycle_from(track, actor, reason->cycle);
    if (reason->length == 1 && track_blocked(track, actor))
        reason->kind = SIM_FINDING_SELF_DEADLOCK;
    else if (reason->length > 0)
        reason->kind = SIM_FINDING_DEADLOCK;
    else if (awaited != 0 && track_blocked(track, actor) &&
             track_of(track, awaited)->done.step != 0)
        reason->kind = SIM_FINDING_ABANDONED_LOCK;
    else
        reason->kind = awaited == 0 && lost_wakeup(track, actor) ? SIM_FINDING_LOST_WAKEUP : -1;
}

/* Is it for this end to tell of the actor: a task of the loop that closes, or anybody at the end?
 */
static bool concerns(const struct track *track, uint32_t actor, const struct sim_event *end)
{
    const struct sim_object *object = registry_object(track->registry, actor);

    return end->kind == SIM_EV_END ||
           (object != NULL && object->kind == SIM_OBJ_TASK && object->parent == end->actor);
}

/* Might he, or whom he waits for, go on after all?  Some runs are cut short. */
static bool may_go_on(const struct track *track, uint32_t actor, const struct reason *reason,
                      const struct sim_event *end)
{
    const uint32_t *members = reason->length > 0 ? reason->cycle : &actor;
    int count = reason->length > 0 ? reason->length : 1;
    bool ended = end->kind == SIM_EV_LOOP_CLOSE || end->aux == SIM_OUTCOME_FINISHED ||
                 end->aux == SIM_OUTCOME_FAILED;

    if (!ended && reason->kind == SIM_FINDING_ABANDONED_LOCK && !for_mutex(track, actor))
        return true;
    return outlook_deadline(track, members, count, end->time_ns) ||
           (!ended && outlook_opens(track, members, count));
}

static const char *end_name(const struct sim_event *end)
{
    if (end->kind == SIM_EV_LOOP_CLOSE)
        return "main has ended: the loop closes";
    return end->aux == SIM_OUTCOME_FINISHED || end->aux == SIM_OUTCOME_FAILED
               ? "the run ends"
               : "the run is stopped";
}

int stuck_aside(const struct track *track, const struct sim_event *end,
                struct sim_finding *findings)
{
    struct moment moment = moment_of(end);
    int count = 0;

    for (uint32_t id = 1; id <= track->count && count < STUCK_MAX; id++) {
        struct reason reason;

        if (!stuck_waits(track, id) || !concerns(track, id, end))
            continue;
        find_reason(track, id, &reason);
        if (reason.kind < 0 || reason.kind == SIM_FINDING_LOST_WAKEUP ||
            may_go_on(track, id, &reason, end))
            continue;
        struct story story = {.registry = track->registry, .finding = &findings[count++]};

        stuck_tell(track, id, &reason, story.finding);
        if (reason.length > 1)
            story_step(&story, moment, 0, "%s, and they still wait", end_name(end));
        else
            story_step(&story, moment, 0, "%s, and %s still waits", end_name(end),
                       NAME(track->registry, id));
    }
    return count;
}

uint64_t stuck_kinds(const struct track *track)
{
    uint64_t kinds = 0;
    int count = 0;

    for (uint32_t id = 1; id <= track->count && count < STUCK_MAX; id++) {
        struct reason reason;

        if (!stuck_waits(track, id))
            continue;
        find_reason(track, id, &reason);
        if (reason.kind >= 0) {
            kinds |= UINT64_C(1) << reason.kind;
            count++;
        }
    }
    return kinds != 0 ? kinds : UINT64_C(1) << SIM_FINDING_HANG;
}

int stuck_report(const struct track *track, struct sim_finding *findings)
{
    int count = 0;

    for (uint32_t id = 1; id <= track->count && count < STUCK_MAX; id++) {
        struct reason reason;

        if (!stuck_waits(track, id))
            continue;
        find_reason(track, id, &reason);
        if (reason.kind >= 0)
            stuck_tell(track, id, &reason, &findings[count++]);
    }
    /* Somebody who waits for nobody in particular: first events, conditions and plain futures, then
     * groups, whose members are not known here. */
    for (int groups = 0; groups < 2 && count == 0; groups++) {
        for (uint32_t id = 1; id <= track->count && count < STUCK_MAX; id++) {
            const struct tracked *at = track_of(track, id);
            const struct sim_object *object = registry_object(track->registry, at->wait_object);
            bool group = object != NULL && object->kind == SIM_OBJ_GATHER;

            if (stuck_waits(track, id) && group == (groups == 1) && track_awaited(track, id) == 0)
                stuck_tell_hang(track, id, &findings[count++]);
        }
    }
    if (count == 0) {
        struct story story = story_begin(&findings[0], SIM_FINDING_HANG, track->registry);

        story_say(&story, "Nothing can run any more after step %u, and main has not ended.",
                  track->last_step);
        count = 1;
    }
    return count;
}

size_t stuck_waiters(const struct track *track, uint32_t *actors, uint32_t *objects, size_t max)
{
    size_t count = 0;

    for (uint32_t id = 1; track->outcome == SIM_OUTCOME_STUCK && id <= track->count; id++) {
        const struct tracked *at = track_of(track, id);

        if (count == max || !at->suspended || at->wait_object == 0 ||
            (at->wait_why != SIM_WAIT_CONDITION && at->wait_why != SIM_WAIT_EVENT))
            continue;
        actors[count] = id;
        objects[count++] = at->wait_object;
    }
    return count;
}

void stuck_woken(struct track *track, uint32_t actor, unsigned result)
{
    if (actor != 0 && actor <= track->count)
        track->ids[actor - 1].if_woken = (uint8_t)result;
}
