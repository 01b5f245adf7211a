/* wait and as_completed: futures that are waited for without being cancelled. */
#ifndef SIM_COMBINE_WAIT_H
#define SIM_COMBINE_WAIT_H

#include "sim/core/future.h"

enum sim_return_when { SIM_FIRST_COMPLETED, SIM_FIRST_EXCEPTION, SIM_ALL_COMPLETED };

/* Both in the order in which the futures were given (sets there). */
struct sim_wait_sets {
    struct sim_future **done; /* owned by the arena, as pending is */
    size_t done_count;
    struct sim_future **pending;
    size_t pending_count;
};

/* Wait until one of the futures is done, or one has failed, or all are done; or until timeout_ns
 * (negative: no limit) have passed.  Nothing is cancelled; a future given twice counts once.
 *
 * Blocks:  also if they are done already: for one turn of the loop.
 * Returns: SIM_OK with *sets filled in, also after a time-out; SIM_VALUE_ERROR if there are no
 *          futures or return_when is none; SIM_RUNTIME_ERROR outside of a task; SIM_CANCELLED.
 * As:      asyncio.wait(fs, timeout=timeout, return_when=return_when) */
SIM_MUST_USE enum sim_status(sim_wait)(struct sim *sim, struct sim_future *const *futures,
                                       size_t count, int64_t timeout_ns,
                                       enum sim_return_when return_when, struct sim_wait_sets *sets,
                                       const struct sim_site *site);
#define sim_wait(sim, futures, count, timeout_ns, return_when, sets)                               \
    (sim_wait)((sim), (futures), (count), (timeout_ns), (return_when), (sets), SIM_HERE)

struct sim_as_completed;

/* Begin to listen to futures, which may be none; sim_as_completed_next gives them as they end.
 *
 * timeout_ns: for all of them together; negative: no limit
 * Returns: owned by the arena; NULL, with RuntimeError raised, where no loop runs.
 * As:      asyncio.as_completed(fs, timeout=timeout) */
struct sim_as_completed *(sim_as_completed)(struct sim *sim, struct sim_future *const *futures,
                                            size_t count, int64_t timeout_ns,
                                            const struct sim_site *site);
#define sim_as_completed(sim, futures, count, timeout_ns)                                          \
    (sim_as_completed)((sim), (futures), (count), (timeout_ns), SIM_HERE)

/* The next future that is done, which is waited for.
 *
 * Blocks:  unless one is done already.
 * Returns: SIM_OK with it in *future; SIM_STOP_ASYNC_ITERATION after the last; SIM_TIMEOUT;
 *          SIM_CANCELLED.
 * As:      async for future in as_completed(...) (3.13) */
SIM_MUST_USE enum sim_status(sim_as_completed_next)(struct sim_as_completed *completed,
                                                    struct sim_future **future,
                                                    const struct sim_site *site);
#define sim_as_completed_next(completed, future)                                                   \
    (sim_as_completed_next)((completed), (future), SIM_HERE)

/* The same, but its result instead of itself.
 *
 * Returns: as sim_as_completed_next, or how the future failed.
 * As:      for coro in as_completed(...): await coro */
SIM_MUST_USE enum sim_status(sim_as_completed_result)(struct sim_as_completed *completed,
                                                      struct sim_value *result,
                                                      const struct sim_site *site);
#define sim_as_completed_result(completed, result)                                                 \
    (sim_as_completed_result)((completed), (result), SIM_HERE)

#endif
