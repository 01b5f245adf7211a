/* Fairness: how long each waited, and who was served before it, in words. */
#ifndef CLI_FAIRNESS_H
#define CLI_FAIRNESS_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/trace/trace.h"

/* Print who was overtaken most while it waited for a lock, a permit or a queue, if anybody was
 * FAIRNESS_TELLING times; or, if whole, a table of all who waited.  Returns false after a message
 * on standard error. */
bool fairness_print(const struct trace *trace, bool whole, FILE *out);

enum { FAIRNESS_TELLING = 3 };

#endif
