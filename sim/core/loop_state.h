/* The inside of an event loop, for core. */
#ifndef SIM_CORE_LOOP_STATE_H
#define SIM_CORE_LOOP_STATE_H

#include "sim/core/loop.h"
#include "sim/core/sched.h"
#include "sim/core/state.h"

/* A call that can be cancelled.  Lives in the arena. */
struct sim_handle {
    struct timer timer;
    struct sim_loop *loop;
    sim_callback_fn fn;
    void *arg;
    const struct context_map *context; /* in which it was made */
    uint32_t maker;                    /* who made it, a task or a thread */
    uint32_t nth;                      /* that he made, from 1 */
    uint8_t kind;                      /* enum sim_call */
    bool cancelled;
    bool queued; /* its time has come, and it stands in the ready queue */
};

/* Kept from run to run for the memory of its queues. */
struct sim_loop {
    struct sim *sim;
    struct sim_loop *next; /* in sim->loops or sim->idle_loops */
    struct sim_thread *thread;
    struct ready_queue ready;
    struct timers timers;    /* of handles that wait for their time */
    struct list_node tasks;  /* not done, oldest first */
    struct list_node polled; /* of struct poll: descriptors that are ready, in that order */
    uint32_t number;         /* of this run's, from 1 */
    uint32_t calls_added;    /* to the ready queue, other than steps of tasks */
    uint32_t calls_made;     /* of those: they stay in order among themselves */
    uint32_t polls;          /* times that a descriptor became ready */
    uint32_t own;            /* ready in the next turn, whatever other threads do */
    bool selecting;          /* its thread is blocked, waiting for a deadline or a call */
    bool stopping;
    struct list_node generators;           /* asynchronous ones that have begun and not ended */
    struct sim_executor *default_executor; /* NULL: not used yet */
    bool executor_closed;                  /* its own takes no more */
    bool (*close_executor)(struct sim_loop *loop); /* of whoever made it; true: it took turns */
    bool eager;                                    /* tasks start at once */
    const struct sim_exception *interrupt; /* KeyboardInterrupt or SystemExit that ends the run */
};

/* The loop of the running thread; NULL if it runs none. */
struct sim_loop *loop_running(const struct sim *sim);

/* The same, but NULL has raised "no running event loop". */
struct sim_loop *loop_required(struct sim *sim);

/* Let the loop make a call (to be filled in, this one) at its next turn; the loop's thread wakes if
 * it was idle. */
static inline struct ready *loop_slot(struct sim_loop *loop)
{
    struct ready *slot = ready_slot(&loop->ready);

    if (__builtin_expect(slot == NULL, 0))
        sim_out_of_memory(loop->sim);
    if (__builtin_expect(loop->selecting, 0))
        sched_wake(loop->thread, 0);
    loop->own++;
    return slot;
}

static inline void loop_push(struct sim_loop *loop, struct ready ready)
{
    *loop_slot(loop) = ready;
}

/* The nth call of its kind of a loop, as a policy is told of it. */
static inline int64_t loop_call(const struct sim_loop *loop, enum sim_call kind, uint32_t nth)
{
    return (int64_t)((uint64_t)loop->number << 32 | (uint64_t)kind << SIM_CALL_SHIFT | nth);
}

/* The same as loop_push for a call that was added: it has a place among them. */
static inline void loop_push_call(struct sim_loop *loop, struct ready ready)
{
    sim_look_call(loop->sim, SIM_LOOK_CALL_ADDED,
                  loop_call(loop, SIM_CALL_ADDED, ++loop->calls_added));
    loop_push(loop, ready);
    loop->own -= loop->sim->running != loop->thread;
}

/* May each call that is ready or due go next, whichever it is? */
static inline bool loop_goes_in_any_order(const struct sim_loop *loop)
{
    return loop->sim->level == SIM_LEVEL_ANY && loop->sim->policy != NULL;
}

/* For the policy: this call is made now, or never; and a timer's call can be made now.  first: it
 * may come before others that can. */
void loop_look_handle(const struct sim_handle *handle);
void loop_look_due(const struct sim_handle *handle, bool first);

/* Has the time of this timer come, of which nothing is held back? */
static inline bool loop_is_due(const struct sim_loop *loop, const struct timer *timer)
{
    return timer->when_ns <= loop->sim->now_ns && !timer->held;
}

/* A timer that calls fn(sim, arg).  The handle may live on a fiber's stack if loop_forget_timer is
 * called before that returns. */
void loop_start_timer(struct sim_loop *loop, struct sim_handle *handle, int64_t when_ns,
                      sim_callback_fn fn, void *arg);

/* The same, at the next turn. */
void loop_start_soon(struct sim_loop *loop, struct sim_handle *handle, sim_callback_fn fn,
                     void *arg);

/* Finish a plain future from a thread that may not be its loop's, at its loop's next turn. */
void loop_settle_threadsafe(struct sim_future *future);

void loop_forget_timer(struct sim_handle *handle);

/* A call of fn(sim, arg) in the current context, in the arena; and to let its loop make it. */
struct sim_handle *loop_handle_new(struct sim_loop *loop, sim_callback_fn fn, void *arg);
void loop_push_handle(struct sim_handle *handle);

/* How the ready queue makes such a call; and the end of the loop's run, which is one, too. */
void loop_run_handle(struct sim *sim, const struct ready *ready);
void loop_stop_now(struct sim *sim, const struct ready *ready);

/* Of its timers, the one that is due first; NULL: none is. */
struct timer *loop_first_due(const struct sim_loop *loop);

/* The rest of a turn, where its calls may go in any order: see loop_any.c. */
void loop_turn_in_any_order(struct sim_loop *loop);

/* A loop that no thread runs yet. */
struct sim_loop *loop_new(struct sim *sim);

/* A done callback whose call is the end of the loop's run; arg: the loop.  It keeps no order with
 * other calls. */
void loop_stop_when_done(struct sim_future *future, void *arg);

/* Run it on this thread until the future is done, or a task raises KeyboardInterrupt or SystemExit:
 * then that is returned, else NULL.  As loop.run_until_complete, but for the result. */
const struct sim_exception *loop_run_until_done(struct sim_loop *loop, struct sim_future *future);

/* Cancel what is left and wait for it, as asyncio.runners._cancel_all_tasks, and shut down. */
void loop_close(struct sim_loop *loop, const struct sim_task *main);

void loops_free(struct sim *sim);
void loops_reset(struct sim *sim);

#endif
