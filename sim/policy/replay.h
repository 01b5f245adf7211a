/* Replay: takes the choices of a schedule again, and says where the run offers others. */
#ifndef SIM_POLICY_REPLAY_H
#define SIM_POLICY_REPLAY_H

#include <stdbool.h>

#include "sim/core/policy.h"
#include "sim/trace/schedule.h"

struct policy_replay {
    struct policy policy; /* first */
    const struct schedule *schedule;
    bool diverged;
    uint32_t index;    /* of the choice at which it did */
    uint32_t offered;  /* options that the run had there */
    uint32_t recorded; /* choice in the schedule; unless the schedule had ended */
    bool too_short;    /* the schedule had no choice there */
};

/* schedule is borrowed. */
void policy_replay_init(struct policy_replay *replay, const struct schedule *schedule);

#endif
