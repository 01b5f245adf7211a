/* Lost update: a write from a stale copy overwrites somebody's write.
 *
 * An actor reads a variable; another writes it; the first writes it without having read again.  The
 * events do not say whether the value written came from the value read: a write that does not
 * depend on the read, though one came before it, is reported too. */
#ifndef SIM_DETECT_LOST_UPDATE_H
#define SIM_DETECT_LOST_UPDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/story.h"

struct lost_update_read;
struct lost_update_var;

/* Reset in O(1): entries of older epochs count as empty. */
struct lost_update {
    struct lost_update_read *latest; /* by actor's id - 1: what it read last; owned */
    size_t latest_capacity;
    struct lost_update_read *reads; /* what actors read before that: a hash table; owned */
    size_t read_capacity;           /* 0 or a power of two */
    size_t read_count;
    struct lost_update_var *vars; /* by id - 1; owned */
    size_t var_capacity;
    uint32_t highest; /* id in vars */
    uint32_t epoch;
    uint32_t found; /* variables with a lost update */
    bool out_of_memory;
};

void lost_update_begin(struct lost_update *detector);

/* A read or an atomic load; a write, an atomic store or exchange. */
void lost_update_on_read(struct lost_update *detector, const struct sim_event *event);
void lost_update_on_write(struct lost_update *detector, const struct sim_event *event);
void lost_update_free(struct lost_update *detector);

/* The variable that the actor read last, and when; 0: none in this run. */
uint32_t lost_update_last_read(const struct lost_update *detector, uint32_t actor,
                               struct moment *at);

/* Who wrote the variable last, and who before that; step 0: nobody in this run. */
struct moment lost_update_last_write(const struct lost_update *detector, uint32_t variable);
struct moment lost_update_write_before(const struct lost_update *detector, uint32_t variable);

/* Write the finding of the next variable after *cursor (0 at first).  Returns false when none is
 * left. */
bool lost_update_report(const struct lost_update *detector, const struct registry *registry,
                        uint32_t *cursor, struct sim_finding *finding);

#endif
