#include "sim/thread/concurrent_state.h"

#include "sim/core/context_state.h"
#include "sim/core/sched.h"
#include "sim/core/task_state.h"

/* An asyncio future that ends as a concurrent one does. */
struct wrapping {
    struct wrapping *next;
    struct sim_concurrent *source;
    struct sim_future *future;
};

struct sim_concurrent *concurrent_new(struct sim *sim, const char *name,
                                      const struct sim_site *site)
{
    struct sim_concurrent *concurrent = sim_alloc(sim, sizeof(*concurrent));

    concurrent->sim = sim;
    concurrent->id = sim_object_new(sim, SIM_OBJ_FUTURE, name, 0, site);
    list_init(&concurrent->waiters);
    list_init(&concurrent->link);
    return concurrent;
}

/* As _set_state, in the loop of the future: copy the outcome. */
static void copy_state(struct sim *sim, void *arg)
{
    const struct wrapping *wrapping = arg;
    const struct sim_concurrent *source = wrapping->source;

    sim_op(sim, SIM_EV_SETTLE, .actor = sim_actor(sim), .object = source->id);
    if (wrapping->future->state != FUTURE_PENDING)
        return;
    if (source->state == CONCURRENT_CANCELLED)
        (void)future_cancel_plain(wrapping->future, NULL);
    else
        future_finish(wrapping->future, source->value, source->exception);
}

static void tell(struct sim_concurrent *concurrent)
{
    while (!list_empty(&concurrent->waiters)) {
        struct sim_thread *thread =
            container_of(concurrent->waiters.next, struct sim_thread, waiting);

        list_remove(&thread->waiting);
        sched_wake(thread, concurrent->id);
    }
    for (struct wrapping *at = concurrent->wrappings; at != NULL; at = at->next)
        (void)(sim_call_soon_threadsafe)(at->future->loop, copy_state, at, NULL);
}

void concurrent_finish(struct sim_concurrent *concurrent, struct sim_value value,
                       const struct sim_exception *exception)
{
    struct sim *sim = concurrent->sim;

    concurrent->state = CONCURRENT_FINISHED;
    concurrent->value = value;
    concurrent->exception = exception;
    sim_op(sim, SIM_EV_COMPLETE, .actor = sim_actor(sim), .object = concurrent->id,
           .aux = exception == NULL ? SIM_OK : exception->kind, .value = sim_value_number(value));
    tell(concurrent);
}

bool sim_concurrent_done(const struct sim_concurrent *concurrent)
{
    return concurrent->state >= CONCURRENT_CANCELLED;
}

static void cancel_source(struct sim *sim, void *arg)
{
    (void)sim;
    (void)(sim_cancel)(arg, NULL, NULL);
}

bool(sim_concurrent_cancel)(struct sim_concurrent *concurrent, const struct sim_site *site)
{
    struct sim *sim = concurrent->sim;

    sched_point(sim, SIM_EV_CANCEL, concurrent->id);
    sim_op(sim, SIM_EV_CANCEL, .actor = sim_actor(sim), .object = concurrent->id, .site = site);
    if (concurrent->state != CONCURRENT_PENDING)
        return concurrent->state == CONCURRENT_CANCELLED;
    concurrent->state = CONCURRENT_CANCELLED;
    if (concurrent->source != NULL)
        (void)(sim_call_soon_threadsafe)(concurrent->source->loop, cancel_source,
                                         concurrent->source, site);
    tell(concurrent);
    return true;
}

enum sim_status(sim_concurrent_result)(struct sim_concurrent *concurrent, int64_t timeout_ns,
                                       struct sim_value *result, const struct sim_site *site)
{
    struct sim *sim = concurrent->sim;

    sched_point(sim, SIM_EV_SETTLE, concurrent->id);
    if (!sim_concurrent_done(concurrent)) {
        if (timeout_ns == 0)
            return sim_raise(sim, SIM_TIMEOUT, "%s", "");
        list_append(&concurrent->waiters, &sim->running->waiting);
        if (sched_block_for(sim, timeout_ns, SIM_WAIT_FUTURE, concurrent->id, site)) {
            list_remove(&sim->running->waiting);
            return sim_raise(sim, SIM_TIMEOUT, "%s", "");
        }
    }
    sim_op(sim, SIM_EV_SETTLE, .actor = sim_actor(sim), .object = concurrent->id, .site = site);
    if (concurrent->state == CONCURRENT_CANCELLED)
        return sim_raise(sim, SIM_CANCELLED, "%s", "");
    if (concurrent->exception != NULL) {
        *sim_raised(sim) = concurrent->exception;
        return concurrent->exception->kind;
    }
    if (result != NULL)
        *result = concurrent->value;
    return SIM_OK;
}

/* As _call_check_cancel. */
static void check_cancel(struct sim_future *future, void *arg)
{
    if (future->state == FUTURE_CANCELLED)
        (void)(sim_concurrent_cancel)(arg, NULL);
}

struct sim_future *sim_wrap_future(struct sim *sim, struct sim_concurrent *concurrent)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_future *future = sim_alloc(sim, sizeof(*future));
    struct wrapping *wrapping = sim_alloc(sim, sizeof(*wrapping));

    future_init(future, loop, concurrent->id);
    *wrapping = (struct wrapping){concurrent->wrappings, concurrent, future};
    concurrent->wrappings = wrapping;
    (sim_add_done_callback)(future, check_cancel, concurrent);
    if (sim_concurrent_done(concurrent))
        (void)(sim_call_soon_threadsafe)(loop, copy_state, wrapping, NULL);
    return future;
}

/* ---- From a thread to another thread's loop. ---- */

struct sim_loop *sim_running_loop(struct sim *sim)
{
    return loop_required(sim);
}

/* A call that another thread has asked for. */
struct call {
    sim_callback_fn fn;
    void *arg;
    uint32_t id;
};

static void make_call(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    sim_op(sim, SIM_EV_SETTLE, .actor = sim_actor(sim), .object = call->id);
    call->fn(sim, call->arg);
}

struct sim_handle *(sim_call_soon_threadsafe)(struct sim_loop *loop, sim_callback_fn fn, void *arg,
                                              const struct sim_site *site)
{
    struct sim *sim = loop->sim;
    struct sim_handle *handle = sim_alloc(sim, sizeof(*handle));
    struct call *call = sim_alloc(sim, sizeof(*call));

    *call = (struct call){fn, arg, sim_object_new(sim, SIM_OBJ_FUTURE, "call", 0, site)};
    sched_point(sim, SIM_EV_COMPLETE, call->id);
    sim_op(sim, SIM_EV_COMPLETE, .actor = sim_actor(sim), .object = call->id, .site = site);
    loop_start_soon(loop, handle, make_call, call);
    handle->context = context_current(sim)->map;
    return handle;
}

static void end_as_task(struct sim_future *task, void *arg)
{
    struct sim_concurrent *concurrent = arg;

    if (concurrent->state == CONCURRENT_CANCELLED)
        return;
    if (task->state == FUTURE_CANCELLED) {
        concurrent->state = CONCURRENT_CANCELLED;
        tell(concurrent);
        return;
    }
    concurrent_finish(concurrent, task->value, future_take_exception(task));
}

static void start_coroutine(struct sim *sim, void *arg)
{
    struct sim_concurrent *concurrent = arg;
    struct sim_task *task = (sim_task_new)(sim, NULL, concurrent->fn, concurrent->arg, NULL);

    SIM_ASSERT(task != NULL);
    concurrent->source = SIM_FUTURE(task);
    if (concurrent->state == CONCURRENT_CANCELLED)
        (void)(sim_cancel)(SIM_FUTURE(task), NULL, NULL);
    (sim_add_done_callback)(SIM_FUTURE(task), end_as_task, concurrent);
}

struct sim_concurrent *(sim_run_coroutine_threadsafe)(struct sim_loop *loop, sim_body_fn body,
                                                      void *arg, const struct sim_site *site)
{
    struct sim_concurrent *concurrent = concurrent_new(loop->sim, "coroutine", site);

    concurrent->fn = body;
    concurrent->arg = arg;
    (void)(sim_call_soon_threadsafe)(loop, start_coroutine, concurrent, site);
    return concurrent;
}
