/* Data race: two accesses of one variable by different threads, one of them a write, that nothing
 * orders.
 *
 * FastTrack (Flanagan and Freund, PLDI 2009): the last write of a variable, and its reads as long
 * as each comes after the one before, are kept as epochs and compared in O(1); only reads that are
 * shared are kept one a thread.  Unlike there, an epoch is kept with the place of the last access
 * in it, so that a finding can show both.  Tasks count as the thread that runs their loop: a loop
 * never runs two of them at once.  Nothing is tracked before there are two threads. */
#ifndef SIM_DETECT_DATA_RACE_H
#define SIM_DETECT_DATA_RACE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/vclock.h"
#include "sim/detect/story.h"

struct race_id;
struct race_var;

/* Begun again in O(ids used): variables of older runs count as new. */
struct data_race {
    const struct registry *registry;
    struct race_id *ids; /* by object id - 1; owned */
    size_t id_capacity;
    struct race_var *vars; /* by object id - 1; owned */
    size_t var_capacity;
    uint32_t used;    /* highest id in ids */
    uint32_t highest; /* id in vars */
    uint32_t run;
    uint32_t threads; /* seen */
    uint32_t found;   /* variables with a race */
    bool out_of_memory;
};

void data_race_begin(struct data_race *detector, const struct registry *registry);
void data_race_free(struct data_race *detector);

/* SIM_EV_SPAWN: there may be one more thread. */
void data_race_spawn(struct data_race *detector, const struct sim_event *event);

/* Any other event, and what it means for happens-before: not SIM_HB_NONE. */
void data_race_order(struct data_race *detector, const struct sim_event *event, enum sim_hb hb);

/* With one thread nothing can race. */
static inline void data_race_event(struct data_race *detector, const struct sim_event *event,
                                   enum sim_hb hb)
{
    if (detector->threads > 1)
        data_race_order(detector, event, hb);
}

/* Write the finding of the next variable after *cursor (0 at first).  Returns false when none is
 * left. */
bool data_race_report(const struct data_race *detector, uint32_t *cursor,
                      struct sim_finding *finding);

#endif
