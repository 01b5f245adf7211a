#include "sim/core/future_state.h"

#include <string.h>

#include "sim/core/context_state.h"
#include "sim/core/task_state.h"

void future_init(struct sim_future *future, struct sim_loop *loop, uint32_t id)
{
    *future = (struct sim_future){.loop = loop, .id = id};
}

struct sim_future *sim_future_new(struct sim *sim, const char *name)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    struct sim_future *future = sim_alloc(sim, sizeof(*future));

    future_init(future, loop, sim_object_new(sim, SIM_OBJ_FUTURE, name, 0, NULL));
    return future;
}

/* In a context where nothing is set: with_context wraps what was registered in another. */
static void call_back(struct sim *sim, const struct ready *ready)
{
    sim_future_fn fn = (sim_future_fn)ready->c.function;

    CONTEXT_CALL(sim, NULL, fn(ready->a, ready->b));
}

static void schedule_callback(struct sim_future *future, struct future_callback callback)
{
    struct ready ready = {.run = call_back,
                          .a = future,
                          .b = callback.arg,
                          .c.function = (void (*)(void))callback.fn};

    if (callback.fn == task_wakeup)
        loop_push(future->loop, task_wakeup_ready(callback.arg, future));
    else if (callback.fn == loop_stop_when_done)
        loop_stop_when_done(future, callback.arg);
    else
        loop_push_call(future->loop, ready);
}

static void settle(struct sim_future *future)
{
    uint32_t count = future->callback_count;

    SIM_ASSERT(future->state != FUTURE_PENDING);
    future->callback_count = 0;
    if (count > 0)
        schedule_callback(future, future->first);
    for (uint32_t i = 1; i < count; i++)
        schedule_callback(future, future->rest[i - 1]);
}

/* A callback that was registered where context variables were set. */
struct callback_in_context {
    struct future_callback callback;
    const struct context_map *map;
};

static void call_in_context(struct sim_future *future, void *arg)
{
    const struct callback_in_context *in = arg;

    CONTEXT_CALL(future->loop->sim, in->map, in->callback.fn(future, in->callback.arg));
}

static struct future_callback with_context(struct sim *sim, sim_future_fn fn, void *arg)
{
    struct future_callback callback = {.fn = fn, .arg = arg};
    const struct context_map *map = sim->running == NULL ? NULL : context_current(sim)->map;

    /* A task's step runs in the task's own, and to stop, none is needed. */
    if (map == NULL || fn == task_wakeup || fn == loop_stop_when_done)
        return callback;
    struct callback_in_context *in = sim_alloc(sim, sizeof(*in));

    *in = (struct callback_in_context){callback, map};
    return (struct future_callback){.fn = call_in_context, .arg = in};
}

static bool calls(struct future_callback callback, sim_future_fn fn, const void *arg)
{
    if (callback.fn == call_in_context) {
        const struct callback_in_context *in = callback.arg;

        callback = in->callback;
    }
    return callback.fn == fn && callback.arg == arg;
}

void(sim_add_done_callback)(struct sim_future *future, sim_future_fn fn, void *arg)
{
    struct future_callback callback = with_context(future->loop->sim, fn, arg);

    sim_look(future->loop->sim, future->id);
    if (future->state != FUTURE_PENDING) {
        schedule_callback(future, callback);
        return;
    }
    if (future->callback_count++ == 0) {
        future->first = callback;
        return;
    }
    uint32_t used = future->callback_count - 2;

    if (used == future->rest_capacity) {
        uint32_t capacity = used == 0 ? 4 : 2 * used;
        struct future_callback *rest =
            sim_alloc(future->loop->sim, capacity * sizeof(struct future_callback));

        if (used > 0)
            memcpy(rest, future->rest, used * sizeof(*rest));
        future->rest = rest;
        future->rest_capacity = capacity;
    }
    future->rest[used] = callback;
}

int(sim_remove_done_callback)(struct sim_future *future, sim_future_fn fn, void *arg)
{
    uint32_t kept = 0;
    uint32_t count = future->callback_count;

    sim_look(future->loop->sim, future->id);
    for (uint32_t i = 0; i < count; i++) {
        struct future_callback callback = i == 0 ? future->first : future->rest[i - 1];

        if (calls(callback, fn, arg))
            continue;
        *(kept == 0 ? &future->first : &future->rest[kept - 1]) = callback;
        kept++;
    }
    future->callback_count = kept;
    return (int)(count - kept);
}

bool future_refuse_cancel(struct sim_future *future)
{
    if (future->state == FUTURE_FINISHED)
        (void)future_take_exception(future);
    return false;
}

bool future_cancel_plain(struct sim_future *future, const char *message)
{
    if (future->state != FUTURE_PENDING)
        return future_refuse_cancel(future);
    future->state = FUTURE_CANCELLED;
    future->cancel_message = message;
    settle(future);
    return true;
}

bool future_cancel(struct sim_future *future, const char *message)
{
    if (future->id != 0)
        sim_look_how(future->loop->sim, future->id, SIM_LOOK_CANCELLED, 0);
    return future->cancel != NULL ? future->cancel(future, message)
                                  : future_cancel_plain(future, message);
}

bool(sim_cancel)(struct sim_future *future, const char *message, const struct sim_site *site)
{
    struct sim *sim = future->loop->sim;

    sim_op(sim, SIM_EV_CANCEL, .actor = sim_waker(sim), .object = future->id, .site = site);
    return future_cancel(future, sim_strdup(sim, message));
}

void future_finish(struct sim_future *future, struct sim_value value,
                   const struct sim_exception *exception)
{
    SIM_ASSERT(future->state == FUTURE_PENDING);
    future->state = FUTURE_FINISHED;
    future->value = value;
    future->exception = exception;
    settle(future);
}

/* Why its outcome cannot be set from outside; SIM_OK if it can. */
static enum sim_status refuse(struct sim_future *future, const char *operation)
{
    struct sim *sim = future->loop->sim;

    sim_look(sim, future->id);
    if (future->is_task)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Task does not support %s operation", operation);
    if (future->state != FUTURE_PENDING)
        return sim_raise(sim, SIM_INVALID_STATE, "invalid state");
    return SIM_OK;
}

enum sim_status sim_future_set_result(struct sim_future *future, struct sim_value value)
{
    struct sim *sim = future->loop->sim;

    SIM_TRY(refuse(future, "set_result"));
    sim_op(sim, SIM_EV_RESULT, .actor = sim_actor(sim), .object = future->id,
           .value = sim_value_number(value));
    future_finish(future, value, NULL);
    return SIM_OK;
}

/* As Future.set_exception: a StopIteration that came out of an await would end who awaits. */
static const struct sim_exception *fit_to_raise(struct sim *sim,
                                                const struct sim_exception *exception)
{
    if (exception->kind != SIM_STOP_ITERATION)
        return exception;
    return sim_exception_new(
        sim, SIM_RUNTIME_ERROR,
        "StopIteration interacts badly with generators and cannot be raised into a Future",
        exception);
}

enum sim_status sim_future_set_exception(struct sim_future *future, enum sim_status kind,
                                         const char *message)
{
    struct sim *sim = future->loop->sim;

    SIM_TRY(refuse(future, "set_exception"));
    const struct sim_exception *exception =
        fit_to_raise(sim, sim_exception_new(sim, kind, sim_strdup(sim, message), NULL));

    sim_op(sim, SIM_EV_RESULT, .actor = sim_actor(sim), .object = future->id,
           .aux = exception->kind);
    future_finish(future, sim_none(), exception);
    return SIM_OK;
}

bool(sim_done)(const struct sim_future *future)
{
    sim_look(future->loop->sim, future->id);
    return future->state != FUTURE_PENDING;
}

bool(sim_cancelled)(const struct sim_future *future)
{
    sim_look(future->loop->sim, future->id);
    return future->state == FUTURE_CANCELLED;
}

const struct sim_exception *future_take_exception(struct sim_future *future)
{
    SIM_ASSERT(future->state == FUTURE_FINISHED);
    if (future->exception != NULL && !future->retrieved) {
        struct sim *sim = future->loop->sim;

        future->retrieved = true;
        sim_note(sim, SIM_EV_RETRIEVE, .actor = sim_actor(sim), .object = future->id);
    }
    return future->exception;
}

const struct sim_exception *future_cancelled_error(struct sim_future *future)
{
    const struct sim_exception *own = future->exception;

    /* As Future._make_cancelled_error: it is handed out once, and a new one has no message. */
    if (future->state == FUTURE_CANCELLED && own != NULL) {
        future->exception = NULL;
        return own;
    }
    return sim_exception_new(future->loop->sim, SIM_CANCELLED, future->cancel_message, NULL);
}

enum sim_status future_outcome(struct sim_future *future, struct sim_value *value)
{
    struct sim *sim = future->loop->sim;
    const struct sim_exception *exception = NULL;

    SIM_ASSERT(future->state != FUTURE_PENDING);
    if (future->state == FUTURE_CANCELLED)
        exception = future_cancelled_error(future);
    else
        exception = future_take_exception(future);
    if (exception != NULL) {
        *sim_raised(sim) = exception;
        return exception->kind;
    }
    if (value != NULL)
        *value = future->value;
    return SIM_OK;
}

enum sim_status(sim_future_result)(struct sim_future *future, struct sim_value *value)
{
    sim_look(future->loop->sim, future->id);
    if (future->state == FUTURE_PENDING)
        return sim_raise(future->loop->sim, SIM_INVALID_STATE, "Result is not set.");
    return future_outcome(future, value);
}

enum sim_status(sim_future_exception)(struct sim_future *future,
                                      const struct sim_exception **exception)
{
    sim_look(future->loop->sim, future->id);
    if (future->state == FUTURE_PENDING)
        return sim_raise(future->loop->sim, SIM_INVALID_STATE, "Exception is not set.");
    if (future->state == FUTURE_CANCELLED)
        return future_outcome(future, NULL);
    *exception = future_take_exception(future);
    return SIM_OK;
}
