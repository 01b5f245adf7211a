/* Tasks: what CPython's test_tasks.BaseTaskTests asks of Task.cancelling and Task.uncancel, test by
 * test; the others are named in test_task.c. */
#include "tests/task_bodies.h"

#include "sim/core/task_state.h"

static enum sim_status test_cancelling(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, sleep_long, NULL);

    (void)arg;
    EXPECT(sim_task_cancelling(task) == 0);
    EXPECT(sim_cancel(task, NULL));
    EXPECT(sim_task_cancelling(task) == 1);
    EXPECT(sim_cancel(task, NULL)); /* it is not over yet */
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    return SIM_OK;
}

static enum sim_status sleep_again_when_cancelled(struct sim *sim, void *arg)
{
    if (sleep_long(sim, arg) == SIM_CANCELLED) {
        (void)sim_task_uncancel(sim_current_task(sim));
        return sleep_long(sim, arg);
    }
    return SIM_OK;
}

static enum sim_status test_uncancel_basic(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, sleep_again_when_cancelled, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    EXPECT(sim_cancel(task, NULL)); /* the first sleep */
    EXPECT(sim_task_cancelling(task) == 1);
    EXPECT(!sim_cancelled(task));
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    EXPECT(sim_task_cancelling(task) == 0);
    EXPECT(!sim_cancelled(task));
    EXPECT(sim_cancel(task, NULL)); /* the second */
    EXPECT(sim_task_cancelling(task) == 1);
    EXPECT(!sim_cancelled(task));
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(task) && sim_done(task));
    (void)sim_task_uncancel(task); /* too late */
    EXPECT(sim_cancelled(task) && sim_done(task));
    return SIM_OK;
}

/* A block with a time-out, made of cancel and uncancel. */
struct block {
    int64_t sleep_ns;
    int64_t timeout_ns;
    struct sim_task *task;
    bool timed_out;
    bool finished;
    bool reached_end;
};

static void on_timeout(struct sim *sim, void *arg)
{
    struct block *block = arg;

    block->timed_out = true;
    EXPECT(sim_cancel(block->task, NULL));
}

/* The block: a cancellation that is its own, and nobody else's too, becomes a time-out. */
static enum sim_status request_in_time(struct sim *sim, struct block *block)
{
    struct sim_handle *timer = sim_call_later(sim, block->timeout_ns, on_timeout, block);
    enum sim_status status = sim_sleep(sim, block->sleep_ns);

    block->finished = status == SIM_OK;
    sim_handle_cancel(timer);
    if (block->timed_out && sim_task_uncancel(block->task) == 0 && status == SIM_CANCELLED)
        return sim_raise(sim, SIM_TIMEOUT, "%s", "");
    return status;
}

static enum sim_status request_and_go_on(struct sim *sim, void *arg)
{
    struct block *block = arg;
    enum sim_status status = request_in_time(sim, block);

    if (status == SIM_TIMEOUT)
        EXPECT(block->timed_out);
    else
        SIM_TRY(status);
    block->reached_end = true;
    return sim_sleep(sim, 0);
}

static enum sim_status run_block(struct sim *sim, struct block *block)
{
    block->task = sim_task_new(sim, NULL, request_and_go_on, block);
    return sim_await(block->task, NULL);
}

static enum sim_status test_uncancel_structured_blocks(struct sim *sim, void *arg)
{
    struct block slow = {.sleep_ns = 10 * SIM_SECOND, .timeout_ns = 100 * SIM_MS};
    struct block quick = {.sleep_ns = 0, .timeout_ns = 10 * SIM_SECOND};

    (void)arg;
    SIM_TRY(run_block(sim, &slow));
    EXPECT(slow.timed_out);
    EXPECT(!slow.finished);
    EXPECT(slow.reached_end);
    EXPECT(sim_task_cancelling(slow.task) == 0);
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    SIM_TRY(run_block(sim, &quick));
    EXPECT(!quick.timed_out);
    EXPECT(quick.finished);
    EXPECT(quick.reached_end);
    EXPECT(sim_task_cancelling(quick.task) == 0);
    return SIM_OK;
}

static enum sim_status await_then_42(struct sim *sim, void *future)
{
    SIM_TRY(sim_await((struct sim_future *)future, NULL));
    return return_42(sim, NULL);
}

static enum sim_status test_uncancel_resets_must_cancel(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_task *task = sim_task_new(sim, NULL, await_then_42, future);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_future_set_result(future, sim_none())); /* it can run again */
    EXPECT(sim_cancel(task, NULL));
    EXPECT(sim_task_cancelling(task) == 1);
    EXPECT(task->must_cancel);
    EXPECT(sim_task_uncancel(task) == 0);
    EXPECT(sim_task_cancelling(task) == 0);
    EXPECT(!task->must_cancel);
    SIM_TRY(sim_await(task, &value));
    EXPECT(is_int(value, 42));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_cancelling),
        BODY(test_uncancel_basic),
        BODY(test_uncancel_structured_blocks),
        BODY(test_uncancel_resets_must_cancel),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
