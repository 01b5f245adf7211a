/* Map: what a search has seen, as --map asks. */
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include "cli/options.h"
#include "sim/explore/outcome.h"

/* Is the name of --map, if it is given, one that can be written?  Returns false after a message. */
bool map_check(const struct cli_options *options);

/* Write the map of the outcome, if --map is given.  stopped: as for verdict_tell.  Returns false
 * after a message. */
bool map_write(const struct cli_options *options, const struct outcome *outcome,
               const char *stopped);

#endif
