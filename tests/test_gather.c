/* gather: what CPython's test_tasks.FutureGatherTests and CoroutineGatherTests ask of
 * asyncio.gather, test by test, and BaseTaskTests of cancelling one; its other tests are named in
 * test_task.c.
 *
 * What both ask, GatherTestsBase, is asked here of futures and of tasks that await them: only
 * futures are gathered, so that a coroutine becomes a task before.
 *
 *   n/a test_env_var_debug: there is no debug mode
 *   n/a test_constructor_empty_sequence_use_global_loop: a thread has no loop but that it runs
 *   n/a test_constructor_use_global_loop: a thread has no loop but that it runs
 *   n/a test_issue46672: the compiler refuses what is no future
 */
#include "tests/task_bodies.h"

#include "sim/core/future_state.h"

enum { FUTURES_MAX = 6 };

/* Futures that are gathered, and who called back. */
struct group {
    struct sim_future *futures[FUTURES_MAX];
    struct sim_future *gathered;
    int calls;
};

/* Let everything happen that is ready. */
static enum sim_status settle(struct sim *sim)
{
    return sim_sleep(sim, SIM_NS);
}

static void count_call(struct sim_future *future, void *arg)
{
    struct group *group = arg;

    group->calls += future == group->gathered;
}

/* Gather so many new futures, or tasks that await them. */
static void gather_new(struct sim *sim, struct group *group, size_t count, bool tasks,
                       bool return_exceptions)
{
    struct sim_future *given[FUTURES_MAX];

    *group = (struct group){.calls = 0};
    for (size_t i = 0; i < count; i++) {
        group->futures[i] = sim_future_new(sim, NULL);
        given[i] = tasks ? SIM_FUTURE(start_await(sim, group->futures[i])) : group->futures[i];
    }
    group->gathered = sim_gather(sim, given, count, return_exceptions);
    sim_add_done_callback(group->gathered, count_call, group);
}

/* The results; an empty list if there are not so many. */
static const struct sim_value *results_of(struct sim *sim, struct sim_future *gathered,
                                          uint32_t count)
{
    static const struct sim_value nothing[FUTURES_MAX];
    struct sim_value list = sim_none();

    EXPECT(sim_future_result(gathered, &list) == SIM_OK);
    EXPECT(list.type == SIM_LIST && list.count == count);
    return list.type == SIM_LIST && list.count == count ? list.as.items : nothing;
}

static bool is_exception(struct sim_value value, enum sim_status kind)
{
    return value.type == SIM_EXC && sim_exception_kind(value.as.exception) == kind;
}

static enum sim_status succeed(struct sim *sim, bool tasks, bool return_exceptions)
{
    struct group group;

    gather_new(sim, &group, 3, tasks, return_exceptions);
    SIM_TRY(sim_future_set_result(group.futures[1], sim_int(1)));
    SIM_TRY(sim_future_set_result(group.futures[0], sim_int(2)));
    SIM_TRY(settle(sim));
    EXPECT(group.calls == 0);
    EXPECT(!sim_done(group.gathered));
    SIM_TRY(sim_future_set_result(group.futures[2], sim_int(3)));
    SIM_TRY(settle(sim));
    EXPECT(group.calls == 1);
    const struct sim_value *results = results_of(sim, group.gathered, 3);

    EXPECT(is_int(results[0], 2) && is_int(results[1], 1) && is_int(results[2], 3));
    return SIM_OK;
}

static enum sim_status test_success(struct sim *sim, void *tasks)
{
    return succeed(sim, *(const int *)tasks, false);
}

static enum sim_status test_result_exception_success(struct sim *sim, void *tasks)
{
    return succeed(sim, *(const int *)tasks, true);
}

/* What happens after the end changes nothing. */
static enum sim_status go_on_after_end(struct sim *sim, struct group *group)
{
    const struct sim_exception *exception = failure_of(group->gathered);

    SIM_TRY(sim_future_set_result(group->futures[2], sim_int(3)));
    EXPECT(sim_cancel(group->futures[3], NULL));
    SIM_TRY(sim_future_set_exception(group->futures[4], SIM_RUNTIME_ERROR, ""));
    SIM_TRY(settle(sim));
    EXPECT(failure_of(group->gathered) == exception);
    EXPECT(group->calls == 1);
    return SIM_OK;
}

static enum sim_status test_one_exception(struct sim *sim, void *tasks)
{
    struct group group;

    gather_new(sim, &group, 5, *(const int *)tasks, false);
    SIM_TRY(sim_future_set_result(group.futures[0], sim_int(1)));
    SIM_TRY(sim_future_set_exception(group.futures[1], SIM_ZERO_DIVISION, ""));
    SIM_TRY(settle(sim));
    EXPECT(sim_done(group.gathered));
    EXPECT(group.calls == 1);
    EXPECT(failed_with(group.gathered, SIM_ZERO_DIVISION));
    EXPECT(failure_of(group.gathered) == failure_of(group.futures[1]));
    return go_on_after_end(sim, &group);
}

static enum sim_status test_return_exceptions(struct sim *sim, void *tasks)
{
    struct group group;

    gather_new(sim, &group, 4, *(const int *)tasks, true);
    SIM_TRY(sim_future_set_result(group.futures[1], sim_int(1)));
    SIM_TRY(sim_future_set_exception(group.futures[2], SIM_ZERO_DIVISION, ""));
    SIM_TRY(sim_future_set_result(group.futures[0], sim_int(3)));
    SIM_TRY(settle(sim));
    EXPECT(!sim_done(group.gathered));
    SIM_TRY(sim_future_set_exception(group.futures[3], SIM_RUNTIME_ERROR, ""));
    SIM_TRY(settle(sim));
    EXPECT(sim_done(group.gathered));
    EXPECT(group.calls == 1);
    const struct sim_value *results = results_of(sim, group.gathered, 4);

    EXPECT(is_int(results[0], 3) && is_int(results[1], 1));
    EXPECT(is_exception(results[2], SIM_ZERO_DIVISION));
    EXPECT(results[2].as.exception == failure_of(group.futures[2]));
    EXPECT(is_exception(results[3], SIM_RUNTIME_ERROR));
    EXPECT(results[3].as.exception == failure_of(group.futures[3]));
    return SIM_OK;
}

static enum sim_status gather_nothing(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_gather(sim, NULL, 0, false) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_constructor_empty_sequence_without_loop(struct sim *sim, void *arg)
{
    return run_outside(sim, gather_nothing, arg);
}

static enum sim_status test_constructor_empty_sequence_use_running_loop(struct sim *sim, void *arg)
{
    struct sim_future *gathered = sim_gather(sim, NULL, 0, false);

    (void)arg;
    EXPECT(gathered->loop == sim_running_loop(sim));
    SIM_TRY(settle(sim));
    EXPECT(sim_done(gathered));
    (void)results_of(sim, gathered, 0);
    return SIM_OK;
}

static enum sim_status make_futures(struct sim *sim, void *arg)
{
    struct group *group = arg;

    for (int i = 0; i < 3; i++)
        group->futures[i] = sim_future_new(sim, NULL);
    return SIM_OK;
}

static enum sim_status make_in_other_loop(struct sim *sim, void *group)
{
    return sim_loop_run(sim, make_futures, group, NULL);
}

static enum sim_status test_constructor_heterogenous_futures(struct sim *sim, void *arg)
{
    struct group other = {.calls = 0};

    (void)arg;
    SIM_TRY(run_outside(sim, make_in_other_loop, &other));
    struct sim_future *futures[] = {sim_future_new(sim, NULL), other.futures[0]};

    EXPECT(sim_gather(sim, futures, 2, false) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_VALUE_ERROR);
    EXPECT(strstr(sim_exception_message(sim_exception(sim)), "belongs to a different loop"));
    EXPECT(futures[0]->callback_count == 0); /* nobody listens for nothing */
    return SIM_OK;
}

static enum sim_status test_constructor_homogenous_futures(struct sim *sim, void *arg)
{
    struct group other = {.calls = 0};

    (void)arg;
    SIM_TRY(run_outside(sim, make_in_other_loop, &other));
    EXPECT(other.futures[0]->loop != sim_running_loop(sim));
    for (int i = 0; i < 2; i++) {
        struct sim_future *gathered = sim_gather(sim, other.futures, 3, false);

        EXPECT(gathered->loop == other.futures[0]->loop);
        EXPECT(!sim_done(gathered));
    }
    return SIM_OK;
}

/* A child's cancellation is the gather's exception; itself it is not cancelled. */
static enum sim_status test_one_cancellation(struct sim *sim, void *arg)
{
    struct group group;

    (void)arg;
    gather_new(sim, &group, 5, false, false);
    SIM_TRY(sim_future_set_result(group.futures[0], sim_int(1)));
    EXPECT(sim_cancel(group.futures[1], NULL));
    SIM_TRY(settle(sim));
    EXPECT(sim_done(group.gathered));
    EXPECT(group.calls == 1);
    EXPECT(!sim_cancelled(group.gathered));
    EXPECT(failed_with(group.gathered, SIM_CANCELLED));
    return go_on_after_end(sim, &group);
}

static enum sim_status test_result_exception_one_cancellation(struct sim *sim, void *arg)
{
    struct group group;

    (void)arg;
    gather_new(sim, &group, 6, false, true);
    SIM_TRY(sim_future_set_result(group.futures[0], sim_int(1)));
    SIM_TRY(sim_future_set_exception(group.futures[1], SIM_ZERO_DIVISION, ""));
    EXPECT(sim_cancel(group.futures[2], NULL));
    SIM_TRY(settle(sim));
    EXPECT(!sim_done(group.gathered));
    SIM_TRY(sim_future_set_result(group.futures[3], sim_int(3)));
    EXPECT(sim_cancel(group.futures[4], NULL));
    SIM_TRY(sim_future_set_exception(group.futures[5], SIM_RUNTIME_ERROR, ""));
    SIM_TRY(sim_await(group.gathered, NULL));
    const struct sim_value *results = results_of(sim, group.gathered, 6);

    EXPECT(is_int(results[0], 1) && is_int(results[3], 3));
    EXPECT(is_exception(results[1], SIM_ZERO_DIVISION));
    EXPECT(is_exception(results[2], SIM_CANCELLED) && is_exception(results[4], SIM_CANCELLED));
    EXPECT(is_exception(results[5], SIM_RUNTIME_ERROR));
    EXPECT(group.calls == 1);
    return SIM_OK;
}

static enum sim_status make_task_without_loop(struct sim *sim, void *coroutine)
{
    EXPECT(sim_coroutine_task(coroutine) == NULL); /* there is nothing to gather */
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_constructor_without_loop(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "coro", return_ok, NULL);

    (void)arg;
    SIM_TRY(run_outside(sim, make_task_without_loop, coroutine));
    sim_coroutine_close(coroutine);
    return SIM_OK;
}

static struct sim_future *start_coroutine(struct sim *sim, sim_body_fn body)
{
    return SIM_FUTURE(sim_coroutine_task(sim_coroutine_new(sim, "coro", body, NULL)));
}

static enum sim_status test_constructor_use_running_loop(struct sim *sim, void *arg)
{
    struct sim_future *futures[] = {start_coroutine(sim, return_ok),
                                    start_coroutine(sim, return_ok)};
    struct sim_future *gathered = sim_gather(sim, futures, 2, false);

    (void)arg;
    EXPECT(gathered->loop == sim_running_loop(sim));
    SIM_TRY(sim_await(gathered, NULL));
    const struct sim_value *results = results_of(sim, gathered, 2);

    EXPECT(is_str(results[0], "ok") && is_str(results[1], "ok"));
    return SIM_OK;
}

static enum sim_status test_duplicate_coroutines(struct sim *sim, void *arg)
{
    struct sim_future *abc = start_coroutine(sim, return_ok);
    struct sim_future *def = start_coroutine(sim, return_42);
    struct sim_future *futures[] = {abc, abc, def, abc};
    struct sim_future *gathered = sim_gather(sim, futures, 4, false);

    (void)arg;
    SIM_TRY(settle(sim));
    const struct sim_value *results = results_of(sim, gathered, 4);

    EXPECT(is_str(results[0], "ok") && is_str(results[1], "ok") && is_str(results[3], "ok"));
    EXPECT(is_int(results[2], 42));
    return SIM_OK;
}

/* Somebody who gathers two who wait for the same future. */
struct family {
    struct sim_future *waiter;
    struct sim_future *children[2];
    struct sim_future *gathered;
    int proof;
};

static enum sim_status prove_inner(struct sim *sim, void *arg)
{
    struct family *family = arg;

    (void)sim;
    SIM_TRY(sim_await(family->waiter, NULL));
    family->proof++;
    return SIM_OK;
}

static enum sim_status prove_outer(struct sim *sim, void *arg)
{
    struct family *family = arg;

    family->gathered = sim_gather(sim, family->children, 2, false);
    SIM_TRY(sim_await(family->gathered, NULL));
    family->proof += 100;
    return SIM_OK;
}

static enum sim_status test_cancellation_broadcast(struct sim *sim, void *arg)
{
    struct family family = {.waiter = sim_future_new(sim, NULL)};

    (void)arg;
    for (int i = 0; i < 2; i++)
        family.children[i] = SIM_FUTURE(sim_task_new(sim, NULL, prove_inner, &family));
    struct sim_task *outer = sim_task_new(sim, NULL, prove_outer, &family);

    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_cancel(outer, NULL));
    EXPECT(sim_await(outer, NULL) == SIM_CANCELLED);
    EXPECT(!sim_cancel(family.gathered, NULL));
    EXPECT(sim_cancelled(family.waiter));
    EXPECT(sim_cancelled(family.children[0]) && sim_cancelled(family.children[1]));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(family.proof == 0);
    return SIM_OK;
}

static enum sim_status await_and_fail(struct sim *sim, void *future)
{
    SIM_TRY(sim_await((struct sim_future *)future, NULL));
    return sim_raise(sim, SIM_RUNTIME_ERROR, "should not be ignored");
}

/* The exceptions that come after the first count as looked at. */
static enum sim_status test_exception_marking(struct sim *sim, void *arg)
{
    struct sim_future *a = sim_future_new(sim, NULL);
    struct sim_future *b = sim_future_new(sim, NULL);
    struct family family = {.children = {SIM_FUTURE(sim_task_new(sim, NULL, await_and_fail, a)),
                                         SIM_FUTURE(sim_task_new(sim, NULL, await_and_fail, b))}};
    struct sim_task *outer = sim_task_new(sim, NULL, prove_outer, &family);

    (void)arg;
    SIM_TRY(settle(sim));
    SIM_TRY(sim_future_set_result(a, sim_none()));
    SIM_TRY(settle(sim));
    EXPECT(!sim_done(family.children[1]));
    SIM_TRY(sim_future_set_result(b, sim_none()));
    SIM_TRY(settle(sim));
    EXPECT(failed_with(SIM_FUTURE(outer), SIM_RUNTIME_ERROR));
    EXPECT(family.children[0]->retrieved && family.children[1]->retrieved);
    return SIM_OK;
}

/* Cancels a gather when its child's future is done, and the child is, but the gather is not. */
struct canceller {
    struct sim_future *gathered;
    struct sim_future *child;
    bool called;
    bool cancelled;
};

static void cancel_gather(struct sim_future *future, void *arg)
{
    struct canceller *canceller = arg;

    (void)future;
    canceller->called = sim_done(canceller->child) && !sim_done(canceller->gathered);
    canceller->cancelled = sim_cancel(canceller->gathered, NULL);
}

static enum sim_status test_cancel_gather_1(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct canceller canceller = {.child = SIM_FUTURE(start_await(sim, future))};

    (void)arg;
    canceller.gathered = sim_gather(sim, &canceller.child, 1, false);
    SIM_TRY(sim_sleep(sim, 0)); /* the child waits, so that it is called before */
    sim_add_done_callback(future, cancel_gather, &canceller);
    SIM_TRY(sim_future_set_result(future, sim_int(42)));
    SIM_TRY(sim_await(canceller.gathered, NULL));
    EXPECT(canceller.called);
    EXPECT(!canceller.cancelled);
    EXPECT(!sim_cancelled(canceller.gathered));
    EXPECT(is_int(results_of(sim, canceller.gathered, 1)[0], 42));
    return SIM_OK;
}

/* For a second, gather someone who sleeps for a short time. */
static enum sim_status gather_again_and_again(struct sim *sim, void *arg)
{
    (void)arg;
    while (sim_now(sim) < SIM_SECOND) {
        struct sim_future *future = SIM_FUTURE(start_sleeper(sim, 50 * SIM_MS, 1));

        SIM_TRY(sim_await(sim_gather(sim, &future, 1, true), NULL));
    }
    return SIM_OK;
}

static enum sim_status cancel_while_gathering(struct sim *sim, const char *message)
{
    struct sim_task *task = sim_task_new(sim, NULL, gather_again_and_again, NULL);

    SIM_TRY(sim_sleep(sim, 200 * SIM_MS));
    EXPECT(sim_cancel(task, message));
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(raised(sim, message == NULL ? "" : message));
    EXPECT(sim_exception_cause(sim_exception(sim)) == NULL);
    return SIM_OK;
}

/* Of its cases, that of a message that is a number has no counterpart. */
static enum sim_status test_cancel_gather_2(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(cancel_while_gathering(sim, NULL));
    return cancel_while_gathering(sim, "my message");
}

/* The tests of both classes. */
#define OF_FUTURES(test) NAMED_BODY("FutureGatherTests." #test, test, 0)
#define OF_TASKS(test) NAMED_BODY("CoroutineGatherTests." #test, test, 1)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_FUTURES(test_success),
        OF_FUTURES(test_result_exception_success),
        OF_FUTURES(test_one_exception),
        OF_FUTURES(test_return_exceptions),
        OF_FUTURES(test_constructor_empty_sequence_without_loop),
        OF_FUTURES(test_constructor_empty_sequence_use_running_loop),
        OF_FUTURES(test_constructor_heterogenous_futures),
        OF_FUTURES(test_constructor_homogenous_futures),
        OF_FUTURES(test_one_cancellation),
        OF_FUTURES(test_result_exception_one_cancellation),
        OF_TASKS(test_success),
        OF_TASKS(test_result_exception_success),
        OF_TASKS(test_one_exception),
        OF_TASKS(test_return_exceptions),
        OF_TASKS(test_constructor_without_loop),
        OF_TASKS(test_constructor_use_running_loop),
        OF_TASKS(test_duplicate_coroutines),
        OF_TASKS(test_cancellation_broadcast),
        OF_TASKS(test_exception_marking),
        NAMED_BODY("BaseTaskTests.test_cancel_gather_1", test_cancel_gather_1, 0),
        NAMED_BODY("BaseTaskTests.test_cancel_gather_2", test_cancel_gather_2, 0),
    };

    return cmocka_run_group_tests_name("GatherTests", tests, NULL, NULL);
}
