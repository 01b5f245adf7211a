/* Random: every option of a choice is equally likely; the same seed gives the same runs. */
#ifndef SIM_POLICY_RANDOM_H
#define SIM_POLICY_RANDOM_H

#include "sim/base/prng.h"
#include "sim/core/policy.h"

struct policy_random {
    struct policy policy; /* first */
    struct prng prng;
    uint64_t seed;
    uint64_t execution; /* of the next run */
};

/* Execution n of a seed (from 0) draws its own numbers, so any one can be run alone. */
void policy_random_init(struct policy_random *random, uint64_t seed, uint64_t execution);

#endif
