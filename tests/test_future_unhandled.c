/* Future: what CPython's test_futures.BaseFutureTests asks of an exception that nobody looks at,
 * test by test.  What asyncio logs when such a future is collected, the detectors find at the end.
 *
 *   n/a test_future_exception_never_retrieved_debug: C has no debug mode of a loop
 */
#include "tests/findings.h"

static struct sim_future *failed(struct sim *sim)
{
    struct sim_future *future = sim_future_new(sim, "fut");

    EXPECT(sim_future_set_exception(future, SIM_RUNTIME_ERROR, "boom") == SIM_OK);
    return future;
}

static enum sim_status test_tb_logger_abandoned(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(!sim_done(sim_future_new(sim, "fut")));
    return SIM_OK;
}

static enum sim_status fail_at_once(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_RUNTIME_ERROR, "boom");
}

/* To cancel it, be it too late, is to have heard of it; so with a task. */
static enum sim_status test_tb_logger_not_called_after_cancel(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, fail_at_once, NULL);

    (void)arg;
    EXPECT(!sim_cancel(failed(sim), NULL));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_cancel(task, NULL));
    return SIM_OK;
}

static enum sim_status test_tb_logger_result_unretrieved(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_future_set_result(sim_future_new(sim, "fut"), sim_int(42));
}

static enum sim_status test_tb_logger_result_retrieved(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, "fut");
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_future_set_result(future, sim_int(42)));
    SIM_TRY(sim_future_result(future, &result));
    EXPECT(result.type == SIM_INT && result.as.integer == 42);
    return SIM_OK;
}

static enum sim_status test_tb_logger_exception_unretrieved(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_done(failed(sim)));
    return sim_sleep(sim, 0);
}

static enum sim_status test_tb_logger_exception_retrieved(struct sim *sim, void *arg)
{
    const struct sim_exception *exception = NULL;

    (void)arg;
    SIM_TRY(sim_future_exception(failed(sim), &exception));
    EXPECT(exception != NULL && strcmp(sim_exception_message(exception), "boom") == 0);
    return SIM_OK;
}

static enum sim_status test_tb_logger_exception_result_retrieved(struct sim *sim, void *arg)
{
    struct sim_value result;

    (void)arg;
    EXPECT(sim_future_result(failed(sim), &result) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

/* Once, with what it was. */
static enum sim_status test_future_exception_never_retrieved(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, "fut");

    (void)arg;
    SIM_TRY(sim_future_set_exception(future, SIM_OS_ERROR, "no space"));
    EXPECT(sim_future_set_exception(future, SIM_OS_ERROR, "no space") == SIM_INVALID_STATE);
    return sim_sleep(sim, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUIET(test_tb_logger_abandoned),
        QUIET(test_tb_logger_not_called_after_cancel),
        QUIET(test_tb_logger_result_unretrieved),
        QUIET(test_tb_logger_result_retrieved),
        FINDS(test_tb_logger_exception_unretrieved, SIM_FINDING_UNHANDLED,
              "fut ended at step 3 with RuntimeError, and nobody handled it."),
        QUIET(test_tb_logger_exception_retrieved),
        QUIET(test_tb_logger_exception_result_retrieved),
        FINDS(test_future_exception_never_retrieved, SIM_FINDING_UNHANDLED,
              "with OSError, and nobody handled it."),
    };

    return cmocka_run_group_tests_name("BaseFutureTests", tests, NULL, NULL);
}
