#include "sim/policy/guided.h"

#include <stddef.h>

static void begin(struct policy *policy)
{
    struct policy_guided *guided = (struct policy_guided *)policy;

    guided->diverged = false;
    if (guided->then != NULL && guided->then->begin != NULL)
        guided->then->begin(guided->then);
    policy->every = guided->then != NULL && guided->then->every;
    policy->blind = guided->then == NULL || guided->then->blind;
    policy->learns = guided->then == NULL ? NULL : guided->then->learns;
    policy->patience = 0; /* it is asked every time */
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_guided *guided = (struct policy_guided *)policy;

    if (choice->index >= guided->schedule->count)
        return guided->then == NULL ? 0 : guided->then->choose(guided->then, choice);
    if (choice->count == 1)
        return 0; /* no choice: it is asked every time for the other policy, whose turn comes later
                   */
    uint32_t recorded = guided->schedule->choices[choice->index];

    if (recorded < choice->count)
        return recorded;
    guided->diverged = true;
    guided->index = choice->index;
    guided->offered = choice->count;
    guided->recorded = recorded;
    return SIM_DIVERGE;
}

void policy_guided_init(struct policy_guided *guided, const struct schedule *schedule,
                        struct policy *then)
{
    *guided = (struct policy_guided){
        .policy = {.begin = begin, .choose = choose}, .schedule = schedule, .then = then};
}
