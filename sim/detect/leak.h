/* Leaks: a lock or a permit of a semaphore that somebody took, and ended without giving back.
 *
 * Somebody who waits for such a lock makes it an abandoned one (stuck.h).  A semaphore that anybody
 * gives permits to who has none hands them on rather than guards something: it is left out.  So is
 * what a task holds that was cancelled because its loop closed. */
#ifndef SIM_DETECT_LEAK_H
#define SIM_DETECT_LEAK_H

#include <stdbool.h>

#include "sim/detect/track.h"

/* Has anything leaked? */
bool leak_lock_found(const struct track *track);
bool leak_permit_found(const struct track *track);

/* Write the finding of the next lock, or semaphore, after *cursor (0 at first).  Returns false when
 * none is left. */
bool leak_report_lock(const struct track *track, uint32_t *cursor, struct sim_finding *finding);
bool leak_report_permit(const struct track *track, uint32_t *cursor, struct sim_finding *finding);

#endif
