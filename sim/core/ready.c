#include "sim/core/ready.h"

#include <stdlib.h>

void ready_free(struct ready_queue *queue)
{
    free(queue->ring);
    *queue = (struct ready_queue){0};
}

bool ready_grow(struct ready_queue *queue)
{
    size_t capacity = queue->capacity == 0 ? 64 : 2 * queue->capacity;
    struct ready *ring = malloc(capacity * sizeof(*ring));

    if (ring == NULL)
        return false;
    size_t count = ready_count(queue);

    for (size_t i = 0; i < count; i++)
        ring[i] = *ready_at(queue, i);
    free(queue->ring);
    *queue = (struct ready_queue){
        .ring = ring, .tail = count, .mask = capacity - 1, .capacity = capacity};
    return true;
}

struct ready ready_take(struct ready_queue *queue, size_t index)
{
    SIM_ASSERT(index < ready_count(queue));
    struct ready taken = *ready_at(queue, index);

    for (size_t i = index; i > 0; i--)
        *ready_at(queue, i) = *ready_at(queue, i - 1);
    (void)ready_pop(queue);
    return taken;
}

void ready_move(struct ready_queue *queue, size_t from, size_t to)
{
    SIM_ASSERT(from <= to && to < ready_count(queue));
    struct ready moved = *ready_at(queue, from);

    for (size_t i = from; i < to; i++)
        *ready_at(queue, i) = *ready_at(queue, i + 1);
    *ready_at(queue, to) = moved;
}
