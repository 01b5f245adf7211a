/* wait and as_completed: what is done, in which order, after how many turns. */
#include "tests/conformance/order.h"

struct work {
    const char *name;
    int64_t delay_s;
    const char *failure; /* message of a ValueError; NULL: none */
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_s * SIM_SECOND));
    sim_print(sim, "%s ends", self->name);
    if (self->failure != NULL)
        return sim_raise(sim, SIM_VALUE_ERROR, "%s", self->failure);
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status silent_work(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_s * SIM_SECOND));
    if (self->failure != NULL)
        return sim_raise(sim, SIM_VALUE_ERROR, "%s", self->failure);
    return sim_return(sim, sim_str(self->name));
}

static struct sim_future *start(struct sim *sim, sim_body_fn body, const char *name,
                                int64_t delay_s, const char *failure)
{
    struct work *arg = sim_alloc(sim, sizeof(*arg));

    *arg = (struct work){name, delay_s, failure};
    return SIM_FUTURE(sim_task_new(sim, name, body, arg));
}

/* ---- wait ---- */

static int by_name(const void *one, const void *two)
{
    return strcmp(*(const char *const *)one, *(const char *const *)two);
}

/* The tasks' names in order, as a set has none. */
static const char *names(struct sim *sim, struct sim_future *const *tasks, size_t count)
{
    const char **sorted = sim_alloc(sim, (count + 1) * sizeof(*sorted));
    const char *text = "";

    if (count == 0)
        return "none";
    for (size_t i = 0; i < count; i++)
        sorted[i] = sim_task_name((struct sim_task *)(void *)tasks[i]);
    qsort(sorted, count, sizeof(*sorted), by_name);
    for (size_t i = 0; i < count; i++)
        text = sim_format(sim, "%s%s%s", text, i > 0 ? " " : "", sorted[i]);
    return text;
}

static enum sim_status show(struct sim *sim, struct sim_future *const *tasks, size_t count,
                            int64_t timeout_ns, enum sim_return_when when,
                            struct sim_wait_sets *sets)
{
    struct sim_wait_sets own;

    sets = sets == NULL ? &own : sets;
    SIM_TRY(sim_wait(sim, tasks, count, timeout_ns, when, sets));
    sim_print(sim, "done: %s; pending: %s", names(sim, sets->done, sets->done_count),
              names(sim, sets->pending, sets->pending_count));
    return SIM_OK;
}

static enum sim_status waiter(struct sim *sim, void *arg)
{
    struct sim_future *task = arg;
    struct sim_wait_sets sets;
    enum sim_status status = sim_wait(sim, &task, 1, -1, SIM_ALL_COMPLETED, &sets);

    if (status == SIM_CANCELLED)
        sim_print(sim, "waiter: cancelled");
    return status;
}

static enum sim_status wait_first_ones(struct sim *sim)
{
    struct sim_wait_sets sets;
    struct sim_future *tasks[3] = {start(sim, work, "a", 1, NULL), start(sim, work, "b", 2, NULL)};

    sim_print(sim, "all");
    SIM_TRY(show(sim, tasks, 2, -1, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "first completed");
    tasks[0] = start(sim, work, "c", 2, NULL);
    tasks[1] = start(sim, work, "d", 1, NULL);
    SIM_TRY(show(sim, tasks, 2, -1, SIM_FIRST_COMPLETED, NULL));
    SIM_TRY(show(sim, tasks, 2, -1, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "first exception");
    tasks[0] = start(sim, work, "e", 1, NULL);
    tasks[1] = start(sim, work, "f", 2, "f");
    tasks[2] = start(sim, work, "g", 3, NULL);
    SIM_TRY(show(sim, tasks, 3, -1, SIM_FIRST_EXCEPTION, &sets));
    sim_print(sim, "f: %s", outcome(sim, sim_future_result(tasks[1], NULL)));
    return show(sim, sets.pending, sets.pending_count, -1, SIM_ALL_COMPLETED, NULL);
}

static enum sim_status wait_with_timeouts(struct sim *sim, struct sim_future *tasks[3])
{
    struct sim_wait_sets sets;

    sim_print(sim, "timeout");
    tasks[0] = start(sim, work, "h", 1, NULL);
    tasks[1] = start(sim, work, "i", 5, NULL);
    SIM_TRY(show(sim, tasks, 2, 2 * SIM_SECOND, SIM_ALL_COMPLETED, &sets));
    sim_print(sim, "cancelled: [%s]", sim_cancelled(sets.pending[0]) ? "True" : "False");
    SIM_TRY(show(sim, sets.pending, sets.pending_count, -1, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "timeout of nothing");
    tasks[0] = start(sim, work, "j", 1, NULL);
    SIM_TRY(show(sim, tasks, 1, 0, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "a cancelled one is no exception");
    tasks[1] = start(sim, work, "k", 2, NULL);
    tasks[2] = start(sim, work, "l", 3, NULL);
    sim_cancel(tasks[1], NULL);
    return show(sim, tasks, 3, -1, SIM_FIRST_EXCEPTION, NULL);
}

static enum sim_status order_wait(struct sim *sim, void *arg)
{
    struct sim_future *tasks[3];
    struct sim_wait_sets sets;

    (void)arg;
    SIM_TRY(wait_first_ones(sim));
    SIM_TRY(wait_with_timeouts(sim, tasks));
    sim_print(sim, "done already");
    struct sim_task *four = ruler(sim, 4);

    SIM_TRY(show(sim, tasks, 3, -1, SIM_ALL_COMPLETED, NULL));
    SIM_TRY(sim_await(four, NULL));
    sim_print(sim, "twice the same");
    struct sim_future *m = start(sim, work, "m", 0, NULL);
    struct sim_future *twice[] = {m, m};

    SIM_TRY(show(sim, twice, 2, -1, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "cancelling who waits");
    struct sim_future *n = start(sim, work, "n", 1, NULL);
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, NULL, waiter, n)), n};

    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(both[0], NULL);
    SIM_TRY(show(sim, both, 2, -1, SIM_ALL_COMPLETED, NULL));
    sim_print(sim, "%s", outcome(sim, sim_wait(sim, NULL, 0, -1, SIM_ALL_COMPLETED, &sets)));
    sim_print(sim, "%s", outcome(sim, sim_wait(sim, tasks, 1, -1, (enum sim_return_when)7, &sets)));
    return SIM_OK;
}

/* ---- as_completed ---- */

static enum sim_status as_they_end(struct sim *sim)
{
    struct sim_future *tasks[] = {start(sim, silent_work, "a", 3, NULL),
                                  start(sim, silent_work, "b", 1, NULL),
                                  start(sim, silent_work, "c", 2, NULL)};
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, 3, -1);
    struct sim_future *task;
    struct sim_value value;
    enum sim_status status;

    sim_print(sim, "as they end");
    while ((status = sim_as_completed_next(completed, &task)) == SIM_OK) {
        SIM_TRY(sim_future_result(task, &value));
        sim_print(sim, "%s: %s", sim_task_name((struct sim_task *)(void *)task), value.as.string);
    }
    assert_int_equal(status, SIM_STOP_ASYNC_ITERATION);
    sim_print(sim, "results");
    tasks[0] = start(sim, silent_work, "d", 2, NULL);
    tasks[1] = start(sim, silent_work, "e", 1, "e");
    completed = sim_as_completed(sim, tasks, 2, -1);
    for (int i = 0; i < 2; i++) {
        status = sim_as_completed_result(completed, &value);
        sim_print(sim, "%s", status == SIM_OK ? value.as.string : outcome(sim, status));
    }
    return SIM_OK;
}

static enum sim_status with_timeout(struct sim *sim)
{
    struct sim_future *tasks[] = {start(sim, silent_work, "f", 1, NULL),
                                  start(sim, silent_work, "g", 5, NULL),
                                  start(sim, silent_work, "h", 6, NULL)};
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, 3, 2 * SIM_SECOND);
    struct sim_wait_sets sets;
    struct sim_future *task;
    enum sim_status status;

    sim_print(sim, "time-out");
    while ((status = sim_as_completed_next(completed, &task)) == SIM_OK)
        sim_print(sim, "%s", sim_task_name((struct sim_task *)(void *)task));
    sim_print(sim, "%s", outcome(sim, status));
    sim_print(sim, "cancelled: [%s, %s, %s]", sim_cancelled(tasks[0]) ? "True" : "False",
              sim_cancelled(tasks[1]) ? "True" : "False",
              sim_cancelled(tasks[2]) ? "True" : "False");
    SIM_TRY(sim_wait(sim, tasks, 3, -1, SIM_ALL_COMPLETED, &sets));
    sim_print(sim, "done already");
    struct sim_task *five = ruler(sim, 5);

    completed = sim_as_completed(sim, &tasks[1], 1, -1);
    while (sim_as_completed_next(completed, &task) == SIM_OK)
        sim_print(sim, "%s", sim_task_name((struct sim_task *)(void *)task));
    SIM_TRY(sim_await(five, NULL));
    sim_print(sim, "nothing");
    assert_int_equal(sim_as_completed_next(sim_as_completed(sim, NULL, 0, -1), &task),
                     SIM_STOP_ASYNC_ITERATION);
    return SIM_OK;
}

struct taker {
    const char *name;
    struct sim_as_completed *completed;
};

static enum sim_status taker(struct sim *sim, void *arg)
{
    const struct taker *self = arg;
    struct sim_future *task;
    struct sim_value value;
    enum sim_status status = sim_as_completed_next(self->completed, &task);

    if (status == SIM_STOP_ASYNC_ITERATION) {
        sim_print(sim, "%s came too late", self->name);
        return SIM_OK;
    }
    if (status == SIM_CANCELLED)
        sim_print(sim, "%s cancelled", self->name);
    SIM_TRY(status);
    SIM_TRY(sim_future_result(task, &value));
    sim_print(sim, "%s got %s", self->name, value.as.string);
    return SIM_OK;
}

static void cancel_it(struct sim_future *future, void *arg)
{
    struct sim_future *other = arg;

    (void)future;
    sim_cancel(other, NULL);
}

static enum sim_status order_as_completed(struct sim *sim, void *arg)
{
    struct sim_wait_sets sets;
    struct sim_future *takers[3];
    struct taker args[] = {{"one", NULL}, {"two", NULL}, {"three", NULL}};

    (void)arg;
    SIM_TRY(as_they_end(sim));
    SIM_TRY(with_timeout(sim));
    sim_print(sim, "two takers, one cancelled when it is woken");
    struct sim_future *tasks[] = {start(sim, silent_work, "i", 1, NULL),
                                  start(sim, silent_work, "j", 2, NULL)};
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, 2, -1);

    for (int i = 0; i < 3; i++) {
        args[i].completed = completed;
        takers[i] = SIM_FUTURE(sim_task_new(sim, NULL, taker, &args[i]));
    }
    SIM_TRY(sim_sleep(sim, 0));
    sim_add_done_callback(tasks[0], cancel_it, takers[0]);
    return sim_wait(sim, takers, 3, -1, SIM_ALL_COMPLETED, &sets);
}

static const struct order orders[] = {
    {"order_wait", order_wait},
    {"order_as_completed", order_as_completed},
    {NULL, NULL},
};

static void waiting_agrees(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
