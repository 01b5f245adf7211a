/* Vector clock: for each thread, how much of it happened before (Mattern, 1989). */
#ifndef SIM_BASE_VCLOCK_H
#define SIM_BASE_VCLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Components are looked at so many at once: by every processor, in one instruction each. */
enum { VCLOCK_LANES = 4 };

typedef int32_t vclock_lanes
    __attribute__((vector_size(VCLOCK_LANES * sizeof(int32_t)), aligned(4), may_alias));

/* Components past count are 0, and none is above INT32_MAX: every processor compares numbers with a
 * sign at once.  {0} is the least clock. */
struct vclock {
    uint32_t *at;   /* owned */
    uint32_t count; /* a multiple of VCLOCK_LANES */
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

/* Components up to count at least, which may be more than there are.  False: out of memory. */
static inline bool vclock_lengthen(struct vclock *clock, uint32_t count)
{
    uint32_t known = clock->count;

    if (count <= known)
        return true;
    count = (count + VCLOCK_LANES - 1) & ~(uint32_t)(VCLOCK_LANES - 1);
    if (count > clock->capacity && !vclock_grow(clock, count))
        return false;
    clock->count = count;
    for (; known < count; known += VCLOCK_LANES)
        *(vclock_lanes *)&clock->at[known] = (vclock_lanes){0};
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
    uint32_t both = other->count < into->count ? other->count : into->count;

    if (other->count > into->capacity && !vclock_grow(into, other->count))
        return false;
    const uint32_t *from = other->at;
    uint32_t *to = into->at;

    for (uint32_t i = both, count = other->count; i < count; i += VCLOCK_LANES)
        *(vclock_lanes *)&to[i] = *(const vclock_lanes *)&from[i];
    if (other->count > both)
        into->count = other->count;
    for (uint32_t i = 0; i < both; i += VCLOCK_LANES) {
        vclock_lanes theirs = *(const vclock_lanes *)&from[i];
        vclock_lanes ours = *(const vclock_lanes *)&to[i];
        vclock_lanes more = (vclock_lanes)(theirs > ours);

        *(vclock_lanes *)&to[i] = (theirs & more) | (ours & ~more);
    }
    return true;
}

#endif
