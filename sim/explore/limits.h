/* Limits: how many executions of a search were stopped by which, in words. */
#ifndef SIM_EXPLORE_LIMITS_H
#define SIM_EXPLORE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct explore_report;

/* How many executions were ended by a limit, whichever. */
uint64_t limits_cut_short(const struct explore_report *report);

/* "3 executions reached the limit of 200 steps and 1 that of 1 MiB of memory": how many came to a
 * limit that somebody has come to.
 *
 * noun: what there are so many of, in the singular; "": the sentence has said it before */
void limits_say(const struct explore_report *report, const char *noun, char *out, size_t size);

/* Is that why the search is inconclusive? */
bool limits_decided(const struct explore_report *report);

#endif
