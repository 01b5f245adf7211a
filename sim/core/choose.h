/* The one place where anything is decided that could be decided otherwise. */
#ifndef SIM_CORE_CHOOSE_H
#define SIM_CORE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"

struct sim;

/* Ask the policy which of count options comes next, and record the answer.  With fewer than two
 * nothing is asked, and the answer is 0.  options may be NULL unless sim->lists_options. */
uint32_t sim_choose(struct sim *sim, enum sim_choice_kind kind, bool preempting,
                    const struct sim_option *options, uint32_t count);

/* Room for count options, valid until the next call. */
struct sim_option *sim_options(struct sim *sim, size_t count);

#endif
