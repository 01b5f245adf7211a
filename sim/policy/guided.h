/* Guided: the choices of a schedule first, and then another policy's. */
#ifndef SIM_POLICY_GUIDED_H
#define SIM_POLICY_GUIDED_H

#include <stdbool.h>

#include "sim/core/policy.h"
#include "sim/trace/schedule.h"

struct policy_guided {
    struct policy policy; /* first */
    const struct schedule *schedule;
    struct policy *then; /* NULL takes the first option */
    bool diverged;       /* the schedule did not fit the run, which was ended */
    uint32_t index;      /* of the choice at which it did not */
    uint32_t offered;    /* options that the run had there */
    uint32_t recorded;   /* choice in the schedule */
};

/* schedule and then are borrowed. */
void policy_guided_init(struct policy_guided *guided, const struct schedule *schedule,
                        struct policy *then);

#endif
