/* wait: what CPython's test_tasks.BaseTaskTests asks of asyncio.wait, test by test; the others are
 * named in test_task.c.
 *
 * Of test_wait_invalid_args, the compiler refuses what is no list of futures.
 *
 *   n/a test_wait_with_iterator_of_tasks: futures are given as an array
 *   n/a test_wait_generator: futures are given as an array
 */
#include "tests/task_bodies.h"

/* A call of wait, in a task of its own, and what it found. */
struct call {
    struct sim_future *futures[3];
    size_t count;
    int64_t timeout_ns;
    enum sim_return_when when;
    struct sim_wait_sets sets;
};

static enum sim_status do_wait(struct sim *sim, void *arg)
{
    struct call *call = arg;

    return sim_wait(sim, call->futures, call->count, call->timeout_ns, call->when, &call->sets);
}

static enum sim_status wait_in_task(struct sim *sim, struct call *call)
{
    return sim_await(sim_task_new(sim, NULL, do_wait, call), NULL);
}

static struct call call_for_two(struct sim_task *b, struct sim_task *a)
{
    return (struct call){.futures = {SIM_FUTURE(b), SIM_FUTURE(a)},
                         .count = 2,
                         .timeout_ns = -1,
                         .when = SIM_ALL_COMPLETED};
}

/* Exactly this one is done, and that one is not. */
static bool parted(const struct sim_wait_sets *sets, struct sim_task *done,
                   struct sim_task *pending)
{
    return sets->done_count == 1 && sets->done[0] == SIM_FUTURE(done) && sets->pending_count == 1 &&
           sets->pending[0] == SIM_FUTURE(pending) && sim_done(done) && !sim_done(pending);
}

static bool both_done(const struct sim_wait_sets *sets, struct sim_task *b, struct sim_task *a)
{
    return sets->done_count == 2 && sets->done[0] == SIM_FUTURE(b) &&
           sets->done[1] == SIM_FUTURE(a) && sets->pending_count == 0 && sim_done(a) && sim_done(b);
}

static enum sim_status test_wait(struct sim *sim, void *arg)
{
    struct sim_task *a = start_sleeper(sim, 100 * SIM_MS, 1);
    struct sim_task *b = start_sleeper(sim, 150 * SIM_MS, 2);
    struct call call = call_for_two(b, a);
    struct call again = call_for_two(b, a);

    (void)arg;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(both_done(&call.sets, b, a));
    EXPECT(sim_now(sim) == 150 * SIM_MS);
    SIM_TRY(wait_in_task(sim, &again)); /* for what is done */
    EXPECT(both_done(&again.sets, b, a));
    EXPECT(sim_now(sim) == 150 * SIM_MS);
    return SIM_OK;
}

static enum sim_status return_text(struct sim *sim, void *text)
{
    return sim_return(sim, sim_str(text));
}

static enum sim_status test_wait_duplicate_coroutines(struct sim *sim, void *arg)
{
    static char test[] = "test";
    static char spam[] = "spam";
    struct sim_future *twice = SIM_FUTURE(sim_task_new(sim, NULL, return_text, test));
    struct sim_future *once = SIM_FUTURE(sim_task_new(sim, NULL, return_text, spam));
    struct call call = {.futures = {twice, twice, once}, .count = 3, .timeout_ns = -1};
    struct sim_value values[2];

    (void)arg;
    call.when = SIM_ALL_COMPLETED;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(call.sets.pending_count == 0);
    EXPECT(call.sets.done_count == 2);
    if (call.sets.done_count != 2)
        return SIM_OK;
    SIM_TRY(sim_future_result(call.sets.done[0], &values[0]));
    SIM_TRY(sim_future_result(call.sets.done[1], &values[1]));
    EXPECT(is_str(values[0], "test") && is_str(values[1], "spam"));
    return SIM_OK;
}

static enum sim_status test_wait_errors(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, sleep_long, NULL);
    struct call none = {.timeout_ns = -1, .when = SIM_ALL_COMPLETED};
    struct call wrong = call_for_two(task, task);

    (void)arg;
    EXPECT(wait_in_task(sim, &none) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, "Set of Tasks/Futures is empty."));
    wrong.when = (enum sim_return_when)(SIM_ALL_COMPLETED + 1);
    EXPECT(wait_in_task(sim, &wrong) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, "Invalid return_when value: 3"));
    return SIM_OK;
}

static enum sim_status test_wait_invalid_args(struct sim *sim, void *arg)
{
    struct sim_wait_sets sets;

    (void)arg;
    EXPECT(sim_wait(sim, NULL, 0, -1, SIM_FIRST_COMPLETED, &sets) == SIM_VALUE_ERROR);
    EXPECT(sim_now(sim) == 0);
    return SIM_OK;
}

static enum sim_status test_wait_first_completed(struct sim *sim, void *arg)
{
    struct sim_task *a = start_sleeper(sim, 10 * SIM_SECOND, 1);
    struct sim_task *b = start_sleeper(sim, 100 * SIM_MS, 2);
    struct call call = call_for_two(b, a);

    (void)arg;
    call.when = SIM_FIRST_COMPLETED;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(parted(&call.sets, b, a));
    EXPECT(returned_int(SIM_FUTURE(b), 2));
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    call.when = SIM_ALL_COMPLETED;
    SIM_TRY(wait_in_task(sim, &call)); /* nothing was cancelled */
    EXPECT(both_done(&call.sets, b, a));
    EXPECT(sim_now(sim) == 10 * SIM_SECOND);
    return SIM_OK;
}

static enum sim_status yield_often(struct sim *sim, void *arg)
{
    for (int left = *(const int *)arg; left > 0; left--)
        SIM_TRY(sim_sleep(sim, 0));
    return SIM_OK;
}

/* Who ends before the waiter has run counts as done, even if its callback has not been called. */
static enum sim_status test_wait_really_done(struct sim *sim, void *arg)
{
    int once = 1;
    int twice = 2;
    struct sim_task *a = sim_task_new(sim, NULL, yield_often, &once);
    struct sim_task *b = sim_task_new(sim, NULL, yield_often, &twice);
    struct call call = call_for_two(b, a);

    (void)arg;
    call.when = SIM_FIRST_COMPLETED;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(both_done(&call.sets, b, a));
    EXPECT(failure_of(SIM_FUTURE(a)) == NULL);
    EXPECT(failure_of(SIM_FUTURE(b)) == NULL);
    return SIM_OK;
}

static enum sim_status fail_at_once(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_ZERO_DIVISION, "err");
}

/* Wait for one that sleeps long and one that fails at a time, until one fails. */
static enum sim_status wait_for_failure(struct sim *sim, struct sim_task *a, struct sim_task *b,
                                        int64_t when_ns)
{
    struct call call = call_for_two(b, a);

    call.when = SIM_FIRST_EXCEPTION;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(parted(&call.sets, b, a));
    EXPECT(failed_with(SIM_FUTURE(b), SIM_ZERO_DIVISION));
    EXPECT(sim_now(sim) == when_ns);
    call.when = SIM_ALL_COMPLETED;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(both_done(&call.sets, b, a));
    return SIM_OK;
}

static enum sim_status test_wait_first_exception(struct sim *sim, void *arg)
{
    struct sim_task *a = start_sleeper(sim, 10 * SIM_SECOND, 1);
    struct sim_task *b = sim_task_new(sim, NULL, fail_at_once, NULL);

    (void)arg;
    return wait_for_failure(sim, a, b, 0);
}

static enum sim_status test_wait_first_exception_in_wait(struct sim *sim, void *arg)
{
    struct sim_task *a = start_sleeper(sim, 10 * SIM_SECOND, 1);
    struct sim_task *b = start_failing(sim, 10 * SIM_MS, SIM_ZERO_DIVISION);

    (void)arg;
    return wait_for_failure(sim, a, b, 10 * SIM_MS);
}

static enum sim_status test_wait_with_exception(struct sim *sim, void *arg)
{
    struct sim_task *a = start_sleeper(sim, 100 * SIM_MS, 1);
    struct sim_task *b = start_failing(sim, 150 * SIM_MS, SIM_ZERO_DIVISION);

    (void)arg;
    for (int i = 0; i < 2; i++) { /* the second time it has failed before */
        struct call call = call_for_two(b, a);

        SIM_TRY(wait_in_task(sim, &call));
        EXPECT(both_done(&call.sets, b, a));
        EXPECT(failed_with(SIM_FUTURE(b), SIM_ZERO_DIVISION));
        EXPECT(failure_of(SIM_FUTURE(a)) == NULL);
        EXPECT(sim_now(sim) == 150 * SIM_MS);
    }
    return SIM_OK;
}

/* Two that sleep for 100 and 150 ms: at this time-out the first is done. */
static enum sim_status wait_until(struct sim *sim, int64_t timeout_ns)
{
    struct sim_task *a = start_sleeper(sim, 100 * SIM_MS, 1);
    struct sim_task *b = start_sleeper(sim, 150 * SIM_MS, 2);
    struct call call = call_for_two(b, a);

    call.timeout_ns = timeout_ns;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(parted(&call.sets, a, b));
    EXPECT(sim_now(sim) == timeout_ns);
    call.timeout_ns = -1;
    SIM_TRY(wait_in_task(sim, &call));
    EXPECT(both_done(&call.sets, b, a));
    EXPECT(sim_now(sim) == 150 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_wait_with_timeout(struct sim *sim, void *arg)
{
    (void)arg;
    return wait_until(sim, 110 * SIM_MS);
}

/* The time-out comes when the first ends. */
static enum sim_status test_wait_concurrent_complete(struct sim *sim, void *arg)
{
    (void)arg;
    return wait_until(sim, 100 * SIM_MS);
}

/* Somebody who waits for somebody who waits for a future. */
struct chain {
    struct sim_future *waiter;
    struct sim_task *inner;
    int proof;
};

static enum sim_status prove_inner(struct sim *sim, void *arg)
{
    struct chain *chain = arg;

    (void)sim;
    SIM_TRY(sim_await(chain->waiter, NULL));
    chain->proof++;
    return SIM_OK;
}

static enum sim_status prove_outer(struct sim *sim, void *arg)
{
    struct chain *chain = arg;
    struct sim_wait_sets sets;

    chain->inner = sim_task_new(sim, NULL, prove_inner, chain);
    struct sim_future *futures[] = {SIM_FUTURE(chain->inner)};

    SIM_TRY(sim_wait(sim, futures, 1, -1, SIM_ALL_COMPLETED, &sets));
    chain->proof += 100;
    return SIM_OK;
}

/* The cancellation ends the wait, and leaves alone what is waited for. */
static enum sim_status test_yield_wait_does_not_shield_cancel(struct sim *sim, void *arg)
{
    struct chain chain = {.waiter = sim_future_new(sim, NULL)};
    struct sim_task *outer = sim_task_new(sim, NULL, prove_outer, &chain);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(outer, NULL));
    EXPECT(sim_await(outer, NULL) == SIM_CANCELLED);
    EXPECT(!sim_done(chain.inner));
    SIM_TRY(sim_future_set_result(chain.waiter, sim_none()));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(chain.proof == 1);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_wait),
        BODY(test_wait_duplicate_coroutines),
        BODY(test_wait_errors),
        BODY(test_wait_invalid_args),
        BODY(test_wait_first_completed),
        BODY(test_wait_really_done),
        BODY(test_wait_first_exception),
        BODY(test_wait_first_exception_in_wait),
        BODY(test_wait_with_exception),
        BODY(test_wait_with_timeout),
        BODY(test_wait_concurrent_complete),
        BODY(test_yield_wait_does_not_shield_cancel),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
