/* Queue: what CPython's test_queues asks of those who wait in put(), in its class QueuePutTests,
 * test by test.
 *
 *   n/a test_float_maxsize: the size of a queue of C is a whole number
 */
#include "tests/queue_users.h"

static enum sim_status test_blocking_put(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);

    (void)arg;
    SIM_TRY(sim_queue_put(queue, sim_int(1)));
    expect_next(sim, queue, 1);
    return SIM_OK;
}

static enum sim_status start_and_put_two(struct sim *sim, void *arg)
{
    struct user *self = arg;

    (void)sim;
    sim_event_set(self->started);
    SIM_TRY(sim_queue_put(self->queue, sim_int(1)));
    SIM_TRY(sim_queue_put(self->queue, sim_int(2)));
    self->finished = true;
    return SIM_OK;
}

static void get_one_now(struct sim *sim, void *queue)
{
    expect_now(sim, queue, 1);
}

static enum sim_status test_blocking_put_wait(struct sim *sim, void *arg)
{
    struct user user = {.queue = sim_queue_new(sim, NULL, 1), .started = sim_event_new(sim, NULL)};

    (void)arg;
    (void)sim_call_later(sim, 10 * SIM_MS, get_one_now, user.queue);
    struct sim_task *task = sim_task_new(sim, NULL, start_and_put_two, &user);
    SIM_TRY(sim_event_wait(user.started));
    EXPECT(!user.finished);
    SIM_TRY(sim_await(task, NULL));
    EXPECT(user.finished);
    EXPECT(sim_now(sim) == 10 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_nonblocking_put(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    expect_now(sim, queue, 1);
    EXPECT(sim_queue_empty(queue));
    return SIM_OK;
}

/* A reader that is cancelled when an item has come for it leaves the item there. */
static enum sim_status test_get_cancel_drop_one_pending_reader(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct sim_task *reader = start_get(sim, queue);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(2)));
    sim_cancel(reader, NULL);
    EXPECT(sim_await(reader, NULL) == SIM_CANCELLED);
    EXPECT(result_of(sim, start_get(sim, queue)) == 1);
    return SIM_OK;
}

static enum sim_status test_get_cancel_drop_many_pending_readers(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct sim_task *readers[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        readers[i] = start_get(sim, queue);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(2)));
    sim_cancel(readers[0], NULL);
    EXPECT(sim_await(readers[0], NULL) == SIM_CANCELLED);
    int64_t third = result_of(sim, readers[2]);
    int64_t second = result_of(sim, readers[1]);

    EXPECT((second == 1 && third == 2) || (second == 2 && third == 1));
    return SIM_OK;
}

static enum sim_status test_put_cancel_drop(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    struct sim_task *writer = start_put(sim, queue, 2);
    SIM_TRY(sim_sleep(sim, 0));
    expect_now(sim, queue, 1);
    sim_cancel(writer, NULL);
    EXPECT(sim_await(writer, NULL) == SIM_CANCELLED);
    SIM_TRY(sim_await(start_put(sim, queue, 2), NULL));
    expect_now(sim, queue, 2);
    EXPECT(sim_queue_size(queue) == 0);
    return SIM_OK;
}

static enum sim_status test_nonblocking_put_exception(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    EXPECT(sim_queue_put_nowait(queue, sim_int(2)) == SIM_QUEUE_FULL);
    EXPECT(sim_queue_size(queue) == 1);
    return SIM_OK;
}

static enum sim_status test_put_cancelled(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct sim_task *task = start_put(sim, queue, 1);

    (void)arg;
    expect_next(sim, queue, 1);
    EXPECT(sim_done(task) && sim_future_result(task, NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_put_cancelled_race(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);
    struct sim_task *first = start_put(sim, queue, 1);
    struct sim_task *second = start_put(sim, queue, 2);
    struct sim_task *third = start_put(sim, queue, 3);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(first) && !sim_done(second));
    sim_cancel(third, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(third));
    expect_now(sim, queue, 1);
    SIM_TRY(sim_sleep(sim, 0));
    expect_now(sim, queue, 2);
    return sim_await(second, NULL);
}

static enum sim_status test_put_with_waiting_getters(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct sim_task *getter = start_get(sim, queue);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_put(queue, sim_int(1)));
    EXPECT(result_of(sim, getter) == 1);
    return SIM_OK;
}

static enum sim_status take_what_is_there(struct sim *sim, void *arg)
{
    struct sim_queue *queue = arg;

    SIM_TRY(sim_sleep(sim, 0));
    for (size_t left = sim_queue_size(queue); left > 0; left--)
        SIM_TRY(sim_queue_get_nowait(queue, NULL));
    return SIM_OK;
}

static enum sim_status test_why_are_putters_waiting(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 2);
    struct sim_task *tasks[5];

    (void)arg;
    tasks[0] = sim_task_new(sim, NULL, take_what_is_there, queue);
    for (int i = 1; i < 5; i++)
        tasks[i] = start_put(sim, queue, i);
    SIM_TRY(await_all(tasks, 5));
    EXPECT(sim_queue_size(queue) == 2);
    return SIM_OK;
}

static enum sim_status test_cancelled_puts_not_being_held_in_self_putters(struct sim *sim,
                                                                          void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    struct sim_task *putter = start_put(sim, queue, 1);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_queue_putters(queue) == 1);
    sim_cancel(putter, NULL);
    EXPECT(sim_await(putter, NULL) == SIM_CANCELLED);
    EXPECT(sim_queue_putters(queue) == 0);
    return SIM_OK;
}

/* It was taken out of those who wait when it was woken: nothing is left to take out. */
static enum sim_status test_cancelled_put_silence_value_error_exception(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    struct sim_task *putter = start_put(sim, queue, 1);
    SIM_TRY(sim_sleep(sim, 0));
    expect_now(sim, queue, 1);
    sim_cancel(putter, NULL);
    EXPECT(sim_await(putter, NULL) == SIM_CANCELLED);
    EXPECT(sim_queue_empty(queue));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_blocking_put),
        BODY(test_blocking_put_wait),
        BODY(test_nonblocking_put),
        BODY(test_get_cancel_drop_one_pending_reader),
        BODY(test_get_cancel_drop_many_pending_readers),
        BODY(test_put_cancel_drop),
        BODY(test_nonblocking_put_exception),
        BODY(test_put_cancelled),
        BODY(test_put_cancelled_race),
        BODY(test_put_with_waiting_getters),
        BODY(test_why_are_putters_waiting),
        BODY(test_cancelled_puts_not_being_held_in_self_putters),
        BODY(test_cancelled_put_silence_value_error_exception),
    };

    return cmocka_run_group_tests_name("QueuePutTests", tests, NULL, NULL);
}
