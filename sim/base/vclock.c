#include "sim/base/vclock.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

void vclock_free(struct vclock *clock)
{
    free(clock->at);
    *clock = (struct vclock){0};
}

static bool lengthen(struct vclock *clock, uint32_t count)
{
    if (count <= clock->count)
        return true;
    if (!vec_reserve(&clock->at, count, &clock->capacity, sizeof(*clock->at)))
        return false;
    memset(clock->at + clock->count, 0, (count - clock->count) * sizeof(*clock->at));
    clock->count = count;
    return true;
}

bool vclock_set(struct vclock *clock, uint32_t thread, uint32_t value)
{
    if (!lengthen(clock, thread + 1))
        return false;
    clock->at[thread] = value;
    return true;
}

bool vclock_join(struct vclock *into, const struct vclock *other)
{
    if (!lengthen(into, other->count))
        return false;
    for (uint32_t i = 0; i < other->count; i++)
        if (other->at[i] > into->at[i])
            into->at[i] = other->at[i];
    return true;
}
