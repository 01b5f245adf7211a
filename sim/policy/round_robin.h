/* Round-robin: every thread gives way at every visible operation; tasks keep their order. */
#ifndef SIM_POLICY_ROUND_ROBIN_H
#define SIM_POLICY_ROUND_ROBIN_H

#include "sim/core/policy.h"

/* The policy has no state: one object serves any number of runs. */
void policy_round_robin_init(struct policy *policy);

#endif
