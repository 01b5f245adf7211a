#include "sim/core/task_state.h"

#include "sim/core/choose.h"
#include "sim/core/context_state.h"
#include "sim/core/sched.h"
#include <string.h>

static void task_main(void *arg)
{
    struct sim_task *task = arg;

    task->status = (uint8_t)task->body(task->future.loop->sim, task->arg);
    task->finished = true;
    fiber_leave(task->future.loop->thread->base);
}

/* Back to the loop, until the next step. */
static inline void suspend(struct sim *sim, struct sim_task *task)
{
    fiber_switch(task->fiber, sim->running->base);
}

static void end_with(struct sim_task *task, const struct sim_exception *exception)
{
    future_finish(&task->future, task->future.value, exception);
    if (__builtin_expect(exception_interrupts(exception), 0))
        task->future.loop->interrupt = exception;
}

/* As Task.__step when the coroutine has ended. */
static void finish(struct sim_task *task)
{
    struct sim *sim = task->future.loop->sim;
    enum sim_status status = task->status;
    const char *message = NULL;

    list_remove(&task->link);
    /* Cancelled at the last moment, after its last await. */
    if (status == SIM_OK && task->must_cancel) {
        task->must_cancel = false;
        status = SIM_CANCELLED;
        message = task->future.cancel_message;
    } else if (status == SIM_CANCELLED && task->raised != NULL &&
               task->raised->kind == SIM_CANCELLED) {
        task->future.exception = task->raised;
    }
    sim_op(sim, SIM_EV_DONE, .actor = task_id(task), .object = task_id(task), .aux = status,
           .value = sim_value_number(task->future.value));
    if (status == SIM_CANCELLED)
        (void)future_cancel_plain(&task->future, message);
    else
        end_with(task, sim_ended_with(sim, status, task->raised));
}

static void give_stack(struct sim *sim, struct sim_task *task)
{
    task->fiber = fiber_new(sim->fibers, task_main, task);
    if (task->fiber == NULL)
        sim_out_of_memory(sim);
    task->fiber->actor = task_id(task);
}

void task_after_step(struct sim *sim, struct sim_task *task)
{
    if (fiber_overrun(task->fiber))
        sim_abandon(sim, SIM_OUTCOME_OVERFLOW);
    if (!task->finished)
        return;
    fiber_release(sim->fibers, task->fiber);
    task->fiber = NULL;
    finish(task);
}

/* Does this wake-up bring a CancelledError anyway?  Then that one is raised, with its message.  An
 * exception that it brings instead has been looked at, as by Task.__wakeup. */
static bool brings_cancellation(struct sim_future *future)
{
    if (future == NULL || future->state == FUTURE_PENDING)
        return false;
    if (future->state == FUTURE_CANCELLED)
        return true;
    const struct sim_exception *exception = future_take_exception(future);

    return exception != NULL && exception->kind == SIM_CANCELLED;
}

bool task_before_step(struct sim *sim, struct sim_task *task)
{
    if (task->must_cancel) {
        task->must_cancel = false;
        if (!brings_cancellation(task->waiting_for)) {
            task->raised = sim_exception_new(sim, SIM_CANCELLED, task->future.cancel_message, NULL);
            task->throwing = true;
        }
    }
    if (task->fiber != NULL)
        return true;
    if (!task->throwing) {
        give_stack(sim, task);
        return true;
    }
    task->status = SIM_CANCELLED;
    finish(task);
    return false;
}

void task_run_step(struct sim *sim, const struct ready *ready)
{
    task_step(sim, ready->a);
}

void task_push(struct sim_task *task)
{
    struct ready *ready = loop_slot(task->future.loop);

    ready->run = task_run_step;
    ready->a = task;
}

void task_wakeup(struct sim_future *future, void *arg)
{
    struct sim_task *task = arg;

    (void)future;
    task_step(task->future.loop->sim, task);
}

/* From outside of the program, as if the loop had been told to. */
static void cancel_from_outside(struct sim *sim, struct sim_task *task, enum sim_cancel when,
                                const struct sim_site *site)
{
    struct sim_thread *thread = sim->running;
    struct sim_task *self = thread->task;

    sim_op(sim, SIM_EV_CANCEL, .object = task_id(task), .aux = when, .site = site);
    thread->task = NULL;
    (void)future_cancel(&task->future, NULL);
    thread->task = self;
}

struct ready task_wakeup_ready(struct sim_task *task, struct sim_future *future)
{
    struct sim *sim = task->future.loop->sim;

    sim_note(sim, SIM_EV_WAKE, .actor = sim_waker(sim), .object = task_id(task),
             .value = future->id);
    if (__builtin_expect(sim->cancel_when_woken == task, 0)) {
        sim->cancel_when_woken = NULL;
        if (future->state != FUTURE_CANCELLED)
            cancel_from_outside(sim, task, SIM_CANCEL_ENDS, sim->cancel_site);
    }
    return (struct ready){.run = task_run_step, .a = task};
}

/* As Task.cancel. */
static bool cancel_task(struct sim_future *future, const char *message)
{
    struct sim_task *task = container_of(future, struct sim_task, future);

    if (future->state != FUTURE_PENDING)
        return future_refuse_cancel(future);
    task->cancels_requested++;
    if (task->waiting_for != NULL && future_cancel(task->waiting_for, message))
        return true;
    task->must_cancel = true;
    task->future.cancel_message = message;
    return true;
}

struct sim_task *task_create(struct sim_loop *loop, const char *name, sim_body_fn body, void *arg,
                             struct sim_context *context, const struct sim_site *site)
{
    struct sim *sim = loop->sim;
    struct sim_task *task = sim_alloc_lines(sim, sizeof(*task));

    *task = (struct sim_task){.body = body, .arg = arg, .context = context};
    task->future.loop = loop;
    task->future.id = sim_object_new(sim, SIM_OBJ_TASK, name, loop->thread->id, site);
    task->future.is_task = true;
    task->future.cancel = cancel_task;
    if (context == NULL)
        task->own.map = context_current(sim)->map;
    if (name == NULL)
        task->number = ++sim->task_count;
    else
        task->name = sim_strdup(sim, name);
    list_append(&loop->tasks, &task->link);
    sim_op(sim, SIM_EV_SPAWN, .actor = sim_waker(sim), .object = task_id(task), .site = site);
    return task;
}

void task_start_eagerly(struct sim *sim, struct sim_task *task)
{
    struct sim_thread *thread = sim->running;
    struct sim_task *creator = thread->task;
    struct fiber *base = thread->base;

    thread->base = creator == NULL ? thread->fiber : creator->fiber;
    task_step(sim, task);
    thread->base = base;
    thread->task = creator;
}

static struct sim_task *start(struct sim *sim, struct sim_context *context, const char *name,
                              sim_body_fn body, void *arg, bool eagerly,
                              const struct sim_site *site)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_task *task = task_create(loop, name, body, arg, context, site);

    if (eagerly || loop->eager)
        task_start_eagerly(sim, task);
    else
        task_push(task);
    return task;
}

struct sim_task *(sim_task_new)(struct sim *sim, const char *name, sim_body_fn body, void *arg,
                                const struct sim_site *site)
{
    return start(sim, NULL, name, body, arg, false, site);
}

struct sim_task *(sim_task_new_eager)(struct sim *sim, const char *name, sim_body_fn body,
                                      void *arg, const struct sim_site *site)
{
    return start(sim, NULL, name, body, arg, true, site);
}

struct sim_task *(sim_task_new_in)(struct sim *sim, struct sim_context *context, const char *name,
                                   sim_body_fn body, void *arg, const struct sim_site *site)
{
    return start(sim, context, name, body, arg, false, site);
}

/* Where cancellations are tried: is this await the one at which the task is cancelled?  At once, or
 * as it ends: then what it waited for is there, and lost unless the task sees to it. */
static __attribute__((noinline)) void try_cancel(struct sim *sim, struct sim_task *task,
                                                 bool yields, const struct sim_site *site)
{
    if (sim->cancel_tried || task->must_cancel ||
        (strcmp(sim->cancel, "any") != 0 && strcmp(sim->cancel, sim_task_name(task)) != 0))
        return;
    uint32_t count = yields ? 2 : 3;
    struct sim_option *options = sim_options(sim, count);

    for (uint32_t i = 0; i < count; i++)
        options[i] = (struct sim_option){.actor = task_id(task),
                                         .op = i == 0 ? SIM_EV_SUSPEND : SIM_EV_CANCEL};
    uint32_t taken = sim_choose(sim, SIM_CHOICE_CANCEL, options, count);

    if (taken == 0)
        return;
    sim->cancel_tried = true;
    sim->cancel_site = site;
    if (taken == 1)
        cancel_from_outside(sim, task, SIM_CANCEL_BEGINS, site);
    else
        sim->cancel_when_woken = task;
}

/* Where a suspended task goes on. */
static bool thrown_at(struct sim_task *task)
{
    bool throwing = task->throwing;

    task->throwing = false;
    return throwing;
}

enum sim_status task_wait(struct sim *sim, struct sim_future *future, enum sim_wait why,
                          uint32_t object, int64_t value, const struct sim_site *site)
{
    struct sim_task *task = sim->running->task;

    SIM_ASSERT(task != NULL && future->state == FUTURE_PENDING);
    sim_op(sim, SIM_EV_SUSPEND, .actor = task_id(task), .object = object, .aux = why,
           .value = value, .site = site);
    (sim_add_done_callback)(future, task_wakeup, task);
    task->waiting_for = future;
    if (task->must_cancel && future_cancel(future, task->future.cancel_message))
        task->must_cancel = false;
    if (__builtin_expect(sim->cancel != NULL, 0) && future->state == FUTURE_PENDING)
        try_cancel(sim, task, false, site);
    suspend(sim, task);
    task = sim->running->task;
    return thrown_at(task) ? SIM_CANCELLED : future_outcome(future, NULL);
}

enum sim_status task_yield(struct sim *sim, const struct sim_site *site)
{
    struct sim_task *task = sim->running->task;

    SIM_ASSERT(task != NULL);
    sim_op(sim, SIM_EV_SUSPEND, .actor = task_id(task), .aux = SIM_WAIT_YIELD, .site = site);
    task_push(task);
    if (__builtin_expect(sim->cancel != NULL, 0))
        try_cancel(sim, task, true, site);
    suspend(sim, task);
    task = sim->running->task;
    return thrown_at(task) ? SIM_CANCELLED : SIM_OK;
}

/* As Task.__step when the coroutine yields what it cannot wait for: the error is thrown into it at
 * the next turn. */
static enum sim_status refuse_await(struct sim *sim, struct sim_task *task,
                                    struct sim_future *future, const struct sim_site *site)
{
    SIM_TRY(task_yield(sim, site));
    if (future == &task->future)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Task cannot await on itself");
    return sim_raise(sim, SIM_RUNTIME_ERROR, "Task %s got Future attached to a different loop",
                     sim_task_name(task));
}

enum sim_status(sim_await)(struct sim_future *future, struct sim_value *result,
                           const struct sim_site *site)
{
    struct sim *sim = future->loop->sim;
    struct sim_task *task = sim->running->task;

    if (task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "await outside of a task");
    sim_look(sim, future->id);
    if (future->state == FUTURE_PENDING) {
        if (future == &task->future || future->loop != task->future.loop)
            return refuse_await(sim, task, future, site);
        enum sim_status status = task_wait(sim, future, SIM_WAIT_FUTURE, future->id, 0, site);

        if (status != SIM_OK)
            return status;
    }
    return future_outcome(future, result);
}

struct sim_future *sim_task_future(struct sim_task *task)
{
    return &task->future;
}

struct sim_task *sim_current_task(struct sim *sim)
{
    return loop_required(sim) == NULL ? NULL : sim->running->task;
}

struct sim_task **sim_all_tasks(struct sim *sim, size_t *count)
{
    struct sim_loop *loop = loop_required(sim);
    size_t i = 0;

    *count = 0;
    if (loop == NULL)
        return NULL;
    LIST_EACH(node, &loop->tasks)
    {
        ++*count;
    }
    struct sim_task **tasks = sim_alloc(sim, *count * sizeof(struct sim_task *));

    LIST_EACH(node, &loop->tasks)
    {
        tasks[i] = container_of(node, struct sim_task, link);
        sim_look(sim, task_id(tasks[i++]));
    }
    return tasks;
}

const char *sim_task_name(struct sim_task *task)
{
    if (task->name == NULL)
        task->name = sim_format(task->future.loop->sim, "Task-%u", task->number);
    return task->name;
}

void sim_task_set_name(struct sim_task *task, const char *name)
{
    struct sim *sim = task->future.loop->sim;

    task->name = sim_strdup(sim, name);
    if (sim->words)
        registry_rename(sim->registry, task_id(task), name);
}

int sim_task_cancelling(const struct sim_task *task)
{
    return task->cancels_requested;
}

int sim_task_uncancel(struct sim_task *task)
{
    if (task->cancels_requested > 0 && --task->cancels_requested == 0)
        task->must_cancel = false;
    struct sim *sim = task->future.loop->sim;

    if (__builtin_expect(sim->cancel_tried, 0) && task->cancels_requested == 0)
        sim_note(sim, SIM_EV_CANCEL, .actor = sim_actor(sim), .object = task_id(task),
                 .aux = SIM_CANCEL_TAKEN_BACK);
    return task->cancels_requested;
}
