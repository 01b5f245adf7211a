/* Lock order: locks that are taken in opposite orders, in a run that did not deadlock.
 *
 * The lock graph of Goodlock (Havelund, SPIN 2000), with the refinements of Bensalem and Havelund
 * (Dynamic Deadlock Analysis of Multi-Threaded Programs, HVC 2005): who asks for a lock while
 * holding another adds an edge between the two; a cycle is a hazard if each edge is of another
 * actor, no two were asked for under a common third lock (a gate), and nothing but locks makes one
 * of its sections come before another: a start, a join, a wake-up, a queue.  Unlike there, who may
 * stop waiting at a deadline, or does not wait at all, adds no edge; and tasks of one loop that
 * never wait between the two locks are no hazard to each other. */
#ifndef SIM_DETECT_LOCK_ORDER_H
#define SIM_DETECT_LOCK_ORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/track.h"

enum {
    LOCK_CYCLE_MAX = 6,       /* edges of a cycle */
    LOCK_CYCLES_MAX = 4,      /* cycles that are told of */
    LOCK_EDGES_MAX = 1024,    /* in a run */
    LOCK_LINKS_MAX = 1 << 16, /* what orders actors, in a run; with more, nothing is claimed */
};

struct lock_edge;
struct lock_link;

struct lock_cycle {
    uint32_t edges[LOCK_CYCLE_MAX];
    uint32_t length;
    uint32_t also; /* more cycles through its first lock */
};

struct lock_order {
    struct lock_edge *edges; /* owned */
    size_t edge_count;
    size_t edge_capacity;
    struct lock_link *links; /* since the first edge; owned */
    size_t link_count;
    size_t link_capacity;
    bool *reached; /* by id; room for a search; owned */
    size_t reached_capacity;
    struct lock_cycle cycles[LOCK_CYCLES_MAX];
    uint32_t cycle_count;
    size_t work; /* done in the search */
    bool up;     /* an edge to a higher id, to a lower one: a cycle has both */
    bool down;
    bool out_of_memory;
};

void lock_order_begin(struct lock_order *order);
void lock_order_free(struct lock_order *order);

/* An actor that holds something asks for a lock, or takes it: SIM_EV_BLOCK and SIM_EV_ACQUIRE, each
 * before the track is told. */
void lock_order_ask(struct lock_order *order, const struct track *track,
                    const struct sim_event *event);

/* Something other than a lock may order two actors.  hb: its meaning. */
void lock_order_link(struct lock_order *order, const struct track *track,
                     const struct sim_event *event, enum sim_hb hb);

/* The run has ended: look for cycles. */
void lock_order_end(struct lock_order *order);

/* Write the finding of the next cycle after *cursor (0 at first).  False: none is left. */
bool lock_order_report(const struct lock_order *order, const struct registry *registry,
                       uint32_t *cursor, struct sim_finding *finding);

#endif
