/* Priorities: a random number for every actor of a run, drawn when it is first asked for. */
#ifndef SIM_POLICY_PRIORITIES_H
#define SIM_POLICY_PRIORITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/prng.h"

/* What is drawn is at least this: lower numbers are for whoever lowers a priority. */
#define PRIORITY_LEAST (UINT64_C(1) << 32)

struct priority {
    uint64_t run; /* in which it was drawn */
    uint64_t value;
};

/* {0} has none.  Owner: of its memory, itself; priorities_free. */
struct priorities {
    struct priority *of; /* by actor */
    size_t capacity;
    uint64_t run;
    uint32_t actors; /* that have one in this run */
    struct prng prng;
    bool out_of_memory;
};

void priorities_free(struct priorities *priorities);

/* Forget all, and draw from now on as this execution of this seed does. */
void priorities_begin(struct priorities *priorities, uint64_t seed, uint64_t execution);

/* An actor's priority, which may be changed; valid until the next call.  NULL when out of memory.
 */
uint64_t *priorities_get(struct priorities *priorities, uint32_t actor);

/* Let it be drawn again when it is next asked for. */
void priorities_forget(struct priorities *priorities, uint32_t actor);

/* The generator of one execution: any one can be run alone. */
void priorities_seed(struct prng *prng, uint64_t seed, uint64_t execution);

#endif
