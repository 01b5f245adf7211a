/* Queue: what CPython's test_queues asks of asyncio.Queue, PriorityQueue and LifoQueue in its
 * classes Basic and Join, test by test; the others are in test_queue_get.c,
 * test_queue_put.c and test_queue_shutdown.c.
 *
 * For what test_repr asks of the text there are sim_queue_getters and others.
 *
 *   n/a test_str: C has no str
 *   n/a test_generic_alias: C has no generic types
 *   n/a test_format: C has no repr
 */
#include "tests/body.h"

enum { FIRST_OUT, LEAST_OUT, LAST_OUT };

static struct sim_queue *new_queue(struct sim *sim, const int *kind, int64_t maxsize)
{
    return *kind == FIRST_OUT   ? sim_queue_new(sim, NULL, maxsize)
           : *kind == LEAST_OUT ? sim_priority_queue_new(sim, NULL, maxsize, NULL)
                                : sim_lifo_queue_new(sim, NULL, maxsize);
}

static enum sim_status get(struct sim *sim, void *queue)
{
    struct sim_value item;

    SIM_TRY(sim_queue_get(queue, &item));
    return sim_return(sim, item);
}

static enum sim_status put_two(struct sim *sim, void *queue)
{
    (void)sim;
    return sim_queue_put(queue, sim_int(2));
}

static enum sim_status test_repr(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);
    struct sim_value item;

    EXPECT(sim_queue_getters(queue) == 0);
    struct sim_task *getter = sim_task_new(sim, NULL, get, queue);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_queue_getters(queue) == 1);
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(0)));
    SIM_TRY(sim_await(getter, &item));
    EXPECT(item.as.integer == 0);
    EXPECT(sim_queue_getters(queue) == 0);
    queue = new_queue(sim, arg, 1);
    SIM_TRY(sim_queue_put_nowait(queue, sim_int(1)));
    struct sim_task *putter = sim_task_new(sim, NULL, put_two, queue);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_queue_putters(queue) == 1);
    SIM_TRY(sim_queue_get_nowait(queue, NULL));
    SIM_TRY(sim_await(putter, NULL));
    EXPECT(sim_queue_putters(queue) == 0);
    EXPECT(sim_queue_size(queue) == 1);
    EXPECT(sim_queue_unfinished(queue) == 2);
    return SIM_OK;
}

static enum sim_status test_empty(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);
    struct sim_value item;

    EXPECT(sim_queue_empty(queue));
    SIM_TRY(sim_queue_put(queue, sim_int(1)));
    EXPECT(!sim_queue_empty(queue));
    SIM_TRY(sim_queue_get(queue, &item));
    EXPECT(item.type == SIM_INT && item.as.integer == 1);
    EXPECT(sim_queue_empty(queue));
    return SIM_OK;
}

static enum sim_status test_full(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);

    EXPECT(!sim_queue_full(queue));
    queue = new_queue(sim, arg, 1);
    SIM_TRY(sim_queue_put(queue, sim_int(1)));
    EXPECT(sim_queue_full(queue));
    return SIM_OK;
}

static enum sim_status test_order(struct sim *sim, void *arg)
{
    static const int put[] = {1, 3, 2};
    static const int expected[][3] = {
        [FIRST_OUT] = {1, 3, 2}, [LEAST_OUT] = {1, 2, 3}, [LAST_OUT] = {2, 3, 1}};
    const int *kind = arg;
    struct sim_queue *queue = new_queue(sim, kind, 0);

    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_queue_put(queue, sim_int(put[i])));
    for (int i = 0; i < 3; i++) {
        struct sim_value item;

        SIM_TRY(sim_queue_get(queue, &item));
        EXPECT(item.as.integer == expected[*kind][i]);
    }
    return SIM_OK;
}

struct putting {
    struct sim_queue *queue;
    int put;
};

static enum sim_status put_three(struct sim *sim, void *arg)
{
    struct putting *self = arg;

    (void)sim;
    for (; self->put < 3; self->put++)
        SIM_TRY(sim_queue_put(self->queue, sim_int(self->put)));
    return SIM_OK;
}

static enum sim_status test_maxsize(struct sim *sim, void *arg)
{
    struct putting putting = {.queue = new_queue(sim, arg, 2)};
    struct sim_value item;

    EXPECT(sim_queue_maxsize(putting.queue) == 2);
    struct sim_task *task = sim_task_new(sim, NULL, put_three, &putting);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(putting.put == 2);
    for (int i = 0; i < 3; i++) {
        SIM_TRY(sim_queue_get(putting.queue, &item));
        EXPECT(item.as.integer == i);
        SIM_TRY(sim_sleep(sim, 0));
        EXPECT(putting.put == 3);
    }
    EXPECT(sim_done(task) && sim_future_result(task, NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_task_done_underflow(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);

    EXPECT(sim_queue_task_done(queue) == SIM_VALUE_ERROR);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "task_done() called too many times") ==
           0);
    return SIM_OK;
}

struct adding {
    struct sim_queue *queue;
    bool running;
    int64_t sum;
};

static enum sim_status add_up(struct sim *sim, void *arg)
{
    struct adding *adding = arg;

    (void)sim;
    while (adding->running) {
        struct sim_value item;

        SIM_TRY(sim_queue_get(adding->queue, &item));
        adding->sum += item.as.integer;
        SIM_TRY(sim_queue_task_done(adding->queue));
    }
    return SIM_OK;
}

static enum sim_status test_task_done(struct sim *sim, void *arg)
{
    struct adding adding = {.queue = new_queue(sim, arg, 0), .running = true};
    struct sim_task *workers[2];

    for (int i = 0; i < 100; i++)
        SIM_TRY(sim_queue_put_nowait(adding.queue, sim_int(i)));
    for (int i = 0; i < 2; i++)
        workers[i] = sim_task_new(sim, NULL, add_up, &adding);
    SIM_TRY(sim_queue_join(adding.queue));
    EXPECT(adding.sum == 99 * 100 / 2);
    adding.running = false;
    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_queue_put_nowait(adding.queue, sim_int(0)));
    SIM_TRY(await_all(workers, 2));
    EXPECT(sim_queue_unfinished(adding.queue) == 0);
    return SIM_OK;
}

static enum sim_status never(struct sim *sim, void *ran)
{
    (void)sim;
    *(bool *)ran = true;
    return SIM_OK;
}

static enum sim_status test_join_empty_queue(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);
    bool ran = false;

    (void)sim_task_new(sim, NULL, never, &ran);
    SIM_TRY(sim_queue_join(queue));
    SIM_TRY(sim_queue_join(queue));
    EXPECT(!ran); /* it did not even give way */
    return SIM_OK;
}

static int run_class(const char *name, int kind)
{
    const struct CMUnitTest tests[] = {
        NAMED_BODY("test_task_done_underflow", test_task_done_underflow, kind),
        NAMED_BODY("test_task_done", test_task_done, kind),
        NAMED_BODY("test_join_empty_queue", test_join_empty_queue, kind),
    };

    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest basic[] = {
        BODY(test_repr), BODY(test_empty), BODY(test_full), BODY(test_order), BODY(test_maxsize),
    };
    const struct CMUnitTest lifo[] = {NAMED_BODY("test_order", test_order, LAST_OUT)};
    const struct CMUnitTest priority[] = {NAMED_BODY("test_order", test_order, LEAST_OUT)};
    int failed = cmocka_run_group_tests_name("QueueBasicTests", basic, NULL, NULL);

    failed += cmocka_run_group_tests_name("LifoQueueTests", lifo, NULL, NULL);
    failed += cmocka_run_group_tests_name("PriorityQueueTests", priority, NULL, NULL);
    failed += run_class("QueueJoinTests", FIRST_OUT);
    failed += run_class("LifoQueueJoinTests", LAST_OUT);
    failed += run_class("PriorityQueueJoinTests", LEAST_OUT);
    return failed;
}
