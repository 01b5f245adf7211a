#include "sim/thread/thread.h"

#include "sim/core/sched.h"

struct sim_thread *(sim_thread_new)(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site)
{
    sched_point(sim, SIM_EV_SPAWN, 0);
    return sched_thread_new(sim, name, body, arg, site);
}

/* It has ended: how?  looked: who learns of it would have gone on if it had not. */
static inline __attribute__((always_inline)) enum sim_status joined(const struct sim_thread *thread,
                                                                    bool looked,
                                                                    struct sim_value *result,
                                                                    const struct sim_site *site)
{
    struct sim *sim = thread->sim;

    SIM_ASSERT(thread->state == THREAD_DONE);
    if (sim->plain) {
        sim_step(sim);
        summary_joined(sim->summary, sim->running->id, thread->id);
    } else {
        sim_op(sim, SIM_EV_JOIN, .actor = sim_actor(sim), .object = thread->id, .aux = looked,
               .site = site);
    }
    if (thread->exception != NULL) {
        sim_note(sim, SIM_EV_RETRIEVE, .actor = sim_actor(sim), .object = thread->id);
        *sim_raised(sim) = thread->exception;
        return thread->status;
    }
    if (result != NULL)
        *result = thread->value;
    return SIM_OK;
}

enum sim_status(sim_thread_join)(struct sim_thread *thread, struct sim_value *result,
                                 const struct sim_site *site)
{
    struct sim *sim = thread->sim;

    if (thread == sim->running)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "cannot join current thread");
    if (thread->state == THREAD_DONE) {
        sched_point(sim, SIM_EV_JOIN, thread->id);
    } else {
        list_append(&thread->joiners, &sim->running->waiting);
        if (sim->plain)
            sched_block_plain(sim, SIM_WAIT_JOIN, thread->id);
        else
            sched_block(sim, SIM_WAIT_JOIN, thread->id, 0, site);
    }
    return joined(thread, false, result, site);
}

/* Has it ended? */
static enum sim_status look_for_end(struct sim_thread *thread, struct sim_value *result,
                                    const struct sim_site *site)
{
    struct sim *sim = thread->sim;

    sched_point(sim, SIM_EV_TRY, thread->id);
    if (thread->state == THREAD_DONE)
        return joined(thread, true, result, site);
    sim_op(sim, SIM_EV_TRY, .actor = sim_actor(sim), .object = thread->id, .site = site);
    return SIM_TIMEOUT;
}

enum sim_status(sim_thread_timedjoin)(struct sim_thread *thread, int64_t deadline_ns,
                                      struct sim_value *result, const struct sim_site *site)
{
    struct sim *sim = thread->sim;

    if (thread == sim->running)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "cannot join current thread");
    sim_look_clock(sim);
    if (deadline_ns <= sim->now_ns)
        return look_for_end(thread, result, site);
    /* Only while it runs can the deadline pass. */
    if (sim->clock != 0)
        sim_look(sim, thread->id);
    if (thread->state == THREAD_DONE) {
        sched_point(sim, SIM_EV_JOIN, thread->id);
    } else {
        list_append(&thread->joiners, &sim->running->waiting);
        if (sched_block_for(sim, deadline_ns - sim->now_ns, SIM_WAIT_JOIN, thread->id, site))
            return SIM_TIMEOUT;
    }
    return joined(thread, false, result, site);
}

void(sim_thread_yield)(struct sim *sim, const struct sim_site *site)
{
    sched_yield_thread(sim, site);
}

void(sim_thread_sleep)(struct sim *sim, int64_t delay_ns, const struct sim_site *site)
{
    sched_sleep(sim, delay_ns, site);
}

struct sim_thread *sim_thread_self(const struct sim *sim)
{
    return sim->running;
}
