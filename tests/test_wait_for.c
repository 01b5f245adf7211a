/* wait_for: what CPython's test_waitfor.AsyncioWaitForTest asks of asyncio.wait_for, test by test;
 * its WaitForShieldTests are in test_wait_for_shield.c.
 *
 * A negative time-out means none in C, so that zero stands for all that have passed. */
#include "tests/body.h"

/* The least time that is not none. */
#define EPSILON (100 * SIM_US)

/* Goes on for its time, whoever cancels it. */
struct slow {
    int64_t duration_ns;
    int cancels;
    bool exited;
};

static enum sim_status run_slowly(struct sim *sim, void *arg)
{
    struct slow *slow = arg;
    int64_t end_ns = sim_now(sim) + slow->duration_ns;

    while (sim_now(sim) < end_ns) {
        if (sim_sleep(sim, end_ns - sim_now(sim)) == SIM_CANCELLED)
            slow->cancels++;
    }
    slow->exited = true;
    return SIM_OK;
}

static enum sim_status wait_for_slow(struct sim *sim, void *arg)
{
    struct slow *slow = arg;

    return sim_wait_for_call(sim, run_slowly, slow, 2 * slow->duration_ns);
}

static enum sim_status test_asyncio_wait_for_cancelled(struct sim *sim, void *arg)
{
    struct slow slow = {.duration_ns = 200 * SIM_MS};
    struct sim_task *task = sim_task_new(sim, NULL, wait_for_slow, &slow);
    struct sim_future *futures[] = {SIM_FUTURE(task)};
    struct sim_wait_sets sets;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(task, NULL);
    SIM_TRY(sim_wait(sim, futures, 1, -1, SIM_ALL_COMPLETED, &sets));
    EXPECT(slow.exited);
    EXPECT(slow.cancels == 1);
    return SIM_OK;
}

static enum sim_status test_asyncio_wait_for_timeout(struct sim *sim, void *arg)
{
    struct slow slow = {.duration_ns = 200 * SIM_MS};

    (void)arg;
    EXPECT(sim_wait_for_call(sim, run_slowly, &slow, slow.duration_ns / 2) == SIM_OK);
    EXPECT(slow.exited);
    EXPECT(slow.cancels == 1);
    return SIM_OK;
}

static bool is_text(struct sim_value value, const char *text)
{
    return value.type == SIM_STR && strcmp(value.as.string, text) == 0;
}

static void turn(struct sim *sim, void *arg)
{
    bool *turned = arg;

    (void)sim;
    *turned = true;
}

static enum sim_status test_wait_for_timeout_less_then_0_or_0_future_done(struct sim *sim,
                                                                          void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_value value = sim_none();
    bool turned = false;

    (void)arg;
    SIM_TRY(sim_future_set_result(future, sim_str("done")));
    (void)sim_call_soon(sim, turn, &turned);
    SIM_TRY(sim_wait_for(future, 0, &value));
    EXPECT(is_text(value, "done"));
    EXPECT(sim_done(future));
    EXPECT(!turned); /* it has not waited */
    return SIM_OK;
}

static enum sim_status start(struct sim *sim, void *arg)
{
    bool *started = arg;

    (void)sim;
    *started = true;
    return SIM_OK;
}

static enum sim_status
test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started(struct sim *sim, void *arg)
{
    bool started = false;

    (void)arg;
    EXPECT(sim_wait_for_call(sim, start, &started, 0) == SIM_TIMEOUT);
    EXPECT(!started);
    return SIM_OK;
}

/* A task that others look at. */
struct work {
    int64_t duration_ns;
    int64_t cleanup_ns;       /* how long it goes on when cancelled; 0: not at all */
    enum sim_status cleanup;  /* what it raises then; SIM_OK: goes on as cancelled */
    struct sim_flag *started; /* may be NULL */
    bool running;
};

static enum sim_status do_work(struct sim *sim, void *arg)
{
    struct work *work = arg;

    work->running = true;
    if (work->started != NULL)
        sim_event_set(work->started);
    enum sim_status status = sim_sleep(sim, work->duration_ns);

    if (status == SIM_CANCELLED && work->cleanup_ns > 0)
        SIM_TRY(sim_sleep(sim, work->cleanup_ns));
    work->running = false;
    if (status == SIM_CANCELLED)
        return work->cleanup == SIM_OK ? status : sim_raise(sim, work->cleanup, "cleanup");
    return sim_return(sim, sim_str("done"));
}

/* It stopped because the time was over. */
static void expect_stopped(struct sim *sim, struct sim_task *task, const struct work *work)
{
    EXPECT(sim_done(task));
    EXPECT(sim_cancelled(task));
    EXPECT(!work->running);
}

static enum sim_status test_wait_for_timeout_less_then_0_or_0(struct sim *sim, void *arg)
{
    struct work work = {.duration_ns = 10 * SIM_SECOND, .started = sim_event_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, do_work, &work);

    (void)arg;
    SIM_TRY(sim_event_wait(work.started));
    EXPECT(work.running);
    EXPECT(sim_wait_for(task, 0, NULL) == SIM_TIMEOUT);
    expect_stopped(sim, task, &work);
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

static enum sim_status test_wait_for(struct sim *sim, void *arg)
{
    struct work work = {.duration_ns = 300 * SIM_SECOND, .started = sim_event_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, do_work, &work);

    (void)arg;
    EXPECT(sim_wait_for(task, 100 * SIM_MS, NULL) == SIM_TIMEOUT);
    EXPECT(sim_event_is_set(work.started));
    expect_stopped(sim, task, &work);
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    return SIM_OK;
}

/* A body that is awaited in place, and for how long. */
struct in_place {
    sim_body_fn body;
    int64_t timeout_ns;
};

static enum sim_status wait_in_place(struct sim *sim, void *arg)
{
    const struct in_place *call = arg;

    return sim_wait_for_call(sim, call->body, NULL, call->timeout_ns);
}

static struct sim_value result_in_place(struct sim *sim, sim_body_fn body, int64_t timeout_ns)
{
    struct in_place call = {body, timeout_ns};
    struct sim_value value = sim_none();

    EXPECT(sim_call(sim, wait_in_place, &call, &value) == SIM_OK);
    return value;
}

static enum sim_status return_done(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_str("done"));
}

static enum sim_status test_wait_for_blocking(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(is_text(result_in_place(sim, return_done, -1), "done"));
    return SIM_OK;
}

static void set_ok(struct sim *sim, void *future)
{
    EXPECT(sim_future_set_result(future, sim_str("ok")) == SIM_OK);
}

static enum sim_status test_wait_for_race_condition(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_value value = sim_none();

    (void)arg;
    (void)sim_call_soon(sim, set_ok, future);
    SIM_TRY(sim_wait_for(future, 200 * SIM_MS, &value));
    EXPECT(is_text(value, "ok"));
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

static enum sim_status return_when_cancelled(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_sleep(sim, 10 * SIM_SECOND) == SIM_CANCELLED);
    return sim_return(sim, sim_int(42));
}

/* Cancelled at its deadline, it returns all the same: that is the result. */
static enum sim_status expect_result_after(struct sim *sim, int64_t timeout_ns)
{
    struct sim_value value = result_in_place(sim, return_when_cancelled, timeout_ns);

    EXPECT(value.type == SIM_INT && value.as.integer == 42);
    EXPECT(sim_now(sim) == timeout_ns);
    EXPECT(sim_task_cancelling(sim_current_task(sim)) == 0);
    return sim_sleep(sim, 0); /* nothing is left that would cancel this */
}

static enum sim_status test_wait_for_cancellation_race_condition(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_result_after(sim, 10 * SIM_MS);
}

static enum sim_status test_wait_for_cancel_suppressed(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_result_after(sim, 100 * SIM_MS);
}

/* The exception met last is a time-out that was raised from a cancellation. */
static bool met_timeout(struct sim *sim)
{
    const struct sim_exception *met = sim_exception(sim);

    return sim_exception_kind(met) == SIM_TIMEOUT && sim_exception_cause(met) != NULL &&
           sim_exception_kind(sim_exception_cause(met)) == SIM_CANCELLED;
}

static enum sim_status expect_cleanup_done(struct sim *sim, struct sim_task *task,
                                           struct work *work, int64_t timeout_ns)
{
    int64_t before_ns = sim_now(sim);

    EXPECT(sim_wait_for(task, timeout_ns, NULL) == SIM_TIMEOUT);
    EXPECT(met_timeout(sim));
    expect_stopped(sim, task, work);
    EXPECT(sim_now(sim) == before_ns + timeout_ns + work->cleanup_ns);
    return SIM_OK;
}

static enum sim_status test_wait_for_waits_for_task_cancellation(struct sim *sim, void *arg)
{
    struct work work = {.duration_ns = 10 * SIM_SECOND, .cleanup_ns = EPSILON};
    struct sim_task *task = sim_task_new(sim, NULL, do_work, &work);

    (void)arg;
    return expect_cleanup_done(sim, task, &work, EPSILON);
}

static enum sim_status test_wait_for_waits_for_task_cancellation_w_timeout_0(struct sim *sim,
                                                                             void *arg)
{
    struct work work = {.duration_ns = 10 * SIM_SECOND, .cleanup_ns = EPSILON};
    struct sim_task *task = sim_task_new(sim, NULL, do_work, &work);

    (void)arg;
    SIM_TRY(sim_sleep(sim, EPSILON));
    EXPECT(work.running);
    return expect_cleanup_done(sim, task, &work, 0);
}

/* What it raises when its time is over is what the wait raises. */
static enum sim_status expect_reraised(struct sim *sim, int64_t timeout_ns)
{
    struct work work = {.duration_ns = 200 * SIM_MS, .cleanup = SIM_EXCEPTION};
    struct sim_task *task = sim_task_new(sim, NULL, do_work, &work);

    SIM_TRY(sim_sleep(sim, 0));
    int64_t before_ns = sim_now(sim);

    EXPECT(sim_wait_for(task, timeout_ns, NULL) == SIM_EXCEPTION);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "cleanup") == 0);
    EXPECT(sim_now(sim) == before_ns + timeout_ns);
    return SIM_OK;
}

static enum sim_status test_wait_for_reraises_exception_during_cancellation(struct sim *sim,
                                                                            void *arg)
{
    (void)arg;
    SIM_TRY(expect_reraised(sim, EPSILON));
    return expect_reraised(sim, 0);
}

/* Who waits, for what, and for how long. */
struct waiter {
    struct sim_task *task;
    int64_t timeout_ns;
    bool passed;
};

static enum sim_status wait_then_sleep(struct sim *sim, void *arg)
{
    struct waiter *waiter = arg;

    SIM_TRY(sim_wait_for(waiter->task, waiter->timeout_ns, NULL));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    waiter->passed = true;
    return SIM_OK;
}

static enum sim_status block(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_await(sim_future_new(sim, NULL), NULL);
}

/* To cancel the wait is to cancel the task. */
static enum sim_status cancel_wait_for(struct sim *sim, int64_t timeout_ns)
{
    struct waiter waiter = {sim_task_new(sim, NULL, block, NULL), timeout_ns, false};
    struct sim_task *wait = sim_task_new(sim, NULL, wait_then_sleep, &waiter);

    cancel_soon(sim, wait);
    EXPECT(sim_await(wait, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(waiter.task));
    return SIM_OK;
}

static enum sim_status test_cancel_blocking_wait_for(struct sim *sim, void *arg)
{
    (void)arg;
    return cancel_wait_for(sim, -1);
}

static enum sim_status test_cancel_wait_for(struct sim *sim, void *arg)
{
    (void)arg;
    return cancel_wait_for(sim, 60 * SIM_SECOND);
}

/* What it waits for is done already, but it is cancelled all the same. */
static enum sim_status test_wait_for_issue86296(struct sim *sim, void *arg)
{
    struct waiter waiter = {sim_task_new(sim, NULL, return_done, NULL), 100 * SIM_SECOND, false};
    struct sim_task *task = sim_task_new(sim, NULL, wait_then_sleep, &waiter);
    struct sim_value value = sim_none();

    (void)arg;
    EXPECT(!sim_done(task));
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(task, NULL);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_done(waiter.task));
    SIM_TRY(sim_await(waiter.task, &value));
    EXPECT(is_text(value, "done"));
    EXPECT(!waiter.passed);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_asyncio_wait_for_cancelled),
        BODY(test_asyncio_wait_for_timeout),
        BODY(test_wait_for_timeout_less_then_0_or_0_future_done),
        BODY(test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started),
        BODY(test_wait_for_timeout_less_then_0_or_0),
        BODY(test_wait_for),
        BODY(test_wait_for_blocking),
        BODY(test_wait_for_race_condition),
        BODY(test_wait_for_cancellation_race_condition),
        BODY(test_wait_for_cancel_suppressed),
        BODY(test_wait_for_waits_for_task_cancellation),
        BODY(test_wait_for_waits_for_task_cancellation_w_timeout_0),
        BODY(test_wait_for_reraises_exception_during_cancellation),
        BODY(test_cancel_blocking_wait_for),
        BODY(test_cancel_wait_for),
        BODY(test_wait_for_issue86296),
    };

    return cmocka_run_group_tests_name("AsyncioWaitForTest", tests, NULL, NULL);
}
