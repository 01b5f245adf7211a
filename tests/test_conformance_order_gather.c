/* gather runs in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

struct work {
    const char *name;
    int64_t delay_ns;
    int turns; /* to go on after a cancellation */
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_ns));
    sim_print(sim, "%s: done", self->name);
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status gather(struct sim *sim, void *arg)
{
    struct work works[] = {
        {"slow", 2 * SIM_SECOND, 0}, {"fast", 1 * SIM_SECOND, 0}, {"middle", 1500 * SIM_MS, 0}};
    struct sim_future *tasks[3];
    struct sim_value results;

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &works[i]));
    struct sim_future *all = sim_gather(sim, tasks, 3, false);
    struct sim_task *measure = late_ruler(sim, 2 * SIM_SECOND, 4);
    SIM_TRY(sim_await(all, &results));
    sim_print(sim, "main: %s %s %s", results.as.items[0].as.string, results.as.items[1].as.string,
              results.as.items[2].as.string);
    return sim_await(measure, NULL);
}

static enum sim_status quick(struct sim *sim, void *arg)
{
    sim_print(sim, "%s: runs", (const char *)arg);
    return SIM_OK;
}

static struct sim_future *quick_task(struct sim *sim, const char *name)
{
    return SIM_FUTURE(sim_task_new(sim, NULL, quick, text(sim, name)));
}

static enum sim_status gather_turns(struct sim *sim, void *arg)
{
    struct sim_task *measure = ruler(sim, 6);
    struct sim_future *flat[2];
    struct sim_future *inner[1];
    struct sim_future *outer[2];

    (void)arg;
    flat[0] = quick_task(sim, "a");
    flat[1] = quick_task(sim, "b");
    SIM_TRY(sim_await(sim_gather(sim, flat, 2, false), NULL));
    sim_print(sim, "main: gathered");
    inner[0] = quick_task(sim, "c");
    outer[0] = sim_gather(sim, inner, 1, false);
    outer[1] = quick_task(sim, "d");
    SIM_TRY(sim_await(sim_gather(sim, outer, 2, false), NULL));
    sim_print(sim, "main: gathered twice");
    return sim_await(measure, NULL);
}

static enum sim_status raise_later(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_ns));
    return sim_raise(sim, SIM_VALUE_ERROR, "%s", self->name);
}

static enum sim_status work_after_all(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_print(sim, "work: done after all");
    return sim_return(sim, sim_int(3));
}

static enum sim_status gather_exception(struct sim *sim, void *arg)
{
    struct work late = {"late", 2 * SIM_SECOND, 0};
    struct work early = {"early", 1 * SIM_SECOND, 0};
    struct sim_task *worker = sim_task_new(sim, NULL, work_after_all, NULL);
    struct sim_future *tasks[] = {SIM_FUTURE(worker),
                                  SIM_FUTURE(sim_task_new(sim, NULL, raise_later, &late)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, raise_later, &early))};
    struct sim_value value;

    (void)arg;
    sim_print(sim, "%s", outcome(sim, sim_await(sim_gather(sim, tasks, 3, false), NULL)));
    SIM_TRY(sim_sleep(sim, 500 * SIM_MS));
    sim_print(sim, "late one done: %d", sim_done(tasks[1]));
    SIM_TRY(sim_await(worker, &value));
    sim_print(sim, "main: %d", (int)value.as.integer);
    return SIM_OK;
}

static enum sim_status return_five(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    return sim_return(sim, sim_int(5));
}

static enum sim_status sleep_long(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 9 * SIM_SECOND);
}

static enum sim_status gather_return_exceptions(struct sim *sim, void *arg)
{
    struct work bad = {"bad", 1 * SIM_SECOND, 0};
    struct sim_task *sleeper = sim_task_new(sim, NULL, sleep_long, NULL);
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, raise_later, &bad)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, return_five, NULL)),
                                  SIM_FUTURE(sleeper), future};
    struct sim_future *together = sim_gather(sim, tasks, 4, true);
    struct sim_value results;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 1500 * SIM_MS));
    sim_cancel(sleeper, "no time");
    sim_cancel(future, "not needed");
    SIM_TRY(sim_await(together, &results));
    for (uint32_t i = 0; i < results.count; i++) {
        const struct sim_value *result = &results.as.items[i];

        if (result->type == SIM_EXC)
            sim_print(sim, "%s", describe_exception(sim, result->as.exception));
        else
            sim_print(sim, "%d", (int)result->as.integer);
    }
    return SIM_OK;
}

static enum sim_status stop_slowly(struct sim *sim, void *arg)
{
    const struct work *self = arg;
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    if (status == SIM_CANCELLED) {
        for (int i = 0; i < self->turns; i++)
            SIM_TRY(sim_sleep(sim, 0));
        sim_print(sim, "%s: stops", self->name);
    }
    return status;
}

static enum sim_status gather_sleepers(struct sim *sim, void *arg)
{
    struct work works[] = {{"a", 0, 2}, {"b", 0, 0}, {"c", 0, 1}};
    struct sim_future *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, stop_slowly, &works[i]));
    enum sim_status status = sim_await(sim_gather(sim, tasks, 3, false), NULL);
    if (status == SIM_CANCELLED)
        sim_print(sim, "gatherer: cancelled");
    return status;
}

static enum sim_status gather_cancelled(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, gather_sleepers, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 6);
    sim_cancel(task, NULL);
    sim_print(sim, "main: %s", outcome(sim, sim_await(task, NULL)));
    return sim_await(measure, NULL);
}

static enum sim_status refuse(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    if (sim_sleep(sim, 10 * SIM_SECOND) == SIM_CANCELLED)
        sim_print(sim, "%s: refuses", self->name);
    return SIM_OK;
}

static enum sim_status gather_cancelled_with_return_exceptions(struct sim *sim, void *arg)
{
    struct work a = {"a", 0, 0};
    struct work b = {"b", 0, 0};
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, refuse, &a)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, refuse, &b))};
    struct sim_future *together = sim_gather(sim, tasks, 2, true);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "cancel: %d", sim_cancel(together, NULL));
    const char *end = outcome(sim, sim_await(together, NULL));
    sim_print(sim, "main: %s, cancelled: %d", end, sim_cancelled(together));
    sim_print(sim, "cancel again: %d", sim_cancel(together, NULL));
    return SIM_OK;
}

struct stop {
    const char *name;
    bool refuses;
    int turns; /* until it ends */
};

static enum sim_status stop(struct sim *sim, void *arg)
{
    const struct stop *self = arg;
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);
    const char *how = outcome(sim, status);

    for (int i = 0; i < self->turns; i++)
        SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "%s: %s", self->name, how);
    return self->refuses ? SIM_OK : status;
}

static enum sim_status cancel_both(struct sim *sim, bool first_refuses, bool second_refuses)
{
    struct stop first = {"first", first_refuses, 2};
    struct stop second = {"second", second_refuses, 0};
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, stop, &first)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, stop, &second))};
    struct sim_future *together = sim_gather(sim, tasks, 2, true);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(together, "stop");
    sim_print(sim, "main: %s", outcome(sim, sim_await(together, NULL)));
    return SIM_OK;
}

static enum sim_status gather_cancel_message(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(cancel_both(sim, false, false));
    SIM_TRY(cancel_both(sim, true, false));
    return cancel_both(sim, false, true);
}

static enum sim_status stubborn(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "stubborn: %s", outcome(sim, sim_sleep(sim, 10 * SIM_SECOND)));
    return SIM_OK;
}

static enum sim_status gather_stale_message(struct sim *sim, void *arg)
{
    struct sim_task *refusing = sim_task_new(sim, NULL, stubborn, NULL);
    struct sim_task *sleeping = sim_task_new(sim, NULL, sleep_long, NULL);
    struct sim_future *tasks[] = {SIM_FUTURE(sleeping), SIM_FUTURE(refusing)};
    struct sim_future *together = sim_gather(sim, tasks, 2, true);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(refusing, NULL);
    sim_cancel(refusing, "too late");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "refusing: %d, cancelled: %d", sim_done(refusing), sim_cancelled(refusing));
    sim_cancel(together, "stop");
    sim_print(sim, "main: %s", outcome(sim, sim_await(together, NULL)));
    return SIM_OK;
}

static enum sim_status sleep_two(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_print(sim, "%s: slept", self->name);
    return SIM_OK;
}

static enum sim_status gather_child_cancelled(struct sim *sim, void *arg)
{
    struct work one = {"first", 0, 0};
    struct work two = {"second", 0, 0};
    struct sim_task *first = sim_task_new(sim, NULL, sleep_two, &one);
    struct sim_task *second = sim_task_new(sim, NULL, sleep_two, &two);
    struct sim_future *tasks[] = {SIM_FUTURE(first), SIM_FUTURE(second)};
    struct sim_future *together = sim_gather(sim, tasks, 2, false);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 4);
    sim_cancel(first, "not you");
    const char *end = outcome(sim, sim_await(together, NULL));
    sim_print(sim, "main: %s, requests: %d", end, sim_task_cancelling(sim_current_task(sim)));
    sim_print(sim, "gather cancelled: %d", sim_cancelled(together));
    SIM_TRY(sim_await(measure, NULL));
    return sim_await(second, NULL);
}

static enum sim_status gather_nested(struct sim *sim, void *arg)
{
    struct work works[] = {{"a", 0, 0}, {"b", 0, 0}, {"c", 0, 0}};
    struct sim_future *tasks[3];

    (void)arg;
    for (int i = 0; i < 2; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, stop_slowly, &works[i]));
    struct sim_future *inner = sim_gather(sim, tasks, 2, false);
    struct sim_future *both[] = {inner,
                                 SIM_FUTURE(sim_task_new(sim, NULL, stop_slowly, &works[2]))};
    struct sim_future *outer = sim_gather(sim, both, 2, false);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 5);
    sim_cancel(outer, NULL);
    const char *end = outcome(sim, sim_await(outer, NULL));
    sim_print(sim, "main: %s, inner cancelled: %d", end, sim_cancelled(inner));
    return sim_await(measure, NULL);
}

static enum sim_status answer(struct sim *sim, void *arg)
{
    const int *value = arg;

    return sim_return(sim, sim_int(*value));
}

static enum sim_status gather_done(struct sim *sim, void *arg)
{
    int values[] = {1, 2};
    struct sim_future *first = SIM_FUTURE(sim_task_new(sim, NULL, answer, &values[0]));
    struct sim_future *second = SIM_FUTURE(sim_task_new(sim, NULL, answer, &values[1]));
    struct sim_task *measure = ruler(sim, 3);
    struct sim_future *thrice[] = {first, second, first};
    struct sim_future *swapped[] = {second, first};
    struct sim_value results;

    (void)arg;
    SIM_TRY(sim_await(sim_gather(sim, NULL, 0, false), &results));
    sim_print(sim, "nothing: %u", results.count);
    SIM_TRY(sim_await(sim_gather(sim, thrice, 3, false), &results));
    sim_print(sim, "%d %d %d", (int)results.as.items[0].as.integer,
              (int)results.as.items[1].as.integer, (int)results.as.items[2].as.integer);
    struct sim_future *done = sim_gather(sim, swapped, 2, false);
    sim_print(sim, "done at once: %d", sim_done(done));
    SIM_TRY(sim_await(done, &results));
    sim_print(sim, "%d %d", (int)results.as.items[0].as.integer,
              (int)results.as.items[1].as.integer);
    return sim_await(measure, NULL);
}

static const struct order orders[] = {
    {"order_gather", gather},
    {"order_gather_turns", gather_turns},
    {"order_gather_exception", gather_exception},
    {"order_gather_return_exceptions", gather_return_exceptions},
    {"order_gather_cancelled", gather_cancelled},
    {"order_gather_cancelled_with_return_exceptions", gather_cancelled_with_return_exceptions},
    {"order_gather_cancel_message", gather_cancel_message},
    {"order_gather_stale_message", gather_stale_message},
    {"order_gather_child_cancelled", gather_child_cancelled},
    {"order_gather_nested", gather_nested},
    {"order_gather_done", gather_done},
    {NULL, NULL},
};

static void gather_runs_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gather_runs_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
