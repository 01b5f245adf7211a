/* ABA: a compare-exchange finds what its actor has read, and takes it for unchanged; but it was
 * something else in between, and what the actor puts there is no longer so.
 *
 * The name is that of IBM System/370 Extended Architecture, Principles of Operation (1983, appendix
 * A), where a list without a lock loses an element in this way.  A compare-exchange that finds an
 * old value again is no fault by itself: a spin lock is free, taken and free again, and whoever
 * takes it then has lost nothing.  So it is claimed only where the new value is what the actor
 * read, after the old one, from something that another has given another value since: the node
 * below the top of a stack, say.  Of what an actor has read, the latest ABA_READS_MAX are known;
 * that a new value is worked out from what was read, and is not the same, is not seen. */
#ifndef SIM_DETECT_ABA_H
#define SIM_DETECT_ABA_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/story.h"

enum { ABA_READS_MAX = 8 };

struct aba_id;

/* One case. */
struct aba_case {
    uint32_t compared;        /* variable that was as it had been */
    uint32_t other;           /* the one that was not */
    struct moment read;       /* of the first; step 0: there is no case */
    struct moment changed;    /* it was something else */
    struct moment restored;   /* and is the same again */
    struct moment other_read; /* of the other */
    struct moment other_write;
    struct moment exchange; /* of the first */
};

/* Reset in O(1). */
struct aba {
    struct aba_id *ids; /* by id - 1: of an actor, and of a variable; owned */
    size_t capacity;
    uint32_t run;
    struct aba_case first; /* in this run */
    uint32_t found;
    bool out_of_memory;
};

void aba_begin(struct aba *detector);
void aba_free(struct aba *detector);

/* SIM_EV_READ and _ATOMIC_LOAD; SIM_EV_WRITE, _ATOMIC_STORE and _ATOMIC_RMW. */
void aba_read(struct aba *detector, const struct sim_event *event);
void aba_write(struct aba *detector, const struct sim_event *event);

/* Write the finding; false when there is none. */
bool aba_report(const struct aba *detector, const struct registry *registry,
                struct sim_finding *finding);

#endif
