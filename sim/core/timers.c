#include "sim/core/timers.h"

#include <stdlib.h>

#include "sim/base/assert.h"

void timers_free(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

void timers_reset(struct timers *timers)
{
    timers->count = 0;
}

static bool earlier(const struct timer *a, const struct timer *b)
{
    return a->when_ns != b->when_ns ? a->when_ns < b->when_ns : a->order < b->order;
}

static void put(struct timers *timers, size_t index, struct timer *timer)
{
    timers->heap[index] = timer;
    timer->place = index + 1;
}

static void sift_up(struct timers *timers, size_t index, struct timer *timer)
{
    while (index > 0 && earlier(timer, timers->heap[(index - 1) / 2])) {
        put(timers, index, timers->heap[(index - 1) / 2]);
        index = (index - 1) / 2;
    }
    put(timers, index, timer);
}

static void sift_down(struct timers *timers, size_t index, struct timer *timer)
{
    for (;;) {
        size_t child = 2 * index + 1;

        if (child >= timers->count)
            break;
        if (child + 1 < timers->count && earlier(timers->heap[child + 1], timers->heap[child]))
            child++;
        if (!earlier(timers->heap[child], timer))
            break;
        put(timers, index, timers->heap[child]);
        index = child;
    }
    put(timers, index, timer);
}

bool timers_add(struct timers *timers, struct timer *timer)
{
    SIM_ASSERT(timer->place == 0);
    if (timers->count == timers->capacity) {
        size_t capacity = timers->capacity == 0 ? 64 : 2 * timers->capacity;
        struct timer **heap = realloc(timers->heap, capacity * sizeof(*heap));

        if (heap == NULL)
            return false;
        timers->heap = heap;
        timers->capacity = capacity;
    }
    sift_up(timers, timers->count++, timer);
    return true;
}

void timers_remove(struct timers *timers, struct timer *timer)
{
    if (timer->place == 0)
        return;
    size_t index = timer->place - 1;
    struct timer *last = timers->heap[--timers->count];

    SIM_ASSERT(index <= timers->count);
    timer->place = 0;
    if (last == timer)
        return;
    if (index > 0 && earlier(last, timers->heap[(index - 1) / 2]))
        sift_up(timers, index, last);
    else
        sift_down(timers, index, last);
}
