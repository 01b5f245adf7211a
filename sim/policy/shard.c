#include "sim/policy/shard.h"

#include <stddef.h>

#include "sim/base/assert.h"
#include "sim/base/prng.h"
#include "sim/core/snapshot.h"

bool policy_shard_owns(const struct policy_shard *shard)
{
    uint64_t state = shard->hash;

    return prng_splitmix(&state) % shard->count == shard->index;
}

/* The prefix is so long, and this was taken.  A run may go on from where the inner policy was
 * asked, so what was before is not read again. */
static uint32_t lengthen(struct policy_shard *shard, uint32_t depth, uint64_t hash, uint32_t taken)
{
    uint64_t state = hash + taken;

    shard->depth = depth == SHARD_DEPTH ? depth : depth + 1;
    shard->hash = depth == SHARD_DEPTH ? hash : prng_splitmix(&state);
    return taken;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_shard *shard = (struct policy_shard *)policy;
    uint32_t depth = shard->depth;
    uint64_t hash = shard->hash;

    if (depth == SHARD_DEPTH && !policy_shard_owns(shard))
        return SIM_DIVERGE;
    return lengthen(shard, depth, hash, shard->inner->choose(shard->inner, choice));
}

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    struct policy_shard *shard = (struct policy_shard *)policy;
    uint32_t depth = shard->depth;
    uint64_t hash = shard->hash;

    if (depth == SHARD_DEPTH && !policy_shard_owns(shard))
        return SIM_DIVERGE;
    uint32_t taken = shard->inner->draw(shard->inner, count, preempting);

    if (taken == SIM_SAVE) {
        snapshots_stop(shard->inner->snapshots);
        taken = shard->inner->draw(shard->inner, count, preempting);
    }
    return lengthen(shard, depth, hash, taken);
}

static void begin(struct policy *policy)
{
    struct policy_shard *shard = (struct policy_shard *)policy;

    shard->depth = 0;
    shard->hash = 0;
    if (shard->inner->begin != NULL)
        shard->inner->begin(shard->inner);
    policy->blind = shard->inner->blind;
    policy->draw = shard->inner->draw == NULL ? NULL : draw;
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
