/* Exception groups: several failures as one. */
#ifndef SIM_COMBINE_EXCEPTION_GROUP_H
#define SIM_COMBINE_EXCEPTION_GROUP_H

#include "sim/core/sim.h"

/* Raise a group of count (> 0) exceptions, which are copied as pointers.  Its message ends with how
 * many there are: "message (2 sub-exceptions)".
 *
 * Returns: SIM_EXCEPTION_GROUP, to be returned; SIM_VALUE_ERROR if there are none.
 * As:      raise ExceptionGroup(message, members) */
enum sim_status sim_raise_group(struct sim *sim, const char *message,
                                const struct sim_exception *const *members, size_t count);

/* The members of a group, *count of them; NULL for what is no group.  As ExceptionGroup.exceptions.
 */
const struct sim_exception *const *sim_exception_members(const struct sim_exception *exception,
                                                         size_t *count);

/* Part a group, and the groups within it, by the kind of what is not a group.
 *
 * *matched, *rest: groups of the same shape and message, or NULL if there is nothing in it.  An
 * exception that is no group is itself in one of them.
 * As:      ExceptionGroup.split(kind); `except* kind` handles *matched and raises *rest again */
void sim_exception_split(struct sim *sim, const struct sim_exception *exception,
                         enum sim_status kind, const struct sim_exception **matched,
                         const struct sim_exception **rest);

#endif
