/* Deadlines: when virtual time moves, and whom that wakes.
 *
 * Late: only when nothing can run.  Explored: the earliest pending deadline is one more thing that
 * could happen next wherever threads are chosen (the clock stands last among the options), and at
 * each turn of a loop, where asyncio looks at its timers.  At the level "timing" (and at "any" with
 * time explored) a loop's turn may begin with any of its deadlines, for what they stand for may
 * take shorter or longer.  Time never runs backwards: it jumps to the deadline that passes, unless
 * that has been held back until later. */
#ifndef SIM_CORE_DEADLINE_H
#define SIM_CORE_DEADLINE_H

#include "sim/core/loop_state.h"

/* Nothing can run: move the clock to the next deadline, and wake whom it concerns.  Returns false
 * if there is none. */
bool deadline_pass(struct sim *sim);

/* Could the clock go now, before its turn, in place of a thread? */
bool deadline_may_pass(struct sim *sim);

/* Let it go. */
void deadline_pass_early(struct sim *sim);

/* Somebody begins to wait for a deadline, for the policy: without any other, the clock could not
 * go.  thread: if it stands still until then; 0: a deadline is set for later. */
void deadline_look_started(struct sim *sim, uint32_t thread);

/* The same of a timer that a loop is about to start. */
void deadline_look_new(struct sim_loop *loop, int64_t when_ns);

/* What the clock is about to do, for the policy; the object is that for which the one thread waits
 * that will wake, if it is one. */
struct sim_option deadline_option(const struct sim *sim);

/* A turn of a loop begins, where time is a choice: choose what comes first.  Returns true if that
 * stands in the ready queue, and false if all that is due must still be put there. */
bool deadline_turn(struct sim_loop *loop);

/* Where a loop's calls go in any order, and time is explored: may one of the deadlines come that
 * are not due, or held back?  forced: the loop has nothing else to do.  And choose which, and let
 * it come: what stands for it is then due. */
bool deadline_may_come(struct sim_loop *loop, bool forced);
void deadline_come(struct sim_loop *loop, bool forced);

/* True if a loop's turn chooses among all deadlines, so that nobody else takes due ones. */
static inline bool deadline_any_order(const struct sim *sim)
{
    return sim->level == SIM_LEVEL_TIMING ||
           (sim->level == SIM_LEVEL_ANY && sim->time == SIM_TIME_EXPLORED);
}

/* True if a loop with nothing to do need not give way before it chooses among its deadlines. */
bool deadline_is_next_for(const struct sim_loop *loop);

#endif
