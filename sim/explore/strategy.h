/* Strategy: of which executions a search consists: a policy that is told when an execution has
 * ended, knows when nothing is left to do, and what may then be claimed. */
#ifndef SIM_EXPLORE_STRATEGY_H
#define SIM_EXPLORE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"
#include "sim/trace/event.h"
#include "sim/trace/sink.h"

struct explore_request;

/* One row a strategy: constant, name on the command line. */
#define EXPLORE_POLICIES(X)                                                                        \
    X(EXPLORE_DFS, "dfs")       /* every schedule, depth first */                                  \
    X(EXPLORE_RANDOM, "random") /* every option equally likely */                                  \
    X(EXPLORE_DPOR, "dpor")     /* one schedule of all that differ in independent steps only */

enum explore_policy {
#define EXPLORE_POLICY_ENUM(id, name) id,
    EXPLORE_POLICIES(EXPLORE_POLICY_ENUM)
#undef EXPLORE_POLICY_ENUM
        EXPLORE_POLICY_COUNT
};

/* Its name; and the other way round: EXPLORE_POLICY_COUNT for a name that is none. */
const char *explore_policy_name(enum explore_policy policy);
enum explore_policy explore_policy_named(const char *name);

/* What a search may claim. */
enum explore_verdict {
    EXPLORE_EXHAUSTED,    /* every schedule was run, up to the order of independent steps */
    EXPLORE_BOUNDED,      /* every schedule within a bound */
    EXPLORE_SAMPLED,      /* so many of them */
    EXPLORE_STOPPED,      /* at the first error */
    EXPLORE_INCONCLUSIVE, /* a limit came first, or the program is not deterministic */
};

struct strategy;

struct strategy_ops {
    /* An execution has ended in this way: prepare the next.  Returns false when none is left. */
    bool (*next)(struct strategy *strategy, enum sim_outcome outcome);
    /* Nothing is left, or as many as asked for were run (complete: false): what is that worth?
     * why says bounded by what, how sampled, or why inconclusive; it may stay empty. */
    enum explore_verdict (*judge)(const struct strategy *strategy, bool complete, char *why,
                                  size_t size);
    void (*free)(struct strategy *strategy);
};

struct strategy {
    const struct strategy_ops *ops;
    struct policy *policy;
    struct sink *sink;     /* of its own bookkeeping; NULL: it needs no events */
    uint64_t default_runs; /* when no number of executions is asked for; 0: until none is left */
    bool samples;          /* executions that a limit cut short do not spoil the claim */
    bool out_of_memory;    /* the search cannot go on */
    bool nondeterministic; /* the program did not repeat itself under the same choices */
};

/* As the request says.  NULL when out of memory.  Owner: the caller, who calls ops->free. */
struct strategy *strategy_new(const struct explore_request *request);

#endif
