/* The strategy of optimal DPOR: one execution for each Mazurkiewicz trace. */
#ifndef SIM_EXPLORE_STRATEGY_DPOR_H
#define SIM_EXPLORE_STRATEGY_DPOR_H

#include "sim/explore/strategy.h"

struct strategy *strategy_dpor_new(const struct explore_request *request);

#endif
