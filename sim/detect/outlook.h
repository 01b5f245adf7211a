/* Outlook: might somebody who is stuck still go on, when the run ends?
 *
 * Nobody knows what a run that was cut short (by the limit on steps, for one) would have done next.
 * Two things open a cycle of waits: a deadline, of who waits or of who awaits him; and, if the run
 * goes on, somebody who releases a lock that he has not taken, which asyncio's locks and semaphores
 * allow and mutexes do not. */
#ifndef SIM_DETECT_OUTLOOK_H
#define SIM_DETECT_OUTLOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/detect/track.h"

/* Might one of the members stop to wait at a deadline that is to come after now_ns: his own, or
 * that of a task that awaits him, directly or through others? */
bool outlook_deadline(const struct track *track, const uint32_t *members, int count,
                      int64_t now_ns);

/* If the run went on, might somebody else let one of the members go on?  Members: each waits for
 * the next one, and the last for the first (or, if there is but one, for somebody who has ended).
 * No: each waits for a mutex, for the end of the next, for a loop that the next one blocks, or for
 * a lock of asyncio that only its takers have released in this run.  A permit of a semaphore may
 * come from anybody. */
bool outlook_opens(const struct track *track, const uint32_t *members, int count);

#endif
