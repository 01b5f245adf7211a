/* Priority: which of the threads that are ready may run, if there is one processor for all. */
#ifndef SIM_THREAD_PRIORITY_H
#define SIM_THREAD_PRIORITY_H

#include "sim/core/sim.h"

struct sim_thread;
struct sim_mutex;

enum { SIM_PRIORITY_MAX = 99 };

/* From here on there is one processor: of the threads that are ready only those of the highest
 * priority can be chosen, and whoever is less than one that becomes ready gives way at its next
 * visible operation.  Threads of one priority may go in any order, whatever the policy says.
 *
 * As:      SCHED_FIFO on one processor; among equals SCHED_RR, with slices of any length */
void sim_use_priorities(struct sim *sim);

/* Set a thread's priority, 0 (what main begins with) to 99; a new thread has its creator's.
 *
 * Returns: SIM_OK; SIM_VALUE_ERROR for another number.  As pthread_setschedprio. */
SIM_MUST_USE enum sim_status sim_thread_set_priority(struct sim_thread *thread, int priority);

/* A thread's own priority; and the one that counts, which a mutex may have lent to it. */
int sim_thread_priority(const struct sim_thread *thread);
int sim_thread_priority_now(const struct sim_thread *thread);

/* What a mutex does for the priority of its holder (Sha, Rajkumar, Lehoczky: Priority inheritance
 * protocols, IEEE Transactions on Computers 39, 1990). */
enum sim_mutex_protocol {
    SIM_MUTEX_NONE,    /* nothing: the default.  As PTHREAD_PRIO_NONE */
    SIM_MUTEX_INHERIT, /* it has at least the highest one of who waits.  As PTHREAD_PRIO_INHERIT */
    SIM_MUTEX_PROTECT, /* it has at least the ceiling.  As PTHREAD_PRIO_PROTECT */
};

/* Set the protocol of a mutex that nobody holds.
 *
 * ceiling: PROTECT: 0 to 99, and not less than the priority of anybody who locks it: that one's
 * lock is a failed check Returns: SIM_OK; SIM_VALUE_ERROR for another ceiling, SIM_RUNTIME_ERROR if
 * it is held. As:      pthread_mutexattr_setprotocol, pthread_mutexattr_setprioceiling */
SIM_MUST_USE enum sim_status sim_mutex_set_protocol(struct sim_mutex *mutex,
                                                    enum sim_mutex_protocol protocol, int ceiling);

#endif
