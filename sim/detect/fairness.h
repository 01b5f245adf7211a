/* Fairness: how long each task and thread waited, and who was served before it out of turn.
 *
 * A sink of its own, so that searches need not pay for it: attach it to a run, or let it read a
 * trace.  An actor is overtaken (bypassed, as one says of mutual exclusion: Lamport, The Mutual
 * Exclusion Problem, JACM 1986) when another gets what it waits for, a lock, a permit, an item or
 * room in a queue, or the CPU, although that one began to wait later or did not wait. */
#ifndef SIM_DETECT_FAIRNESS_H
#define SIM_DETECT_FAIRNESS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/trace/sink.h"

struct trace;

enum { OVERTAKERS_MAX = 4 };

struct fairness_overtaker {
    uint32_t actor;
    uint32_t times;
};

struct fairness_wait {
    int64_t time_ns; /* from when it was suspended to when it ran again, virtual */
    uint32_t steps;  /* of everybody, meanwhile */
    uint32_t step;   /* at which it was suspended; 0: it never was */
    uint32_t object; /* that it waited for, or 0 */
    uint8_t why;     /* enum sim_wait */
};

struct fairness_stat {
    uint32_t waits;               /* how many that have ended */
    struct fairness_wait longest; /* in time; among equals, in steps */
    struct fairness_wait unended; /* what it still waits for at the end; step 0: nothing */
    uint32_t overtaken;           /* how often, by anybody */
    uint32_t served_before;       /* of that, while it waited for more than the CPU */
    uint32_t overtaker_count;
    struct fairness_overtaker overtakers[OVERTAKERS_MAX]; /* the first of them, in that order */
};

struct fairness;

/* NULL when out of memory.  Owner: the caller. */
struct fairness *fairness_new(void);
void fairness_free(struct fairness *fairness);

/* The sink to attach to a run.  Lives as long as the fairness. */
struct sink *fairness_sink(struct fairness *fairness);

/* Tell it a whole trace. */
void fairness_read(struct fairness *fairness, const struct trace *trace);

/* The statistics of a task or thread of the last run; all 0 if it never waited.  Valid until the
 * next begin. */
const struct fairness_stat *fairness_of(const struct fairness *fairness, uint32_t actor);

/* Did memory run out?  Then the statistics miss something. */
int fairness_out_of_memory(const struct fairness *fairness);

#endif
