/* Order run: find a schedule that fulfils named constraints; and name the constraints that bring a
 * finding about. */
#ifndef SIM_EXPLORE_ORDER_RUN_H
#define SIM_EXPLORE_ORDER_RUN_H

#include "sim/explore/shrink_lab.h"
#include "sim/policy/order_spec.h"

/* Find a schedule of the request's scenario (its policy is not used) that fulfils the constraints:
 * the usual order with as few exceptions as they need; or with who comes next in the list going
 * first; or one of 1,000 random orders.
 *
 * Returns: false with the reason in error: what cannot be met and at which step, or out of memory.
 * The schedule must be {0} or one that may be overwritten; it belongs to the caller. */
bool order_find(const struct run_request *request, const struct order_spec *spec,
                struct schedule *schedule, char *error, size_t error_size);

/* Name constraints under which the scenario shows the target, from a schedule that does: as few as
 * were found to be enough.  Returns false when none were found that are, or when out of memory; the
 * specification belongs to the caller in either case. */
bool order_explain(const struct run_request *request, const struct schedule *schedule,
                   const struct shrink_target *target, struct order_spec *spec);

#endif
