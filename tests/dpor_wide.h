/* What optimal DPOR is measured by: the same search without any plan, where everybody who can go on
 * is tried at each step, and sleep sets alone keep each trace from being run twice.  It finds every
 * trace, whatever the races are (Godefroid, LNCS 1032, 1996), and gives up many executions. */
#ifndef TESTS_DPOR_WIDE_H
#define TESTS_DPOR_WIDE_H

#include "sim/policy/dpor_state.h"

struct dpor_wide {
    struct policy policy; /* first */
    struct dpor *dpor;
};

static inline void dpor_wide_begin(struct policy *policy)
{
    struct policy *inner = dpor_policy(((struct dpor_wide *)policy)->dpor);

    inner->begin(inner);
}

static inline uint32_t dpor_wide_choose(struct policy *policy, const struct sim_choice *choice)
{
    struct dpor *dpor = ((struct dpor_wide *)policy)->dpor;
    struct policy *inner = dpor_policy(dpor);
    uint32_t answer = inner->choose(inner, choice);
    struct dpor_frame *last = dpor->count == 0 ? NULL : &dpor->frames[dpor->count - 1];

    if (last != NULL && dpor_is_step(last))
        dpor_make_wide(dpor, last);
    return answer;
}

static inline void dpor_wide_init(struct dpor_wide *wide, struct dpor *dpor)
{
    *wide = (struct dpor_wide){.policy = {.every = dpor_policy(dpor)->every,
                                          .begin = dpor_wide_begin,
                                          .choose = dpor_wide_choose},
                               .dpor = dpor};
}

#endif
