/* Vec: room in an array that grows by doubling, for whoever keeps the array, the count and the
 * capacity. */
#ifndef SIM_BASE_VEC_H
#define SIM_BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

/* The slow half of vec_reserve; and of vec_reserve_zeroed, below. */
bool vec_grow(void *array, size_t count, size_t *capacity, size_t size);

/* Room for count elements of size bytes each.
 *
 * array:   the address of the pointer to the elements, which may move
 * Returns: false when out of memory; the array is as it was. */
static inline bool vec_reserve(void *array, size_t count, size_t *capacity, size_t size)
{
    return count <= *capacity || vec_grow(array, count, capacity, size);
}

/* The same; elements that were not there before are zero. */
bool vec_grow_zeroed(void *array, size_t count, size_t *capacity, size_t size);

static inline bool vec_reserve_zeroed(void *array, size_t count, size_t *capacity, size_t size)
{
    return count <= *capacity || vec_grow_zeroed(array, count, capacity, size);
}

#endif
