/* Timeout: a scope that cancels what runs within it when its time has come. */
#ifndef SIM_COMBINE_TIMEOUT_H
#define SIM_COMBINE_TIMEOUT_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_timeout;

/* The deadline of a time-out that has none. */
#define SIM_NEVER INT64_MAX

/* Create a time-out whose deadline is delay_ns (negative: never) from now; at a virtual time
 * (SIM_NEVER: never).  It begins to count when it is entered.
 *
 * Owner:   the arena.  As asyncio.timeout(delay), asyncio.timeout_at(when) */
struct sim_timeout *sim_timeout_new(struct sim *sim, int64_t delay_ns);
struct sim_timeout *sim_timeout_at_new(struct sim *sim, int64_t when_ns);

/* Run body in the scope: enter, body, exit.
 *
 * Returns: what body returns, but SIM_TIMEOUT for the cancellation by this time-out;
 *          SIM_RUNTIME_ERROR if it was entered before, or no task runs.
 * As:      async with timeout: ... */
SIM_MUST_USE enum sim_status(sim_timeout_with)(struct sim_timeout *timeout, sim_body_fn body,
                                               void *arg, const struct sim_site *site);
#define sim_timeout_with(timeout, body, arg) (sim_timeout_with)((timeout), (body), (arg), SIM_HERE)

/* The two halves.  Whoever entered must exit, with the status that the scope ended with, and go on
 * with the status that it gets. */
SIM_MUST_USE enum sim_status(sim_timeout_enter)(struct sim_timeout *timeout,
                                                const struct sim_site *site);
#define sim_timeout_enter(timeout) (sim_timeout_enter)((timeout), SIM_HERE)
SIM_MUST_USE enum sim_status sim_timeout_exit(struct sim_timeout *timeout, enum sim_status status);

/* Move the deadline; one that has passed fires at the next turn of the loop.
 *
 * Returns: SIM_OK, or SIM_RUNTIME_ERROR unless it is entered and has not fired.
 * As:      Timeout.reschedule(when) */
enum sim_status(sim_timeout_reschedule)(struct sim_timeout *timeout, int64_t when_ns,
                                        const struct sim_site *site);
#define sim_timeout_reschedule(timeout, when_ns)                                                   \
    (sim_timeout_reschedule)((timeout), (when_ns), SIM_HERE)

/* As Timeout.when (SIM_NEVER: None), Timeout.expired. */
int64_t sim_timeout_when(const struct sim_timeout *timeout);
bool sim_timeout_expired(const struct sim_timeout *timeout);

#endif
