#include "sim/thread/thread.h"

#include "sim/core/sched.h"

struct sim_thread *(sim_thread_new)(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site)
{
    sched_point(sim, SIM_EV_SPAWN, 0);
    return sched_thread_new(sim, name, body, arg, site);
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
    SIM_ASSERT(thread->state == THREAD_DONE);
    sim_op(sim, SIM_EV_JOIN, .actor = sim_actor(sim), .object = thread->id, .site = site);
    if (thread->exception != NULL) {
        sim_note(sim, SIM_EV_RETRIEVE, .actor = sim_actor(sim), .object = thread->id);
        *sim_raised(sim) = thread->exception;
        return thread->status;
    }
    if (result != NULL)
        *result = thread->value;
    return SIM_OK;
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
