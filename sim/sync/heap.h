/* Heap: values in a binary heap whose order among equals is that of CPython's heapq, which decides
 * who comes first out of a priority queue when several are equal. */
#ifndef SIM_SYNC_HEAP_H
#define SIM_SYNC_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/sim.h"

/* Is a < b, as Python has it for None, int, str and list?  compare may be NULL: their own order.
 *
 * Returns: SIM_OK with the answer in *less; SIM_TYPE_ERROR if they cannot be compared;
 *          SIM_RUNTIME_ERROR for lists within more than 60 lists. */
SIM_MUST_USE enum sim_status value_less(struct sim *sim, struct sim_value a, struct sim_value b,
                                        sim_compare_fn compare, bool *less);

/* slots[0 .. count-1] is a heap but for the last, which has just been added.
 *
 * Returns: SIM_OK; SIM_TYPE_ERROR: it stays where the comparison failed.  As heapq.heappush. */
SIM_MUST_USE enum sim_status heap_pushed(struct sim *sim, struct sim_value *slots, size_t count,
                                         sim_compare_fn compare);

/* Take the least out of slots[0 .. count-1], count > 0; count-1 are left.
 *
 * Returns: SIM_OK with it in *least; SIM_TYPE_ERROR: it is lost all the same.  As heapq.heappop. */
SIM_MUST_USE enum sim_status heap_pop(struct sim *sim, struct sim_value *slots, size_t count,
                                      sim_compare_fn compare, struct sim_value *least);

#endif
