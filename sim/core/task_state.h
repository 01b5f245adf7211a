/* The inside of a task, for core and for the primitives that tasks wait at. */
#ifndef SIM_CORE_TASK_STATE_H
#define SIM_CORE_TASK_STATE_H

#include "sim/core/future_state.h"
#include "sim/core/task.h"

/* Lives in the arena.  As asyncio.Task: while it waits, `waiting_for` is set and its wake-up is
 * among that future's callbacks; otherwise it is in the ready queue, or running, or done. */
struct sim_task {
    struct sim_future future; /* first: a task is a future; its value is there before it is done */
    struct fiber *fiber;      /* NULL before the first step and when done */
    struct sim_future *waiting_for;
    sim_body_fn body;
    void *arg;
    uint8_t status;   /* with which the body ended */
    bool must_cancel; /* cancelled while it could run: its next wait fails */
    bool throwing;    /* the step that begins now raises `raised` where it waited */
    bool finished;    /* the body has returned */
    int cancels_requested;
    /* The second line of the cache ends here: steps do not use the third. */
    const struct sim_exception *raised; /* met last */
    struct list_node link;              /* in loop->tasks until done */
    const char *name;                   /* NULL: "Task-<number>" */
    uint32_t number;
    uint32_t handles; /* that it has made */
    struct sim_context own;
    struct sim_context *context; /* entered; NULL: its own */
};

static inline uint32_t task_id(const struct sim_task *task)
{
    return task->future.id;
}

/* A task of this loop, not yet in its ready queue.  context: that it runs in, NULL: a copy of the
 * current one. */
struct sim_task *task_create(struct sim_loop *loop, const char *name, sim_body_fn body, void *arg,
                             struct sim_context *context, const struct sim_site *site);

/* Let it be stepped at the next turn; or step it now, from whoever runs. */
void task_push(struct sim_task *task);
void task_start_eagerly(struct sim *sim, struct sim_task *task);

/* Suspend the running task until future is done; why, object and value are for the trace.
 *
 * Returns: SIM_CANCELLED if the task was cancelled, else how the future ended. */
SIM_MUST_USE enum sim_status task_wait(struct sim *sim, struct sim_future *future,
                                       enum sim_wait why, uint32_t object, int64_t value,
                                       const struct sim_site *site);

/* Let every other ready handle run once.  As a bare yield. */
SIM_MUST_USE enum sim_status task_yield(struct sim *sim, const struct sim_site *site);

/* The callback that wakes a waiting task (arg), and its entry in the ready queue. */
void task_wakeup(struct sim_future *future, void *arg);
struct ready task_wakeup_ready(struct sim_task *task, struct sim_future *future);

/* The seldom taken ways into a step (the first; a cancellation) and out of it (the last; an
 * overrun).  task_before_step returns false if the task ended before its first step. */
bool task_before_step(struct sim *sim, struct sim_task *task);
void task_after_step(struct sim *sim, struct sim_task *task);

/* Run a task until it waits or ends.  As Task.__step.  Inline: the switch then saves the registers
 * of whoever steps many tasks, once. */
static inline void task_step(struct sim *sim, struct sim_task *task)
{
    struct sim_thread *thread = sim->running;
    bool first = task->fiber == NULL;

    SIM_ASSERT(task->future.state == FUTURE_PENDING);
    if ((first || task->must_cancel) && !task_before_step(sim, task))
        return;
    task->waiting_for = NULL;
    sim_op(sim, SIM_EV_RESUME, .actor = task_id(task), .value = first);
    thread->task = task;
    fiber_switch(thread->base, task->fiber);
    task = thread->task;
    thread->task = NULL;
    if (task->finished || !task->fiber->guarded)
        task_after_step(sim, task);
}

/* The step of a task (a), as an entry of the ready queue. */
void task_run_step(struct sim *sim, const struct ready *ready);

/* The task that an entry of the ready queue will step; NULL if it is something else. */
static inline const struct sim_task *task_of_ready(const struct ready *ready)
{
    return ready->run == task_run_step ? ready->a : NULL;
}

/* A hint to the cache: the task's stack will be wanted soon.  task may be NULL; it is read. */
static inline __attribute__((always_inline)) void task_prefetch_stack(const struct sim_task *task)
{
    if (task != NULL && task->fiber != NULL)
        fiber_prefetch(task->fiber);
}

#endif
