/* The inside of a pool of stacks, for the two files that make it. */
#ifndef SIM_CORE_FIBER_POOL_H
#define SIM_CORE_FIBER_POOL_H

#include "sim/core/fiber.h"

struct fiber_slab {
    struct fiber_slab *next;
    void *base; /* one mapping of many stacks */
};

/* Invariant: each stack's fiber is in exactly one of the two lists. */
struct fiber_pool {
    struct list_node used;   /* oldest first */
    struct list_node unused; /* last used first */
    struct fiber_slab *slabs;
    size_t stacks;
    size_t page;
    size_t stride; /* guard page and stack */
    bool no_madvise_guard;
    struct fiber *host;    /* where to go on after an overrun; NULL: not watched */
    struct fiber *overrun; /* who did it */
    struct fiber_pool *next_watched;
};

#endif
