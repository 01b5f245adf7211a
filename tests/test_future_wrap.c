/* Future: what CPython's test_futures.BaseFutureTests asks of asyncio.wrap_future, test by test: a
 * future of a loop that ends as a thread's does.
 *
 *   n/a test_wrap_future_future: C's compiler knows which of the two kinds it is
 *   n/a test_wrap_future_use_global_loop: C has no loop but the running one
 */
#include "tests/body.h"

static bool is_int(struct sim_value value, int64_t integer)
{
    return value.type == SIM_INT && value.as.integer == integer;
}

/* A pool with one worker, and what it does. */
struct pool {
    struct sim_executor *executor;
    struct sim_concurrent *job;
};

static struct pool pool_new(struct sim *sim, sim_body_fn fn, void *arg)
{
    struct pool pool = {.executor = sim_thread_pool_new(sim, NULL, 1)};

    pool.job = sim_executor_submit(pool.executor, fn, arg);
    return pool;
}

static enum sim_status say_oi(struct sim *sim, void *arg)
{
    bool *runs_loop = arg;

    if (runs_loop != NULL)
        *runs_loop = sim_running_loop(sim) != NULL;
    return sim_return(sim, sim_str("oi"));
}

static enum sim_status test_wrap_future(struct sim *sim, void *arg)
{
    bool runs_loop = true;
    struct pool pool = pool_new(sim, say_oi, &runs_loop);
    struct sim_future *future = sim_wrap_future(sim, pool.job);
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_await(future, &result));
    EXPECT(result.type == SIM_STR && strcmp(result.as.string, "oi") == 0);
    EXPECT(!runs_loop); /* it was another thread */
    sim_executor_shutdown(pool.executor);
    return SIM_OK;
}

static enum sim_status wrap(struct sim *sim, void *job)
{
    EXPECT(sim_wrap_future(sim, job) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "no running event loop") == 0);
    return SIM_OK;
}

/* In a thread that runs no loop. */
static enum sim_status test_wrap_future_without_loop(struct sim *sim, void *arg)
{
    struct pool pool = pool_new(sim, say_oi, NULL);

    (void)arg;
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, wrap, pool.job), NULL));
    sim_executor_shutdown(pool.executor);
    return SIM_OK;
}

/* Where a done callback of a future is called. */
struct place {
    struct sim *sim;
    struct sim_concurrent *job;
    struct sim_loop *loop;
};

static void remember_loop(struct sim_future *future, void *arg)
{
    struct place *place = arg;

    (void)future;
    place->loop = sim_running_loop(place->sim);
}

static enum sim_status wrap_here(struct sim *sim, void *arg)
{
    struct place *place = arg;
    struct sim_future *future = sim_wrap_future(sim, place->job);

    place->sim = sim;
    sim_add_done_callback(future, remember_loop, place);
    SIM_TRY(sim_await(future, NULL));
    EXPECT(place->loop == sim_running_loop(sim));
    return SIM_OK;
}

static enum sim_status run_loop(struct sim *sim, void *place)
{
    return sim_loop_run(sim, wrap_here, place, NULL);
}

/* The loop that wraps has the future: of two loops that wrap one job, each has its own. */
static enum sim_status test_wrap_future_use_running_loop(struct sim *sim, void *arg)
{
    struct pool pool = pool_new(sim, say_oi, NULL);
    struct place here = {.job = pool.job};
    struct place there = {.job = pool.job};
    struct sim_thread *thread = sim_thread_new(sim, NULL, run_loop, &there);

    (void)arg;
    SIM_TRY(wrap_here(sim, &here));
    SIM_TRY(sim_thread_join(thread, NULL));
    EXPECT(here.loop == sim_running_loop(sim));
    EXPECT(there.loop != NULL && there.loop != here.loop);
    sim_executor_shutdown(pool.executor);
    return SIM_OK;
}

static enum sim_status work(struct sim *sim, void *arg)
{
    bool *began = arg;

    if (began != NULL)
        *began = true;
    sim_thread_sleep(sim, SIM_SECOND);
    return sim_return(sim, sim_int(42));
}

static enum sim_status test_wrap_future_cancel(struct sim *sim, void *arg)
{
    struct pool pool = pool_new(sim, work, NULL);
    bool began = false;
    struct sim_concurrent *next = sim_executor_submit(pool.executor, work, &began);
    struct sim_future *future = sim_wrap_future(sim, next);

    (void)arg;
    EXPECT(sim_cancel(future, NULL));
    EXPECT(!sim_concurrent_done(next)); /* it hears of it at the next turn */
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_concurrent_result(next, 0, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(future));
    sim_executor_shutdown(pool.executor);
    EXPECT(!began);
    return SIM_OK;
}

/* It was done before: only the loop does not know yet. */
static enum sim_status test_wrap_future_cancel2(struct sim *sim, void *arg)
{
    struct pool pool = pool_new(sim, work, NULL);
    struct sim_future *future = sim_wrap_future(sim, pool.job);
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_concurrent_result(pool.job, -1, NULL)); /* the loop stands still meanwhile */
    EXPECT(!sim_done(future));
    EXPECT(sim_cancel(future, NULL));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_concurrent_result(pool.job, 0, &result));
    EXPECT(is_int(result, 42));
    EXPECT(sim_cancelled(future));
    sim_executor_shutdown(pool.executor);
    return SIM_OK;
}

static enum sim_status fail_at_once(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_RUNTIME_ERROR, "why");
}

/* A value, an exception and a cancellation become the outcome of another future. */
static enum sim_status test_copy_state(struct sim *sim, void *arg)
{
    struct pool pool = pool_new(sim, work, NULL);
    struct sim_concurrent *failed = sim_executor_submit(pool.executor, fail_at_once, NULL);
    struct sim_concurrent *cancelled = sim_executor_submit(pool.executor, work, NULL);
    const struct sim_exception *exception = NULL;
    struct sim_value result = sim_none();

    (void)arg;
    EXPECT(sim_concurrent_cancel(cancelled));
    sim_executor_shutdown(pool.executor); /* all are done, and nobody has wrapped them */
    struct sim_future *of_result = sim_wrap_future(sim, pool.job);
    struct sim_future *of_failed = sim_wrap_future(sim, failed);
    struct sim_future *of_cancelled = sim_wrap_future(sim, cancelled);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(of_result));
    SIM_TRY(sim_future_result(of_result, &result));
    EXPECT(is_int(result, 42));
    EXPECT(sim_done(of_failed));
    EXPECT(sim_future_result(of_failed, &result) == SIM_RUNTIME_ERROR);
    SIM_TRY(sim_future_exception(of_failed, &exception));
    EXPECT(exception != NULL && strcmp(sim_exception_message(exception), "why") == 0);
    EXPECT(sim_cancelled(of_cancelled));
    return SIM_OK;
}

/* A result that comes for a future that was cancelled before changes nothing. */
static enum sim_status test_set_result_unless_cancelled(struct sim *sim, void *arg)
{
    bool began = false;
    struct pool pool = pool_new(sim, work, &began);
    struct sim_future *future = sim_wrap_future(sim, pool.job);
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    EXPECT(began);
    EXPECT(sim_cancel(future, NULL));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(sim_concurrent_result(pool.job, 0, &result));
    EXPECT(is_int(result, 42));
    EXPECT(sim_cancelled(future));
    EXPECT(sim_future_result(future, &result) == SIM_CANCELLED);
    sim_executor_shutdown(pool.executor);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_wrap_future),
        BODY(test_wrap_future_without_loop),
        BODY(test_wrap_future_use_running_loop),
        BODY(test_wrap_future_cancel),
        BODY(test_wrap_future_cancel2),
        BODY(test_copy_state),
        BODY(test_set_result_unless_cancelled),
    };

    return cmocka_run_group_tests_name("BaseFutureTests", tests, NULL, NULL);
}
