/* Failure: failed checks, exceptions that nobody looked at, limits, and tasks left over. */
#ifndef SIM_DETECT_FAILURE_H
#define SIM_DETECT_FAILURE_H

#include <stdbool.h>

#include "sim/detect/lost_update.h"
#include "sim/detect/track.h"

enum { CHECKS_MAX = 8 };

/* A check that failed, what the checker had read last, and who had written that. */
struct failed_check {
    struct moment at; /* value: text id */
    struct moment read;
    struct moment write;
    uint32_t variable;
};

struct failure {
    struct failed_check checks[CHECKS_MAX]; /* the first ones */
    uint32_t check_count;                   /* all of them */
    struct moment pending;                  /* the first task left over */
    uint32_t pending_task;
    uint32_t pending_count;
};

void failure_begin(struct failure *failure);
void failure_check(struct failure *failure, const struct lost_update *variables,
                   const struct sim_event *event);
void failure_pending(struct failure *failure, const struct sim_event *event);

/* Write the index-th finding of each kind; false when there is none. */
bool failure_report_check(const struct failure *failure, const struct registry *registry,
                          uint32_t index, struct sim_finding *finding);
bool failure_report_pending(const struct failure *failure, const struct track *track,
                            struct sim_finding *finding);

/* Did anything end with an exception that nobody handled? */
bool failure_unhandled(const struct track *track);

/* The exception of the next actor after *cursor (0 at first). */
bool failure_report_unhandled(const struct track *track, uint32_t *cursor,
                              struct sim_finding *finding);

/* A run that a limit or an overrun stack ended. */
bool failure_report_limit(const struct track *track, struct sim_finding *finding);

#endif
