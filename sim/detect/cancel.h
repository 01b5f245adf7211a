/* Cancel: requests to stop that came to nothing, and deadlines that race with what they limit.
 *
 * Swallowed cancellation: an actor asked a task to stop (Task.cancel), and the task ended with a
 * result all the same.  It caught CancelledError and did not raise it again, which asyncio's
 * documentation advises against: time-outs and task groups rely on it.  Not claimed if anybody is
 * seen to await the task: he gets the result, and may want it so; but always of a cancellation that
 * is tried from outside, unless the task has taken it back (Task.uncancel).
 *
 * Time-out race: what a task waits for, or what a task waits for that it awaits, came at the very
 * moment of the deadline that limits the wait, in the same turn of the loop: whether there is a
 * result or a time-out depends on which of the two the loop happens to serve first. */
#ifndef SIM_DETECT_CANCEL_H
#define SIM_DETECT_CANCEL_H

#include <stdbool.h>

#include "sim/detect/track.h"

struct cancels {
    struct moment asked; /* the first task that swallowed one */
    struct moment ended;
    uint32_t swallowed; /* how many */
    struct moment wait; /* the first race: of the task that waits; step 0 of `came`: it sleeps */
    struct moment came;
    uint32_t wait_object;
    uint32_t inner; /* the task whose wait it is that ends then; 0: that task's own */
    uint32_t inner_object;
    struct moment inner_wait;
    bool inner_sleeps;
    int64_t deadline_ns;
    uint32_t races;
};

void cancels_begin(struct cancels *cancels);

/* SIM_EV_DONE; SIM_EV_FIRE: each before the track is told. */
void cancels_done(struct cancels *cancels, const struct track *track,
                  const struct sim_event *event);
void cancels_fire(struct cancels *cancels, const struct track *track,
                  const struct sim_event *event);

/* Write the finding of either kind; false when there is none. */
bool cancels_report_swallowed(const struct cancels *cancels, const struct registry *registry,
                              struct sim_finding *finding);
bool cancels_report_race(const struct cancels *cancels, const struct registry *registry,
                         struct sim_finding *finding);

#endif
