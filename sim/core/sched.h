/* Scheduler: which thread runs, and when virtual time moves. */
#ifndef SIM_CORE_SCHED_H
#define SIM_CORE_SCHED_H

#include "sim/core/choose.h"
#include "sim/core/snapshot.h"
#include "sim/core/state.h"

/* Make room for a thread more.  Returns false when out of memory. */
bool sched_make_room(struct sim *sim);

/* Make a thread that can run.  name may be NULL.  The first of all finds room: sim_new made it. */
struct sim_thread *sched_thread_new(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                    const struct sim_site *site);

/* Let the running thread begin, or go on, from the host; returns when the run has ended. */
static inline __attribute__((always_inline)) void sched_run(struct sim *sim)
{
    fiber_switch(&sim->host, sim->running->fiber);
    while (__builtin_expect(sim->saves, 0)) {
        snapshots_save(sim);
        fiber_switch(&sim->host, sim->running->fiber);
    }
}

/* The running thread stands before an operation: another may go first. */
void sched_point_slow(struct sim *sim, enum sim_event_kind op, uint32_t object);

/* What a thread will do when it is chosen. */
static inline void sched_announce(struct sim_thread *thread, enum sim_event_kind op,
                                  uint32_t object)
{
    thread->op = (uint8_t)op;
    thread->op_object = object;
}

/* Who goes on when the running thread does not: the number of an option, the first of which follows
 * it. */
uint32_t sched_choose_next(struct sim *sim);

/* The running thread goes on where that was plain, and is no more. */
void sched_resume(struct sim *sim);

/* The same, whether or not it is. */
static inline void sched_resume_plain(struct sim *sim)
{
    if (__builtin_expect(sim->plain, 1))
        sim_step(sim);
    else
        sched_resume(sim);
}

/* Switch to the thread that was drawn, not the running one, where that is plain: there are no
 * tasks, no priorities and no more threads than a summary knows. */
static inline __attribute__((always_inline)) void
sched_switch_plain(struct sim *sim, uint32_t taken, enum sim_event_kind op, uint32_t object)
{
    struct sim_thread *self = sim->running;
    struct sim_thread *next =
        sim->threads[enabled_nth(&sim->enabled, SUMMARY_THREADS, self->index, taken)];

    sched_announce(self, op, object);
    sim->running = next;
    fiber_switch(self->fiber, next->fiber);
    sched_resume_plain(sim);
}

/* Does the running thread go on, where that is plain, because nobody else can? */
static inline bool sched_alone_plain(const struct sim *sim)
{
    return sim->plain && sim->runnable <= sim->asked_from;
}

/* As sched_point, where that is plain: what it stands before is of interest only when others go
 * first.  Inline: few returns then go another way than the processor expects after a switch. */
static inline __attribute__((always_inline)) void
sched_point_plain(struct sim *sim, enum sim_event_kind op, uint32_t object)
{
    uint32_t taken = sim_draw_thread(sim, true, true);

    if (taken != 0)
        sched_switch_plain(sim, taken, op, object);
}

static inline __attribute__((always_inline)) void
sched_point(struct sim *sim, enum sim_event_kind op, uint32_t object)
{
    if (__builtin_expect(sim->runnable <= sim->asked_from, 1))
        return;
    if (sim->plain)
        sched_point_plain(sim, op, object);
    else
        sched_point_slow(sim, op, object);
}

/* What a thread does first that has waited for this. */
static inline enum sim_event_kind sched_op_after(enum sim_wait why)
{
    return why == SIM_WAIT_LOCK   ? SIM_EV_ACQUIRE
           : why == SIM_WAIT_JOIN ? SIM_EV_JOIN
                                  : SIM_EV_RESUME;
}

/* The running thread gives way, and stays runnable: option 0 is the next one, not itself. */
void sched_yield_thread(struct sim *sim, const struct sim_site *site);

/* Block the running thread until sched_wake; why and on what is for the trace. */
void sched_block(struct sim *sim, enum sim_wait why, uint32_t object, int64_t value,
                 const struct sim_site *site);

/* The same for at most delay_ns (negative: no limit).  Returns true if that has passed. */
bool sched_block_for(struct sim *sim, int64_t delay_ns, enum sim_wait why, uint32_t object,
                     const struct sim_site *site);

/* Nothing can run: let time pass until something can, or end the run. */
void sched_wait_for_time(struct sim *sim);

/* Who goes on when the running thread, with this index, does not, where that is plain; switches: as
 * for sim_draw_thread. */
static inline __attribute__((always_inline)) struct sim_thread *
sched_pick_plain(struct sim *sim, uint32_t index, bool switches)
{
    uint32_t taken = 0;

    if (__builtin_expect(sim->runnable == 0, 0))
        sched_wait_for_time(sim);
    if (sim->runnable > sim->unasked)
        taken = sim->plain ? sim_draw_thread(sim, false, switches) : sched_choose_next(sim);
    return sim->threads[enabled_nth(&sim->enabled, SUMMARY_THREADS, index, taken)];
}

/* As sched_block, where that is plain: if it is not for a lock, others can notice it. */
static inline __attribute__((always_inline)) void
sched_block_plain(struct sim *sim, enum sim_wait why, uint32_t object)
{
    struct sim_thread *self = sim->running;

    SIM_ASSERT(self->state == THREAD_RUNNABLE);
    self->state = THREAD_BLOCKED;
    sim->runnable--;
    enabled_remove_few(&sim->enabled, self->index);
    sched_announce(self, sched_op_after(why), object);
    sim_step(sim);
    if (why != SIM_WAIT_LOCK)
        summary_change(sim->summary);
    struct sim_thread *next = sched_pick_plain(sim, self->index, true);

    if (next != self) {
        sim->running = next;
        fiber_switch(self->fiber, next->fiber);
    }
    sched_resume_plain(sim);
}

/* Make a blocked thread runnable; by is the object that it waited for. */
void sched_wake(struct sim_thread *thread, uint32_t by);

/* Take back a wake: what it waited for is gone again. */
void sched_unwake(struct sim_thread *thread);

/* The same for a thread that waits until the clock shows when_ns, which is not yet. */
void sched_unwake_until(struct sim_thread *thread, int64_t when_ns);

/* With priorities: those of some threads have changed, or who can run has: only the ready threads
 * of the highest one can be chosen.  The running thread, if it is none of them, gives way at its
 * next scheduling point. */
void sched_prefer(struct sim *sim);

/* Something that happens at a virtual time, whatever threads do.  Zeroed memory is an idle one. */
struct alarm {
    struct timer timer;
    void (*ring)(struct sim *sim, struct alarm *alarm);
};

/* Let an idle alarm ring when the clock reaches when_ns, before any thread or loop that wakes then.
 */
void sched_set_alarm(struct sim *sim, struct alarm *alarm, int64_t when_ns);

/* End a thread that does not run, wherever it stands: what it does next never happens. */
void sched_kill(struct sim_thread *thread);

/* Sleep in virtual time. */
void sched_sleep(struct sim *sim, int64_t delay_ns, const struct sim_site *site);

#endif
