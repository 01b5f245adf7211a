/* What a random program may do, as the methods of random_programs.py. */
#ifndef TESTS_CONFORMANCE_OPERATIONS_H
#define TESTS_CONFORMANCE_OPERATIONS_H

#include "tests/conformance/operations_scope.h"
#include "tests/conformance/operations_sync.h"

static void cancel_now(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    sim_cancel(call->world->tasks[call->a], message(sim, call->c));
}

static void say_callback(struct sim_future *future, void *arg)
{
    const struct call *call = arg;

    (void)future;
    sim_print(call->sim, "callback of %d", call->a);
}

static const char *describe_result(struct sim *sim, const struct sim_value *result)
{
    if (result->type == SIM_EXC)
        return describe_exception(sim, result->as.exception);
    return sim_format(sim, "%d", (int)result->as.integer);
}

static enum sim_status sleep(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_sleep(sim, call->a * SIM_SECOND);
}

static enum sim_status sleep_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, sleep, arg, call->b * SIM_SECOND);
}

static enum sim_status sleep_within_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, sleep_within, arg, call->c * SIM_SECOND);
}

static enum sim_status lock(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_lock_acquire(call->world->locks[call->a]);
}

static enum sim_status lock_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, lock, arg, call->b * SIM_SECOND);
}

static enum sim_status unlock(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_lock_release(call->world->locks[call->a]);
}

static enum sim_status event_wait(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_event_wait(call->world->event);
}

static enum sim_status event_wait_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, event_wait, arg, call->b * SIM_SECOND);
}

static enum sim_status event_set(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    sim_event_set(call->world->event);
    return SIM_OK;
}

static enum sim_status event_clear(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    sim_event_clear(call->world->event);
    return SIM_OK;
}

static enum sim_status condition_lock(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_lock_acquire(sim_condition_lock(call->world->condition));
}

static enum sim_status condition_unlock(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_lock_release(sim_condition_lock(call->world->condition));
}

static enum sim_status condition_wait(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_condition_wait(call->world->condition);
}

static enum sim_status condition_wait_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_wait_for_call(sim, condition_wait, arg, call->b * SIM_SECOND);
}

static enum sim_status condition_notify(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_condition_notify(call->world->condition, call->a + 1);
}

static enum sim_status condition_notify_all(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_condition_notify_all(call->world->condition);
}

static enum sim_status task_await(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_await(call->world->tasks[call->a], NULL);
}

static enum sim_status task_await_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_wait_for(call->world->tasks[call->a], call->b * SIM_SECOND, NULL);
}

static enum sim_status task_cancel(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return say(sim, call, sim_cancel(call->world->tasks[call->a], message(sim, call->b)));
}

static enum sim_status task_cancel_later(struct sim *sim, void *arg)
{
    struct call *call = arg;

    sim_call_later(sim, call->b * SIM_SECOND, cancel_now, call);
    return SIM_OK;
}

static enum sim_status task_callback(struct sim *sim, void *arg)
{
    struct call *call = arg;

    (void)sim;
    sim_add_done_callback(call->world->tasks[call->a], say_callback, call);
    return SIM_OK;
}

static enum sim_status task_look(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_task *task = call->world->tasks[call->a];

    call->said =
        sim_format(sim, "%d %d %d", sim_task_cancelling(task), sim_done(task), sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status uncancel(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return say(sim, call, sim_task_uncancel(sim_current_task(sim)));
}

static enum sim_status future_new(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    call->world->futures[call->a] = sim_future_new(sim, NULL);
    return SIM_OK;
}

static enum sim_status future_await(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_await(call->world->futures[call->a], NULL);
}

static enum sim_status future_await_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_wait_for(call->world->futures[call->a], call->b * SIM_SECOND, NULL);
}

static enum sim_status future_result(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_future_set_result(call->world->futures[call->a], sim_int(7));
}

static enum sim_status future_exception(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_future_set_exception(call->world->futures[call->a], SIM_VALUE_ERROR,
                                    "from a future");
}

static enum sim_status future_cancel(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return say(sim, call, sim_cancel(call->world->futures[call->a], message(sim, call->b)));
}

static enum sim_status shield(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_await(sim_shield(call->world->tasks[call->a]), NULL);
}

static enum sim_status shield_within(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    (void)sim;
    return sim_wait_for(sim_shield(call->world->tasks[call->a]), call->b * SIM_SECOND, NULL);
}

static enum sim_status gather(struct sim *sim, void *arg)
{
    struct call *call = arg;
    struct sim_future *futures[] = {SIM_FUTURE(call->world->tasks[call->a]),
                                    SIM_FUTURE(call->world->tasks[call->b]),
                                    call->world->futures[call->c % 2]};
    struct sim_value all;

    SIM_TRY(sim_await(sim_gather(sim, futures, 3, call->c >= 2), &all));
    call->said =
        sim_format(sim, "%s, %s, %s", describe_result(sim, &all.as.items[0]),
                   describe_result(sim, &all.as.items[1]), describe_result(sim, &all.as.items[2]));
    return SIM_OK;
}

static enum sim_status gather_nested(struct sim *sim, void *arg)
{
    const struct call *call = arg;
    struct sim_future *inside[] = {SIM_FUTURE(call->world->tasks[call->a]),
                                   call->world->futures[call->c % 2]};
    struct sim_future *inner = sim_gather(sim, inside, 2, false);
    struct sim_future *outside[] = {inner, SIM_FUTURE(call->world->tasks[call->b])};

    return sim_await(sim_gather(sim, outside, 2, call->c >= 2), NULL);
}

static enum sim_status raise_error(struct sim *sim, void *arg)
{
    const struct call *call = arg;

    return sim_raise(sim, SIM_VALUE_ERROR, "failure %d", call->a);
}

/* Each operation: how often it is drawn, and what its numbers a, b, c are: l a lock or another of
 * two, q a queue, t any task but main, e a task that comes earlier (so that nobody awaits who
 * awaits him), p a procedure, n a small number. */
/* clang-format off */
#define OPERATIONS(X) \
    X(sleep, 24, "nnn") X(sleep_within, 4, "nnn") X(sleep_within_within, 4, "nnn") \
    X(lock, 12, "lnn") X(lock_within, 8, "lnn") X(unlock, 8, "lnn") \
    X(event_wait, 4, "nnn") X(event_wait_within, 4, "nnn") X(event_set, 4, "nnn") \
    X(event_clear, 4, "nnn") \
    X(condition_lock, 8, "nnn") X(condition_unlock, 4, "nnn") X(condition_wait, 8, "nnn") \
    X(condition_wait_within, 8, "nnn") X(condition_notify, 4, "nnn") \
    X(condition_notify_all, 4, "nnn") \
    X(semaphore_acquire, 8, "lnn") X(semaphore_acquire_within, 8, "lnn") \
    X(semaphore_release, 8, "lnn") \
    X(barrier_wait, 4, "nnn") X(barrier_wait_within, 8, "nnn") X(barrier_reset, 2, "nnn") \
    X(barrier_abort, 1, "nnn") \
    X(queue_put, 4, "qnn") X(queue_put_within, 8, "qnn") X(queue_put_nowait, 4, "qnn") \
    X(queue_get, 4, "qnn") X(queue_get_within, 8, "qnn") X(queue_get_nowait, 4, "qnn") \
    X(queue_task_done, 4, "qnn") X(queue_join, 2, "qnn") X(queue_join_within, 4, "qnn") \
    X(queue_shutdown, 1, "qnn") X(sync_look, 4, "lnn") \
    X(task_await, 12, "enn") X(task_await_within, 12, "enn") X(task_cancel, 16, "tnn") \
    X(task_cancel_later, 16, "tnn") X(task_callback, 4, "tnn") X(task_look, 4, "tnn") \
    X(uncancel, 4, "nnn") \
    X(future_new, 4, "lnn") X(future_await, 4, "lnn") X(future_await_within, 8, "lnn") \
    X(future_result, 4, "lnn") X(future_exception, 4, "lnn") X(future_cancel, 4, "lnn") \
    X(shield, 8, "enn") X(shield_within, 8, "enn") \
    X(gather, 16, "een") X(gather_nested, 12, "een") \
    X(raise_error, 4, "nnn") \
    X(timeout, 16, "nnn") X(timeout_reschedule, 6, "nnn") \
    X(group, 12, "nnn") X(group_task, 12, "pnn") \
    X(start, 6, "pnn") X(start_eagerly, 6, "pnn") X(start_and_await, 8, "pnn") \
    X(wait_first, 6, "ttn") X(wait_exception, 6, "ttn") X(wait_all, 6, "ttn") \
    X(as_completed, 6, "ttn") \
    X(call_soon, 3, "nnn") X(call_later, 3, "nnn") \
    X(context_set, 4, "nnn") X(context_look, 4, "nnn") \
    X(thread, 3, "nnn") X(thread_within, 3, "nnn") \
    X(generator_next, 6, "nnn") X(generator_close, 1, "nnn")

static const struct operation {
    const char *name;
    uint32_t weight;
    const char *numbers;
    sim_body_fn body;
} operations[] = {
#define OPERATION_ROW(name, weight, numbers) {#name, (weight), (numbers), name},
    OPERATIONS(OPERATION_ROW)
#undef OPERATION_ROW
};
/* clang-format on */

enum { OPERATION_COUNT = sizeof(operations) / sizeof(operations[0]) };

#endif
