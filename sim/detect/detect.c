#include "sim/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "sim/detect/data_race.h"
#include "sim/detect/failure.h"
#include "sim/detect/lock_order.h"
#include "sim/detect/lost_update.h"
#include "sim/detect/mistake.h"
#include "sim/detect/stuck.h"
#include "sim/detect/track.h"

enum { FINDINGS_MAX = 64 };

_Static_assert(SIM_FINDING_COUNT <= 64, "kinds are bits of a word");

struct detectors {
    struct sink sink; /* first */
    struct track track;
    struct lost_update lost_update;
    struct data_race data_race;
    struct failure failure;
    struct mistakes mistakes;
    struct lock_order lock_order;
    struct sim_finding aside[STUCK_MAX]; /* who was stuck while others went on */
    int aside_count;
    struct sim_finding *findings; /* FINDINGS_MAX of them; owned */
    size_t count;
    bool written;                  /* findings are those of the last execution */
    bool ignores[SIM_EVENT_COUNT]; /* what no detector wants to see */
};

static void begin(struct sink *sink, const struct registry *registry)
{
    struct detectors *detectors = (struct detectors *)sink;

    track_begin(&detectors->track, registry);
    lost_update_begin(&detectors->lost_update);
    data_race_begin(&detectors->data_race, registry);
    failure_begin(&detectors->failure);
    mistakes_begin(&detectors->mistakes, registry);
    lock_order_begin(&detectors->lock_order);
    detectors->aside_count = 0;
    detectors->count = 0;
    detectors->written = false;
}

/* Who wants to see an event. */
enum {
    ACTORS = 1 << 0,
    OBJECTS = 1 << 1,
    READS = 1 << 2,
    WRITES = 1 << 3,
    COROUTINES = 1 << 4,
    FAILURES = 1 << 5,
    ENDS = 1 << 6,
    SPAWNS = 1 << 7,
    RARE = COROUTINES | FAILURES | ENDS | SPAWNS,
    STEP_BEGINS = 1 << 8,
    STEP_ENDS = 1 << 9,
    ASKS = 1 << 10,
};

static const uint16_t wanted[SIM_EVENT_COUNT] = {
    [SIM_EV_SPAWN] = SPAWNS,
    [SIM_EV_RESUME] = ACTORS | STEP_BEGINS,
    [SIM_EV_SUSPEND] = ACTORS | STEP_ENDS,
    [SIM_EV_DONE] = ACTORS | STEP_ENDS,
    [SIM_EV_RAISE] = ACTORS,
    [SIM_EV_BLOCK] = ACTORS | ASKS,
    [SIM_EV_COND_WAIT] = ACTORS,
    [SIM_EV_RETRIEVE] = OBJECTS,
    [SIM_EV_RESULT] = OBJECTS,
    [SIM_EV_ACQUIRE] = OBJECTS | ASKS,
    [SIM_EV_TIMER] = OBJECTS,
    [SIM_EV_RELEASE] = OBJECTS,
    [SIM_EV_NOTIFY] = OBJECTS,
    [SIM_EV_SEM_ACQUIRE] = OBJECTS,
    [SIM_EV_SEM_RELEASE] = OBJECTS,
    [SIM_EV_BARRIER_ARRIVE] = OBJECTS,
    [SIM_EV_BARRIER_LEAVE] = OBJECTS,
    [SIM_EV_READ] = READS,
    [SIM_EV_ATOMIC_LOAD] = READS,
    [SIM_EV_WRITE] = WRITES,
    [SIM_EV_ATOMIC_STORE] = WRITES,
    [SIM_EV_ATOMIC_RMW] = WRITES,
    [SIM_EV_CHECK] = FAILURES,
    [SIM_EV_PENDING] = FAILURES,
    [SIM_EV_CREATE] = COROUTINES,
    [SIM_EV_AWAITED] = COROUTINES,
    [SIM_EV_LOOP_CLOSE] = ENDS,
    [SIM_EV_END] = ENDS,
};

/* What it means for happens-before. */
static const uint8_t orders[SIM_EVENT_COUNT] = {
#define EVENT_ORDER(id, name, hb) [id] = hb,
    SIM_EVENTS(EVENT_ORDER)
#undef EVENT_ORDER
};

/* A loop closes, or the run ends. */
static void on_end(struct detectors *detectors, const struct sim_event *event)
{
    struct track *track = &detectors->track;
    bool stopped = event->kind == SIM_EV_END && event->aux != SIM_OUTCOME_FINISHED &&
                   event->aux != SIM_OUTCOME_FAILED;

    track_end(track, event);
    if (track->blocked > 0 && detectors->aside_count == 0 && !stopped)
        detectors->aside_count = stuck_aside(track, event, detectors->aside);
    /* Where some did deadlock, what might have been is not worth telling. */
    if (event->kind == SIM_EV_END && event->aux != SIM_OUTCOME_STUCK && detectors->aside_count == 0)
        lock_order_end(&detectors->lock_order);
}

/* The rarer kinds. */
static void rare_event(struct detectors *detectors, const struct sim_event *event, unsigned who)
{
    if (who & SPAWNS)
        data_race_spawn(&detectors->data_race, event);
    if (who & COROUTINES)
        mistakes_coroutine(&detectors->mistakes, event);
    if (who & FAILURES)
        failure_event(&detectors->failure, event);
    if (who & ENDS)
        on_end(detectors, event);
}

static void event(struct sink *sink, const struct sim_event *event)
{
    struct detectors *detectors = (struct detectors *)sink;

    if (event->kind >= SIM_EVENT_COUNT)
        return;
    unsigned who = wanted[event->kind];
    enum sim_hb hb = (enum sim_hb)orders[event->kind];

    if (who & ASKS && track_of(&detectors->track, event->actor)->newest != 0)
        lock_order_ask(&detectors->lock_order, &detectors->track, event);
    if (detectors->lock_order.edge_count > 0)
        lock_order_link(&detectors->lock_order, &detectors->track, event, hb);
    if (who & ACTORS)
        track_actor(&detectors->track, event);
    if (who & STEP_BEGINS)
        mistakes_resume(&detectors->mistakes, event);
    if (who & STEP_ENDS)
        mistakes_end_step(&detectors->mistakes, event);
    if (who & OBJECTS)
        track_object(&detectors->track, event);
    if (who & READS)
        lost_update_on_read(&detectors->lost_update, event);
    if (who & WRITES)
        lost_update_on_write(&detectors->lost_update, event);
    if (who & RARE)
        rare_event(detectors, event, who);
    if (hb != SIM_HB_NONE && event->kind != SIM_EV_SPAWN)
        data_race_event(&detectors->data_race, event, hb);
}

static void see_all(struct sink *sink, const struct sim_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        event(sink, &events[i]);
}

struct detectors *detectors_new(void)
{
    struct detectors *detectors = calloc(1, sizeof(*detectors));

    if (detectors == NULL)
        return NULL;
    for (int kind = 0; kind < SIM_EVENT_COUNT; kind++)
        detectors->ignores[kind] = wanted[kind] == 0 && orders[kind] == SIM_HB_NONE;
    detectors->sink = (struct sink){
        .begin = begin, .event = event, .events = see_all, .ignores = detectors->ignores};
    detectors->findings = calloc(FINDINGS_MAX, sizeof(*detectors->findings));
    if (detectors->findings != NULL)
        return detectors;
    free(detectors);
    return NULL;
}

void detectors_free(struct detectors *detectors)
{
    if (detectors == NULL)
        return;
    track_free(&detectors->track);
    lost_update_free(&detectors->lost_update);
    mistakes_free(&detectors->mistakes);
    data_race_free(&detectors->data_race);
    lock_order_free(&detectors->lock_order);
    free(detectors->findings);
    free(detectors);
}

struct sink *detectors_sink(struct detectors *detectors)
{
    return &detectors->sink;
}

static uint64_t bit(bool found, enum sim_finding_kind kind)
{
    return found ? UINT64_C(1) << kind : 0;
}

uint64_t detectors_kinds(const struct detectors *detectors)
{
    const struct track *track = &detectors->track;
    unsigned outcome = track->outcome;
    uint64_t aside = 0;

    for (int i = 0; i < detectors->aside_count; i++)
        aside |= bit(true, (enum sim_finding_kind)detectors->aside[i].kind);
    return aside | (outcome == SIM_OUTCOME_STUCK ? stuck_kinds(track) : 0) |
           bit(outcome == SIM_OUTCOME_STEPS || outcome == SIM_OUTCOME_MEMORY, SIM_FINDING_LIMIT) |
           bit(outcome == SIM_OUTCOME_OVERFLOW, SIM_FINDING_OVERFLOW) |
           bit(detectors->failure.check_count > 0, SIM_FINDING_CHECK) |
           bit(detectors->lost_update.found > 0, SIM_FINDING_LOST_UPDATE) |
           bit(failure_unhandled(track), SIM_FINDING_UNHANDLED) |
           bit(detectors->data_race.found > 0, SIM_FINDING_DATA_RACE) |
           bit(detectors->failure.pending_count > 0, SIM_FINDING_PENDING) |
           bit(detectors->mistakes.unawaited > 0, SIM_FINDING_NEVER_AWAITED) |
           bit(detectors->mistakes.slow_count > 0, SIM_FINDING_SLOW_CALLBACK) |
           bit(detectors->lock_order.cycle_count > 0, SIM_FINDING_LOCK_ORDER);
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

/* Where the next finding goes, or NULL when there is no more room. */
static struct sim_finding *room(struct detectors *detectors)
{
    return detectors->count < FINDINGS_MAX ? &detectors->findings[detectors->count] : NULL;
}

static void write_findings(struct detectors *d)
{
    const struct registry *registry = d->track.registry;
    uint32_t cursor = 0;

    if (d->track.outcome == SIM_OUTCOME_STUCK)
        d->count += (size_t)stuck_report(&d->track, d->findings);
    for (int i = 0; i < d->aside_count; i++)
        d->findings[d->count++] = d->aside[i];
    d->count += failure_report_limit(&d->track, room(d));
    for (uint32_t i = 0; room(d) != NULL && failure_report_check(&d->failure, registry, i, room(d));
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
    if (room(d) != NULL)
        d->count += mistakes_report_slow(&d->mistakes, room(d));
    cursor = 0;
    while (room(d) != NULL && lock_order_report(&d->lock_order, registry, &cursor, room(d)))
        d->count++;
    if (room(d) != NULL)
        d->count += failure_report_pending(&d->failure, &d->track, room(d));
    if (d->findings != NULL)
        qsort(d->findings, d->count, sizeof(*d->findings), compare);
}

const struct sim_finding *detectors_findings(struct detectors *detectors, size_t *count)
{
    if (!detectors->written && detectors->track.registry != NULL)
        write_findings(detectors);
    detectors->written = true;
    *count = detectors->count;
    return detectors->findings;
}
