/* Compute: work that keeps a processor busy, and the lock that Python's threads share for it. */
#ifndef SIM_THREAD_COMPUTE_H
#define SIM_THREAD_COMPUTE_H

#include "sim/core/sim.h"

/* Keep the calling thread busy for a virtual time, and with it a loop that it runs.  There are as
 * many processors as threads; with a GIL, the threads of a process share one.
 *
 * duration_ns: 0 or less does nothing */
void(sim_compute)(struct sim *sim, int64_t duration_ns, const struct sim_site *site);
#define sim_compute(sim, duration_ns) (sim_compute)((sim), (duration_ns), SIM_HERE)

/* Give every process a global interpreter lock: who computes holds it, and hands it on in order of
 * arrival every 5 ms (as sys.getswitchinterval()) if others want it.  Who sleeps or waits does not
 * hold it; what takes no virtual time does not need it.
 *
 * As:      CPython, unless it was built without one */
void sim_enable_gil(struct sim *sim);

#endif
