/* Timers: a binary heap by deadline; equal deadlines in order of creation. */
#ifndef SIM_CORE_TIMERS_H
#define SIM_CORE_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Intrusive.  Zeroed memory is an idle timer. */
struct timer {
    int64_t when_ns;
    uint64_t order; /* of creation in the run */
    size_t place;   /* in the heap, from 1; 0: idle */
    bool held;      /* back, although others have come that were due later */
};

/* Invariant: heap[i] is not later than heap[2i+1] and heap[2i+2]; heap[i]->place == i + 1. */
struct timers {
    struct timer **heap; /* owned */
    size_t count;
    size_t capacity;
};

void timers_free(struct timers *timers);

/* Forget all timers and keep the memory. */
void timers_reset(struct timers *timers);

/* Start an idle timer whose when_ns and order are set.  O(log n).  False: out of memory. */
bool timers_add(struct timers *timers, struct timer *timer);

/* Stop a timer; an idle one stays so.  O(log n). */
void timers_remove(struct timers *timers, struct timer *timer);

static inline bool timer_comes_before(const struct timer *a, const struct timer *b)
{
    return a->when_ns != b->when_ns ? a->when_ns < b->when_ns : a->order < b->order;
}

/* The next timer; NULL if there is none. */
static inline struct timer *timers_first(const struct timers *timers)
{
    return timers->count == 0 ? NULL : timers->heap[0];
}

#endif
