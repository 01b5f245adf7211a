/* Fewer: every run with at most so many choices that are not 0, fewest first (delay bounding with
 * the default order as its scheduler: Emmi, Qadeer and Rakamaric, POPL 2011). */
#ifndef SIM_EXPLORE_SHRINK_FEWER_H
#define SIM_EXPLORE_SHRINK_FEWER_H

#include "sim/explore/shrink_lab.h"

enum fewer_result {
    FEWER_FOUND,     /* the lab's last run is such a run, with as few as can be */
    FEWER_NONE,      /* all were run: there is none */
    FEWER_CUT_SHORT, /* a limit came first */
    FEWER_MEMORY,
};

/* Look for a run that shows the finding with fewer than so many choices that are not 0.
 *
 * max_runs, max_steps: limits on what the lab may run from now on */
enum fewer_result fewer_search(struct lab *lab, const struct shrink_target *target, uint32_t below,
                               uint64_t max_runs, uint64_t max_steps);

#endif
