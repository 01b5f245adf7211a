/* Shrink: from a failing schedule to one that fails in the same way with as few choices that are
 * not 0 as can be.
 *
 * First by happens-before: the same operations in an equivalent order in which each actor's stand
 * together as far as the dependences allow, at the cost of one run.  Then by delta debugging
 * (Zeller and Hildebrandt, TSE 28(2), 2002) on the choices that are left.  What remains is a local
 * minimum: without any one of them the finding is gone.  Last, schedules with fewer are tried, from
 * none on, for a while: often all of them, and then nothing has fewer. */
#ifndef SIM_EXPLORE_SHRINK_H
#define SIM_EXPLORE_SHRINK_H

#include "sim/explore/shrink_lab.h"

struct shrink_size {
    uint32_t preemptions; /* choices that take the CPU from a thread that could go on */
    uint32_t others;      /* other choices that are not 0 */
};

struct shrink_report {
    struct schedule schedule;
    struct shrink_target target;
    struct shrink_size before;
    struct shrink_size reordered; /* after the first stage */
    struct shrink_size after;
    uint64_t runs;
    bool minimal; /* false: the limit on runs came first */
    bool fewest;  /* no schedule shows it with fewer: all of them were run */
};

/* Shrink a schedule of a scenario (request: its parameters, level and limits; the policy is not
 * used) that shows a finding of this kind.
 *
 * max_runs: 0 for 100,000
 * Returns: false with the reason in error: it does not show it, or out of memory.  The report's
 * schedule belongs to the caller in either case: shrink_report_free. */
bool shrink(const struct run_request *request, const struct schedule *schedule,
            enum sim_finding_kind kind, uint64_t max_runs, struct shrink_report *report,
            char *error, size_t error_size);
void shrink_report_free(struct shrink_report *report);

/* Of a run. */
struct shrink_size shrink_measure(const struct lab_choice *choices, size_t count);

/* The choices that are not 0. */
uint32_t shrink_total(struct shrink_size size);

/* "2 preemptions and 1 other choice", "no preemption".  Returns out. */
char *shrink_size_format(struct shrink_size size, char *out, size_t out_size);

/* A choice that is not 0. */
struct shrink_deviation {
    struct lab_choice choice;
    uint32_t ordinal; /* among those of its run, from 0 */
};

/* Undo the choices from the first-th to before the end-th of those of a run that are not 0 (both
 * from 0), and decide the others as before: arg of the functions below. */
struct shrink_undo {
    const struct lab_choice *choices; /* of the run; borrowed */
    size_t count;
    size_t first;
    size_t end;
    size_t seen;                               /* ordinal of the one that comes next; 0 at first */
    const struct shrink_deviation *deviations; /* by their places; borrowed */
    size_t deviation_count;
    bool *used; /* by ordinal; all false at first */
};

/* Decide for the rest of the choices as they are numbered. */
uint32_t shrink_by_position(void *arg, const struct lab *lab, const struct sim_choice *choice);

/* Decide for the rest of the choices where their place in the program comes again: the same option
 * 0 with the same number of operations done. */
uint32_t shrink_by_place(void *arg, const struct lab *lab, const struct sim_choice *choice);

#endif
