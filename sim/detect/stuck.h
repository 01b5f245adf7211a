/* Stuck: why nothing can run any more.  Deadlock (Coffman, Elphick and Shoshani, 1971: a cycle in
 * the wait-for graph), self-deadlock, abandoned lock, lost wake-up, or a wait for what nobody will
 * do. */
#ifndef SIM_DETECT_STUCK_H
#define SIM_DETECT_STUCK_H

#include <stdbool.h>

#include "sim/detect/track.h"

enum { STUCK_MAX = 4 }; /* findings of one run */

/* Write at most STUCK_MAX findings of a run that ended stuck.  Returns how many; at least one. */
int stuck_report(const struct track *track, struct sim_finding *findings);

/* Who is stuck while others go on: in a deadlock, or waiting for a lock of the dead, when his loop
 * closes (SIM_EV_LOOP_CLOSE) or the run ends (SIM_EV_END), by itself or stopped.  Who might go on
 * after all is not (see outlook.h).
 *
 * findings: room for STUCK_MAX.  Returns how many were written. */
int stuck_aside(const struct track *track, const struct sim_event *end,
                struct sim_finding *findings);

/* The kinds of the findings of stuck_report: bit 1 << kind. */
uint64_t stuck_kinds(const struct track *track);

/* Who waits at a condition, a condition variable or an event, and at which; at most max. */
size_t stuck_waiters(const struct track *track, uint32_t *actors, uint32_t *objects, size_t max);

/* What becomes of one of them that is woken: enum wake_result. */
void stuck_woken(struct track *track, uint32_t actor, unsigned result);

#endif
