/* Strategy: of which executions a search consists: a policy that is told when an execution has
 * ended, knows when nothing is left to do, and what may then be claimed. */
#ifndef SIM_EXPLORE_STRATEGY_H
#define SIM_EXPLORE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/policy.h"
#include "sim/explore/verdict.h"
#include "sim/trace/event.h"
#include "sim/trace/sink.h"

struct explore_request;
struct explore_sampled;
struct reader;

/* One row a strategy: constant, name on the command line, what makes it. */
#define EXPLORE_POLICIES(X)                                                                        \
    X(EXPLORE_DFS, "dfs", strategy_dfs)          /* every schedule, depth first */                 \
    X(EXPLORE_DPOR, "dpor", strategy_dpor)       /* all that differ in dependent steps */          \
    X(EXPLORE_RANDOM, "random", strategy_random) /* every option equally likely */                 \
    X(EXPLORE_PCT, "pct", strategy_pct)          /* random priorities that change now and then */  \
    X(EXPLORE_POS, "pos", strategy_pos)          /* random priorities of racing events */          \
    X(EXPLORE_SURW, "surw", strategy_surw) /* every order of what is shared equally likely */      \
    X(EXPLORE_PB, "pb", strategy_pb)       /* every schedule, few preemptions first */             \
    X(EXPLORE_DB, "db", strategy_db)       /* every schedule, few delays first */                  \
    X(EXPLORE_FIFO, "fifo", strategy_fifo) /* one execution: always the first option */            \
    X(EXPLORE_GUIDED, "guided", strategy_guided)                /* one: the prefix, then FIFO */   \
    X(EXPLORE_ROUND_ROBIN, "round-robin", strategy_round_robin) /* one: threads take turns */      \
    X(EXPLORE_PORTFOLIO, "portfolio", strategy_portfolio)       /* several in turn */              \
    X(EXPLORE_AUTO, "auto", strategy_auto) /* dfs if that is little, else dpor, else random */

enum explore_policy {
#define EXPLORE_POLICY_ENUM(id, name, make) id,
    EXPLORE_POLICIES(EXPLORE_POLICY_ENUM)
#undef EXPLORE_POLICY_ENUM
        EXPLORE_POLICY_COUNT
};

/* Its name; and the other way round: EXPLORE_POLICY_COUNT for a name that is none. */
const char *explore_policy_name(enum explore_policy policy);
enum explore_policy explore_policy_named(const char *name);

struct strategy;

struct strategy_ops {
    /* An execution has ended in this way: prepare the next.  Returns false when none is left. */
    bool (*next)(struct strategy *strategy, enum sim_outcome outcome);
    /* Nothing is left, or as many as asked for were run (complete: false): what is that worth?
     * why says bounded by what, how sampled, or why inconclusive; it may stay empty. */
    enum explore_verdict (*judge)(const struct strategy *strategy, bool complete, char *why,
                                  size_t size);
    void (*free)(struct strategy *strategy);
    /* Prepare the execution that has just ended, or was given up, once more; before next.  May be
     * NULL: its policy does that when a run begins. */
    void (*again)(struct strategy *strategy);
    /* Does the execution that has just ended count?  Not if it was run before, or only to prepare
     * others, or is another shard's.  May be NULL: it does. */
    bool (*counts)(const struct strategy *strategy);
    /* Was it given up half-way, by its policy?  May be NULL: no. */
    bool (*gave_up)(const struct strategy *strategy);
    /* How many executions were given up half-way.  May be NULL: none. */
    uint64_t (*given_up)(const struct strategy *strategy);
    /* What sampling rests on, for merging shards.  May be NULL: on nothing. */
    void (*sampled)(const struct strategy *strategy, struct explore_sampled *sampled);
    /* After next: the share that is done, from 0 to 1, and into of what it is a share of: "all
     * schedules".  Negative: nobody knows.  May be NULL: the same. */
    double (*share)(const struct strategy *strategy, char *of, size_t size);
    /* After next, or before the first execution: write how far the search is, as lines; and read
     * that into a new strategy of the same request, which then goes on from there, but for idle,
     * which a strategy of numbered executions sets itself.  save returns false, and load after a
     * message, when out of memory.  Both may be NULL: it cannot. */
    bool (*save)(struct strategy *strategy, FILE *out);
    bool (*load)(struct strategy *strategy, struct reader *in);
};

struct strategy {
    const struct strategy_ops *ops;
    struct policy *policy; /* may be another one after next */
    struct sink *sink;     /* of its own bookkeeping; NULL: it needs no events */
    const char *by;        /* the name of the policy at work, if there are several; NULL: one */
    uint64_t number;       /* of the execution at hand, from 1, over all shards; 0: it has none */
    uint32_t max_steps;    /* of an execution, when the request does not say; 0: the default */
    uint64_t choices;      /* that the last execution took; only of dfs and dpor */
    bool passes_long;      /* what reaches that limit is no execution of the search */
    unsigned stage; /* after next: the policy's sink and all that is said of it here is another's if
                       this is another */
    bool samples;   /* executions that a limit cut short do not spoil the claim */
    bool splits;    /* shards take prefixes of schedules each; samples see to shards itself */
    bool divides;   /* it has been told which shard it is, and sees to that itself */
    bool repeats;   /* the same execution can be had again */
    bool fair;      /* it needs nobody to hold back who spins */
    bool held;      /* and it has held back somebody */
    bool reduces;   /* it runs one of all that differ in the order of independent steps */
    bool idle;      /* not even the first execution is this shard's */
    bool out_of_memory;    /* the search cannot go on */
    bool nondeterministic; /* the program did not repeat itself under the same choices */
};

/* As the request says.  NULL when out of memory.  Owner: the caller, who calls ops->free. */
struct strategy *strategy_new(const struct explore_request *request);

/* What makes them. */
#define EXPLORE_POLICY_MAKER(id, name, make)                                                       \
    struct strategy *make(const struct explore_request *request);
EXPLORE_POLICIES(EXPLORE_POLICY_MAKER)
#undef EXPLORE_POLICY_MAKER

/* What a strategy that samples may say of it: "" if nothing. */
void strategy_describe(enum explore_policy policy, uint32_t depth,
                       const struct explore_sampled *sampled, char *out, size_t size);

enum {
    STRATEGY_SAMPLES = 1000, /* when no number of executions is asked for */
    STRATEGY_DEPTH = 3,      /* of PCT, when none is */
};

#endif
