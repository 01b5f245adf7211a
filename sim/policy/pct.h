/* PCT: probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A
 * Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010).
 *
 * Every actor has a random priority, and the highest that can run does.  At depth - 1 choices of a
 * run, drawn evenly and each for itself from the first k, whoever is the highest falls below all
 * others: at the point with label i to priority i.  A bug that needs depth ordering constraints
 * between n actors shows in one execution with a probability of at least 1 / (n * k^(depth - 1)).
 *
 * Differences: k counts choices rather than steps: a step that nobody could have taken instead
 * needs no change point, since lowering whoever took it can wait until it would win again.  Points
 * may fall together; then as many actors fall in turn.  k and n are measured, not given: by the
 * first executions, of which one is FIFO and the others are random, so that an execution depends on
 * its number and seed alone.  Numbers that the program asks for are even, and the bound is for
 * given ones. */
#ifndef SIM_POLICY_PCT_H
#define SIM_POLICY_PCT_H

#include <stdio.h>

#include "sim/core/policy.h"
#include "sim/policy/priorities.h"

struct reader;

enum {
    PCT_PROFILE = 8,    /* executions that measure */
    PCT_DEPTH_MOST = 64 /* more change points than that */
};

struct policy_pct {
    struct policy policy; /* first */
    struct priorities priorities;
    uint64_t seed;
    uint64_t execution; /* of the next run */
    uint64_t number;    /* of this run */
    uint32_t depth;     /* at least 1, at most PCT_DEPTH_MOST */
    uint32_t length;    /* choices in this run so far */
    uint32_t assumed;   /* k: the most choices while measuring; at least 1 */
    uint32_t longest;   /* the most choices of any run */
    uint32_t actors;    /* n: the most actors of any run that had a choice; at least 1 */
    bool numbers;       /* the program asked for some */
    uint32_t points[PCT_DEPTH_MOST]; /* choice at which; by label */
};

/* Execution n (from 0) of a seed; the first PCT_PROFILE executions are needed for the others. */
void policy_pct_init(struct policy_pct *pct, uint64_t seed, uint32_t depth);
void policy_pct_free(struct policy_pct *pct);

/* Between runs: write what was measured, as a line; and read it.  load returns false after a
 * message. */
void policy_pct_save(const struct policy_pct *pct, FILE *out);
bool policy_pct_load(struct policy_pct *pct, struct reader *in);

/* The bound for one execution. */
double policy_pct_bound(uint32_t actors, uint32_t length, uint32_t depth);

/* The probability that at least one of so many independent executions finds what each finds with
 * this probability: 1 - (1 - bound)^executions. */
double policy_pct_at_least_once(double bound, uint64_t executions);

#endif
