/* Fate: from each point of a failing run on, the share of its continuations that fail, too, if
 * every option of every choice is equally likely: where it rises to all of them is the point of no
 * return.
 */
#ifndef SIM_EXPLORE_FATE_H
#define SIM_EXPLORE_FATE_H

#include "sim/explore/shrink_lab.h"

enum { FATE_POINTS_MAX = 40 };

struct fate_point {
    uint32_t choices; /* how many of the run's are taken */
    uint32_t actor;   /* taken by the last of them; 0: none, or a number, or a callback */
    uint32_t taken;   /* the option that the last of them took */
    uint32_t count;   /* of how many; 0: no choice yet */
    uint32_t step;    /* of the failing run, before the last of them */
    double share;     /* from 0 to 1 */
    double error;     /* standard error of the share; 0 if it is exact */
    uint64_t runs;    /* that it took */
    uint64_t failed;  /* of them */
    bool exact;       /* every continuation was run */
};

struct fate_report {
    struct fate_point *points; /* owned; in order, the first before any choice */
    size_t count;
    size_t rise;      /* point before which the share rises most; 0: it never rises */
    size_t no_return; /* first point from which on all fail; count: there is none */
    uint64_t runs;
};

/* Measure along a schedule that shows the target: at all its choices, or at FATE_POINTS_MAX of them
 * that are spread evenly.
 *
 * Continuations are run one by one as long as they are at most as many as max_exact for all points
 * together (0: 20,000) and do not take too many steps, from the last point on backwards; before
 * that, samples (0: from 20 to 400, as their length allows) of them are drawn at each point by the
 * seed.
 * Returns: false when out of memory.  The points belong to the caller in either case:
 * fate_report_free. */
bool fate_measure(const struct run_request *request, const struct schedule *schedule,
                  const struct shrink_target *target, uint64_t max_exact, uint64_t samples,
                  uint64_t seed, struct fate_report *report);
void fate_report_free(struct fate_report *report);

#endif
