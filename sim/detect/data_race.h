/* Data race: two accesses of one variable by different threads, one of them a write, that nothing
 * orders.
 *
 * Vector clocks, with the last write of a variable kept as an epoch (Flanagan and Freund,
 * FastTrack, PLDI 2009); unlike there, reads are always kept one a thread.  Tasks count as the
 * thread that runs their loop: a loop never runs two of them at once.  Nothing is tracked before
 * there are two threads. */
#ifndef SIM_DETECT_DATA_RACE_H
#define SIM_DETECT_DATA_RACE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/vclock.h"
#include "sim/detect/story.h"

struct race_var;

struct data_race {
    const struct registry *registry;
    struct vclock *clocks; /* by object id - 1; a thread's own, or what a release left; owned */
    size_t clock_capacity;
    struct race_var *vars; /* in order of first access; owned */
    uint32_t var_count;
    size_t var_capacity;
    uint32_t threads; /* seen */
    uint32_t used;    /* highest id with a clock */
    uint32_t found;   /* variables with a race */
    bool out_of_memory;
};

void data_race_begin(struct data_race *detector, const struct registry *registry);
void data_race_event(struct data_race *detector, const struct sim_event *event);
void data_race_free(struct data_race *detector);

/* Write the finding of the next variable after *cursor (0 at first).  Returns false when none is
 * left. */
bool data_race_report(const struct data_race *detector, uint32_t *cursor,
                      struct sim_finding *finding);

#endif
