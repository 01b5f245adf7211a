/* Condition: wait for a change of state that a lock protects. */
#ifndef SIM_SYNC_CONDITION_H
#define SIM_SYNC_CONDITION_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_condition;
struct sim_lock;

/* Create a condition on a lock (borrowed; NULL: on a new lock of its own); owned by the arena.
 *
 * As:      asyncio.Condition(lock) */
struct sim_condition *sim_condition_new(struct sim *sim, const char *name, struct sim_lock *lock);
struct sim_lock *sim_condition_lock(struct sim_condition *cond);

/* Release the lock, wait for a notification, take the lock again.
 *
 * Returns: SIM_OK, also when woken for no reason: test the state again; SIM_CANCELLED, with the
 * lock held; SIM_RUNTIME_ERROR without the lock, outside of a task, or in another loop than the
 * first who waited. As:      asyncio.Condition.wait (3.13) */
SIM_MUST_USE enum sim_status(sim_condition_wait)(struct sim_condition *cond,
                                                 const struct sim_site *site);
#define sim_condition_wait(cond) (sim_condition_wait)((cond), SIM_HERE)

/* Wait until predicate(arg) is true; the lock is held whenever it is called.
 *
 * Returns: as sim_condition_wait.  As asyncio.Condition.wait_for (3.13). */
SIM_MUST_USE enum sim_status(sim_condition_wait_for)(struct sim_condition *cond,
                                                     sim_predicate_fn predicate, void *arg,
                                                     const struct sim_site *site);
#define sim_condition_wait_for(cond, predicate, arg)                                               \
    (sim_condition_wait_for)((cond), (predicate), (arg), SIM_HERE)

/* Wake at most count waiters, oldest first; all of them.  The lock stays held.
 *
 * Returns: SIM_OK or SIM_RUNTIME_ERROR without the lock.
 * As:      asyncio.Condition.notify(n), notify_all() (3.13) */
enum sim_status(sim_condition_notify)(struct sim_condition *cond, int count,
                                      const struct sim_site *site);
#define sim_condition_notify(cond, count) (sim_condition_notify)((cond), (count), SIM_HERE)
enum sim_status(sim_condition_notify_all)(struct sim_condition *cond, const struct sim_site *site);
#define sim_condition_notify_all(cond) (sim_condition_notify_all)((cond), SIM_HERE)

#endif
