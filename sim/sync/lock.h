/* Lock: mutual exclusion between tasks; not owned, so anyone may release it. */
#ifndef SIM_SYNC_LOCK_H
#define SIM_SYNC_LOCK_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_lock;

/* Create an unlocked lock, owned by the arena.  name may be NULL.  As asyncio.Lock(). */
struct sim_lock *sim_lock_new(struct sim *sim, const char *name);

/* Take the lock, waiting in FIFO order.
 *
 * Returns: SIM_OK, or without the lock: SIM_CANCELLED; SIM_RUNTIME_ERROR if it would wait outside
 * of a task, or in another loop than the first who waited.  As Lock.acquire. */
SIM_MUST_USE enum sim_status(sim_lock_acquire)(struct sim_lock *lock, const struct sim_site *site);
#define sim_lock_acquire(lock) (sim_lock_acquire)((lock), SIM_HERE)

/* Give the lock up and wake its first waiter.
 *
 * Returns: SIM_OK or SIM_RUNTIME_ERROR ("Lock is not acquired.").  As Lock.release. */
enum sim_status(sim_lock_release)(struct sim_lock *lock, const struct sim_site *site);
#define sim_lock_release(lock) (sim_lock_release)((lock), SIM_HERE)

bool sim_lock_locked(const struct sim_lock *lock);

/* Run body(sim, arg) with the lock held, and release it however the body ends.
 *
 * Returns: what the body returned, or SIM_CANCELLED if the lock was not had.
 * As:      async with lock */
SIM_MUST_USE enum sim_status(sim_lock_with)(struct sim_lock *lock, sim_body_fn body, void *arg,
                                            const struct sim_site *site);
#define sim_lock_with(lock, body, arg) (sim_lock_with)((lock), (body), (arg), SIM_HERE)

#endif
