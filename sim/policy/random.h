/* Random: every option of a choice is equally likely; the same seed gives the same runs. */
#ifndef SIM_POLICY_RANDOM_H
#define SIM_POLICY_RANDOM_H

#include "sim/base/prng.h"
#include "sim/core/policy.h"

/* Where the simulation can be saved, the first choices of runs are kept as a tree, so far as there
 * is room: a run goes on from the last of them that it comes to. */
enum { RANDOM_KNOWN = 500, RANDOM_DEPTH = 14, RANDOM_OPTIONS = 4 };

struct random_choice {
    uint32_t offered;
    uint32_t snapshot;           /* its number; UINT32_MAX: it was not saved */
    uint16_t on[RANDOM_OPTIONS]; /* the choice that follows; 0: none is known */
};

struct policy_random {
    struct policy policy; /* first */
    struct prng prng;
    uint64_t seed;      /* mixed */
    uint64_t execution; /* of the next run */
    struct random_choice known[RANDOM_KNOWN];
    uint32_t known_count;
    uint32_t known_most; /* fewer than there is room for, if they are large */
    uint64_t runs;       /* that could have added to them */
    /* Where the run stands; as long as it is in the tree. */
    uint32_t at; /* UINT32_MAX: the choice is not known yet */
    uint32_t depth;
    uint16_t *link; /* to it */
    /* From where it goes on, if it does, and what was drawn there; nothing else has been, since. */
    uint32_t from;
    uint32_t from_depth;
    uint32_t from_taken;
};

/* Execution n of a seed (from 0) draws its own numbers, so any one can be run alone. */
void policy_random_init(struct policy_random *random, uint64_t seed, uint64_t execution);

#endif
