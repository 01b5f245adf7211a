#include "sim/detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "sim/detect/data_race.h"
#include "sim/detect/failure.h"
#include "sim/detect/lost_update.h"
#include "sim/detect/mistake.h"
#include "sim/detect/stuck.h"
#include "sim/detect/track.h"

enum { FINDINGS_MAX = 64 };

struct detectors {
    struct sink sink; /* first */
    struct track track;
    struct lost_update lost_update;
    struct data_race data_race;
    struct failure failure;
    struct mistakes mistakes;
    struct sim_finding *findings; /* FINDINGS_MAX of them; owned */
    size_t count;
    bool written; /* findings are those of the last execution */
};

static void begin(struct sink *sink, const struct registry *registry)
{
    struct detectors *detectors = (struct detectors *)sink;

    track_begin(&detectors->track, registry);
    lost_update_begin(&detectors->lost_update);
    data_race_begin(&detectors->data_race, registry);
    failure_begin(&detectors->failure);
    mistakes_begin(&detectors->mistakes, registry);
    detectors->count = 0;
    detectors->written = false;
}

static void event(struct sink *sink, const struct sim_event *event)
{
    struct detectors *detectors = (struct detectors *)sink;

    track_event(&detectors->track, event);
    lost_update_event(&detectors->lost_update, event);
    data_race_event(&detectors->data_race, event);
    failure_event(&detectors->failure, event);
    mistakes_event(&detectors->mistakes, event);
}

struct detectors *detectors_new(void)
{
    struct detectors *detectors = calloc(1, sizeof(*detectors));

    if (detectors == NULL)
        return NULL;
    detectors->sink = (struct sink){.begin = begin, .event = event};
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
    free(detectors->findings);
    free(detectors);
}

struct sink *detectors_sink(struct detectors *detectors)
{
    return &detectors->sink;
}

bool detectors_found_error(const struct detectors *detectors)
{
    unsigned outcome = detectors->track.outcome;

    return detectors->lost_update.found > 0 || detectors->failure.check_count > 0 ||
           detectors->track.failures > 0 || outcome == SIM_OUTCOME_STUCK ||
           outcome == SIM_OUTCOME_STEPS || outcome == SIM_OUTCOME_MEMORY ||
           outcome == SIM_OUTCOME_OVERFLOW;
}

bool detectors_found(const struct detectors *detectors)
{
    return detectors_found_error(detectors) || detectors->data_race.found > 0 ||
           detectors->failure.pending_count > 0 || detectors->mistakes.unawaited > 0 ||
           detectors->mistakes.slow_count > 0;
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
