#include "sim/base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 8 };

/* The array's pointer is of any type: it is copied as bytes, not read as another type. */
static void *elements_of(const void *array)
{
    void *elements = NULL;

    memcpy(&elements, array, sizeof(elements));
    return elements;
}

bool vec_grow(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = count < FEWEST ? FEWEST : count > SIZE_MAX / 2 ? count : 2 * count;

    if (wanted > SIZE_MAX / size)
        return false;
    void *longer = realloc(elements_of(array), wanted * size);

    if (longer == NULL)
        return false;
    memcpy(array, &longer, sizeof(longer));
    *capacity = wanted;
    return true;
}

bool vec_grow_zeroed(void *array, size_t count, size_t *capacity, size_t size)
{
    size_t before = *capacity;

    if (!vec_grow(array, count, capacity, size))
        return false;
    memset((char *)elements_of(array) + before * size, 0, (*capacity - before) * size);
    return true;
}
