/* Ready queue: a ring of what a loop will call, in order. */
#ifndef SIM_CORE_READY_H
#define SIM_CORE_READY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/assert.h"

struct sim;
struct ready;

/* Reads all that it needs of the entry before it makes anything else ready. */
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

/* The entries from head to tail, both counted from the start of the run, stand at these numbers
 * modulo the capacity.
 * Invariant: the capacity is 0 or a power of two, mask is one less; tail - head <= capacity. */
struct ready_queue {
    struct ready *ring; /* owned */
    size_t head;
    size_t tail;
    size_t mask;
    size_t capacity;
};

void ready_free(struct ready_queue *queue);

/* Double the ring.  False: out of memory. */
bool ready_grow(struct ready_queue *queue);

static inline size_t ready_count(const struct ready_queue *queue)
{
    return queue->tail - queue->head;
}

/* The index-th entry from the front. */
static inline struct ready *ready_at(const struct ready_queue *queue, size_t index)
{
    return &queue->ring[(queue->head + index) & queue->mask];
}

/* Room for one more at the end, to be filled in.  NULL: out of memory. */
static inline struct ready *ready_slot(struct ready_queue *queue)
{
    if (__builtin_expect(ready_count(queue) == queue->capacity, 0) && !ready_grow(queue))
        return NULL;
    return &queue->ring[queue->tail++ & queue->mask];
}

/* Returns: the entry, which is there until the next push.  The queue must not be empty. */
static inline const struct ready *ready_pop(struct ready_queue *queue)
{
    return &queue->ring[queue->head++ & queue->mask];
}

/* Take the index-th entry out; those before it move up.  O(index). */
struct ready ready_take(struct ready_queue *queue, size_t index);

/* Put an entry further back; those between move up. */
void ready_move(struct ready_queue *queue, size_t from, size_t to);

#endif
