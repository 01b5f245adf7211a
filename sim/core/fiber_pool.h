/* The inside of a pool of stacks, for the two files that make it. */
#ifndef SIM_CORE_FIBER_POOL_H
#define SIM_CORE_FIBER_POOL_H

#include "sim/base/assert.h"
#include "sim/core/fiber.h"

struct fiber_slab {
    struct fiber_slab *next;
    void *base; /* one mapping of many stacks */
    size_t size;
};

/* Arrays rather than lists, so that taking a stack touches no other stack's memory.
 * Invariant: each index is at most once among the first unused_count of unused. */
struct fiber_pool {
    struct fiber **fibers; /* all of them; fibers[i]->index == i */
    uint32_t *unused;      /* indexes; the last is the next to be taken */
    size_t stacks;         /* in fibers */
    size_t unused_count;
    size_t untouched; /* the first so many of unused stand as the last reset left them */
    size_t capacity;  /* of both arrays */
    struct fiber_slab *slabs;
    char *fresh;        /* where the next stack of the newest slab is to be made */
    size_t fresh_count; /* how many can be made there */
    size_t page;
    size_t stride; /* guard page and stack */
    bool no_madvise_guard;
    struct fiber *host;    /* where to go on after an overrun; NULL: not watched */
    struct fiber *overrun; /* who did it */
    struct fiber_pool *next_watched;
};

/* As fiber_release. */
static inline void fiber_put_back(struct fiber_pool *pool, struct fiber *fiber)
{
    SIM_ASSERT(fiber->taken);
    fiber->taken = false;
    pool->unused[pool->unused_count++] = fiber->index;
}

#endif
