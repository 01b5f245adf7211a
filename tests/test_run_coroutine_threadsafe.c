/* run_coroutine_threadsafe: what CPython's test_tasks.RunCoroutineThreadsafeTests asks of
 * asyncio.run_coroutine_threadsafe, test by test.
 *
 *   n/a test_run_coroutine_threadsafe_task_factory_exception: there are no task factories
 */
#include "tests/task_bodies.h"

/* What a thread asks of the loop that this test runs on. */
struct order {
    struct sim_loop *loop;
    int64_t timeout_ns;
    bool fail;
    bool cancel;
    bool added; /* the sum was returned */
};

static enum sim_status add(struct sim *sim, void *arg)
{
    struct order *order = arg;

    SIM_TRY(sim_sleep(sim, 50 * SIM_MS));
    if (order->fail)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "Fail!");
    if (order->cancel) {
        EXPECT(sim_cancel(sim_current_task(sim), NULL));
        SIM_TRY(sim_sleep(sim, 0));
    }
    order->added = true;
    return sim_return(sim, sim_int(1 + 2));
}

/* In a thread: let the loop add, wait for the sum, and give it up if it does not come in time. */
static enum sim_status order_sum(struct sim *sim, void *arg)
{
    struct order *order = arg;
    struct sim_concurrent *concurrent = sim_run_coroutine_threadsafe(order->loop, add, order);
    struct sim_value sum = sim_none();
    enum sim_status status = sim_concurrent_result(concurrent, order->timeout_ns, &sum);

    if (!sim_concurrent_done(concurrent))
        EXPECT(sim_concurrent_cancel(concurrent));
    SIM_TRY(status);
    return sim_return(sim, sum);
}

static enum sim_status run_order(struct sim *sim, struct order *order, struct sim_value *sum)
{
    order->loop = sim_running_loop(sim);
    return sim_await(sim_run_in_executor(sim, NULL, order_sum, order), sum);
}

static enum sim_status test_run_coroutine_threadsafe(struct sim *sim, void *arg)
{
    struct order order = {.timeout_ns = -1};
    struct sim_value sum = sim_none();

    (void)arg;
    SIM_TRY(run_order(sim, &order, &sum));
    EXPECT(is_int(sum, 3));
    EXPECT(sim_now(sim) == 50 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_run_coroutine_threadsafe_with_exception(struct sim *sim, void *arg)
{
    struct order order = {.timeout_ns = -1, .fail = true};

    (void)arg;
    EXPECT(run_order(sim, &order, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "Fail!"));
    return SIM_OK;
}

static enum sim_status test_run_coroutine_threadsafe_with_timeout(struct sim *sim, void *arg)
{
    struct order order = {.timeout_ns = 0};
    size_t count = 0;

    (void)arg;
    EXPECT(run_order(sim, &order, NULL) == SIM_TIMEOUT);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_all_tasks(sim, &count)[0] == sim_current_task(sim));
    EXPECT(count == 1); /* who adds was cancelled */
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    EXPECT(!order.added);
    return SIM_OK;
}

static enum sim_status test_run_coroutine_threadsafe_task_cancelled(struct sim *sim, void *arg)
{
    struct order order = {.timeout_ns = -1, .cancel = true};

    (void)arg;
    EXPECT(run_order(sim, &order, NULL) == SIM_CANCELLED);
    EXPECT(!order.added);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_run_coroutine_threadsafe),
        BODY(test_run_coroutine_threadsafe_with_exception),
        BODY(test_run_coroutine_threadsafe_with_timeout),
        BODY(test_run_coroutine_threadsafe_task_cancelled),
    };

    return cmocka_run_group_tests_name("RunCoroutineThreadsafeTests", tests, NULL, NULL);
}
