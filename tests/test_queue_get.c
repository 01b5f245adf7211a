/* Queue: what CPython's test_queues asks of those who wait in get(), in its class QueueGetTests,
 * test by test. */
#include "tests/queue_users.h"

static enum sim_status test_blocking_get(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    expect_next(sim, queue, 1);
    return SIM_OK;
}

static enum sim_status test_get_with_putters(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    SIM_TRY(sim_queue_put(queue, sim_int(1)));
    struct sim_task *putter = start_put(sim, queue, 2);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_queue_putters(queue) == 1);
    expect_next(sim, queue, 1);
    EXPECT(sim_queue_putters(queue) == 0); /* it was woken */
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(putter));
    return SIM_OK;
}

static enum sim_status start_and_get(struct sim *sim, void *arg)
{
    struct user *self = arg;
    struct sim_value item;

    sim_event_set(self->started);
    SIM_TRY(sim_queue_get(self->queue, &item));
    self->finished = true;
    return sim_return(sim, item);
}

static void put_one_now(struct sim *sim, void *queue)
{
    EXPECT(sim_queue_put_nowait(queue, sim_int(1)) == SIM_OK);
}

static enum sim_status test_blocking_get_wait(struct sim *sim, void *arg)
{
    struct user user = {.queue = sim_queue_new(sim, NULL, 0), .started = sim_event_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, start_and_get, &user);

    (void)arg;
    SIM_TRY(sim_event_wait(user.started));
    EXPECT(!user.finished);
    (void)sim_call_later(sim, 10 * SIM_MS, put_one_now, user.queue);
    EXPECT(result_of(sim, task) == 1);
    EXPECT(user.finished);
    EXPECT(sim_now(sim) == 10 * SIM_MS);
    return SIM_OK;
}

static enum sim_status test_nonblocking_get(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    expect_now(sim, queue, 1);
    return SIM_OK;
}

static enum sim_status test_nonblocking_get_exception(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_queue_get_nowait(sim_queue_new(sim, NULL, 0), NULL) == SIM_QUEUE_EMPTY);
    return SIM_OK;
}

static enum sim_status test_get_cancelled_race(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 0);
    struct sim_task *first = start_get(sim, queue);
    struct sim_task *second = start_get(sim, queue);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(first, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(first));
    SIM_TRY(sim_queue_put(queue, sim_int(7)));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(result_of(sim, second) == 7);
    return SIM_OK;
}

static enum sim_status test_get_with_waiting_putters(struct sim *sim, void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 1);

    (void)arg;
    (void)start_put(sim, queue, 1);
    (void)start_put(sim, queue, 2);
    expect_next(sim, queue, 1);
    expect_next(sim, queue, 2);
    return SIM_OK;
}

enum { ITEMS = 5 };

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct user *self = arg;

    for (; self->count < ITEMS; self->count++)
        expect_next(sim, self->queue, self->count);
    return SIM_OK;
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct user *self = arg;

    (void)sim;
    for (int i = 0; i < ITEMS; i++)
        SIM_TRY(sim_queue_put(self->queue, sim_int(i)));
    return SIM_OK;
}

static enum sim_status test_why_are_getters_waiting(struct sim *sim, void *arg)
{
    struct user user = {.queue = sim_queue_new(sim, NULL, 1)};
    struct sim_task *tasks[] = {sim_task_new(sim, NULL, produce, &user),
                                sim_task_new(sim, NULL, consume, &user)};

    (void)arg;
    SIM_TRY(await_all(tasks, 2));
    EXPECT(user.count == ITEMS);
    return SIM_OK;
}

static enum sim_status test_cancelled_getters_not_being_held_in_self_getters(struct sim *sim,
                                                                             void *arg)
{
    struct sim_queue *queue = sim_queue_new(sim, NULL, 5);

    (void)arg;
    EXPECT(sim_wait_for_call(sim, get, queue, 100 * SIM_MS) == SIM_TIMEOUT);
    EXPECT(sim_queue_getters(queue) == 0);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_blocking_get),
        BODY(test_get_with_putters),
        BODY(test_blocking_get_wait),
        BODY(test_nonblocking_get),
        BODY(test_nonblocking_get_exception),
        BODY(test_get_cancelled_race),
        BODY(test_get_with_waiting_putters),
        BODY(test_why_are_getters_waiting),
        BODY(test_cancelled_getters_not_being_held_in_self_getters),
    };

    return cmocka_run_group_tests_name("QueueGetTests", tests, NULL, NULL);
}
