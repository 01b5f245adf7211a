/* Differ: which operations of two runs of one program have no counterpart in the other.
 *
 * Tasks and threads are paired by name, and the operations of each in order: what both do, one as
 * well as the other, is the same, whenever it happens.  Where they do different things, the nearest
 * place is sought from which on they agree again. */
#ifndef RENDER_WINDOW_DIFFER_H
#define RENDER_WINDOW_DIFFER_H

#include "render/index.h"

enum differ {
    DIFFER_NOT,
    DIFFER_VALUE, /* the same operation, with another value */
    DIFFER_ONLY,  /* the other run does not do it here */
};

/* Compare all operations: each list, to be freed, has an enum differ for each operation of its
 * timeline.  False: out of memory; then both are NULL. */
bool differ_find(const struct timeline *a, const struct timeline *b, uint8_t **in_a,
                 uint8_t **in_b);

#endif
