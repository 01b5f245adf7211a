#include "sim/policy/replay.h"

static void begin(struct policy *policy)
{
    ((struct policy_replay *)policy)->diverged = false;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_replay *replay = (struct policy_replay *)policy;
    bool too_short = choice->index >= replay->schedule->count;
    uint32_t recorded = too_short ? 0 : replay->schedule->choices[choice->index];

    if (!too_short && recorded < choice->count)
        return recorded;
    replay->diverged = true;
    replay->index = choice->index;
    replay->offered = choice->count;
    replay->recorded = recorded;
    replay->too_short = too_short;
    return SIM_DIVERGE;
}

void policy_replay_init(struct policy_replay *replay, const struct schedule *schedule)
{
    *replay = (struct policy_replay){.policy = {.begin = begin, .choose = choose, .blind = true},
                                     .schedule = schedule};
}
