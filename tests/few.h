/* A few tasks show what many do, in far less time. */
#ifndef TESTS_FEW_H
#define TESTS_FEW_H

#include "sim/explore/run.h"

/* Bring every number of a program down to this one, where its scenario allows that. */
static inline void few_at_most(struct run_request *request, int64_t most)
{
    const struct sim_param *params = request->scenario->params;

    for (int i = 0; i < SIM_PARAMS_MAX && params[i].name != NULL; i++)
        if (request->params[i] > most && params[i].min <= most)
            request->params[i] = most;
}

#endif
