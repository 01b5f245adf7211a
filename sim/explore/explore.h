/* Explore: many executions of one scenario, until something is found or nothing is left. */
#ifndef SIM_EXPLORE_EXPLORE_H
#define SIM_EXPLORE_EXPLORE_H

#include "sim/explore/limits.h"
#include "sim/explore/run.h"
#include "sim/explore/strategy.h"
#include "sim/explore/trials.h"
#include "sim/explore/twice.h"
#include "sim/trace/map.h"

/* What a search can say of itself while it runs. */
struct explore_progress {
    uint64_t executions;
    uint64_t resumed; /* of them, run before the checkpoint that the search went on from */
    uint64_t found;   /* of them, with a finding */
    uint64_t depth;   /* choices of the last execution */
    const struct strategy *strategy;
};

/* The share of the search that is done, from 0 to 1, and into of what it is a share of; estimated
 * where that is not known.  Negative: it cannot be said. */
double explore_share(const struct explore_progress *progress, char *of, size_t size);

/* What somebody who watches wishes: that it stops, goes on, or writes a checkpoint and goes on. */
enum explore_wish { EXPLORE_STOP, EXPLORE_GO_ON, EXPLORE_SAVE };

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
    struct map *map;               /* every execution is put into; borrowed; NULL: none */
    uint64_t accept;               /* kinds of findings that do not count: bits 1 << kind */
    bool twice;                    /* run every execution twice, and compare */
    bool keep_going;               /* look for every kind of finding, past the first error */
    const enum sim_finding_kind *until; /* stop at the first of this kind; NULL: see keep_going */
    /* Told of every execution that counts, with its schedule, which is borrowed, and the kinds of
     * findings in it (bits).  NULL: nobody. */
    void (*each)(void *arg, const struct schedule *schedule, uint64_t kinds);
    void *each_arg;
    /* Told after every execution, counted or not.  NULL: nobody. */
    enum explore_wish (*watch)(void *arg, const struct explore_progress *progress);
    void *watch_arg;
    /* A file to go on from if it is there, and to write to: before the first execution, from time
     * to time, and at the end.  Borrowed; NULL: none. */
    const char *checkpoint;
    uint64_t checkpoint_every; /* executions from one writing to the next; 0: 100,000 */
    bool resume;               /* the checkpoint must be there */
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
    uint64_t reduced; /* auto: executions by dpor */
    uint32_t actors;  /* PCT: n */
    uint32_t assumed; /* PCT: k */
    uint32_t longest; /* PCT: the most choices seen */
    bool numbers;     /* the program asked for numbers */
    bool held;        /* somebody span, and was held back: see sim/policy/fair.h */
};

/* An execution that was not the same twice. */
struct explore_difference {
    uint64_t execution; /* its number; 0: there is none */
    struct twice_difference at;
    struct schedule schedule;
};

struct explore_report {
    uint64_t executions;    /* different ones, of this shard */
    uint64_t cut_by_steps;  /* of them, ended by the limit on steps */
    uint64_t cut_by_memory; /* of them, ended by that on memory */
    uint64_t found;         /* of them, with a finding */
    uint64_t resumed;       /* of them, run before the checkpoint that the search went on from */
    uint64_t given_up;  /* dpor: begun and given up half-way, because all that could follow has been
                           or will be run; not among the executions */
    uint32_t max_steps; /* the limits that held: those asked for, or the usual ones */
    uint64_t max_memory; /* in bytes */
    enum explore_verdict verdict;
    struct explore_kind kinds[SIM_FINDING_COUNT];
    int worst; /* enum sim_finding_kind of the first error, else of the first hazard; -1: clean */
    bool interrupted; /* by watch */
    struct explore_difference difference;
    struct explore_sampled sampled;
    struct trials trials; /* of cancellations; owned */
    /* Inconclusive: which limit ("" if only interrupted); bounded: which bound; sampled: how, or
     * "". */
    char why[200];
};

/* Search.  The report's schedules belong to the caller: explore_report_free.
 *
 * Returns: false with the reason in error: out of memory, a prefix that does not fit the program,
 * shards of a policy that cannot be divided, a checkpoint that is of another search or cannot be
 * written.  A shard may have no executions. */
bool explore(const struct explore_request *request, struct explore_report *report, char *error,
             size_t error_size);
void explore_report_free(struct explore_report *report);

#endif
