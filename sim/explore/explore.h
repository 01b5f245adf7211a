/* Explore: many executions of one scenario, until something is found or nothing is left. */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include "sim/explore/run.h"
#include "sim/explore/strategy.h"

struct explore_request {
    struct run_request run; /* scenario, parameters, level, seed, limits; its policy is not used */
    enum explore_policy policy;
    int max_preemptions;                /* DFS: -1 for no bound */
    uint64_t max_executions;            /* 0: until none is left, or 1,000 samples */
    bool keep_going;                    /* look for every kind of finding, past the first error */
    const enum sim_finding_kind *until; /* stop at the first of this kind; NULL: see keep_going */
};

struct explore_kind {
    uint64_t executions;      /* in which it was seen */
    uint64_t first;           /* number of the first, from 1; 0: never */
    struct schedule schedule; /* of the first */
};

struct explore_report {
    uint64_t executions;
    uint64_t cut_short; /* of them, ended by a limit on steps or memory */
    enum explore_verdict verdict;
    struct explore_kind kinds[SIM_FINDING_COUNT];
    int worst; /* enum sim_finding_kind of the first error, else of the first hazard; -1: clean */
    char why[160]; /* inconclusive: which limit; bounded: which bound; sampled: how, or "" */
};

/* Search.  The report's schedules belong to the caller: explore_report_free.
 *
 * Returns: false with the reason in error: out of memory, or nothing was run. */
bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size);
void explore_report_free(struct explore_report *report);

#endif
