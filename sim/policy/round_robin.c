#include "sim/policy/round_robin.h"

#include <stddef.h>

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    (void)policy;
    return choice->kind == SIM_CHOICE_THREAD && choice->preempting ? 1 : 0;
}

void policy_round_robin_init(struct policy *policy)
{
    *policy = (struct policy){.choose = choose, .blind = true};
}
