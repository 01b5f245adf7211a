/* The words of stuck.h: what is told of those who cannot go on. */
#ifndef SIM_DETECT_STUCK_TELL_H
#define SIM_DETECT_STUCK_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/detect/detect.h"
#include "sim/detect/track.h"

enum { CYCLE_MAX = 1024 }; /* a longer cycle is called a hang */

/* Why an actor is stuck. */
struct reason {
    int kind; /* enum sim_finding_kind; -1: somebody else is the reason, or nobody in particular */
    int length; /* of the cycle */
    uint32_t cycle[CYCLE_MAX];
};

/* Does the actor wait, and for something of the program, not for work or for time to pass in a
 * loop?  Of stuck.c. */
bool stuck_waits(const struct track *track, uint32_t id);

/* Was the condition notified, when nobody waited, after the actor looked at a variable last? */
bool stuck_missed_wakeup(const struct track *track, uint32_t actor);

/* Was the event set, when nobody waited, and cleared by the same actor before this one waited? (Who
 * clears what another has set may have passed it without waiting.) */
bool stuck_missed_pulse(const struct track *track, uint32_t actor);

/* Write the finding about an actor who is stuck for a reason that has a kind. */
void stuck_tell(const struct track *track, uint32_t actor, const struct reason *reason,
                struct sim_finding *finding);

/* Write the finding about one who waits, and no reason is known but that. */
void stuck_tell_hang(const struct track *track, uint32_t actor, struct sim_finding *finding);

#endif
