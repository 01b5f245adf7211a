/* gather: several futures as one. */
#ifndef SIM_COMBINE_GATHER_H
#define SIM_COMBINE_GATHER_H

#include "sim/core/future.h"

/* A future of the list of all results, in the order given.  Without return_exceptions the first
 * exception is its exception, and the others go on; with it, exceptions stand among the results
 * (SIM_EXC).  Cancelling it cancels every future that is not done.
 *
 * Returns: NULL, with ValueError raised, if they are of different loops, and with RuntimeError, if
 *          there are none and no loop runs.
 * As:      asyncio.gather(*futures, return_exceptions=...) */
struct sim_future *(sim_gather)(struct sim *sim, struct sim_future *const *futures, size_t count,
                                bool return_exceptions, const struct sim_site *site);
#define sim_gather(sim, futures, count, return_exceptions)                                         \
    (sim_gather)((sim), (futures), (count), (return_exceptions), SIM_HERE)

#endif
