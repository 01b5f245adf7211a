#include "sim/base/vclock.h"

#include <stdlib.h>

#include "sim/base/vec.h"

void vclock_free(struct vclock *clock)
{
    free(clock->at);
    *clock = (struct vclock){0};
}

bool vclock_grow(struct vclock *clock, uint32_t count)
{
    return vec_grow(&clock->at, count, &clock->capacity, sizeof(*clock->at));
}
