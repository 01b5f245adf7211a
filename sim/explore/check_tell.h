/* What a check that fails says, on standard error: for a person who reads the log of a test. */
#ifndef SIM_EXPLORE_CHECK_TELL_H
#define SIM_EXPLORE_CHECK_TELL_H

#include "sim/explore/explore.h"

/* Run once under a schedule.  NULL after a message. */
struct trace *check_run(const struct run_request *request, const struct schedule *schedule);

/* Explain a run, say how to see it again, and leave its files (PICKGLASS_OUT). */
void check_tell(const struct trace *trace);

/* The same of the first run in which a search found this kind, with its schedule shrunk, and the
 * order of named events that shows it. */
void check_tell_found(const struct run_request *request, struct explore_report *report, int kind);

#endif
