/* Wait: the one way in which a task waits at a primitive: a waiter on its own stack, in a queue. */
#ifndef SIM_CORE_WAIT_H
#define SIM_CORE_WAIT_H

#include "sim/core/task_state.h"

/* Lives on the stack of the task that waits.
 * Invariant: linked in its queue from park's beginning to its end, woken or not. */
struct waiter {
    struct list_node link;
    struct sim_future future;
};

/* Bind a primitive to the running loop, where its first waiter waits; *bound is NULL before.  kind
 * is what messages call it.
 *
 * Returns: SIM_OK, or SIM_RUNTIME_ERROR outside of a task or if another loop has it. */
SIM_MUST_USE enum sim_status wait_bind(struct sim *sim, struct sim_loop **bound, const char *kind);

/* Suspend the running task in queue until its waiter is woken, oldest first, or the task is
 * cancelled.
 *
 * Returns: SIM_OK, SIM_CANCELLED, or SIM_RUNTIME_ERROR outside of a task. */
SIM_MUST_USE enum sim_status waitq_park(struct sim *sim, struct list_node *queue, enum sim_wait why,
                                        uint32_t object, const struct sim_site *site);

/* Wake the oldest waiters that are not yet woken or cancelled, at most count.  Returns how many. */
int waitq_wake(struct list_node *queue, int count);

/* Wake the oldest waiter, unless it is woken already (then nobody is). */
void waitq_wake_first(struct list_node *queue);

/* True if every waiter has been cancelled, or there is none. */
bool waitq_all_cancelled(const struct list_node *queue);

#endif
