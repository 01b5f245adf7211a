/* Announced: leaves every choice to another policy, and keeps what was on offer: who could go on,
 * and the operation that each stood before. */
#ifndef SIM_POLICY_ANNOUNCED_H
#define SIM_POLICY_ANNOUNCED_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"

struct policy_announced {
    struct policy policy;       /* first; every may be set without the inner one's being so */
    struct policy *inner;       /* borrowed; NULL takes the first option */
    struct sim_option *options; /* owned; of all choices of the run, one behind the other */
    size_t option_count;
    size_t option_capacity;
    size_t *ends; /* owned; of each choice, where its options end */
    size_t count; /* of choices */
    size_t capacity;
    bool out_of_memory;
};

void policy_announced_init(struct policy_announced *announced, struct policy *inner);
void policy_announced_free(struct policy_announced *announced);

/* The options of a choice of the last run, counted from 0, and how many there are. */
const struct sim_option *policy_announced_at(const struct policy_announced *announced,
                                             size_t choice, size_t *count);

#endif
