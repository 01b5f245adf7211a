#include "sim/detect/failure.h"

#include <inttypes.h>
#include <string.h>

#include "sim/base/status.h"
#include "sim/trace/words.h"

void failure_begin(struct failure *failure)
{
    failure->check_count = 0;
    failure->pending_count = 0;
}

void failure_check(struct failure *failure, const struct lost_update *variables,
                   const struct sim_event *event)
{
    if (failure->check_count++ >= CHECKS_MAX)
        return;
    struct failed_check *check = &failure->checks[failure->check_count - 1];

    check->at = moment_of(event);
    check->read.step = 0;
    check->write.step = 0;
    check->variable = lost_update_last_read(variables, event->actor, &check->read);
    if (check->variable != 0)
        check->write = lost_update_last_write(variables, check->variable);
    /* Who checks may have written it since. */
    if (check->write.step > check->read.step)
        check->write = lost_update_write_before(variables, check->variable);
}

void failure_pending(struct failure *failure, const struct sim_event *event)
{
    if (failure->pending_count == 0) {
        failure->pending = moment_of(event);
        failure->pending_task = event->object;
    }
    failure->pending_count++;
}

/* What the checker looked at, which may be what the check is about. */
static void tell_looked(struct story *story, const struct failed_check *check)
{
    const struct registry *registry = story->registry;
    const char *name = NAME(registry, check->variable);

    if (check->variable == 0 || check->read.step == 0)
        return;
    if (check->write.step != 0 && check->write.step < check->read.step)
        story_step(story, check->write, check->variable, "%s writes %s = %" PRId64,
                   NAME(registry, check->write.actor), name, check->write.value);
    story_step(story, check->read, check->variable, "%s reads %s = %" PRId64,
               NAME(registry, check->read.actor), name, check->read.value);
}

bool failure_report_check(const struct failure *failure, const struct registry *registry,
                          uint32_t index, struct sim_finding *finding)
{
    if (index >= failure->check_count || index >= CHECKS_MAX)
        return false;
    const struct failed_check *check = &failure->checks[index];
    struct story story = story_begin(finding, SIM_FINDING_CHECK, registry);
    const char *who = NAME(registry, check->at.actor);
    const char *text = registry_text_at(registry, (uint32_t)check->at.value);

    if (index == CHECKS_MAX - 1)
        finding->also = failure->check_count - CHECKS_MAX;
    story_say(&story, "A check of %s failed at step %u: %.120s", who, check->at.step, text);
    tell_looked(&story, check);
    story_step(&story, check->at, 0, "%s checks, and it does not hold: %.120s", who, text);
    return true;
}

/* Was the program's main cancelled from outside?  Then it is no fault that it did not finish. */
static bool was_cut_off(const struct track *track)
{
    return track->tried && track->main != 0 &&
           track_of(track, track->main)->status == SIM_CANCELLED;
}

bool failure_pending_counts(const struct failure *failure, const struct track *track)
{
    return failure->pending_count > 0 && !was_cut_off(track);
}

bool failure_report_pending(const struct failure *failure, const struct track *track,
                            struct sim_finding *finding)
{
    if (!failure_pending_counts(failure, track))
        return false;
    struct story story = story_begin(finding, SIM_FINDING_PENDING, track->registry);
    const struct tracked *task = track_of(track, failure->pending_task);
    const char *name = NAME(track->registry, failure->pending_task);

    finding->also = failure->pending_count - 1;
    story_say(&story, "%s was still pending when the loop closed, and was cancelled.", name);
    if (task->wait.step != 0 && task->wait.step <= failure->pending.step)
        story_step(&story, task->wait, task->wait_object, "%s waits", name);
    story_step(&story, failure->pending, failure->pending_task,
               "main has ended: the loop closes, and cancels %s", name);
    return true;
}

/* The next id after *cursor that ended with an exception that nobody handled; 0: none. */
static uint32_t next_unhandled(const struct track *track, uint32_t *cursor)
{
    bool main_failed = track->outcome == SIM_OUTCOME_FAILED;

    while ((track->failures > 0 || main_failed) && *cursor < track->count) {
        uint32_t id = ++*cursor;
        const struct tracked *at = track_of(track, id);
        bool ended_run = main_failed && id == track->main && !was_cut_off(track);

        if (at->done.step != 0 && at->status != SIM_OK &&
            (ended_run || (at->status != SIM_CANCELLED && !at->retrieved)))
            return id;
    }
    return 0;
}

bool failure_unhandled(const struct track *track)
{
    uint32_t cursor = 0;

    return next_unhandled(track, &cursor) != 0;
}

/* With what it ended; "" if it did not raise that itself. */
static const char *raised_text(const struct track *track, uint32_t id)
{
    const struct tracked *at = track_of(track, id);

    return at->raised.step != 0 && at->raised_status == at->status
               ? registry_text_at(track->registry, (uint32_t)at->raised.value)
               : "";
}

/* Who raised what somebody else ended with: the only one who ended with the same before; 0: nobody,
 * or it is not known who of several. */
static uint32_t raiser(const struct track *track, uint32_t id)
{
    const struct tracked *ended = track_of(track, id);
    uint32_t found = 0;

    for (uint32_t other = 1; other <= track->count; other++) {
        const struct tracked *at = track_of(track, other);

        if (other == id || at->done.step == 0 || at->done.step > ended->done.step ||
            at->status != ended->status || raised_text(track, other)[0] == '\0')
            continue;
        if (found != 0)
            return 0;
        found = other;
    }
    return found;
}

static void tell_origin(struct story *story, const struct track *track, uint32_t id)
{
    if (id == 0)
        return;
    const struct tracked *at = track_of(track, id);

    story_step(story, at->raised, id, "%s raises %s: %.120s", NAME(track->registry, id),
               sim_status_name((enum sim_status)at->status), raised_text(track, id));
}

bool failure_report_unhandled(const struct track *track, uint32_t *cursor,
                              struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    uint32_t id = next_unhandled(track, cursor);

    if (id == 0)
        return false;
    const struct tracked *at = track_of(track, id);
    struct story story = story_begin(finding, SIM_FINDING_UNHANDLED, reg);
    const char *name = NAME(reg, id);
    const char *kind = sim_status_name((enum sim_status)at->status);
    const char *text = raised_text(track, id);

    story_say(&story, "%s ended at step %u with %s%s%.100s, and nobody handled it.", name,
              at->done.step, kind, text[0] != '\0' ? ": " : "", text);
    tell_origin(&story, track, text[0] != '\0' ? id : raiser(track, id));
    story_step(&story, at->done, id, "%s ends with %s", name, kind);
    return true;
}

/* Where it went into the depth is not known, for that is no event: but from where on. */
static void report_overflow(const struct track *track, struct moment end,
                            struct sim_finding *finding)
{
    const struct registry *registry = track->registry;
    const struct sim_event *seen = &track_of(track, end.actor)->seen;
    struct story story = story_begin(finding, SIM_FINDING_OVERFLOW, registry);
    const char *name = NAME(registry, end.actor);
    char who[REGISTRY_NAME_MAX];
    char what[FINDING_TEXT_MAX];

    story_say(&story, "%s overran its stack after step %u", name, end.step);
    if (seen->step != 0) {
        (void)words_actor(registry, seen->actor, who);
        (void)words_event(registry, seen, what, sizeof(what));
        story_say(&story, "; the last that is known of it is step %u: %s %.80s", seen->step, who,
                  what);
        /* No object: shrinking would take it for what the finding is about. */
        story_step(&story, moment_of(seen), 0, "%s %.150s", who, what);
    }
    story_say(&story, ".");
    story_step(&story, end, 0, "%s overruns its stack", name);
}

bool failure_report_limit(const struct track *track, struct sim_finding *finding)
{
    const struct registry *reg = track->registry;
    struct moment end = {.step = track->last_step, .actor = track->end_actor};

    if (track->outcome == SIM_OUTCOME_OVERFLOW) {
        report_overflow(track, end, finding);
        return true;
    }
    if (track->outcome == SIM_OUTCOME_STEPS || track->outcome == SIM_OUTCOME_MEMORY) {
        struct story story = story_begin(finding, SIM_FINDING_LIMIT, reg);

        story_say(&story, "The run reached the limit on %s after step %u, and was stopped.",
                  sim_outcome_name(track->outcome), end.step);
        return true;
    }
    return false;
}
