/* Threads that work for a loop: who runs when, and what comes back how. */
#include "tests/conformance/order.h"

struct job {
    const char *name;
    int64_t delay_ns;
};

static enum sim_status job(struct sim *sim, void *arg)
{
    const struct job *self = arg;

    sim_print(sim, "%s starts", self->name);
    sim_thread_sleep(sim, self->delay_ns);
    sim_print(sim, "%s ends", self->name);
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status failing(struct sim *sim, void *arg)
{
    (void)arg;
    sim_thread_sleep(sim, SIM_SECOND);
    return sim_raise(sim, SIM_VALUE_ERROR, "in a thread");
}

static enum sim_status ticker(struct sim *sim, void *arg)
{
    (void)arg;
    for (int tick = 0; tick < 4; tick++) {
        sim_print(sim, "tick %d", tick);
        SIM_TRY(sim_sleep(sim, SIM_SECOND / 2));
    }
    return SIM_OK;
}

static void answer(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "loop answers");
}

static enum sim_status from_thread(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "coroutine starts");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_return(sim, sim_int(42));
}

static enum sim_status call_back(struct sim *sim, void *arg)
{
    struct sim_loop *loop = arg;
    struct sim_value value;

    sim_print(sim, "thread asks");
    sim_call_soon_threadsafe(loop, answer, NULL);
    sim_thread_sleep(sim, SIM_SECOND / 4);
    struct sim_concurrent *future = sim_run_coroutine_threadsafe(loop, from_thread, NULL);

    sim_print(sim, "thread waits: %s", sim_concurrent_done(future) ? "True" : "False");
    if (sim_concurrent_result(future, SIM_SECOND / 2, NULL) == SIM_TIMEOUT)
        sim_print(sim, "thread: TimeoutError");
    SIM_TRY(sim_concurrent_result(future, -1, &value));
    sim_print(sim, "thread has %d", (int)value.as.integer);
    return SIM_OK;
}

static enum sim_status use_pool(struct sim *sim)
{
    struct job jobs[] = {{"b", SIM_SECOND}, {"c", SIM_SECOND}, {"d", SIM_SECOND},
                         {"e", SIM_SECOND}, {"f", 0},          {"g", 0}};
    struct sim_executor *pool = sim_thread_pool_new(sim, NULL, 2);
    struct sim_future *futures[4];
    struct sim_value value;

    for (int i = 0; i < 4; i++)
        futures[i] = sim_run_in_executor(sim, pool, job, &jobs[i]);
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(futures[3], NULL);
    SIM_TRY(sim_await(sim_gather(sim, futures, 3, false), &value));
    sim_print(sim, "results: ['%s', '%s', '%s']", value.as.items[0].as.string,
              value.as.items[1].as.string, value.as.items[2].as.string);
    struct sim_task *four = ruler(sim, 4);

    SIM_TRY(sim_await(sim_run_in_executor(sim, pool, job, &jobs[4]), &value));
    sim_print(sim, "%s", value.as.string);
    SIM_TRY(sim_await(four, NULL));
    sim_executor_shutdown(pool);
    assert_null(sim_run_in_executor(sim, pool, job, &jobs[5]));
    sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    return SIM_OK;
}

static enum sim_status thread_job(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, job, arg, NULL);
}

static enum sim_status order_executor(struct sim *sim, void *arg)
{
    struct job a = {"a", SIM_SECOND};
    struct job h = {"h", 3 * SIM_SECOND / 4};
    struct job *left = sim_alloc(sim, sizeof(*left));
    struct sim_task *beside = sim_task_new(sim, NULL, ticker, NULL);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_to_thread(sim, job, &a, &value));
    sim_print(sim, "%s", value.as.string);
    SIM_TRY(sim_await(beside, NULL));
    sim_print(sim, "failing: %s", outcome(sim, sim_to_thread(sim, failing, NULL, NULL)));
    SIM_TRY(use_pool(sim));
    SIM_TRY(sim_to_thread(sim, call_back, sim_running_loop(sim), NULL));
    sim_print(sim, "the loop is blocked");
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, NULL, ticker, NULL)),
                                 SIM_FUTURE(sim_task_new(sim, NULL, thread_job, &h))};

    SIM_TRY(sim_sleep(sim, 0));
    sim_thread_sleep(sim, SIM_SECOND);
    sim_print(sim, "the loop goes on");
    SIM_TRY(sim_await(sim_gather(sim, both, 2, false), NULL));
    *left = (struct job){"left", SIM_SECOND};
    (void)sim_run_in_executor(sim, NULL, job, left);
    sim_print(sim, "main returns");
    return SIM_OK;
}

static void executors_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees("order_executor", order_executor, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(executors_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
