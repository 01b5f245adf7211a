/* Lines that reports of searches and their checkpoints have in common. */
#ifndef SIM_EXPLORE_OUTCOME_LINES_H
#define SIM_EXPLORE_OUTCOME_LINES_H

#include <stdio.h>

#include "sim/explore/outcome.h"
#include "sim/trace/reader.h"

/* "WORD TEXT", with what would break the line escaped. */
void outcome_put_line(FILE *out, const char *word, const char *text);

/* What was asked for, without the shards.  Returns false when out of memory. */
bool outcome_put_search(const struct outcome *outcome, FILE *out);

/* How many executions, what they showed, and where cancellations were tried.  put_findings returns
 * false when out of memory. */
void outcome_put_counts(const struct explore_report *report, FILE *out);
bool outcome_put_findings(const struct explore_report *report, FILE *out);

/* The same, read; findings come after counts.  Each returns false after a message; a report then
 * still has to be freed. */
bool outcome_read_counts(struct reader *in, struct explore_report *report);
bool outcome_read_findings(struct reader *in, struct explore_report *report);
bool outcome_read_end(struct reader *in);

#endif
