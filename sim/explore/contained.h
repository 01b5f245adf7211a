/* Contained: does a program keep the promise that a search may go on from snapshots of it?
 *
 * Now and then an execution that went on from one is run again from its beginning, under the same
 * schedule.  A program that keeps something outside of the simulation will as a rule do something
 * else there.  No difference is no proof. */
#ifndef SIM_EXPLORE_CONTAINED_H
#define SIM_EXPLORE_CONTAINED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/core/sim.h"
#include "sim/policy/replay.h"
#include "sim/trace/schedule.h"
#include "sim/trace/summary.h"

/* {0} is one that has run nothing. */
struct contained {
    struct summary summary;
    struct policy_replay replay;
    struct schedule schedule; /* owned */
    uint64_t due;             /* the next execution that is run again; 0: it is not known yet */
};

void contained_free(struct contained *contained);

/* The first that is, of those that follow this one. */
uint64_t contained_next(uint64_t execution);

/* Is this execution, by its number from 1, one of those that are run again?  They are few: the 8th,
 * the 64th and the 512th, and every 4096th.  Numbers grow. */
static inline bool contained_is_due(struct contained *contained, uint64_t execution)
{
    if (execution < contained->due)
        return false;
    bool due = execution == contained->due;

    contained->due = contained_next(execution);
    return due;
}

/* The simulation has just run this program, and kept a summary of it: run it again, and compare.
 * The policy is the simulation's, and is not asked; snapshots are dropped.
 *
 * Returns: false when out of memory. */
bool contained_repeats(struct contained *contained, struct sim *sim, struct policy *policy,
                       struct summary *first, sim_body_fn main, void *arg, bool *same);

#endif
