/* Searches of programs in which somebody spins: which outcomes and which kinds of findings they
 * see. */
#ifndef TESTS_SPIN_SEARCHES_H
#define TESTS_SPIN_SEARCHES_H

#include "sim/explore/explore.h"
#include "tests/test.h"

enum { OUTCOMES = 64 };

static uint64_t outcomes; /* a bit for each that a search has seen */

/* Of the program that is searched. */
static inline void ends_as(int64_t outcome)
{
    assert_in_range(outcome, 0, OUTCOMES - 1);
    outcomes |= UINT64_C(1) << outcome;
}

struct result {
    struct explore_report report; /* its numbers alone: it has been freed */
    uint64_t outcomes;
    uint64_t kinds;
};

/* All of it, however often something is found; steps: at most, of an execution. */
static inline struct result search_all(const struct sim_scenario *scenario,
                                       struct explore_request request, enum sim_level level,
                                       uint32_t steps)
{
    struct result result = {0};
    char error[256];

    request.keep_going = true;
    run_request_init(&request.run, scenario);
    request.run.level = level;
    request.run.max_steps = steps;
    outcomes = 0;
    assert_true(explore(&request, &result.report, error, sizeof(error)));
    result.outcomes = outcomes;
    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if (result.report.kinds[kind].first != 0)
            result.kinds |= UINT64_C(1) << kind;
    explore_report_free(&result.report);
    return result;
}

/* The same of threads: preemptions are counted depth first alone. */
static inline struct result search_threads(const struct sim_scenario *scenario,
                                           struct explore_request request, uint32_t steps)
{
    if (request.policy == EXPLORE_DPOR)
        request.max_preemptions = -1;
    return search_all(scenario, request, scenario->level, steps);
}

#endif
