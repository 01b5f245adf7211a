/* Which kinds the detectors have found in an execution, and, when somebody asks, in words. */
#include <stdlib.h>
#include <string.h>

#include "sim/detect/detect_state.h"
#include "sim/detect/leak.h"

static uint64_t bit(bool found, enum sim_finding_kind kind)
{
    return found ? UINT64_C(1) << kind : 0;
}

/* Kinds that can be found in every run. */
static uint64_t screened_kinds(const struct detectors *detectors)
{
    return bit(detectors->lost_update.found > 0, SIM_FINDING_LOST_UPDATE) |
           bit(detectors->data_race.found > 0, SIM_FINDING_DATA_RACE) |
           bit(detectors->wakeups.early.count > 0, SIM_FINDING_EARLY_NOTIFY) |
           bit(detectors->wakeups.unlooped.count > 0, SIM_FINDING_WAIT_WITHOUT_LOOP) |
           bit(detectors->check_then_act.found > 0, SIM_FINDING_CHECK_THEN_ACT) |
           bit(detectors->aba.found > 0, SIM_FINDING_ABA);
}

/* Kinds that only those find who were told of everything. */
static uint64_t watched_kinds(const struct detectors *detectors)
{
    const struct track *track = &detectors->track;
    unsigned outcome = track->outcome;
    uint64_t aside = 0;

    for (int i = 0; i < detectors->aside_count; i++)
        aside |= bit(true, (enum sim_finding_kind)detectors->aside[i].kind);
    return aside | (outcome == SIM_OUTCOME_STUCK ? stuck_kinds(track) : 0) |
           bit(detectors->livelock.found, SIM_FINDING_LIVELOCK) |
           bit((outcome == SIM_OUTCOME_STEPS && !detectors->livelock.found) ||
                   outcome == SIM_OUTCOME_MEMORY,
               SIM_FINDING_LIMIT) |
           bit(outcome == SIM_OUTCOME_OVERFLOW, SIM_FINDING_OVERFLOW) |
           bit(detectors->failure.check_count > 0, SIM_FINDING_CHECK) |
           bit(detectors->starvation.count > 0, SIM_FINDING_STARVATION) |
           bit(detectors->inversion.count > 0, SIM_FINDING_PRIORITY_INVERSION) |
           bit(detectors->properties.invariants > 0, SIM_FINDING_INVARIANT) |
           bit(detectors->properties.promises > 0, SIM_FINDING_EVENTUALLY) |
           bit(failure_unhandled(track), SIM_FINDING_UNHANDLED) |
           bit(failure_pending_counts(&detectors->failure, track), SIM_FINDING_PENDING) |
           bit(detectors->mistakes.unawaited > 0, SIM_FINDING_NEVER_AWAITED) |
           bit(detectors->mistakes.slow_count > 0, SIM_FINDING_SLOW_CALLBACK) |
           bit(detectors->lock_order.cycle_count > 0, SIM_FINDING_LOCK_ORDER) |
           bit(detectors->cancels.swallowed > 0, SIM_FINDING_SWALLOWED_CANCEL) |
           bit(detectors->cancels.races > 0, SIM_FINDING_TIMEOUT_RACE) |
           bit(detectors->holding.count > 0, SIM_FINDING_AWAIT_UNDER_LOCK) |
           bit(leak_lock_found(track), SIM_FINDING_LEAKED_LOCK) |
           bit(leak_permit_found(track), SIM_FINDING_LEAKED_PERMIT);
}

uint64_t detectors_kinds(const struct detectors *detectors)
{
    switch (detectors->stage) {
    case SCREENED:
        return screened_kinds(detectors);
    case WATCHED:
        /* Where somebody is stuck, an early notification is no hazard but why. */
        return (screened_kinds(detectors) &
                ~bit(detectors->track.outcome == SIM_OUTCOME_STUCK, SIM_FINDING_EARLY_NOTIFY)) |
               watched_kinds(detectors);
    case BEGUN:
    default:
        return 0;
    }
}

bool detectors_found(const struct detectors *detectors)
{
    return detectors_kinds(detectors) != 0;
}

bool detectors_found_error(const struct detectors *detectors)
{
    uint64_t kinds = detectors_kinds(detectors);

    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if ((kinds >> kind & 1) != 0 && sim_finding_is_error(kind))
            return true;
    return false;
}

static int compare(const void *left, const void *right)
{
    const struct sim_finding *a = left;
    const struct sim_finding *b = right;
    int errors = sim_finding_is_error(b->kind) - sim_finding_is_error(a->kind);

    if (errors != 0)
        return errors;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->steps[0].step != b->steps[0].step)
        return a->steps[0].step < b->steps[0].step ? -1 : 1;
    return strcmp(a->sentence, b->sentence);
}

/* Where the next finding of a kind goes that comes once a run. */
static struct sim_finding *next(struct detectors *detectors)
{
    return &detectors->findings[detectors->count];
}

/* Where the next finding goes, or NULL when there is no more room. */
static struct sim_finding *room(struct detectors *detectors)
{
    return detectors->count < FINDINGS_MAX ? &detectors->findings[detectors->count] : NULL;
}

void detect_write_findings(struct detectors *d)
{
    const struct registry *registry = d->track.registry;
    uint32_t cursor = 0;

    if (d->track.outcome == SIM_OUTCOME_STUCK)
        d->count += (size_t)stuck_report(&d->track, d->findings);
    for (int i = 0; i < d->aside_count; i++)
        d->findings[d->count++] = d->aside[i];
    d->count += livelock_report(&d->livelock, &d->track, &d->lost_update, room(d));
    if (!d->livelock.found)
        d->count += failure_report_limit(&d->track, room(d));
    for (uint32_t i = 0; room(d) != NULL && failure_report_check(&d->failure, registry, i, room(d));
         i++)
        d->count++;
    for (uint32_t i = 0; room(d) != NULL && properties_report(&d->properties, registry, i, room(d));
         i++)
        d->count++;
    while (room(d) != NULL && lost_update_report(&d->lost_update, registry, &cursor, room(d)))
        d->count++;
    cursor = 0;
    while (room(d) != NULL && failure_report_unhandled(&d->track, &cursor, room(d)))
        d->count++;
    cursor = 0;
    while (room(d) != NULL && data_race_report(&d->data_race, &cursor, room(d)))
        d->count++;
    cursor = 0;
    while (room(d) != NULL && mistakes_report_unawaited(&d->mistakes, &cursor, room(d)))
        d->count++;
    d->count += mistakes_report_slow(&d->mistakes, next(d));
    cursor = 0;
    while (room(d) != NULL && lock_order_report(&d->lock_order, registry, &cursor, room(d)))
        d->count++;
    /* In a run that is stuck it is told of as a lost wake-up. */
    if (room(d) != NULL && d->track.outcome != SIM_OUTCOME_STUCK)
        d->count += wakeups_report_early(&d->wakeups, registry, room(d));
    d->count += wakeups_report_unlooped(&d->wakeups, registry, next(d));
    d->count += holding_report(&d->holding, registry, next(d));
    d->count += starvation_report(&d->starvation, registry, next(d));
    d->count += inversion_report(&d->inversion, registry, next(d));
    d->count += cancels_report_swallowed(&d->cancels, registry, next(d));
    d->count += cancels_report_race(&d->cancels, registry, next(d));
    d->count += check_then_act_report(&d->check_then_act, registry, next(d));
    d->count += aba_report(&d->aba, registry, next(d));
    cursor = 0;
    while (room(d) != NULL && leak_report_lock(&d->track, &cursor, room(d)))
        d->count++;
    cursor = 0;
    while (room(d) != NULL && leak_report_permit(&d->track, &cursor, room(d)))
        d->count++;
    d->count += failure_report_pending(&d->failure, &d->track, next(d));
    if (d->findings != NULL)
        qsort(d->findings, d->count, sizeof(*d->findings), compare);
}
