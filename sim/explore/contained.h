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
    struct policy_replay replay;
    struct schedule schedule; /* owned */
    struct summary summary;
};

void contained_free(struct contained *contained);

/* Is this execution, by its number from 1, one of those that are run again?  They are few: the 8th,
 * the 64th and the 512th, and every 4096th. */
bool contained_is_due(uint64_t execution);

/* The simulation has just run this program, and kept a summary of it: run it again.  The policy is
 * the simulation's, and is not asked; snapshots are dropped.
 *
 * Returns: whether it was the same, or memory ran out. */
bool contained_repeats(struct contained *contained, struct sim *sim, struct policy *policy,
                       struct summary *first, sim_body_fn main, void *arg);

#endif
