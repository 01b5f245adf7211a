/* Vector clock: for each thread, how much of it happened before (Mattern, 1989). */
#ifndef SIM_BASE_VCLOCK_H
#define SIM_BASE_VCLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Components past count are 0.  {0} is the least clock. */
struct vclock {
    uint32_t *at; /* owned */
    uint32_t count;
    size_t capacity;
};

void vclock_free(struct vclock *clock);

static inline void vclock_reset(struct vclock *clock)
{
    clock->count = 0;
}

static inline uint32_t vclock_get(const struct vclock *clock, uint32_t thread)
{
    return thread < clock->count ? clock->at[thread] : 0;
}

/* The slow half of vclock_lengthen: room for so many.  False: out of memory. */
bool vclock_grow(struct vclock *clock, uint32_t count);

/* Components up to count, which may be more than there are.  False: out of memory. */
static inline bool vclock_lengthen(struct vclock *clock, uint32_t count)
{
    uint32_t known = clock->count;

    if (count <= known)
        return true;
    if (count > clock->capacity && !vclock_grow(clock, count))
        return false;
    uint32_t *at = clock->at;

    clock->count = count;
    while (known < count)
        at[known++] = 0;
    return true;
}

/* Set one component.  False: out of memory. */
static inline bool vclock_set(struct vclock *clock, uint32_t thread, uint32_t value)
{
    if (thread >= clock->count && !vclock_lengthen(clock, thread + 1))
        return false;
    clock->at[thread] = value;
    return true;
}

/* The least clock that is not before either; into the first.  False: out of memory. */
static inline bool vclock_join(struct vclock *into, const struct vclock *other)
{
    if (!vclock_lengthen(into, other->count))
        return false;
    const uint32_t *from = other->at;
    uint32_t *to = into->at;

    for (uint32_t i = 0, count = other->count; i < count; i++)
        to[i] = from[i] > to[i] ? from[i] : to[i];
    return true;
}

#endif
