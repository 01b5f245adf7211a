/* Probe: is a wake-up lost, or is what is waited for not so?  Where nothing can run any more, each
 * who waits at a condition, a condition variable or an event is woken once, in a fork of the run:
 * the same schedule up to that state, and then FIFO.  If it waits again for the same thing, what it
 * waits for does not hold; if it goes on, only the wake-up was missing. */
#ifndef SIM_EXPLORE_PROBE_H
#define SIM_EXPLORE_PROBE_H

#include "sim/detect/detect.h"
#include "sim/explore/run.h"

struct probe;

/* After a run of the request that ended stuck, under this schedule: tell its detectors what becomes
 * of who waits.  *probe keeps what the forks need from one to the next (NULL at first): probe_free.
 *
 * Returns: false when out of memory: not all is told. */
bool probe_waiters(struct probe **probe, const struct run_request *request,
                   const struct schedule *schedule, struct detectors *detectors);
void probe_free(struct probe *probe);

#endif
