#include "sim/policy/shard.h"

#include <stddef.h>

#include "sim/base/assert.h"
#include "sim/base/prng.h"

static void begin(struct policy *policy)
{
    struct policy_shard *shard = (struct policy_shard *)policy;

    shard->depth = 0;
    shard->hash = 0;
    if (shard->inner->begin != NULL)
        shard->inner->begin(shard->inner);
    policy->blind = shard->inner->blind;
}

bool policy_shard_owns(const struct policy_shard *shard)
{
    uint64_t state = shard->hash;

    return prng_splitmix(&state) % shard->count == shard->index;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_shard *shard = (struct policy_shard *)policy;

    if (shard->depth == SHARD_DEPTH)
        return policy_shard_owns(shard) ? shard->inner->choose(shard->inner, choice) : SIM_DIVERGE;
    uint32_t taken = shard->inner->choose(shard->inner, choice);
    uint64_t state = shard->hash + taken;

    shard->depth++;
    shard->hash = prng_splitmix(&state);
    return taken;
}

void policy_shard_init(struct policy_shard *shard, struct policy *inner, uint32_t index,
                       uint32_t count)
{
    SIM_ASSERT(index < count);
    *shard = (struct policy_shard){.policy = {.begin = begin, .choose = choose},
                                   .inner = inner,
                                   .index = index,
                                   .count = count};
}
