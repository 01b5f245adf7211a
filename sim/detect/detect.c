#include "sim/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "sim/detect/cancel.h"
#include "sim/detect/check_then_act.h"
#include "sim/detect/data_race.h"
#include "sim/detect/failure.h"
#include "sim/detect/holding.h"
#include "sim/detect/leak.h"
#include "sim/detect/livelock.h"
#include "sim/detect/lock_order.h"
#include "sim/detect/lost_update.h"
#include "sim/detect/mistake.h"
#include "sim/detect/property.h"
#include "sim/detect/screen.h"
#include "sim/detect/stuck.h"
#include "sim/detect/track.h"
#include "sim/detect/wakeup.h"

enum { FINDINGS_MAX = 64 };

_Static_assert(SIM_FINDING_COUNT <= 64, "kinds are bits of a word");

/* What has become of the execution at hand. */
enum stage {
    BEGUN,    /* nothing has happened yet: the state of all detectors is that of an older one */
    SCREENED, /* it has ended; the state of those is its own who look at every run */
    WATCHED,  /* all are told of every event */
};

struct detectors {
    struct sink sink; /* first */
    enum stage stage;
    const struct registry *registry;
    struct screen screen;
    struct track track;
    struct lost_update lost_update;
    struct data_race data_race;
    struct failure failure;
    struct mistakes mistakes;
    struct lock_order lock_order;
    struct wakeups wakeups;
    struct holding holding;
    struct check_then_act check_then_act;
    struct livelock livelock;
    struct cancels cancels;
    struct properties_broken properties;
    struct sim_finding aside[STUCK_MAX]; /* who was stuck while others went on */
    int aside_count;
    struct sim_finding *findings; /* FINDINGS_MAX of them; owned */
    size_t count;
    bool written; /* findings are those of the last execution */
};

/* Those who look at every run. */
static void begin_screened(struct detectors *detectors)
{
    lost_update_begin(&detectors->lost_update);
    data_race_begin(&detectors->data_race, detectors->registry);
    wakeups_begin(&detectors->wakeups);
    check_then_act_begin(&detectors->check_then_act);
}

/* Those who are spared a run that is clear without them. */
static void begin_watching(struct detectors *detectors)
{
    track_begin(&detectors->track, detectors->registry);
    failure_begin(&detectors->failure);
    mistakes_begin(&detectors->mistakes, detectors->registry);
    lock_order_begin(&detectors->lock_order);
    holding_begin(&detectors->holding);
    livelock_begin(&detectors->livelock);
    cancels_begin(&detectors->cancels);
    properties_begin(&detectors->properties);
    detectors->aside_count = 0;
    detectors->stage = WATCHED;
}

static void begin(struct sink *sink, const struct registry *registry)
{
    struct detectors *detectors = (struct detectors *)sink;

    detectors->registry = registry;
    detectors->stage = BEGUN;
    detectors->count = 0;
    detectors->written = false;
}

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
    if (event->kind == SIM_EV_END && event->aux == SIM_OUTCOME_STEPS)
        livelock_end(&detectors->livelock, track, &detectors->lost_update, event);
    /* Where some did deadlock, what might have been is not worth telling. */
    if (event->kind == SIM_EV_END && event->aux != SIM_OUTCOME_STUCK && detectors->aside_count == 0)
        lock_order_end(&detectors->lock_order);
}

/* Before it waits for a notification: what has the actor looked at? */
static void note_look(struct detectors *detectors, uint32_t actor)
{
    struct moment read = {0};

    (void)lost_update_last_read(&detectors->lost_update, actor, &read);
    track_looked(&detectors->track, actor, read.step);
}

static void on_condition(struct detectors *detectors, const struct sim_event *event)
{
    wakeups_condition(&detectors->wakeups, &detectors->lost_update, event);
    if (event->kind == SIM_EV_NOTIFY)
        track_object(&detectors->track, event);
    if (event->kind == SIM_EV_COND_WAIT) {
        track_actor(&detectors->track, event);
        note_look(detectors, event->actor);
    }
}

static void on_resume(struct detectors *detectors, const struct sim_event *event)
{
    if (track_of(&detectors->track, event->actor)->newest != 0)
        holding_resume(&detectors->holding, &detectors->track, event);
    track_actor(&detectors->track, event);
    mistakes_resume(&detectors->mistakes, event);
    livelock_resume(&detectors->livelock, event);
}

/* Somebody asks for a lock, and gets it or not. */
static void on_ask(struct detectors *detectors, const struct sim_event *event)
{
    if (track_of(&detectors->track, event->actor)->newest != 0)
        lock_order_ask(&detectors->lock_order, &detectors->track, event);
    if (event->kind == SIM_EV_BLOCK)
        track_actor(&detectors->track, event);
    else
        track_object(&detectors->track, event);
}

static void on_read(struct detectors *detectors, const struct sim_event *event)
{
    if (event->kind == SIM_EV_READ)
        check_then_act_read(&detectors->check_then_act, event);
    lost_update_on_read(&detectors->lost_update, event);
}

static void on_write(struct detectors *detectors, const struct sim_event *event)
{
    if (event->kind == SIM_EV_WRITE)
        check_then_act_write(&detectors->check_then_act, &detectors->lost_update, event);
    if (detectors->wakeups.woken > 0)
        wakeups_write(&detectors->wakeups, &detectors->lost_update, event);
    lost_update_on_write(&detectors->lost_update, event);
    livelock_write(&detectors->livelock, event);
}

/* What does not go on for ever without something new. */
static void on_news(struct detectors *detectors, const struct sim_event *event)
{
    livelock_news(&detectors->livelock, event);
    switch (event->kind) {
    case SIM_EV_SPAWN:
        data_race_spawn(&detectors->data_race, event);
        livelock_spawn(&detectors->livelock, event);
        break;
    case SIM_EV_DONE:
        cancels_done(&detectors->cancels, &detectors->track, event);
        track_actor(&detectors->track, event);
        mistakes_end_step(&detectors->mistakes, event);
        break;
    case SIM_EV_RAISE:
        track_actor(&detectors->track, event);
        break;
    case SIM_EV_SET:
    case SIM_EV_CLEAR:
    case SIM_EV_RETRIEVE:
    case SIM_EV_RESULT:
    case SIM_EV_CANCEL:
    case SIM_EV_BARRIER_ARRIVE:
    case SIM_EV_BARRIER_LEAVE:
    case SIM_EV_GET:
    case SIM_EV_TASK_DONE:
        track_object(&detectors->track, event);
        break;
    case SIM_EV_CHECK:
        failure_check(&detectors->failure, &detectors->lost_update, event);
        break;
    case SIM_EV_PENDING:
        failure_pending(&detectors->failure, event);
        break;
    case SIM_EV_CREATE:
    case SIM_EV_AWAITED:
        mistakes_coroutine(&detectors->mistakes, event);
        break;
    case SIM_EV_LOOP_CLOSE:
        on_end(detectors, event);
        break;
    case SIM_EV_INSPECT:
    case SIM_EV_PROPERTY:
        properties_event_seen(&detectors->properties, &detectors->lost_update, event);
        break;
    default:
        break;
    }
}

/* Give an event to those whom its kind concerns. */
static void dispatch(struct detectors *detectors, const struct sim_event *event)
{
    switch (event->kind) {
    case SIM_EV_RESUME:
        on_resume(detectors, event);
        break;
    case SIM_EV_SUSPEND:
        track_actor(&detectors->track, event);
        if (event->aux == SIM_WAIT_EVENT)
            note_look(detectors, event->actor);
        mistakes_end_step(&detectors->mistakes, event);
        break;
    case SIM_EV_READ:
    case SIM_EV_ATOMIC_LOAD:
        on_read(detectors, event);
        break;
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
        on_write(detectors, event);
        break;
    case SIM_EV_BLOCK:
    case SIM_EV_ACQUIRE:
        on_ask(detectors, event);
        break;
    case SIM_EV_WAKE:
    case SIM_EV_TIMER:
    case SIM_EV_RELEASE:
    case SIM_EV_SEM_ACQUIRE:
    case SIM_EV_SEM_RELEASE:
        track_object(&detectors->track, event);
        break;
    case SIM_EV_COND_WAIT:
    case SIM_EV_COND_WOKEN:
    case SIM_EV_NOTIFY:
        on_condition(detectors, event);
        break;
    case SIM_EV_FIRE:
        cancels_fire(&detectors->cancels, &detectors->track, event);
        break;
    case SIM_EV_END:
        on_end(detectors, event);
        break;
    case SIM_EV_PREEMPT:
    case SIM_EV_CHOICE:
    case SIM_EV_LOOK:
        break;
    default:
        on_news(detectors, event);
        break;
    }
}

/* What dispatch does nothing about. */
static const bool ignored[SIM_EVENT_COUNT] = {
    [SIM_EV_PREEMPT] = true, [SIM_EV_CHOICE] = true, [SIM_EV_LOOK] = true};

static void event(struct sink *sink, const struct sim_event *event)
{
    struct detectors *detectors = (struct detectors *)sink;

    if (event->kind >= SIM_EVENT_COUNT)
        return;
    if (detectors->stage != WATCHED) {
        begin_screened(detectors);
        begin_watching(detectors);
    }
    enum sim_hb hb = (enum sim_hb)orders[event->kind];

    dispatch(detectors, event);
    if (detectors->lock_order.edge_count > 0)
        lock_order_link(&detectors->lock_order, &detectors->track, event, hb);
    if (hb != SIM_HB_NONE && event->kind != SIM_EV_SPAWN)
        data_race_event(&detectors->data_race, event, hb);
}

/* Where nobody will ask for words, one finding of a kind is enough: others add nothing. */
static inline bool enough(const struct detectors *detectors, uint32_t found)
{
    return found > 0 && detectors->sink.wordless;
}

static void see_values(struct detectors *detectors, const struct sim_event *events)
{
    const struct screen *screen = &detectors->screen;

    for (uint32_t i = 0; i < screen->values; i++) {
        if (screen->values_alone && enough(detectors, detectors->lost_update.found))
            return;
        const struct sim_event *event = &events[screen->value_at[i]];

        switch (event->kind) {
        case SIM_EV_READ:
        case SIM_EV_ATOMIC_LOAD:
            if (screen->two_written && event->kind == SIM_EV_READ)
                check_then_act_read(&detectors->check_then_act, event);
            lost_update_on_read(&detectors->lost_update, event);
            break;
        case SIM_EV_WRITE:
        case SIM_EV_ATOMIC_STORE:
        case SIM_EV_ATOMIC_RMW:
            if (screen->two_written && event->kind == SIM_EV_WRITE)
                check_then_act_write(&detectors->check_then_act, &detectors->lost_update, event);
            if (detectors->wakeups.woken > 0)
                wakeups_write(&detectors->wakeups, &detectors->lost_update, event);
            lost_update_on_write(&detectors->lost_update, event);
            break;
        default:
            wakeups_condition(&detectors->wakeups, &detectors->lost_update, event);
            break;
        }
    }
}

/* Without an access there is none that could race. */
static void see_orders(struct detectors *detectors, const struct sim_event *events)
{
    const struct screen *screen = &detectors->screen;
    uint64_t accesses = UINT64_C(1) << SIM_EV_READ | UINT64_C(1) << SIM_EV_WRITE;
    uint32_t count = (screen->seen & accesses) == 0 ? 0 : screen->orders;

    for (uint32_t i = 0; i < count && !enough(detectors, detectors->data_race.found); i++) {
        const struct sim_event *event = &events[screen->order_at[i]];

        if (event->kind == SIM_EV_SPAWN)
            data_race_spawn(&detectors->data_race, event);
        else
            data_race_event(&detectors->data_race, event, (enum sim_hb)orders[event->kind]);
    }
}

static void see_all(struct sink *sink, const struct sim_event *events, size_t count)
{
    struct detectors *detectors = (struct detectors *)sink;

    if (detectors->stage == BEGUN &&
        screen_look(&detectors->screen, detectors->registry, events, count)) {
        begin_screened(detectors);
        see_values(detectors, events);
        see_orders(detectors, events);
        detectors->stage = SCREENED;
        return;
    }
    for (size_t i = 0; i < count; i++)
        event(sink, &events[i]);
}

struct detectors *detectors_new(void)
{
    struct detectors *detectors = calloc(1, sizeof(*detectors));

    if (detectors == NULL)
        return NULL;
    detectors->sink =
        (struct sink){.begin = begin, .event = event, .events = see_all, .ignores = ignored};
    /* Each is cleared when it is written; most searches write none. */
    detectors->findings = malloc(FINDINGS_MAX * sizeof(*detectors->findings));
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
    wakeups_free(&detectors->wakeups);
    check_then_act_free(&detectors->check_then_act);
    livelock_free(&detectors->livelock);
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

/* Kinds that can be found in every run. */
static uint64_t screened_kinds(const struct detectors *detectors)
{
    return bit(detectors->lost_update.found > 0, SIM_FINDING_LOST_UPDATE) |
           bit(detectors->data_race.found > 0, SIM_FINDING_DATA_RACE) |
           bit(detectors->wakeups.early.count > 0, SIM_FINDING_EARLY_NOTIFY) |
           bit(detectors->wakeups.unlooped.count > 0, SIM_FINDING_WAIT_WITHOUT_LOOP) |
           bit(detectors->check_then_act.found > 0, SIM_FINDING_CHECK_THEN_ACT);
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
           bit(detectors->properties.invariants > 0, SIM_FINDING_INVARIANT) |
           bit(detectors->properties.promises > 0, SIM_FINDING_EVENTUALLY) |
           bit(failure_unhandled(track), SIM_FINDING_UNHANDLED) |
           bit(detectors->failure.pending_count > 0, SIM_FINDING_PENDING) |
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
    d->count += livelock_report(&d->livelock, &d->track, room(d));
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
    if (room(d) != NULL)
        d->count += mistakes_report_slow(&d->mistakes, room(d));
    cursor = 0;
    while (room(d) != NULL && lock_order_report(&d->lock_order, registry, &cursor, room(d)))
        d->count++;
    /* In a run that is stuck it is told of as a lost wake-up. */
    if (room(d) != NULL && d->track.outcome != SIM_OUTCOME_STUCK)
        d->count += wakeups_report_early(&d->wakeups, registry, room(d));
    if (room(d) != NULL)
        d->count += wakeups_report_unlooped(&d->wakeups, registry, room(d));
    if (room(d) != NULL)
        d->count += holding_report(&d->holding, registry, room(d));
    if (room(d) != NULL)
        d->count += cancels_report_swallowed(&d->cancels, registry, room(d));
    if (room(d) != NULL)
        d->count += cancels_report_race(&d->cancels, registry, room(d));
    if (room(d) != NULL)
        d->count += check_then_act_report(&d->check_then_act, registry, room(d));
    cursor = 0;
    while (room(d) != NULL && leak_report_lock(&d->track, &cursor, room(d)))
        d->count++;
    cursor = 0;
    while (room(d) != NULL && leak_report_permit(&d->track, &cursor, room(d)))
        d->count++;
    if (room(d) != NULL)
        d->count += failure_report_pending(&d->failure, &d->track, room(d));
    if (d->findings != NULL)
        qsort(d->findings, d->count, sizeof(*d->findings), compare);
}

const struct sim_finding *detectors_findings(struct detectors *detectors, size_t *count)
{
    if (detectors->stage == SCREENED)
        begin_watching(detectors); /* whoever was not asked has found nothing */
    if (!detectors->written && detectors->stage == WATCHED)
        write_findings(detectors);
    detectors->written = true;
    *count = detectors->count;
    return detectors->findings;
}
