/* Queue: what CPython's test_queues asks of shutdown() in its classes Shutdown, test by test, of
 * each kind of queue.
 *
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
    (void)sim;
    return sim_queue_get(queue, NULL);
}

static enum sim_status put_more(struct sim *sim, void *queue)
{
    (void)sim;
    return sim_queue_put(queue, sim_str("data2"));
}

static enum sim_status join(struct sim *sim, void *queue)
{
    (void)sim;
    return sim_queue_join(queue);
}

static void expect_shut_down(struct sim *sim, struct sim_queue *queue)
{
    EXPECT(sim_queue_put(queue, sim_str("data")) == SIM_QUEUE_SHUT_DOWN);
    EXPECT(sim_queue_put_nowait(queue, sim_str("data")) == SIM_QUEUE_SHUT_DOWN);
    EXPECT(sim_queue_get(queue, NULL) == SIM_QUEUE_SHUT_DOWN);
    EXPECT(sim_queue_get_nowait(queue, NULL) == SIM_QUEUE_SHUT_DOWN);
}

static void expect_data(struct sim *sim, struct sim_queue *queue)
{
    struct sim_value item = sim_none();

    EXPECT(sim_queue_get(queue, &item) == SIM_OK);
    EXPECT(item.type == SIM_STR && strcmp(item.as.string, "data") == 0);
}

static enum sim_status test_shutdown_empty(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);
    struct sim_task *getter = sim_task_new(sim, NULL, get, queue);

    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_shutdown(queue, false));
    EXPECT(sim_queue_size(queue) == 0);
    SIM_TRY(sim_queue_join(queue));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(getter));
    EXPECT(sim_await(getter, NULL) == SIM_QUEUE_SHUT_DOWN);
    expect_shut_down(sim, queue);
    return SIM_OK;
}

static enum sim_status test_shutdown_nonempty(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 1);

    SIM_TRY(sim_queue_put_nowait(queue, sim_str("data")));
    struct sim_task *joiner = sim_task_new(sim, NULL, join, queue);
    struct sim_task *putter = sim_task_new(sim, NULL, put_more, queue);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_done(putter));
    SIM_TRY(sim_queue_shutdown(queue, false));
    EXPECT(sim_queue_size(queue) == 1);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(putter));
    EXPECT(sim_await(putter, NULL) == SIM_QUEUE_SHUT_DOWN);
    expect_data(sim, queue);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_done(joiner));
    expect_shut_down(sim, queue);
    SIM_TRY(sim_queue_task_done(queue));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(joiner));
    SIM_TRY(sim_await(joiner, NULL));
    EXPECT(sim_queue_task_done(queue) == SIM_VALUE_ERROR);
    return SIM_OK;
}

static enum sim_status test_shutdown_immediate(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);

    SIM_TRY(sim_queue_put_nowait(queue, sim_str("data")));
    struct sim_task *joiner = sim_task_new(sim, NULL, join, queue);
    SIM_TRY(sim_queue_shutdown(queue, true));
    EXPECT(sim_queue_size(queue) == 0);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(joiner));
    SIM_TRY(sim_await(joiner, NULL));
    expect_shut_down(sim, queue);
    EXPECT(sim_queue_task_done(queue) == SIM_VALUE_ERROR);
    return SIM_OK;
}

static enum sim_status test_shutdown_immediate_with_unfinished(struct sim *sim, void *arg)
{
    struct sim_queue *queue = new_queue(sim, arg, 0);

    SIM_TRY(sim_queue_put_nowait(queue, sim_str("data")));
    SIM_TRY(sim_queue_put_nowait(queue, sim_str("data")));
    struct sim_task *joiner = sim_task_new(sim, NULL, join, queue);
    expect_data(sim, queue);
    SIM_TRY(sim_queue_shutdown(queue, true));
    EXPECT(sim_queue_size(queue) == 0);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_done(joiner)); /* what was taken is not done */
    expect_shut_down(sim, queue);
    SIM_TRY(sim_queue_task_done(queue));
    EXPECT(sim_queue_task_done(queue) == SIM_VALUE_ERROR);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(joiner));
    return sim_await(joiner, NULL);
}

static int run_class(const char *name, int kind)
{
    const struct CMUnitTest tests[] = {
        NAMED_BODY("test_shutdown_empty", test_shutdown_empty, kind),
        NAMED_BODY("test_shutdown_nonempty", test_shutdown_nonempty, kind),
        NAMED_BODY("test_shutdown_immediate", test_shutdown_immediate, kind),
        NAMED_BODY("test_shutdown_immediate_with_unfinished",
                   test_shutdown_immediate_with_unfinished, kind),
    };

    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}

int main(void)
{
    int failed = run_class("QueueShutdownTests", FIRST_OUT);

    failed += run_class("LifoQueueShutdownTests", LAST_OUT);
    failed += run_class("PriorityQueueShutdownTests", LEAST_OUT);
    return failed;
}
