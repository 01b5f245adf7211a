/* Fate: the table of how a run's end was decided. */
#ifndef CLI_FATE_H
#define CLI_FATE_H

#include <stdio.h>

#include "sim/explore/shrink_lab.h"

/* Print from where on the target could not be escaped.  trace is the failing run.  Returns false
 * after a message on standard error. */
bool fate_print(const struct run_request *request, const struct schedule *schedule,
                const struct shrink_target *target, const struct trace *trace, FILE *out);

#endif
