/* wait_for and shield: waiting with a deadline, and waiting without passing cancellation on. */
#ifndef SIM_COMBINE_WAIT_FOR_H
#define SIM_COMBINE_WAIT_FOR_H

#include "sim/core/future.h"

/* Await a future or task, for at most a virtual time; when that has passed it is cancelled.
 *
 * Returns: as sim_await, or SIM_TIMEOUT.  timeout_ns < 0: no limit.
 * As:      asyncio.wait_for(future, timeout) (3.12) */
SIM_MUST_USE enum sim_status(sim_wait_for)(struct sim_future *future, int64_t timeout_ns,
                                           struct sim_value *result, const struct sim_site *site);
#define sim_wait_for(x, timeout_ns, result)                                                        \
    (sim_wait_for)(SIM_FUTURE(x), (timeout_ns), (result), SIM_HERE)

/* The same for a body, which runs in the calling task: wait_for(lock.acquire(), 1) reads
 * sim_wait_for_call(sim, take_lock, lock, SIM_SECOND).  Since Python 3.12 a coroutine given to
 * wait_for is awaited in place, without a task of its own. */
SIM_MUST_USE enum sim_status(sim_wait_for_call)(struct sim *sim, sim_body_fn body, void *arg,
                                                int64_t timeout_ns, const struct sim_site *site);
#define sim_wait_for_call(sim, body, arg, timeout_ns)                                              \
    (sim_wait_for_call)((sim), (body), (arg), (timeout_ns), SIM_HERE)

/* A future with the result of inner, whose cancellation does not cancel inner.
 *
 * As:      asyncio.shield(inner) */
struct sim_future *(sim_shield)(struct sim_future *inner, const struct sim_site *site);
#define sim_shield(x) (sim_shield)(SIM_FUTURE(x), SIM_HERE)

#endif
