#include "sim/base/vclock.h"

#include <stdlib.h>

#include "sim/base/vec.h"

void vclock_free(struct vclock *clock)
{
    free(clock->at);
    *clock = (struct vclock){0};
}

bool vclock_lengthen(struct vclock *clock, uint32_t count)
{
    if (count <= clock->count)
        return true;
    if (!vec_reserve(&clock->at, count, &clock->capacity, sizeof(*clock->at)))
        return false;
    for (uint32_t i = clock->count; i < count; i++)
        clock->at[i] = 0;
    clock->count = count;
    return true;
}

bool vclock_join(struct vclock *into, const struct vclock *other)
{
    if (!vclock_lengthen(into, other->count))
        return false;
    for (uint32_t i = 0; i < other->count; i++)
        if (other->at[i] > into->at[i])
            into->at[i] = other->at[i];
    return true;
}
