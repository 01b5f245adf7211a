#include "sim/policy/random.h"

#include <stddef.h>

#include "sim/core/snapshot.h"

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    (void)preempting;
    return prng_below(&((struct policy_random *)policy)->prng, count);
}

/* All runs are the same up to their first choice: later ones go on from there. */
static uint32_t draw_first(struct policy *policy, uint32_t count, bool preempting)
{
    if (policy->snapshots != NULL && snapshots_want(policy->snapshots, 0, 0))
        return SIM_SAVE;
    policy->draw = draw;
    return draw(policy, count, preempting);
}

static void begin(struct policy *policy)
{
    struct policy_random *random = (struct policy_random *)policy;
    uint64_t mixed = random->seed;

    mixed = prng_splitmix(&mixed) ^ random->execution++;
    prng_seed(&random->prng, mixed);
    policy->draw = draw_first;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    policy->draw = draw;
    return draw(policy, choice->count, choice->preempting);
}

void policy_random_init(struct policy_random *random, uint64_t seed, uint64_t execution)
{
    *random = (struct policy_random){
        .policy = {.begin = begin, .choose = choose, .draw = draw_first, .blind = true},
        .seed = seed,
        .execution = execution};
}
