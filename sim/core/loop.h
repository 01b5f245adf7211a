/* Event loop: a FIFO of ready handles and a heap of timers, run by a thread. */
#ifndef SIM_CORE_LOOP_H
#define SIM_CORE_LOOP_H

#include "sim/core/sim.h"

struct sim_handle;
struct sim_loop;

typedef void (*sim_callback_fn)(struct sim *sim, void *arg);

/* Call fn(sim, arg) at the next turn of the running loop; after a delay; at a time.
 *
 * Returns: a handle that cancels it; NULL, with RuntimeError raised, where no loop runs.
 * Owner:   the arena.
 * As:      loop.call_soon, loop.call_later, loop.call_at */
struct sim_handle *sim_call_soon(struct sim *sim, sim_callback_fn fn, void *arg);
struct sim_handle *sim_call_later(struct sim *sim, int64_t delay_ns, sim_callback_fn fn, void *arg);
struct sim_handle *sim_call_at(struct sim *sim, int64_t when_ns, sim_callback_fn fn, void *arg);

/* As Handle.cancel, Handle.cancelled, TimerHandle.when (0 for one that is not timed). */
void sim_handle_cancel(struct sim_handle *handle);
bool sim_handle_cancelled(const struct sim_handle *handle);
int64_t sim_handle_when(const struct sim_handle *handle);

/* Let every task that is made on the running loop start at once, or not.
 *
 * Returns: SIM_RUNTIME_ERROR where no loop runs.
 * As:      loop.set_task_factory(asyncio.eager_task_factory) */
enum sim_status sim_set_eager_tasks(struct sim *sim, bool eager);

/* Run main as a task on a new loop of the calling thread until it is done; then cancel what is
 * left, as asyncio.run does.
 *
 * Returns: how main ended, with its value in *result (may be NULL); SIM_RUNTIME_ERROR if this
 * thread runs a loop already. */
SIM_MUST_USE enum sim_status sim_loop_run(struct sim *sim, sim_body_fn main, void *arg,
                                          struct sim_value *result);

#endif
