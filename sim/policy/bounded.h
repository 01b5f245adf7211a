/* Bounded: depth first through all schedules that cost 0, then all that cost 1, 2, 3 ...
 *
 * BOUNDED_PREEMPTIONS, iterative context bounding (Musuvathi and Qadeer: Iterative Context Bounding
 * for Systematic Testing of Multithreaded Programs, PLDI 2007): to take the CPU from a thread that
 * could go on costs 1.  Most bugs need two.
 * BOUNDED_DELAYS, delay bounding (Emmi, Qadeer, Rakamaric: Delay-Bounded Scheduling, POPL 2011): to
 * pass over a thread or task, in the order in which they are offered, costs 1; so option i costs i.
 * With few delays there are far fewer schedules, however many threads there are.
 * What the program asks a number for costs nothing.
 *
 * Difference: the papers keep the prefixes that cost too much for the next round.  Here a round
 * begins anew, and the cheaper executions happen again; policy_bounded_repeats tells them from the
 * new ones.  That needs no memory, and little time, since each round is many times the last. */
#ifndef SIM_POLICY_BOUNDED_H
#define SIM_POLICY_BOUNDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/core/policy.h"

enum bounded_cost { BOUNDED_PREEMPTIONS, BOUNDED_DELAYS };

struct bounded_frame;
struct reader;

struct policy_bounded {
    struct policy policy;         /* first */
    struct bounded_frame *frames; /* owned; the choices of the last run, as an odometer */
    size_t count;
    size_t capacity;
    size_t depth; /* of the choice that comes next in this run */
    enum bounded_cost cost;
    uint32_t spent; /* in this run so far */
    uint32_t bound; /* of this round */
    int64_t last;   /* bound of the last round; -1: until nothing is cut off */
    bool pruned;    /* in this round the bound has cut something off */
    bool out_of_memory;
    bool nondeterministic; /* a prefix that was taken again offered other options */
};

void policy_bounded_init(struct policy_bounded *bounded, enum bounded_cost cost, int64_t last);
void policy_bounded_free(struct policy_bounded *bounded);

/* After a run: has an earlier round seen the same one? */
bool policy_bounded_repeats(const struct policy_bounded *bounded);

/* After a run: step to the next schedule.  Returns false when all have been run. */
bool policy_bounded_next(struct policy_bounded *bounded);

/* After policy_bounded_next: the share of this round that is done; see policy_dfs_share. */
double policy_bounded_share(const struct policy_bounded *bounded);

/* After policy_bounded_next: write the round and where in its tree the search is, as lines; and go
 * on from there.  load returns false after a message, and when out of memory. */
void policy_bounded_save(const struct policy_bounded *bounded, FILE *out);
bool policy_bounded_load(struct policy_bounded *bounded, struct reader *in);

#endif
