/* Freedom: how much of what could happen a search may choose, by the names that command lines,
 * traces and reports have for it. */
#ifndef SIM_EXPLORE_FREEDOM_H
#define SIM_EXPLORE_FREEDOM_H

#include <stdbool.h>

#include "sim/core/sim.h"

/* "fifo", "timing", "any"; "late", "explored". */
const char *freedom_level_name(enum sim_level level);
const char *freedom_time_name(enum sim_time time);

/* The other way round.  Returns false for a name that is none. */
bool freedom_level_named(const char *name, enum sim_level *level);
bool freedom_time_named(const char *name, enum sim_time *time);

#endif
