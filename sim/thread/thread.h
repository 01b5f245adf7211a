/* Thread: a body that may be switched before every visible operation. */
#ifndef SIM_THREAD_THREAD_H
#define SIM_THREAD_THREAD_H

#include "sim/core/sim.h"

struct sim_thread;

/* Start a thread.  name may be NULL ("Thread-2").  As pthread_create. */
struct sim_thread *(sim_thread_new)(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site);
#define sim_thread_new(sim, name, body, arg)                                                       \
    (sim_thread_new)((sim), (name), (body), (arg), SIM_HERE)

/* Wait until it has ended.
 *
 * Returns: SIM_OK with what it returned in *result (may be NULL); the status with which it failed;
 *          SIM_RUNTIME_ERROR for the calling thread itself.  As pthread_join. */
SIM_MUST_USE enum sim_status(sim_thread_join)(struct sim_thread *thread, struct sim_value *result,
                                              const struct sim_site *site);
#define sim_thread_join(thread, result) (sim_thread_join)((thread), (result), SIM_HERE)

/* The same, but give up when the clock shows deadline_ns (virtual time since the run began, not a
 * duration).  With a deadline that has passed already it only looks.  Whoever gives up can join it
 * later.
 *
 * deadline_ns: any number
 * Returns: as sim_thread_join; SIM_TIMEOUT, with *result as it was, if it has not ended by then.
 * As:      pthread_timedjoin_np; threading.Thread.join(timeout=) with sim_now + timeout, and
 *          is_alive() */
SIM_MUST_USE enum sim_status(sim_thread_timedjoin)(struct sim_thread *thread, int64_t deadline_ns,
                                                   struct sim_value *result,
                                                   const struct sim_site *site);
#define sim_thread_timedjoin(thread, deadline_ns, result)                                          \
    (sim_thread_timedjoin)((thread), (deadline_ns), (result), SIM_HERE)

/* The calling thread. */
struct sim_thread *sim_thread_self(const struct sim *sim);

/* Let another thread run if one can.  As sched_yield. */
void(sim_thread_yield)(struct sim *sim, const struct sim_site *site);
#define sim_thread_yield(sim) (sim_thread_yield)((sim), SIM_HERE)

/* Sleep in virtual time; blocks the whole thread, and a loop that it runs.  As nanosleep. */
void(sim_thread_sleep)(struct sim *sim, int64_t delay_ns, const struct sim_site *site);
#define sim_thread_sleep(sim, delay_ns) (sim_thread_sleep)((sim), (delay_ns), SIM_HERE)

#endif
