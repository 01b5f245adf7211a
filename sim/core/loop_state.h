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
    return slot;
}

static inline void loop_push(struct sim_loop *loop, struct ready ready)
{
    *loop_slot(loop) = ready;
}

/* The nth call of a loop that is no step of a task, as a policy is told of it. */
static inline int64_t loop_call(const struct sim_loop *loop, uint32_t nth)
{
    return (int64_t)((uint64_t)loop->number << 32 | nth);
}

/* The same as loop_push for such a call: it has a place among them. */
static inline void loop_push_call(struct sim_loop *loop, struct ready ready)
{
    sim_look_call(loop->sim, SIM_LOOK_CALL_ADDED, loop_call(loop, ++loop->calls_added));
    loop_push(loop, ready);
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
