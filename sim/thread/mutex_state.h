/* The inside of a mutex, for mutexes and for the priorities that they lend. */
#ifndef SIM_THREAD_MUTEX_STATE_H
#define SIM_THREAD_MUTEX_STATE_H

#include "sim/core/sched.h"
#include "sim/thread/mutex.h"

/* Invariant: while it is held, every thread in waiters is blocked, but for who gives up and was
 * late already when it was taken; while it is free, every one is runnable, and whichever the policy
 * lets go first takes it.  To stand before a mutex that is held is no step of its own: whoever
 * takes it blocks all the others that want it. */
struct sim_mutex {
    struct sim *sim;
    struct sim_thread *holder; /* NULL: free */
    struct list_node waiters;
    struct list_node lends; /* in sim->protocols, if it has one */
    uint32_t id;
    uint8_t protocol; /* enum sim_mutex_protocol */
    uint8_t ceiling;
};

/* Who holds or wants a mutex has changed: lend, or take back. */
void priorities_lend(struct sim *sim);

/* The running thread is about to lock it: is its priority too high? */
void priorities_check_ceiling(const struct sim_mutex *mutex, const struct sim_site *site);

#endif
