/* Explore: many executions of one scenario, until something is found or nothing is left. */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include "sim/explore/run.h"
#include "sim/explore/strategy.h"

/* What a search can say of itself while it runs. */
struct explore_progress {
    uint64_t executions;
    uint64_t found; /* of them, with a finding */
    double share;   /* of all schedules, explored so far, as estimated from how many options each
                       choice had (Knuth, Mathematics of Computation 29, 1975); negative: unknown */
};

struct explore_request {
    struct run_request run; /* scenario, parameters, level, seed, limits; its policy is not used */
    enum explore_policy policy;
    int max_preemptions;     /* dfs, pb: -1 for no bound; portfolio: -1 for 2 */
    int max_delays;          /* db: -1 for no bound */
    uint32_t depth;          /* pct: 1 to 64; 0: 3 */
    uint64_t max_executions; /* 0: until none is left, or 1,000 samples; all shards' for samples,
                                else each shard's */
    uint32_t shard_count;    /* the search is divided among so many; 0: as 1 */
    uint32_t shard_index;    /* which of them this is, from 0 */
    const struct schedule *prefix; /* with which every execution begins; borrowed; NULL: none */
    uint64_t accept;               /* kinds of findings that do not count: bits 1 << kind */
    bool keep_going;               /* look for every kind of finding, past the first error */
    const enum sim_finding_kind *until; /* stop at the first of this kind; NULL: see keep_going */
    /* Told after every execution, counted or not; returns false to stop.  NULL: nobody. */
    bool (*watch)(void *arg, const struct explore_progress *progress);
    void *watch_arg;
};

struct explore_kind {
    uint64_t executions;      /* in which it was seen */
    uint64_t first;           /* number of the first, from 1 (samples: over all shards); 0: never */
    const char *by;           /* portfolio: the policy that found it; else NULL */
    struct schedule schedule; /* of the first */
};

/* What the claim of a search that samples rests on. */
struct explore_sampled {
    uint64_t runs;    /* independent executions, those that measure apart */
    uint32_t actors;  /* PCT: n */
    uint32_t assumed; /* PCT: k */
    uint32_t longest; /* PCT: the most choices seen */
    bool numbers;     /* the program asked for numbers */
    bool held;        /* somebody span, and was held back: see sim/policy/fair.h */
};

struct explore_report {
    uint64_t executions; /* different ones, of this shard */
    uint64_t cut_short;  /* of them, ended by a limit on steps or memory */
    uint64_t found;      /* of them, with a finding */
    enum explore_verdict verdict;
    struct explore_kind kinds[SIM_FINDING_COUNT];
    int worst; /* enum sim_finding_kind of the first error, else of the first hazard; -1: clean */
    bool interrupted; /* by watch */
    struct explore_sampled sampled;
    /* Inconclusive: which limit ("" if only interrupted); bounded: which bound; sampled: how, or
     * "". */
    char why[200];
};

/* Search.  The report's schedules belong to the caller: explore_report_free.
 *
 * Returns: false with the reason in error: out of memory, a prefix that does not fit the program,
 * or shards of a policy that cannot be divided.  A shard may have no executions. */
bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size);
void explore_report_free(struct explore_report *report);

#endif
