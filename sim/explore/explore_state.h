/* The inside of a search. */
#ifndef SIM_EXPLORE_EXPLORE_STATE_H
#define SIM_EXPLORE_EXPLORE_STATE_H

#include "sim/explore/checkpoint.h"
#include "sim/explore/contained.h"
#include "sim/explore/explore.h"
#include "sim/explore/mapper.h"
#include "sim/explore/probe.h"
#include "sim/policy/fair.h"
#include "sim/policy/guided.h"
#include "sim/policy/shard.h"

/* Executions that showed one set of kinds, and are not yet in the report. */
struct seen {
    uint64_t kinds;
    uint64_t executions;
};

/* So many sets are kept, by the upper bits of a product. */
enum { SEEN_BITS = 3, SEEN_SETS = 1 << SEEN_BITS, SEEN_SHIFT = 64 - SEEN_BITS };

struct search {
    struct summary summary;
    struct contained contained; /* runs some again, where they go on from snapshots */
    const struct explore_request *request;
    struct explore_report *report;
    struct sim *sim;
    struct detectors *detectors;
    struct strategy *strategy;
    struct snapshots *snapshots;    /* sim's; NULL: it begins every execution at the beginning */
    int64_t params[SIM_PARAMS_MAX]; /* of the program, at a place that stays */
    struct probe *probe;            /* NULL: nobody has been stuck yet */
    /* Around the strategy's policy, from the inside; each only if it is needed. */
    struct policy_shard shard;
    struct policy_fair fair;
    struct policy_guided guided;
    struct policy **inner; /* where the strategy's is put, which may be another each time */
    struct policy *policy; /* the outermost */
    struct twice *twice;   /* NULL: it is not asked for */
    struct mapper mapper;
    struct checkpoint checkpoint;
    char *error; /* of error_size bytes; why it cannot go on: "" if that is not said yet */
    size_t error_size;
    bool shards;
    bool left;        /* there are executions to come */
    bool enough;      /* it has found what it is for */
    bool uncontained; /* one that went on from a snapshot was another from its beginning */
    /* Executions are first run with a summary alone, as long as that seldom leaves doubts: it is
     * set, but while one is run again. */
    bool summarizes;
    unsigned stage;            /* of the strategy, for which all this was set up */
    unsigned withheld;         /* in any execution: set of enum sim_withheld */
    struct trials_sink trials; /* where cancellations are tried */
    uint64_t kinds;            /* of findings in the last execution: bits 1 << kind */
    struct seen seen[SEEN_SETS];
    uint64_t summarized;
    uint64_t doubts;
};

/* The search has ended, because nothing is left (complete) or as many as asked for were run: what
 * was it worth?  Into its report. */
void search_judge(struct search *search, bool complete);

#endif
