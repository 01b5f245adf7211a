/* Queues between tasks run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

struct worker {
    const char *name;
    struct sim_queue *queue;
    int64_t delay_ns;
    struct sim_value item;
};

/* A task a name, on the same queue. */
static void start(struct sim *sim, struct sim_queue *queue, sim_body_fn body, const char *names,
                  struct sim_task **tasks)
{
    for (int i = 0; names[i] != '\0'; i++) {
        struct worker *worker = sim_alloc(sim, sizeof(*worker));
        const char *name = sim_format(sim, "%c", names[i]);

        *worker = (struct worker){.name = name, .queue = queue, .delay_ns = (i + 1) * SIM_SECOND};
        tasks[i] = sim_task_new(sim, NULL, body, worker);
    }
}

static enum sim_status await_all(struct sim_task **tasks, int count)
{
    for (int i = 0; i < count; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    return SIM_OK;
}

static const char *describe(struct sim *sim, struct sim_value item)
{
    return item.type == SIM_STR ? item.as.string : sim_format(sim, "%d", (int)item.as.integer);
}

static enum sim_status say_got(struct sim *sim, const char *who, struct sim_queue *queue)
{
    struct sim_value item = sim_none();

    SIM_TRY(sim_queue_get(queue, &item));
    sim_print(sim, "%s: got %s", who, describe(sim, item));
    return SIM_OK;
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    for (int i = 0; i < 4; i++) {
        SIM_TRY(sim_queue_put(self->queue, sim_str(sim_format(sim, "%s%d", self->name, i))));
        sim_print(sim, "%s: put %d, size: %zu, full: %d", self->name, i,
                  sim_queue_size(self->queue), sim_queue_full(self->queue));
    }
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    for (;;) {
        struct sim_value item = sim_none();

        SIM_TRY(sim_queue_get(self->queue, &item));
        if (strcmp(item.as.string, "end") == 0)
            break;
        sim_print(sim, "%s: got %s, size: %zu", self->name, item.as.string,
                  sim_queue_size(self->queue));
        SIM_TRY(sim_sleep(sim, 0));
    }
    sim_print(sim, "%s: ends", self->name);
    return SIM_OK;
}

static enum sim_status queue(struct sim *sim, void *arg)
{
    struct sim_queue *two = sim_queue_new(sim, NULL, 2);
    struct sim_task *measure = ruler(sim, 12);
    struct sim_task *producers[2];
    struct sim_task *consumers[3];

    (void)arg;
    start(sim, two, produce, "pq", producers);
    start(sim, two, consume, "xyz", consumers);
    SIM_TRY(await_all(producers, 2));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_queue_put(two, sim_str("end")));
    SIM_TRY(await_all(consumers, 3));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: empty: %d", sim_queue_empty(two));
    return SIM_OK;
}

static enum sim_status get_one(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    return say_got(sim, self->name, self->queue);
}

static enum sim_status get_cancelled(struct sim *sim, void *arg)
{
    struct sim_queue *any = sim_queue_new(sim, NULL, 0);
    struct sim_task *tasks[4];

    (void)arg;
    start(sim, any, get_one, "abcd", tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 6);
    sim_cancel(tasks[0], "before");
    SIM_TRY(sim_queue_put_nowait(any, sim_int(1)));
    sim_cancel(tasks[1], "after");
    sim_print(sim, "main: size: %zu", sim_queue_size(any));
    for (int i = 0; i < 3; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    SIM_TRY(sim_queue_put_nowait(any, sim_int(2)));
    SIM_TRY(sim_await(tasks[3], NULL));
    sim_print(sim, "main: size: %zu", sim_queue_size(any));
    return SIM_OK;
}

static enum sim_status put_one(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_queue_put(self->queue, sim_str(self->name)));
    sim_print(sim, "%s: put", self->name);
    return SIM_OK;
}

static enum sim_status say_got_now(struct sim *sim, struct sim_queue *queue)
{
    struct sim_value item = sim_none();

    SIM_TRY(sim_queue_get_nowait(queue, &item));
    sim_print(sim, "main: got %s", describe(sim, item));
    return SIM_OK;
}

static enum sim_status put_cancelled(struct sim *sim, void *arg)
{
    struct sim_queue *one = sim_queue_new(sim, NULL, 1);
    struct sim_task *tasks[4];
    struct sim_value last;

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(one, sim_str("first")));
    start(sim, one, put_one, "abcd", tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 6);
    sim_cancel(tasks[0], "before");
    SIM_TRY(say_got_now(sim, one));
    sim_cancel(tasks[1], "after");
    for (int i = 0; i < 3; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    SIM_TRY(say_got(sim, "main", one));
    SIM_TRY(sim_await(tasks[3], NULL));
    SIM_TRY(sim_queue_get_nowait(one, &last));
    sim_print(sim, "main: got %s, empty: %d", last.as.string, sim_queue_empty(one));
    return SIM_OK;
}

static enum sim_status snatched(struct sim *sim, void *arg)
{
    struct sim_queue *one = sim_queue_new(sim, NULL, 1);
    struct sim_task *tasks[3];
    struct sim_value item;

    (void)arg;
    start(sim, one, get_one, "ab", tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 8);
    SIM_TRY(sim_queue_put_nowait(one, sim_int(1)));
    SIM_TRY(sim_queue_get_nowait(one, &item));
    sim_print(sim, "main: snatched %s", describe(sim, item));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_queue_put(one, sim_int(2)));
    SIM_TRY(sim_queue_put(one, sim_int(3)));
    SIM_TRY(await_all(tasks, 2));
    start(sim, one, put_one, "cde", tasks);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(say_got_now(sim, one));
    SIM_TRY(sim_queue_put_nowait(one, sim_str("quick")));
    for (int i = 0; i < 4; i++)
        SIM_TRY(say_got(sim, "main", one));
    SIM_TRY(await_all(tasks, 3));
    return sim_await(measure, NULL);
}

static enum sim_status only_get(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    (void)sim;
    return sim_queue_get(self->queue, &self->item);
}

static enum sim_status impatient(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    sim_print(sim, "%s: %s", self->name,
              outcome(sim, sim_wait_for_call(sim, only_get, self, self->delay_ns)));
    return SIM_OK;
}

static enum sim_status timeout(struct sim *sim, void *arg)
{
    struct sim_queue *any = sim_queue_new(sim, NULL, 0);
    struct sim_task *tasks[3];

    (void)arg;
    start(sim, any, impatient, "abc", tasks);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(sim_queue_put_nowait(any, sim_int(1)));
    SIM_TRY(sim_await(ruler(sim, 5), NULL));
    sim_print(sim, "main: size: %zu", sim_queue_size(any));
    SIM_TRY(sim_queue_put_nowait(any, sim_int(2)));
    SIM_TRY(await_all(tasks, 3));
    sim_print(sim, "main: size: %zu", sim_queue_size(any));
    return SIM_OK;
}

static enum sim_status get_three(struct sim *sim, void *arg)
{
    for (int i = 0; i < 3; i++)
        SIM_TRY(get_one(sim, arg));
    return SIM_OK;
}

static enum sim_status lifo(struct sim *sim, void *arg)
{
    struct sim_queue *four = sim_lifo_queue_new(sim, NULL, 4);
    struct sim_task *tasks[2];

    (void)arg;
    start(sim, four, get_three, "ab", tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 5);
    for (int i = 0; i < 6; i++) {
        SIM_TRY(sim_queue_put(four, sim_int(i)));
        sim_print(sim, "main: put %d", i);
    }
    SIM_TRY(await_all(tasks, 2));
    return sim_await(measure, NULL);
}

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    for (;;) {
        struct sim_value item = sim_none();

        SIM_TRY(sim_queue_get(self->queue, &item));
        SIM_TRY(sim_sleep(sim, item.as.integer * SIM_SECOND));
        SIM_TRY(sim_queue_task_done(self->queue));
        sim_print(sim, "%s: done %s", self->name, describe(sim, item));
    }
}

static enum sim_status join_one(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_queue_join(self->queue));
    sim_print(sim, "%s: joined", self->name);
    return SIM_OK;
}

static enum sim_status join(struct sim *sim, void *arg)
{
    static const int items[] = {1, 2, 3, 0};
    struct sim_queue *any = sim_queue_new(sim, NULL, 0);
    struct worker late = {.name = "late", .queue = any};
    struct sim_task *workers[2];
    struct sim_task *joiners[4];

    (void)arg;
    SIM_TRY(sim_queue_join(any));
    sim_print(sim, "main: nothing to wait for");
    start(sim, any, work, "ab", workers);
    for (int i = 0; i < 4; i++)
        SIM_TRY(sim_queue_put_nowait(any, sim_int(items[i])));
    start(sim, any, join_one, "xyz", joiners);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(joiners[1], NULL);
    SIM_TRY(sim_await(joiners[0], NULL));
    struct sim_task *measure = ruler(sim, 4);
    SIM_TRY(sim_queue_put_nowait(any, sim_int(0)));
    joiners[3] = sim_task_new(sim, NULL, join_one, &late);
    SIM_TRY(await_all(&joiners[2], 2));
    SIM_TRY(sim_await(measure, NULL));
    SIM_TRY(sim_queue_put_nowait(any, sim_int(1)));
    SIM_TRY(sim_queue_get_nowait(any, NULL));
    SIM_TRY(sim_queue_task_done(any));
    SIM_TRY(sim_queue_put_nowait(any, sim_int(2)));
    SIM_TRY(sim_queue_join(any));
    sim_print(sim, "main: joined");
    sim_cancel(workers[0], NULL);
    sim_cancel(workers[1], NULL);
    return SIM_OK;
}

static enum sim_status stuck(struct sim *sim, void *arg)
{
    struct sim_queue *any = sim_queue_new(sim, NULL, 0);

    (void)arg;
    SIM_TRY(sim_queue_put_nowait(any, sim_int(1)));
    SIM_TRY(say_got(sim, "main", any));
    return sim_queue_get(any, NULL);
}

static const struct order orders[] = {
    {"order_queue", queue},
    {"order_queue_get_cancelled", get_cancelled},
    {"order_queue_put_cancelled", put_cancelled},
    {"order_queue_snatched", snatched},
    {"order_queue_timeout", timeout},
    {"order_queue_lifo", lifo},
    {"order_queue_join", join},
    {"order_queue_stuck", stuck},
    {NULL, NULL},
};

static void queues_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queues_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
