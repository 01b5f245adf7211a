/* Watch: stops a search when its time is up or at Ctrl-C, and shows how far it is.
 *
 * This is the only place where a search meets the clock of the machine: it decides how many
 * executions there are, never what happens in one. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/explore/explore.h"

/* What is shown of a search. */
struct watch_figures {
    uint64_t executions;
    uint64_t fresh; /* of them, run since it was last begun or resumed */
    uint64_t found;
    uint64_t depth;
    double share; /* negative: unknown */
    char of[64];  /* of what it is a share */
};

struct watch {
    const char *name;  /* of what is searched; borrowed */
    int64_t began_ns;  /* on the machine's own clock, which only goes forwards */
    int64_t budget_ns; /* -1: no bound */
    int64_t shown_ns;  /* when progress was last shown */
    int64_t saved_ns;  /* when a checkpoint was last wished for */
    bool saves;        /* to be wished for now and then */
    bool show;         /* standard error is a terminal */
    /* Told the figures when they would be shown; NULL: nobody. */
    void (*tell)(void *arg, const struct watch_figures *figures);
    void *tell_arg;
    bool shown;          /* a line is there to be cleared */
    const char *stopped; /* by what; NULL: it was not */
};

/* Begin: Ctrl-C (SIGINT) from now on ends the search after the execution at hand; a second one ends
 * the program. */
void watch_begin(struct watch *watch, const char *name, int64_t budget_ns);

/* For explore_request.watch; arg is a struct watch. */
enum explore_wish watch_goes_on(void *arg, const struct explore_progress *progress);

/* Show figures that come from elsewhere, if it is time for that and standard error is a terminal.
 */
void watch_show(struct watch *watch, const struct watch_figures *figures);
void watch_measure(struct watch_figures *figures, const struct explore_progress *progress);

/* End: SIGINT does again what it usually does, and the line of progress is cleared. */
void watch_end(struct watch *watch);

/* Has SIGINT come since watch_begin? */
bool watch_interrupted(void);

#endif
