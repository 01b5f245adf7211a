/* Semaphore: a number of permits that tasks take and give back; not owned, so anyone may give one.
 */
#ifndef SIM_SYNC_SEMAPHORE_H
#define SIM_SYNC_SEMAPHORE_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_semaphore;

/* Create a semaphore with so many permits, owned by the arena.  name may be NULL.
 *
 * Returns: NULL after raising SIM_VALUE_ERROR if value is negative.
 * As:      asyncio.Semaphore(value) */
struct sim_semaphore *sim_semaphore_new(struct sim *sim, const char *name, int64_t value);

/* The same, with a release that refuses to give more permits than there were at first.
 *
 * As:      asyncio.BoundedSemaphore(value) */
struct sim_semaphore *sim_bounded_semaphore_new(struct sim *sim, const char *name, int64_t value);

/* Take a permit, waiting in FIFO order.
 *
 * Blocks:  if none is free, or if somebody who came before has not got his yet.
 * Returns: SIM_OK; SIM_CANCELLED without a permit; SIM_RUNTIME_ERROR if it would wait outside of a
 *          task, or in another loop than the first who waited.
 * As:      Semaphore.acquire */
SIM_MUST_USE enum sim_status(sim_semaphore_acquire)(struct sim_semaphore *semaphore,
                                                    const struct sim_site *site);
#define sim_semaphore_acquire(semaphore) (sim_semaphore_acquire)((semaphore), SIM_HERE)

/* Give a permit; the first who waits gets it.  Takes constant time, however many wait.
 *
 * Returns: SIM_OK; SIM_VALUE_ERROR ("BoundedSemaphore released too many times").
 * As:      Semaphore.release, BoundedSemaphore.release */
enum sim_status(sim_semaphore_release)(struct sim_semaphore *semaphore,
                                       const struct sim_site *site);
#define sim_semaphore_release(semaphore) (sim_semaphore_release)((semaphore), SIM_HERE)

/* Would acquire have to wait?  As Semaphore.locked. */
bool sim_semaphore_locked(const struct sim_semaphore *semaphore);

/* Permits that are free: not taken, and not on their way to somebody who waits. */
int64_t sim_semaphore_value(const struct sim_semaphore *semaphore);

/* Run body(sim, arg) with a permit, and give it back however the body ends.
 *
 * Returns: what the body returned, or why there was no permit.
 * As:      async with semaphore */
SIM_MUST_USE enum sim_status(sim_semaphore_with)(struct sim_semaphore *semaphore, sim_body_fn body,
                                                 void *arg, const struct sim_site *site);
#define sim_semaphore_with(semaphore, body, arg)                                                   \
    (sim_semaphore_with)((semaphore), (body), (arg), SIM_HERE)

#endif
