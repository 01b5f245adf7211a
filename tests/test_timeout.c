/* Timeout: what CPython's test_timeouts.TimeoutTests asks of asyncio.timeout and timeout_at, test
 * by test.
 *
 * An exception in C knows what it was raised from (__cause__), but not what was being handled
 * meanwhile (__context__): of the tests of both, the former is here.
 *
 *   n/a test_repr_active: C has no repr
 *   n/a test_repr_expired: C has no repr
 *   n/a test_repr_finished: C has no repr
 *   n/a test_repr_disabled: C has no repr
 */
#include "tests/group_scope.h"

static struct job ten_seconds = {.delay_ns = 10 * SIM_SECOND};
static struct job ten_ms = {.delay_ns = 10 * SIM_MS};

static void expect_when(struct sim *sim, const struct sim_timeout *timeout, int64_t when_ns)
{
    EXPECT(sim_timeout_when(timeout) == when_ns);
}

static enum sim_status test_timeout_basic(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    (void)arg;
    EXPECT(sim_timeout_with(timeout, do_job, &ten_seconds) == SIM_TIMEOUT);
    EXPECT(sim_timeout_expired(timeout));
    EXPECT(sim_now(sim) == 10 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_timeout_at_basic(struct sim *sim, void *arg)
{
    int64_t deadline_ns = sim_now(sim) + 10 * SIM_MS;
    struct sim_timeout *timeout = sim_timeout_at_new(sim, deadline_ns);

    (void)arg;
    EXPECT(sim_timeout_with(timeout, do_job, &ten_seconds) == SIM_TIMEOUT);
    EXPECT(sim_timeout_expired(timeout));
    expect_when(sim, timeout, deadline_ns);
    return SIM_OK;
}

/* A time-out within another, and how the inner scope ended. */
struct nest {
    struct sim_timeout *outer;
    struct sim_timeout *inner;
    int64_t busy_ns;
    enum sim_status inner_status;
};

static enum sim_status be_busy_then_sleep(struct sim *sim, void *arg)
{
    const struct nest *nest = arg;

    sim_thread_sleep(sim, nest->busy_ns);
    return sim_sleep(sim, 10 * SIM_SECOND);
}

/* A time-out of the inner one is handled. */
static enum sim_status inner_scope(struct sim *sim, void *arg)
{
    struct nest *nest = arg;

    nest->inner_status = sim_timeout_with(nest->inner, be_busy_then_sleep, nest);
    if (nest->inner_status != SIM_TIMEOUT)
        return nest->inner_status;
    return sim_sleep(sim, 10 * SIM_SECOND);
}

static enum sim_status test_nested_timeouts(struct sim *sim, void *arg)
{
    int64_t deadline_ns = sim_now(sim) + 10 * SIM_MS;
    struct nest nest = {.outer = sim_timeout_at_new(sim, deadline_ns),
                        .inner = sim_timeout_at_new(sim, deadline_ns)};

    (void)arg;
    EXPECT(sim_timeout_with(nest.outer, inner_scope, &nest) == SIM_TIMEOUT);
    EXPECT(nest.inner_status == SIM_CANCELLED);
    EXPECT(sim_timeout_expired(nest.outer));
    EXPECT(sim_timeout_expired(nest.inner));
    return SIM_OK;
}

static enum sim_status test_waiter_cancelled(struct sim *sim, void *arg)
{
    int cancels = 0;
    struct job job = {.delay_ns = 10 * SIM_SECOND, .cancels = &cancels};

    (void)arg;
    EXPECT(sim_timeout_with(sim_timeout_new(sim, 10 * SIM_MS), do_job, &job) == SIM_TIMEOUT);
    EXPECT(cancels == 1);
    return SIM_OK;
}

static enum sim_status test_timeout_not_called(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_SECOND);

    (void)arg;
    SIM_TRY(sim_timeout_with(timeout, do_job, &ten_ms));
    EXPECT(!sim_timeout_expired(timeout));
    EXPECT(sim_timeout_when(timeout) > sim_now(sim));
    SIM_TRY(sim_sleep(sim, 20 * SIM_SECOND)); /* its deadline passes without notice */
    EXPECT(!sim_timeout_expired(timeout));
    return SIM_OK;
}

static enum sim_status expect_never(struct sim *sim, struct sim_timeout *timeout)
{
    SIM_TRY(sim_timeout_with(timeout, do_job, &ten_ms));
    EXPECT(!sim_timeout_expired(timeout));
    expect_when(sim, timeout, SIM_NEVER);
    return SIM_OK;
}

static enum sim_status test_timeout_disabled(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_never(sim, sim_timeout_new(sim, -1));
}

static enum sim_status test_timeout_at_disabled(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_never(sim, sim_timeout_at_new(sim, SIM_NEVER));
}

/* Its time has come when it is entered: the first wait is cancelled, and no time passes. */
static void expect_at_once(struct sim *sim, struct sim_timeout *timeout, sim_body_fn body,
                           int64_t when_ns)
{
    int64_t before_ns = sim_now(sim);

    EXPECT(sim_timeout_with(timeout, body, &ten_seconds) == SIM_TIMEOUT);
    EXPECT(sim_timeout_expired(timeout));
    expect_when(sim, timeout, when_ns);
    EXPECT(sim_now(sim) == before_ns);
}

static enum sim_status sleep_zero(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 0);
}

static enum sim_status test_timeout_zero(struct sim *sim, void *arg)
{
    (void)arg;
    expect_at_once(sim, sim_timeout_new(sim, 0), do_job, sim_now(sim));
    return SIM_OK;
}

static enum sim_status test_timeout_zero_sleep_zero(struct sim *sim, void *arg)
{
    (void)arg;
    expect_at_once(sim, sim_timeout_new(sim, 0), sleep_zero, sim_now(sim));
    return SIM_OK;
}

/* A negative delay means never in C; a deadline may have passed. */
static enum sim_status test_timeout_in_the_past_sleep_zero(struct sim *sim, void *arg)
{
    int64_t when_ns = sim_now(sim) - 11 * SIM_SECOND;

    (void)arg;
    expect_at_once(sim, sim_timeout_at_new(sim, when_ns), sleep_zero, when_ns);
    return SIM_OK;
}

static enum sim_status test_foreign_exception_passed(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);
    struct job job = {.failure = SIM_KEY_ERROR};

    (void)arg;
    EXPECT(sim_timeout_with(timeout, do_job, &job) == SIM_KEY_ERROR);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_KEY_ERROR);
    EXPECT(!sim_timeout_expired(timeout));
    return SIM_OK;
}

/* It was raised from a CancelledError that was raised from nothing. */
static void expect_caused_by_cancellation(struct sim *sim, const struct sim_exception *exception)
{
    const struct sim_exception *cause = NULL;

    EXPECT(exception != NULL && sim_exception_kind(exception) == SIM_TIMEOUT);
    if (exception != NULL)
        cause = sim_exception_cause(exception);
    EXPECT(cause != NULL);
    if (cause == NULL)
        return;
    EXPECT(sim_exception_kind(cause) == SIM_CANCELLED);
    EXPECT(sim_exception_cause(cause) == NULL);
}

static enum sim_status fail_and_sleep(struct sim *sim, void *arg)
{
    enum sim_status status = sim_raise(sim, SIM_ZERO_DIVISION, "division by zero");

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return status;
}

static enum sim_status test_timeout_exception_context(struct sim *sim, void *arg)
{
    EXPECT(sim_timeout_with(sim_timeout_new(sim, 10 * SIM_MS), fail_and_sleep, arg) == SIM_TIMEOUT);
    expect_caused_by_cancellation(sim, sim_exception(sim));
    return SIM_OK;
}

static void expect_foreign(struct sim *sim, sim_body_fn body, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    EXPECT(sim_timeout_with(timeout, body, arg) == SIM_ZERO_DIVISION);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_ZERO_DIVISION);
    EXPECT(sim_exception_cause(sim_exception(sim)) == NULL);
    EXPECT(sim_timeout_expired(timeout));
    EXPECT(sim_task_cancelling(sim_current_task(sim)) == 0);
}

static enum sim_status test_foreign_exception_on_timeout(struct sim *sim, void *arg)
{
    struct job job = {.delay_ns = SIM_SECOND, .cleanup = SIM_ZERO_DIVISION};

    (void)arg;
    expect_foreign(sim, do_job, &job);
    return SIM_OK;
}

static enum sim_status fail_all_over(struct sim *sim, void *arg)
{
    (void)arg;
    (void)sim_raise(sim, SIM_VALUE_ERROR, "before");
    EXPECT(sim_sleep(sim, SIM_SECOND) == SIM_CANCELLED);
    (void)sim_raise(sim, SIM_KEY_ERROR, "cleanup");
    return sim_raise(sim, SIM_ZERO_DIVISION, "cleanup of the cleanup");
}

static enum sim_status test_foreign_exception_on_timeout_2(struct sim *sim, void *arg)
{
    expect_foreign(sim, fail_all_over, arg);
    return SIM_OK;
}

static enum sim_status cancel_myself(struct sim *sim, void *arg)
{
    (void)arg;
    sim_cancel(sim_current_task(sim), NULL);
    return sim_sleep(sim, 10 * SIM_SECOND);
}

static enum sim_status test_foreign_cancel_doesnt_timeout_if_not_expired(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_SECOND);

    EXPECT(sim_timeout_with(timeout, cancel_myself, arg) == SIM_CANCELLED);
    EXPECT(!sim_timeout_expired(timeout));
    return SIM_OK;
}

static enum sim_status handle_timeout(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_timeout_with(sim_timeout_new(sim, SIM_MS), do_job, &ten_seconds) == SIM_TIMEOUT);
    return SIM_OK;
}

static enum sim_status test_outer_task_is_not_cancelled(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, handle_timeout, arg);

    SIM_TRY(sim_await(task, NULL));
    EXPECT(!sim_cancelled(task));
    EXPECT(sim_done(task));
    return SIM_OK;
}

static enum sim_status test_nested_timeouts_concurrent(struct sim *sim, void *arg)
{
    struct nest nest = {.outer = sim_timeout_new(sim, 2 * SIM_MS),
                        .inner = sim_timeout_new(sim, 100 * SIM_MS),
                        .busy_ns = 10 * SIM_MS};

    (void)arg;
    EXPECT(sim_timeout_with(nest.outer, inner_scope, &nest) == SIM_TIMEOUT);
    EXPECT(nest.inner_status == SIM_CANCELLED);
    EXPECT(!sim_timeout_expired(nest.inner));
    EXPECT(sim_now(sim) == 10 * SIM_MS);
    return SIM_OK;
}

/* Busy past the deadline of the inner one: at the end of the outer one, all is over. */
static void expect_end(struct sim *sim, int64_t busy_ns, enum sim_status inner_status)
{
    int64_t before_ns = sim_now(sim);
    struct nest nest = {.outer = sim_timeout_new(sim, 100 * SIM_MS),
                        .inner = sim_timeout_new(sim, 10 * SIM_MS),
                        .busy_ns = busy_ns};

    EXPECT(sim_timeout_with(nest.outer, inner_scope, &nest) == SIM_TIMEOUT);
    EXPECT(nest.inner_status == inner_status);
    EXPECT(sim_now(sim) == before_ns + 100 * SIM_MS);
}

static enum sim_status test_nested_timeouts_loop_busy(struct sim *sim, void *arg)
{
    (void)arg;
    expect_end(sim, 50 * SIM_MS, SIM_TIMEOUT);
    expect_end(sim, 100 * SIM_MS, SIM_CANCELLED); /* both deadlines have passed */
    return SIM_OK;
}

static enum sim_status sleep_long(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 50 * SIM_SECOND);
}

static enum sim_status run_timeout(struct sim *sim, void *timeout)
{
    (void)sim;
    return sim_timeout_with(timeout, sleep_long, NULL);
}

static enum sim_status test_reschedule(struct sim *sim, void *arg)
{
    int64_t deadline_ns = sim_now(sim) + 10 * SIM_SECOND;
    struct sim_timeout *timeout = sim_timeout_at_new(sim, deadline_ns);
    struct sim_task *task = sim_task_new(sim, NULL, run_timeout, timeout);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    expect_when(sim, timeout, deadline_ns);
    SIM_TRY(sim_timeout_reschedule(timeout, deadline_ns + 20 * SIM_SECOND));
    expect_when(sim, timeout, deadline_ns + 20 * SIM_SECOND);
    SIM_TRY(sim_timeout_reschedule(timeout, SIM_NEVER));
    expect_when(sim, timeout, SIM_NEVER);
    sim_cancel(task, NULL);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(!sim_timeout_expired(timeout));
    return SIM_OK;
}

/* Cancelled by its time-out, it has another one expire before it goes on as cancelled. */
static enum sim_status time_out_in_cleanup(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, SIM_SECOND);

    (void)arg;
    EXPECT(sim_timeout_with(sim_timeout_new(sim, 10 * SIM_MS), do_job, &ten_seconds) ==
           SIM_TIMEOUT);
    expect_caused_by_cancellation(sim, sim_exception(sim));
    return status;
}

static enum sim_status test_nested_timeout_in_finally(struct sim *sim, void *arg)
{
    EXPECT(sim_timeout_with(sim_timeout_new(sim, 10 * SIM_MS), time_out_in_cleanup, arg) ==
           SIM_TIMEOUT);
    expect_caused_by_cancellation(sim, sim_exception(sim));
    return SIM_OK;
}

static enum sim_status test_timeout_after_cancellation(struct sim *sim, void *arg)
{
    EXPECT(cancel_myself(sim, arg) == SIM_CANCELLED);
    EXPECT(sim_timeout_with(sim_timeout_new(sim, 0), do_job, &ten_seconds) == SIM_TIMEOUT);
    return SIM_OK;
}

static enum sim_status test_cancel_in_timeout_after_cancellation(struct sim *sim, void *arg)
{
    EXPECT(cancel_myself(sim, arg) == SIM_CANCELLED);
    EXPECT(sim_timeout_with(sim_timeout_new(sim, SIM_SECOND), cancel_myself, arg) == SIM_CANCELLED);
    return SIM_OK;
}

static enum sim_status enter_again(struct sim *sim, void *timeout)
{
    int64_t before_ns = sim_now(sim);

    EXPECT(sim_timeout_with(timeout, do_job, &ten_ms) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, "has already been entered"));
    EXPECT(sim_now(sim) == before_ns); /* the body has not run */
    return SIM_OK;
}

static enum sim_status do_nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static void expect_fixed(struct sim *sim, struct sim_timeout *timeout, const char *why)
{
    int64_t when_ns = sim_timeout_when(timeout);

    EXPECT(sim_timeout_reschedule(timeout, 20 * SIM_MS) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, why));
    expect_when(sim, timeout, when_ns);
}

static enum sim_status test_timeout_already_entered(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    (void)arg;
    return sim_timeout_with(timeout, enter_again, timeout);
}

static enum sim_status test_timeout_double_enter(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    SIM_TRY(sim_timeout_with(timeout, do_nothing, arg));
    return enter_again(sim, timeout);
}

static enum sim_status test_timeout_finished(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    SIM_TRY(sim_timeout_with(timeout, do_nothing, arg));
    expect_fixed(sim, timeout, "finished");
    return SIM_OK;
}

static enum sim_status test_timeout_expired(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    (void)arg;
    EXPECT(sim_timeout_with(timeout, do_job, &ten_seconds) == SIM_TIMEOUT);
    expect_fixed(sim, timeout, "expired");
    return SIM_OK;
}

static enum sim_status go_on_when_cancelled(struct sim *sim, void *timeout)
{
    EXPECT(sim_sleep(sim, SIM_SECOND) == SIM_CANCELLED);
    expect_fixed(sim, timeout, "expiring");
    return SIM_OK;
}

static enum sim_status test_timeout_expiring(struct sim *sim, void *arg)
{
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);

    (void)arg;
    return sim_timeout_with(timeout, go_on_when_cancelled, timeout);
}

static enum sim_status test_timeout_not_entered(struct sim *sim, void *arg)
{
    (void)arg;
    expect_fixed(sim, sim_timeout_new(sim, 10 * SIM_MS), "has not been entered");
    return SIM_OK;
}

struct stranger {
    struct sim_timeout *timeout;
    bool refused;
};

static void enter_without_task(struct sim *sim, void *arg)
{
    struct stranger *stranger = arg;

    EXPECT(sim_current_task(sim) == NULL);
    EXPECT(sim_timeout_enter(stranger->timeout) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, "task"));
    stranger->refused = true;
}

static enum sim_status test_timeout_without_task(struct sim *sim, void *arg)
{
    struct stranger stranger = {.timeout = sim_timeout_new(sim, 10 * SIM_MS)};

    (void)arg;
    (void)sim_call_soon(sim, enter_without_task, &stranger);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(stranger.refused);
    expect_fixed(sim, stranger.timeout, "has not been entered");
    return SIM_OK;
}

static enum sim_status member_and_failure(struct sim *sim, void *group)
{
    struct job job = {.delay_ns = 2 * SIM_SECOND, .cleanup = SIM_ZERO_DIVISION};
    enum sim_status status = SIM_OK;

    EXPECT(add_job(sim, group, job) != NULL);
    status = sim_raise(sim, SIM_VALUE_ERROR, "before the cleanup");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return status;
}

static enum sim_status run_group(struct sim *sim, void *group)
{
    (void)sim;
    return sim_task_group_with(group, member_and_failure, group);
}

static enum sim_status test_timeout_taskgroup(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    struct sim_timeout *timeout = sim_timeout_new(sim, 10 * SIM_MS);
    size_t count = 0;

    (void)arg;
    EXPECT(sim_timeout_with(timeout, run_group, group) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    EXPECT(sim_exception_cause(sim_exception(sim)) == NULL);
    EXPECT(sim_exception_cause(sim_exception_members(sim_exception(sim), &count)[0]) == NULL);
    EXPECT(sim_timeout_expired(timeout));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_timeout_basic),
        BODY(test_timeout_at_basic),
        BODY(test_nested_timeouts),
        BODY(test_waiter_cancelled),
        BODY(test_timeout_not_called),
        BODY(test_timeout_disabled),
        BODY(test_timeout_at_disabled),
        BODY(test_timeout_zero),
        BODY(test_timeout_zero_sleep_zero),
        BODY(test_timeout_in_the_past_sleep_zero),
        BODY(test_foreign_exception_passed),
        BODY(test_timeout_exception_context),
        BODY(test_foreign_exception_on_timeout),
        BODY(test_foreign_exception_on_timeout_2),
        BODY(test_foreign_cancel_doesnt_timeout_if_not_expired),
        BODY(test_outer_task_is_not_cancelled),
        BODY(test_nested_timeouts_concurrent),
        BODY(test_nested_timeouts_loop_busy),
        BODY(test_reschedule),
        BODY(test_nested_timeout_in_finally),
        BODY(test_timeout_after_cancellation),
        BODY(test_cancel_in_timeout_after_cancellation),
        BODY(test_timeout_already_entered),
        BODY(test_timeout_double_enter),
        BODY(test_timeout_finished),
        BODY(test_timeout_expired),
        BODY(test_timeout_expiring),
        BODY(test_timeout_not_entered),
        BODY(test_timeout_without_task),
        BODY(test_timeout_taskgroup),
    };

    return cmocka_run_group_tests_name("TimeoutTests", tests, NULL, NULL);
}
