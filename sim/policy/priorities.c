#include "sim/policy/priorities.h"

#include <stdlib.h>

#include "sim/base/vec.h"

void priorities_free(struct priorities *priorities)
{
    free(priorities->of);
    *priorities = (struct priorities){0};
}

void priorities_seed(struct prng *prng, uint64_t seed, uint64_t execution)
{
    uint64_t mixed = seed;

    mixed = prng_splitmix(&mixed) ^ execution;
    prng_seed(prng, mixed);
}

void priorities_begin(struct priorities *priorities, uint64_t seed, uint64_t execution)
{
    priorities_seed(&priorities->prng, seed, execution);
    priorities->run++;
    priorities->actors = 0;
}

uint64_t *priorities_get(struct priorities *priorities, uint32_t actor)
{
    if (!vec_reserve_zeroed(&priorities->of, (size_t)actor + 1, &priorities->capacity,
                            sizeof(*priorities->of))) {
        priorities->out_of_memory = true;
        return NULL;
    }
    struct priority *priority = &priorities->of[actor];

    if (priority->run != priorities->run || priority->value == 0) {
        priorities->actors += priority->run != priorities->run;
        priority->run = priorities->run;
        priority->value = prng_next(&priorities->prng) | PRIORITY_LEAST;
    }
    return &priority->value;
}

void priorities_forget(struct priorities *priorities, uint32_t actor)
{
    if (actor < priorities->capacity)
        priorities->of[actor].value = 0;
}
