/* Screen: a first look at the events of a whole run, which says who need not look at them closer.
 *
 * Nearly every execution of a search ends well: nobody is stuck or has failed, every lock was given
 * back, and locks were taken in one order.  Each detector can find something only in a run in which
 * certain things have happened; where none of that is seen, it is spared the run.  What is asked
 * here is necessary for a finding, never sufficient: a doubt makes all detectors look.
 *
 * A new detector belongs here, too: its necessary conditions in screen.c make a run unclear, or
 * its kinds of events are listed beside those of the detectors that look at every run.  So does
 * what a summary says of a run: a condition that its words do not decide must leave it in doubt.
 * (Kinds of events and of objects that a summary does not know it refuses.) */
#ifndef SIM_DETECT_SCREEN_H
#define SIM_DETECT_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/trace/event.h"
#include "sim/trace/registry.h"
#include "sim/trace/summary.h"

enum { SCREEN_MAX = 512 }; /* events of a run that are looked at in this way */

struct screen {
    uint64_t seen;     /* kinds of events: bit 1 << kind */
    uint32_t values;   /* in value_at */
    uint32_t orders;   /* in order_at */
    bool odd;          /* somebody waited for a lock, or something did not end well */
    bool two_written;  /* more than one variable was written */
    bool compared;     /* something may have been compared and exchanged */
    bool guarded;      /* at every access to a variable some lock of its own was held */
    bool values_alone; /* of those who look at variables, only lost updates can be found */
    uint16_t value_at[SCREEN_MAX + 1]; /* events about variables and conditions, by index */
    uint16_t order_at[SCREEN_MAX + 1]; /* events that order threads, and accesses */
};

/* Look at a run, from its first event to its last.
 *
 * Returns: true if nobody can find anything but those who look at variables and conditions (lost
 *          updates, check then act, ABA, wake-ups) and at accesses without order (data races): they
 * need those events only that are listed. */
bool screen_look(struct screen *screen, const struct registry *registry,
                 const struct sim_event *events, size_t count);

/* The same question of a run of which only a summary was kept.
 *
 * Returns: true if the summary decides it; then kinds is what all detectors together would have
 *          found (bits 1 << kind).  Else the run must be looked at with its events. */
bool screen_summary(const struct summary *summary, uint64_t *kinds);

#endif
