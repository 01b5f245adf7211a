/* Depth-first search over all choices, with an optional bound on preemptions (iterative context
 * bounding: Musuvathi and Qadeer, PLDI 2007; here one bound at a time).
 *
 * The choices of the last run are kept as an odometer; the next run counts up at the deepest place
 * that can. */
#ifndef SIM_POLICY_DFS_H
#define SIM_POLICY_DFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/policy.h"

struct dfs_frame;
struct reader;

struct policy_dfs {
    struct policy policy;     /* first */
    struct dfs_frame *frames; /* owned */
    size_t count;
    size_t capacity;
    size_t depth;        /* of the choice that comes next in this run */
    int preemptions;     /* in this run so far */
    int max_preemptions; /* -1: no bound */
    bool pruned;         /* the bound has cut something off */
    bool out_of_memory;
    bool nondeterministic; /* a prefix that was replayed offered other options */
};

void policy_dfs_init(struct policy_dfs *dfs, int max_preemptions);
void policy_dfs_free(struct policy_dfs *dfs);

/* After a run: step to the next schedule.  Returns false when all have been run. */
bool policy_dfs_next(struct policy_dfs *dfs);

/* After policy_dfs_next: the share of all schedules that are done, if each option of a choice leads
 * to as many as the others (Knuth: Estimating the Efficiency of Backtrack Programs, Mathematics of
 * Computation 29, 1975).  From 0 to 1. */
double policy_dfs_share(const struct policy_dfs *dfs);

/* After policy_dfs_next: write where in the tree the search is, as lines; and go on from there.
 * load returns false after a message, and when out of memory. */
void policy_dfs_save(const struct policy_dfs *dfs, FILE *out);
bool policy_dfs_load(struct policy_dfs *dfs, struct reader *in);

#endif
