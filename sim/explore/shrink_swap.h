/* Swap: the nearest passing run beside a failing one, and the two steps whose order decides. */
#ifndef SIM_EXPLORE_SHRINK_SWAP_H
#define SIM_EXPLORE_SHRINK_SWAP_H

#include "sim/explore/shrink_lab.h"

/* A step of the failing run. */
struct swap_step {
    uint32_t step;
    uint32_t actor;
    uint32_t object;
    uint16_t site;
    uint8_t kind; /* enum sim_event_kind */
};

enum swap_how {
    SWAP_NONE,   /* no passing run was found */
    SWAP_STEPS,  /* the same order of steps, but for these two and what hangs on them */
    SWAP_CHOICE, /* one choice differs, and with it the order of these two; or of none (step 0) */
};

struct swap_report {
    enum swap_how how;
    struct swap_step early; /* in the failing run, this one came first */
    struct swap_step late;
    struct schedule passing;
    bool clean; /* it has no error at all; false: others than this one remain */
    uint64_t runs;
};

/* Find the nearest run without an error beside that of a schedule, which shows the target; if none
 * is near, the nearest without the target.
 *
 * Two conflicting steps of different actors of which the later depends on the earlier only directly
 * are exchanged, those that the finding names first; if no such exchange passes, one choice is
 * changed.
 *
 * Returns: false when out of memory.  The report's schedule belongs to the caller:
 * swap_report_free.
 */
bool swap_find(const struct run_request *request, const struct schedule *failing,
               const struct shrink_target *target, struct swap_report *report);
void swap_report_free(struct swap_report *report);

#endif
