/* Mutex and condition variable between threads: POSIX meaning. */
#ifndef SIM_THREAD_MUTEX_H
#define SIM_THREAD_MUTEX_H

#include "sim/core/sim.h"

struct sim_mutex;
struct sim_condvar;

/* Create an unlocked mutex; owned by the arena.  As a mutex of type PTHREAD_MUTEX_NORMAL: locking
 * it twice in one thread never returns. */
struct sim_mutex *sim_mutex_new(struct sim *sim, const char *name);

void(sim_mutex_lock)(struct sim_mutex *mutex, const struct sim_site *site);
#define sim_mutex_lock(mutex) (sim_mutex_lock)((mutex), SIM_HERE)

/* Returns: true if it was taken.  As pthread_mutex_trylock. */
bool(sim_mutex_trylock)(struct sim_mutex *mutex, const struct sim_site *site);
#define sim_mutex_trylock(mutex) (sim_mutex_trylock)((mutex), SIM_HERE)

/* Lock it, or give up when the clock shows deadline_ns (virtual time since the run began, not a
 * duration: a loop of attempts goes on with the same).  With a deadline that has passed already it
 * is trylock.  A deadline passes when nothing else can run (time late), or at any point (explored);
 * it does nothing to who can have the mutex at that time.  The calling thread, and a loop that it
 * runs, is blocked meanwhile.
 *
 * deadline_ns: any number
 * Returns: SIM_OK with the mutex, to be unlocked by the calling thread; SIM_TIMEOUT without it,
 * also where the calling thread holds it itself.  Nothing is raised. As: pthread_mutex_timedlock;
 * threading.Lock.acquire(timeout=) with sim_now + timeout */
SIM_MUST_USE enum sim_status(sim_mutex_timedlock)(struct sim_mutex *mutex, int64_t deadline_ns,
                                                  const struct sim_site *site);
#define sim_mutex_timedlock(mutex, deadline_ns)                                                    \
    (sim_mutex_timedlock)((mutex), (deadline_ns), SIM_HERE)

/* Returns: SIM_OK, or SIM_RUNTIME_ERROR if the calling thread does not hold it. */
enum sim_status(sim_mutex_unlock)(struct sim_mutex *mutex, const struct sim_site *site);
#define sim_mutex_unlock(mutex) (sim_mutex_unlock)((mutex), SIM_HERE)

/* Does any thread hold it?  For predicates (core/property.h) and checks after the fact, not for
 * programs: it is no visible operation. */
bool sim_mutex_held(const struct sim_mutex *mutex);

/* Create a condition variable; owned by the arena. */
struct sim_condvar *sim_condvar_new(struct sim *sim, const char *name);

/* Release the mutex and wait for a signal in one step; take the mutex again.  Where time is
 * explored it may end without a signal, as POSIX allows: test the state again.
 *
 * Returns: SIM_OK, or SIM_RUNTIME_ERROR without the mutex.  As pthread_cond_wait. */
SIM_MUST_USE enum sim_status(sim_condvar_wait)(struct sim_condvar *condvar, struct sim_mutex *mutex,
                                               const struct sim_site *site);
#define sim_condvar_wait(condvar, mutex) (sim_condvar_wait)((condvar), (mutex), SIM_HERE)

/* The same until the clock shows deadline_ns (not after a duration: a loop round the wait goes on
 * with the same).
 *
 * Returns: SIM_OK; SIM_TIMEOUT with the mutex, if the deadline has passed and no signal came before
 *          it; SIM_RUNTIME_ERROR without the mutex.  As pthread_cond_timedwait. */
SIM_MUST_USE enum sim_status(sim_condvar_timedwait)(struct sim_condvar *condvar,
                                                    struct sim_mutex *mutex, int64_t deadline_ns,
                                                    const struct sim_site *site);
#define sim_condvar_timedwait(condvar, mutex, deadline_ns)                                         \
    (sim_condvar_timedwait)((condvar), (mutex), (deadline_ns), SIM_HERE)

/* Wake one waiter, if there is one; all of them.  As pthread_cond_signal, pthread_cond_broadcast.
 */
void(sim_condvar_signal)(struct sim_condvar *condvar, const struct sim_site *site);
#define sim_condvar_signal(condvar) (sim_condvar_signal)((condvar), SIM_HERE)
void(sim_condvar_broadcast)(struct sim_condvar *condvar, const struct sim_site *site);
#define sim_condvar_broadcast(condvar) (sim_condvar_broadcast)((condvar), SIM_HERE)

#endif
