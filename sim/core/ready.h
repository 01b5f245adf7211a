/* Ready queue: a ring of what a loop will call, in order. */
#ifndef SIM_CORE_READY_H
#define SIM_CORE_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/assert.h"

struct sim;
struct ready;

typedef void (*ready_fn)(struct sim *sim, const struct ready *ready);

/* One call to be made.  Small, so that waking a task allocates nothing. */
struct ready {
    ready_fn run;
    void *a;
    void *b;
    union {
        void *pointer;
        void (*function)(void); /* cast back by run */
    } c;
};

/* Invariant: capacity is 0 or a power of two; count <= capacity. */
struct ready_queue {
    struct ready *ring; /* owned */
    size_t head;
    size_t count;
    size_t capacity;
};

void ready_free(struct ready_queue *queue);

/* Double the ring.  False: out of memory. */
bool ready_grow(struct ready_queue *queue);

/* The index-th entry from the front. */
static inline struct ready *ready_at(const struct ready_queue *queue, size_t index)
{
    return &queue->ring[(queue->head + index) & (queue->capacity - 1)];
}

static inline bool ready_push(struct ready_queue *queue, struct ready ready)
{
    if (queue->count == queue->capacity && !ready_grow(queue))
        return false;
    queue->count++;
    *ready_at(queue, queue->count - 1) = ready;
    return true;
}

static inline struct ready ready_pop(struct ready_queue *queue)
{
    SIM_ASSERT(queue->count > 0);
    struct ready ready = *ready_at(queue, 0);

    queue->head = (queue->head + 1) & (queue->capacity - 1);
    queue->count--;
    return ready;
}

/* Take the index-th entry out; those before it move up.  O(index). */
struct ready ready_take(struct ready_queue *queue, size_t index);

#endif
