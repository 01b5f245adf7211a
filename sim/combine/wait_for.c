#include "sim/combine/wait_for.h"

#include "sim/combine/timeout_state.h"
#include "sim/core/task.h"
#include "sim/core/task_state.h"

static void release_waiter(struct sim_future *future, void *arg)
{
    struct sim_future *waiter = arg;

    (void)future;
    if (waiter->state == FUTURE_PENDING)
        future_finish(waiter, sim_none(), NULL);
}

/* As asyncio.tasks._cancel_and_wait. */
static enum sim_status cancel_and_wait(struct sim *sim, struct sim_future *future,
                                       const struct sim_site *site)
{
    /* In the arena: the callback may stay in the ready queue when this task is cancelled. */
    struct sim_future *waiter = sim_alloc(sim, sizeof(*waiter));

    future_init(waiter, future->loop, 0);
    (sim_add_done_callback)(future, release_waiter, waiter);
    (void)(sim_cancel)(future, NULL, site);
    enum sim_status status = task_wait(sim, waiter, SIM_WAIT_FUTURE, future->id, 0, site);

    (void)(sim_remove_done_callback)(future, release_waiter, waiter);
    return status;
}

/* A time-out of zero or less: take it if it is done, else cancel it, and wait until it has stopped.
 */
static enum sim_status take_or_cancel(struct sim *sim, struct sim_future *future,
                                      struct sim_value *result, const struct sim_site *site)
{
    if (future->state != FUTURE_PENDING)
        return future_outcome(future, result);
    SIM_TRY(cancel_and_wait(sim, future, site));
    enum sim_status status = future_outcome(future, result);

    if (status != SIM_CANCELLED)
        return status;
    *sim_raised(sim) = sim_exception_new(sim, SIM_TIMEOUT, "", *sim_raised(sim));
    return SIM_TIMEOUT;
}

enum sim_status(sim_wait_for)(struct sim_future *future, int64_t timeout_ns,
                              struct sim_value *result, const struct sim_site *site)
{
    struct sim *sim = future->loop->sim;
    struct sim_timeout timeout;

    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    if (timeout_ns < 0)
        return (sim_await)(future, result, site);
    if (timeout_ns == 0)
        return take_or_cancel(sim, future, result, site);
    timeout_init(&timeout, sim, timeout_deadline(sim, timeout_ns));
    SIM_TRY((sim_timeout_enter)(&timeout, site));
    return sim_timeout_exit(&timeout, (sim_await)(future, result, site));
}

enum sim_status(sim_wait_for_call)(struct sim *sim, sim_body_fn body, void *arg, int64_t timeout_ns,
                                   const struct sim_site *site)
{
    struct sim_timeout timeout;

    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    if (timeout_ns < 0)
        return body(sim, arg);
    if (timeout_ns == 0) {
        struct sim_task *task = (sim_task_new)(sim, NULL, body, arg, site);
        struct sim_value value = sim_none();

        SIM_TRY(take_or_cancel(sim, SIM_FUTURE(task), &value, site));
        return sim_return(sim, value);
    }
    timeout_init(&timeout, sim, timeout_deadline(sim, timeout_ns));
    return (sim_timeout_with)(&timeout, body, arg, site);
}
