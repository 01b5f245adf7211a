/* Order: the operations of a recorded run, which of them depend on which, and other orders that
 * respect this: what may be exchanged without the program noticing, and what may not.
 *
 * Two operations depend on each other if they are of the same actor, or on the same object unless
 * both read it, or if the earlier one woke or made the actor of the later; and what happens at a
 * later virtual time comes after everything at an earlier one (Mazurkiewicz traces; the dependence
 * relation of Flanagan and Godefroid, POPL 2005). */
#ifndef SIM_EXPLORE_SHRINK_ORDER_H
#define SIM_EXPLORE_SHRINK_ORDER_H

#include "sim/explore/shrink_lab.h"

struct step_node {
    uint32_t actor;
    uint32_t object;
    uint32_t nth;   /* which of its actor's operations this is, from 0 */
    uint32_t epoch; /* counts the moves of the clock before it */
    uint32_t step;
    uint16_t site;
    uint8_t kind;
};

struct step_order {
    struct step_node *nodes; /* as they happened */
    size_t count;
    uint32_t *edges; /* pairs: a node, and a later one that depends on it */
    size_t edge_count;
    size_t edge_capacity;
    uint32_t *first; /* by actor: its place in place; one more at the end */
    uint32_t *place; /* by actor and nth: its place in the order that is followed */
    uint32_t *owner; /* by actor: the thread that runs it */
    bool *carries;   /* by thread: it runs tasks */
    uint32_t actors; /* ids are below this */
    const struct lab_choice *choices; /* of the recorded run; borrowed */
    size_t choice_count;
};

/* Read a recording lab's last run, and follow it as it was; the lab's choices must stay as they
 * are.  Returns false when out of memory; step_order_free is due in either case. */
bool step_order_init(struct step_order *order, const struct lab *lab);
void step_order_free(struct step_order *order);

/* Follow the order in which they happened, but each actor's operations together as far as the
 * dependences allow.  Returns false when out of memory. */
bool step_order_together(struct step_order *order);

/* Follow the order in which they happened, but node late, and what it needs, before node early.
 * That is not possible if late depends on early otherwise than through their object.  Returns false
 * when out of memory. */
bool step_order_swapped(struct step_order *order, uint32_t early, uint32_t late, bool *possible);

/* Do two nodes conflict: different actors, same object, not both reads? */
bool step_order_conflicts(const struct step_node *a, const struct step_node *b);

/* Decides so that the run follows the order (arg: struct step_order). */
uint32_t step_order_follow(void *arg, const struct lab *lab, const struct sim_choice *choice);

#endif
