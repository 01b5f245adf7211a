/* Tasks: what CPython's test_tasks.BaseTaskTests asks of Task.cancel, test by test; what it asks of
 * Task.uncancel is in test_task_uncancel.c, the other tests are named in test_task.c.
 *
 * Messages are strings here, so that of the cases of a cancel with a message, that with a number
 * has no counterpart.
 *
 *   n/a test_task_cancel_message_setter: only a cancel sets the message
 *   n/a test_cancel_traceback_for_future_result: C has no tracebacks
 *   n/a test_cancel_traceback_for_future_exception: C has no tracebacks
 */
#include "tests/task_bodies.h"

#include "sim/core/task_state.h"

static enum sim_status test_task_cancel_message_getter(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, do_nothing, NULL);

    (void)arg;
    EXPECT(SIM_FUTURE(task)->cancel_message == NULL);
    EXPECT(sim_cancel(task, "my message"));
    EXPECT(strcmp(SIM_FUTURE(task)->cancel_message, "my message") == 0);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(raised(sim, "my message"));
    return SIM_OK;
}

/* It is over, and there is nothing left to cancel. */
static void expect_cancelled(struct sim *sim, struct sim_task *task)
{
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_done(task));
    EXPECT(sim_cancelled(task));
    EXPECT(!task->must_cancel);
    EXPECT(!sim_cancel(task, NULL));
}

static enum sim_status test_cancel(struct sim *sim, void *arg)
{
    struct sim_task *task = start_sleeper(sim, 10 * SIM_SECOND, 12);

    (void)arg;
    cancel_soon(sim, task);
    expect_cancelled(sim, task);
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

/* How somebody cancels a task and looks at it afterwards. */
struct inquiry {
    const char *message;
    bool before_start;
    bool exception; /* asks for its exception, not for its result */
};

static enum sim_status cancel_and_ask(struct sim *sim, void *arg)
{
    const struct inquiry *inquiry = arg;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_long, NULL);
    struct sim_future *futures[] = {SIM_FUTURE(task)};
    const struct sim_exception *exception = NULL;
    struct sim_wait_sets sets;
    struct sim_value value;

    if (!inquiry->before_start)
        SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(task, inquiry->message));
    SIM_TRY(sim_wait(sim, futures, 1, -1, SIM_ALL_COMPLETED, &sets));
    EXPECT(sets.done_count == 1 && sets.pending_count == 0);
    if (inquiry->exception)
        return sim_future_exception(task, &exception);
    return sim_future_result(task, &value);
}

static enum sim_status expect_message(struct sim *sim, struct inquiry inquiry)
{
    struct sim_task *task = sim_task_new(sim, NULL, cancel_and_ask, &inquiry);

    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(raised(sim, inquiry.message == NULL ? "" : inquiry.message));
    EXPECT(sim_exception_cause(sim_exception(sim)) == NULL);
    return SIM_OK;
}

static enum sim_status test_cancel_with_message_then_future_result(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(expect_message(sim, (struct inquiry){.message = NULL}));
    return expect_message(sim, (struct inquiry){.message = "my message"});
}

static enum sim_status test_cancel_with_message_then_future_exception(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(expect_message(sim, (struct inquiry){.message = NULL, .exception = true}));
    return expect_message(sim, (struct inquiry){.message = "my message", .exception = true});
}

static enum sim_status test_cancel_with_message_before_starting_task(struct sim *sim, void *arg)
{
    struct inquiry inquiry = {.message = "my message", .before_start = true, .exception = true};

    (void)arg;
    return expect_message(sim, inquiry);
}

static void cancel_with_message(struct sim *sim, void *task)
{
    EXPECT(sim_cancel((struct sim_task *)task, "msg"));
}

static enum sim_status announce_and_sleep(struct sim *sim, void *started)
{
    SIM_TRY(sim_future_set_result(started, sim_none()));
    return sleep_long(sim, NULL);
}

static enum sim_status fail_for_cancellation(struct sim *sim, void *arg)
{
    struct sim_future *started = sim_future_new(sim, NULL);
    struct sim_task *inner = sim_task_new(sim, NULL, announce_and_sleep, started);

    (void)arg;
    SIM_TRY(sim_await(started, NULL));
    (void)sim_call_soon(sim, cancel_with_message, inner);
    if (sim_await(inner, NULL) != SIM_CANCELLED)
        return SIM_OK;
    EXPECT(raised(sim, "msg")); /* nothing stands between: C raises nothing from it */
    return sim_raise(sim, SIM_VALUE_ERROR, "cancelled");
}

static enum sim_status test_cancellation_exception_context(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, fail_for_cancellation, NULL);

    (void)arg;
    EXPECT(sim_await(task, NULL) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, "cancelled"));
    return SIM_OK;
}

static enum sim_status yield_twice(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    return sim_return(sim, sim_int(12));
}

static enum sim_status test_cancel_yield(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, yield_twice, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(task, NULL));
    expect_cancelled(sim, task);
    return SIM_OK;
}

static enum sim_status test_cancel_inner_future(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_task *task = start_await(sim, future);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(future, NULL));
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(future));
    EXPECT(sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status test_cancel_both_task_and_inner_future(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_task *task = start_await(sim, future);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(future, NULL));
    EXPECT(sim_cancel(task, NULL));
    expect_cancelled(sim, task);
    EXPECT(sim_cancelled(future));
    return SIM_OK;
}

static enum sim_status catch_at_second(struct sim *sim, void *arg)
{
    struct sim_future **futures = arg;

    SIM_TRY(sim_await(futures[0], NULL));
    if (sim_await(futures[1], NULL) == SIM_CANCELLED)
        return sim_return(sim, sim_int(42));
    return SIM_OK;
}

static enum sim_status ignore_at_second(struct sim *sim, void *arg)
{
    struct sim_future **futures = arg;

    SIM_TRY(sim_await(futures[0], NULL));
    EXPECT(sim_await(futures[1], NULL) == SIM_CANCELLED);
    return await_future(sim, futures[2]);
}

/* Let it go on to the second future, and cancel it there. */
static enum sim_status cancel_at_second(struct sim *sim, struct sim_task *task,
                                        struct sim_future **futures)
{
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(task->waiting_for == futures[0]);
    SIM_TRY(sim_future_set_result(futures[0], sim_none()));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(task->waiting_for == futures[1]);
    EXPECT(sim_cancel(task, NULL));
    EXPECT(sim_cancelled(futures[1]));
    return SIM_OK;
}

static enum sim_status test_cancel_task_catching(struct sim *sim, void *arg)
{
    struct sim_future *futures[] = {sim_future_new(sim, NULL), sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, catch_at_second, futures);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(cancel_at_second(sim, task, futures));
    SIM_TRY(sim_await(task, &value));
    EXPECT(is_int(value, 42));
    EXPECT(!sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status test_cancel_task_ignoring(struct sim *sim, void *arg)
{
    struct sim_future *futures[] = {sim_future_new(sim, NULL), sim_future_new(sim, NULL),
                                    sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, ignore_at_second, futures);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(cancel_at_second(sim, task, futures));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(task->waiting_for == futures[2]);
    SIM_TRY(sim_future_set_result(futures[2], sim_int(42)));
    SIM_TRY(sim_await(task, &value));
    EXPECT(is_int(value, 42));
    EXPECT(!sim_cancelled(futures[2]));
    EXPECT(!sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status cancel_itself_and_sleep(struct sim *sim, void *arg)
{
    struct sim_task **self = arg;

    EXPECT(sim_cancel(*self, NULL));
    EXPECT((*self)->must_cancel);
    SIM_TRY(sim_sleep(sim, 100 * SIM_SECOND));
    return sim_return(sim, sim_int(12));
}

static enum sim_status test_cancel_current_task(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, cancel_itself_and_sleep, &task);

    (void)arg;
    EXPECT(!sim_cancelled(task));
    expect_cancelled(sim, task);
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

static enum sim_status cancel_itself_and_end(struct sim *sim, void *arg)
{
    struct sim_task **self = arg;

    EXPECT(sim_cancel(*self, NULL));
    EXPECT((*self)->must_cancel);
    return sim_return(sim, sim_int(12));
}

static enum sim_status test_cancel_at_end(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, cancel_itself_and_end, &task);

    (void)arg;
    EXPECT(!sim_cancelled(task));
    expect_cancelled(sim, task);
    return SIM_OK;
}

/* A task within a task, at a future. */
struct nest {
    struct sim_future *future;
    struct sim_task *outer;
    struct sim_task *inner;
};

static enum sim_status cancel_itself_and_await(struct sim *sim, void *arg)
{
    struct nest *nest = arg;

    nest->inner = start_await(sim, nest->future);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(nest->outer, NULL));
    return sim_await(nest->inner, NULL);
}

static enum sim_status test_cancel_awaited_task(struct sim *sim, void *arg)
{
    struct nest nest = {.future = sim_future_new(sim, NULL)};

    (void)arg;
    nest.outer = sim_task_new(sim, NULL, cancel_itself_and_await, &nest);
    EXPECT(sim_await(nest.outer, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(nest.outer));
    EXPECT(sim_cancelled(nest.inner));
    EXPECT(sim_cancelled(nest.future));
    return SIM_OK;
}

static enum sim_status test_task_cancel_waiter_future(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_task *task = start_await(sim, future);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(task->waiting_for == future);
    EXPECT(sim_cancel(task, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(task->waiting_for == NULL);
    EXPECT(sim_cancelled(future));
    return SIM_OK;
}

/* What the two mains of a runner look at. */
struct exiting {
    struct sim_task *task;
    const struct sim_exception *exception; /* that its task met */
};

static enum sim_status exit_when_cancelled(struct sim *sim, void *arg)
{
    struct exiting *exiting = arg;

    EXPECT(sleep_long(sim, NULL) == SIM_CANCELLED);
    enum sim_status status = sim_raise(sim, SIM_SYSTEM_EXIT, "%s", "");

    exiting->exception = sim_exception(sim);
    return status;
}

static enum sim_status start_it(struct sim *sim, void *arg)
{
    struct exiting *exiting = arg;

    exiting->task = sim_task_new(sim, NULL, exit_when_cancelled, exiting);
    return sim_sleep(sim, 0);
}

static enum sim_status cancel_it(struct sim *sim, void *arg)
{
    struct exiting *exiting = arg;

    EXPECT(sim_cancel(exiting->task, NULL));
    EXPECT(!sim_done(exiting->task));
    return sim_sleep(sim, 0);
}

static enum sim_status run_until_exit(struct sim *sim, void *arg)
{
    struct exiting exiting = {0};
    struct sim_runner *runner = sim_runner_new(sim);

    (void)arg;
    SIM_TRY(sim_runner_run(runner, start_it, &exiting, NULL));
    EXPECT(sim_runner_run(runner, cancel_it, &exiting, NULL) == SIM_SYSTEM_EXIT);
    EXPECT(sim_done(exiting.task));
    EXPECT(!sim_cancelled(exiting.task));
    EXPECT(exiting.exception != NULL && failure_of(SIM_FUTURE(exiting.task)) == exiting.exception);
    sim_runner_close(runner);
    return SIM_OK;
}

static enum sim_status test_baseexception_during_cancel(struct sim *sim, void *arg)
{
    return run_outside(sim, run_until_exit, arg);
}

/* Where a cancellation came by. */
struct passage {
    struct sim_future *waiter;
    int proof;
};

static enum sim_status pass_inner(struct sim *sim, void *arg)
{
    struct passage *passage = arg;
    enum sim_status status = sim_await(passage->waiter, NULL);

    (void)sim;
    if (status == SIM_CANCELLED)
        passage->proof++;
    return status;
}

static enum sim_status stop_outer(struct sim *sim, void *arg)
{
    struct passage *passage = arg;

    passage->proof += sim_call(sim, pass_inner, passage, NULL) == SIM_CANCELLED ? 100 : 10;
    return SIM_OK;
}

static enum sim_status test_yield_future_passes_cancel(struct sim *sim, void *arg)
{
    struct passage passage = {.waiter = sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, stop_outer, &passage);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(task, NULL));
    SIM_TRY(sim_await(task, NULL));
    EXPECT(passage.proof == 101);
    EXPECT(sim_cancelled(passage.waiter));
    return SIM_OK;
}

/* It fails, nobody looks at its exception, but somebody cancels it. */
static enum sim_status test_tb_logger_not_called_after_cancel(struct sim *sim, void *arg)
{
    struct sim_task *task = start_failing(sim, 0, SIM_TYPE_ERROR);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 50 * SIM_MS));
    EXPECT(!sim_cancel(task, NULL));
    return SIM_OK;
}

/* The same without the cancel, which is what keeps it from being reported. */
static enum sim_status fail_unseen(struct sim *sim, void *arg)
{
    (void)start_failing(sim, 0, SIM_TYPE_ERROR);
    (void)arg;
    return sim_sleep(sim, 50 * SIM_MS);
}

static const struct sim_scenario cancelled = {
    .name = "cancelled", .main = test_tb_logger_not_called_after_cancel, .async = true};
static const struct sim_scenario unseen = {.name = "unseen", .main = fail_unseen, .async = true};

static void reports_only_without_cancel(void **state)
{
    (void)state;
    assert_true(sim_check_schedule(&cancelled, "s1:"));
    assert_true(sim_check_finds(&unseen, "s1:", SIM_FINDING_UNHANDLED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_task_cancel_message_getter),
        BODY(test_cancel),
        BODY(test_cancel_with_message_then_future_result),
        BODY(test_cancel_with_message_then_future_exception),
        BODY(test_cancel_with_message_before_starting_task),
        BODY(test_cancellation_exception_context),
        BODY(test_cancel_yield),
        BODY(test_cancel_inner_future),
        BODY(test_cancel_both_task_and_inner_future),
        BODY(test_cancel_task_catching),
        BODY(test_cancel_task_ignoring),
        BODY(test_cancel_current_task),
        BODY(test_cancel_at_end),
        BODY(test_cancel_awaited_task),
        BODY(test_task_cancel_waiter_future),
        BODY(test_baseexception_during_cancel),
        BODY(test_yield_future_passes_cancel),
        BODY(test_tb_logger_not_called_after_cancel),
        cmocka_unit_test(reports_only_without_cancel),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
