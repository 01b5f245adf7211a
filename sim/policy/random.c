#include "sim/policy/random.h"

static void begin(struct policy *policy)
{
    struct policy_random *random = (struct policy_random *)policy;
    uint64_t mixed = random->seed;

    mixed = prng_splitmix(&mixed) ^ random->execution++;
    prng_seed(&random->prng, mixed);
}

static uint32_t draw(struct policy *policy, uint32_t count, bool preempting)
{
    (void)preempting;
    return prng_below(&((struct policy_random *)policy)->prng, count);
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    return draw(policy, choice->count, choice->preempting);
}

void policy_random_init(struct policy_random *random, uint64_t seed, uint64_t execution)
{
    *random = (struct policy_random){
        .policy = {.begin = begin, .choose = choose, .draw = draw, .blind = true},
        .seed = seed,
        .execution = execution};
}
