/* Verdict: what is said of a search, and its exit status. */
#ifndef CLI_VERDICT_H
#define CLI_VERDICT_H

#include <stdio.h>

#include "cli/options.h"
#include "sim/explore/outcome.h"

/* Say where two runs of one schedule differ. */
void verdict_differs(const struct twice_difference *difference, FILE *out);

/* The verdict in a line, without its newline; to be freed.  NULL when out of memory. */
char *verdict_line(const struct outcome *outcome, const char *stopped);

/* Say what came of a search, and show the first run with the worst finding, if there is one.
 *
 * run:     the program, to run that again; NULL: it is not known here, and its schedule must do
 * stopped: by what the search was, if by anything but itself; else NULL
 * Returns: an exit status. */
int verdict_tell(const struct cli_options *options, const struct outcome *outcome,
                 const struct run_request *run, const char *stopped);

#endif
