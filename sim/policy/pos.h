/* POS: partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV
 * 2018).
 *
 * Every event that could happen next has a random priority, and the highest happens.  Then those
 * that race with it (on the same object, and not both reads) get new ones, so that each order of
 * racing events is about as likely as the other, however many events that race with nothing stand
 * between.
 *
 * Differences: priorities are kept by actor, since each has one event at a time; an event that
 * happens while nobody else can run is not asked for, and lets others keep their priorities. */
#ifndef SIM_POLICY_POS_H
#define SIM_POLICY_POS_H

#include "sim/core/policy.h"
#include "sim/policy/priorities.h"

struct policy_pos {
    struct policy policy; /* first */
    struct priorities priorities;
    uint64_t seed;
    uint64_t execution; /* of the next run */
};

/* Execution n (from 0) of a seed depends on no other. */
void policy_pos_init(struct policy_pos *pos, uint64_t seed);
void policy_pos_free(struct policy_pos *pos);

/* Does the order of these two announced operations matter? */
bool policy_pos_race(const struct sim_option *a, const struct sim_option *b);

#endif
