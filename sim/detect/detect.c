#include "sim/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "sim/detect/detect_state.h"

/* Those who look at every run. */
static void begin_screened(struct detectors *detectors)
{
    lost_update_begin(&detectors->lost_update);
    data_race_begin(&detectors->data_race, detectors->registry);
    wakeups_begin(&detectors->wakeups);
    check_then_act_begin(&detectors->check_then_act);
    aba_begin(&detectors->aba);
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
    starvation_begin(&detectors->starvation);
    inversion_begin(&detectors->inversion);
    detectors->aside_count = 0;
    detectors->stage = WATCHED;
}

static void begin(struct sink *sink, const struct registry *registry)
{
    struct detectors *detectors = (struct detectors *)sink;

    detectors->registry = registry;
    detectors->stage = BEGUN;
    detectors->sink.out_of_memory = false;
    detectors->count = 0;
    detectors->written = false;
}

/* What it means for happens-before. */
static const uint8_t orders[SIM_EVENT_COUNT] = {
#define EVENT_ORDER(id, name, hb) [id] = hb,
    SIM_EVENTS(EVENT_ORDER)
#undef EVENT_ORDER
};

/* The run has ended: was there memory for all that those must know who looked at it?  All of them
 * begin before any is asked: what is left of an older run is no answer. */
static bool was_out_of_memory(const struct detectors *detectors)
{
    bool screened = detectors->lost_update.out_of_memory | detectors->data_race.out_of_memory |
                    detectors->wakeups.out_of_memory | detectors->check_then_act.out_of_memory |
                    detectors->aba.out_of_memory;
    bool watched = detectors->track.out_of_memory | detectors->mistakes.out_of_memory |
                   detectors->lock_order.out_of_memory | detectors->livelock.out_of_memory |
                   detectors->starvation.out_of_memory | detectors->inversion.out_of_memory;

    return screened || (detectors->stage == WATCHED && watched);
}

/* A loop closes, or the run ends. */
static void on_end(struct detectors *detectors, const struct sim_event *event)
{
    struct track *track = &detectors->track;
    bool stuck = event->kind == SIM_EV_END && event->aux == SIM_OUTCOME_STUCK;

    track_end(track, event);
    if (track->suspended > 0 && detectors->aside_count == 0 && !stuck)
        detectors->aside_count = stuck_aside(track, event, detectors->aside);
    if (event->kind == SIM_EV_END && event->aux == SIM_OUTCOME_STEPS)
        livelock_end(&detectors->livelock, track, &detectors->lost_update, event);
    /* Where some did deadlock, what might have been is not worth telling. */
    if (event->kind == SIM_EV_END && event->aux != SIM_OUTCOME_STUCK && detectors->aside_count == 0)
        lock_order_end(&detectors->lock_order);
    detectors->sink.out_of_memory = was_out_of_memory(detectors);
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
    if (detectors->inversion.used > 0)
        inversion_resume(&detectors->inversion, &detectors->track, event);
    track_actor(&detectors->track, event);
    mistakes_resume(&detectors->mistakes, event);
    livelock_resume(&detectors->livelock, event);
}

/* Somebody asks for a lock, and gets it or not. */
static void on_ask(struct detectors *detectors, const struct sim_event *event)
{
    if (event->kind != SIM_EV_SEM_ACQUIRE && track_of(&detectors->track, event->actor)->newest != 0)
        lock_order_ask(&detectors->lock_order, &detectors->track, event);
    if (event->kind == SIM_EV_BLOCK) {
        track_actor(&detectors->track, event);
        return;
    }
    if (detectors->starvation.waiting > 0)
        starvation_take(&detectors->starvation, &detectors->track, event);
    track_object(&detectors->track, event);
}

static void on_suspend(struct detectors *detectors, const struct sim_event *event)
{
    track_actor(&detectors->track, event);
    if (event->aux == SIM_WAIT_EVENT)
        note_look(detectors, event->actor);
    if (event->aux == SIM_WAIT_LOCK || event->aux == SIM_WAIT_SEMAPHORE)
        starvation_wait(&detectors->starvation, event);
    mistakes_end_step(&detectors->mistakes, event);
}

static void on_read(struct detectors *detectors, const struct sim_event *event)
{
    if (event->kind == SIM_EV_READ)
        check_then_act_read(&detectors->check_then_act, event);
    aba_read(&detectors->aba, event);
    lost_update_on_read(&detectors->lost_update, event);
}

static void on_write(struct detectors *detectors, const struct sim_event *event)
{
    if (event->kind == SIM_EV_WRITE)
        check_then_act_write(&detectors->check_then_act, event);
    aba_write(&detectors->aba, event);
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
    case SIM_EV_PRIORITY:
        inversion_priority(&detectors->inversion, event);
        break;
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
        on_suspend(detectors, event);
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
    case SIM_EV_SEM_ACQUIRE:
        on_ask(detectors, event);
        break;
    case SIM_EV_WAKE:
    case SIM_EV_TIMER:
    case SIM_EV_RELEASE:
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

    if (!detectors->sink.wordless && !ignored[event->kind])
        track_seen(&detectors->track, event);
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
            if (screen->compared)
                aba_read(&detectors->aba, event);
            lost_update_on_read(&detectors->lost_update, event);
            break;
        case SIM_EV_WRITE:
        case SIM_EV_ATOMIC_STORE:
        case SIM_EV_ATOMIC_RMW:
            if (screen->two_written && event->kind == SIM_EV_WRITE)
                check_then_act_write(&detectors->check_then_act, event);
            if (screen->compared)
                aba_write(&detectors->aba, event);
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

/* Without an access there is none that could race; nor is there where a lock guards each. */
static void see_orders(struct detectors *detectors, const struct sim_event *events)
{
    const struct screen *screen = &detectors->screen;
    uint64_t accesses = UINT64_C(1) << SIM_EV_READ | UINT64_C(1) << SIM_EV_WRITE;
    uint32_t count = (screen->seen & accesses) == 0 || screen->guarded ? 0 : screen->orders;

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
        detectors->sink.out_of_memory = was_out_of_memory(detectors);
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
    detectors->findings = malloc((FINDINGS_MAX + SINGLES_MAX) * sizeof(*detectors->findings));
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
    aba_free(&detectors->aba);
    livelock_free(&detectors->livelock);
    starvation_free(&detectors->starvation);
    inversion_free(&detectors->inversion);
    free(detectors->findings);
    free(detectors);
}

struct sink *detectors_sink(struct detectors *detectors)
{
    return &detectors->sink;
}

struct track *detectors_track(struct detectors *detectors)
{
    return &detectors->track;
}

const struct sim_finding *detectors_findings(struct detectors *detectors, size_t *count)
{
    if (detectors->stage == SCREENED)
        begin_watching(detectors); /* whoever was not asked has found nothing */
    if (!detectors->written && detectors->stage == WATCHED)
        detect_write_findings(detectors);
    detectors->written = true;
    *count = detectors->count;
    return detectors->findings;
}
