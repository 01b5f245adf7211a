#include "sim/combine/gather.h"

#include <string.h>

#include "sim/core/future_state.h"

/* As asyncio.tasks._GatheringFuture. */
struct gather {
    struct sim_future future;     /* first: a gather is a future */
    struct sim_future **children; /* in the order given; one may stand there twice */
    size_t count;
    size_t unique;
    size_t finished;
    bool return_exceptions;
    bool cancel_requested;
};

static bool cancel_children(struct sim_future *future, const char *message)
{
    struct gather *gather = container_of(future, struct gather, future);
    bool any = false;

    if (future->state != FUTURE_PENDING)
        return false;
    for (size_t i = 0; i < gather->count; i++)
        any |= future_cancel(gather->children[i], message);
    gather->cancel_requested |= any;
    return any;
}

static struct sim_value result_of(struct sim_future *child)
{
    /* A new one even for a task that has its own: asyncio forgets its message here. */
    const struct sim_exception *exception =
        child->state == FUTURE_CANCELLED
            ? sim_exception_new(child->loop->sim, SIM_CANCELLED, child->cancel_message, NULL)
            : future_take_exception(child);

    if (exception == NULL)
        return child->value;
    return (struct sim_value){.type = SIM_EXC, .as.exception = exception};
}

static void finish(struct gather *gather)
{
    struct sim *sim = gather->future.loop->sim;
    struct sim_value *results = sim_alloc(sim, gather->count * sizeof(*results));

    for (size_t i = 0; i < gather->count; i++)
        results[i] = result_of(gather->children[i]);
    if (gather->cancel_requested) {
        /* Cancellation passes on, whatever return_exceptions says, with the message of the last
         * child in the order given (not of the last that ended). */
        future_finish(&gather->future, sim_none(),
                      future_cancelled_error(gather->children[gather->count - 1]));
        return;
    }
    future_finish(
        &gather->future,
        (struct sim_value){.type = SIM_LIST, .count = (uint32_t)gather->count, .as.items = results},
        NULL);
}

static void child_done(struct sim_future *child, void *arg)
{
    struct gather *gather = arg;
    bool cancelled = child->state == FUTURE_CANCELLED;

    gather->finished++;
    if (gather->future.state == FUTURE_PENDING && child->state == FUTURE_FINISHED &&
        child->exception == NULL) {
        if (gather->finished == gather->unique)
            finish(gather);
        return;
    }
    if (gather->future.state != FUTURE_PENDING) {
        if (!cancelled)
            (void)future_take_exception(child);
        return;
    }
    if (!gather->return_exceptions) {
        const struct sim_exception *exception =
            cancelled ? future_cancelled_error(child) : future_take_exception(child);

        if (exception != NULL) {
            future_finish(&gather->future, sim_none(), exception);
            return;
        }
    }
    if (gather->finished == gather->unique)
        finish(gather);
}

static bool share_loop(struct sim *sim, struct sim_future *const *futures, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (futures[i]->loop == futures[0]->loop)
            continue;
        (void)sim_raise(sim, SIM_VALUE_ERROR,
                        "The future belongs to a different loop than the one specified as the loop "
                        "argument");
        return false;
    }
    return true;
}

struct sim_future *(sim_gather)(struct sim *sim, struct sim_future *const *futures, size_t count,
                                bool return_exceptions, const struct sim_site *site)
{
    struct sim_loop *loop = count > 0 ? futures[0]->loop : loop_required(sim);

    if (loop == NULL || !share_loop(sim, futures, count))
        return NULL;
    struct gather *gather = sim_alloc(sim, sizeof(*gather));

    future_init(&gather->future, loop, sim_object_new(sim, SIM_OBJ_GATHER, NULL, 0, site));
    gather->return_exceptions = return_exceptions;
    if (count == 0) {
        future_finish(&gather->future, (struct sim_value){.type = SIM_LIST}, NULL);
        return &gather->future;
    }
    gather->future.cancel = cancel_children;
    gather->children = sim_alloc(sim, count * sizeof(struct sim_future *));
    memcpy(gather->children, futures, count * sizeof(struct sim_future *));
    gather->count = count;
    /* A future that is given twice counts once.  Those that are done already count at once (3.12),
     * after all others are listened to. */
    for (size_t i = 0; i < count; i++) {
        if (futures[i]->seen)
            continue;
        futures[i]->seen = true;
        gather->unique++;
        if (futures[i]->state == FUTURE_PENDING)
            (sim_add_done_callback)(futures[i], child_done, gather);
    }
    for (size_t i = 0; i < count; i++) {
        if (futures[i]->seen && futures[i]->state != FUTURE_PENDING)
            child_done(futures[i], gather);
        futures[i]->seen = false;
    }
    return &gather->future;
}
