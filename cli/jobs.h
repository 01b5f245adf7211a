/* Jobs: a search divided among processes of this machine. */
#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include "cli/options.h"
#include "sim/explore/outcome.h"

enum { JOBS_MAX = 256 };

/* Run options->jobs shards of the search at once, each in a process of its own, and put their
 * outcomes together in the order of the shards, whichever ends first.  Ctrl-C ends each after its
 * execution at hand.
 *
 * A checkpoint of the request is one of each worker: its name with .1, .2 ... behind it.
 *
 * stopped: what stopped the search early; untouched if nothing did
 * Returns: false after a message on standard error. */
bool jobs_search(const struct cli_options *options, const struct explore_request *request,
                 struct outcome *outcome, const char **stopped);

#endif
