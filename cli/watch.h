/* Watch: stops a search when its time is up or at Ctrl-C, and shows how far it is.
 *
 * This is the only place where a search meets the clock of the machine: it decides how many
 * executions there are, never what happens in one. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/explore.h"

struct watch {
    const char *name;    /* of what is searched; borrowed */
    int64_t began_ns;    /* on the machine's own clock, which only goes forwards */
    int64_t budget_ns;   /* -1: no bound */
    int64_t shown_ns;    /* when progress was last shown */
    bool show;           /* standard error is a terminal */
    bool shown;          /* a line is there to be cleared */
    const char *stopped; /* by what; NULL: it was not */
};

/* Begin: Ctrl-C (SIGINT) from now on ends the search after the execution at hand; a second one ends
 * the program. */
void watch_begin(struct watch *watch, const char *name, int64_t budget_ns);

/* For explore_request.watch; arg is a struct watch. */
bool watch_goes_on(void *arg, const struct explore_progress *progress);

/* End: SIGINT does again what it usually does, and the line of progress is cleared. */
void watch_end(struct watch *watch);

/* Has SIGINT come since watch_begin? */
bool watch_interrupted(void);

#endif
