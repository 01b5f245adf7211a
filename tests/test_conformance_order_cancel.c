/* Cancellation runs in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

static enum sim_status say_never(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "never");
    return SIM_OK;
}

static enum sim_status cancel_before_start(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, say_never, NULL);
    struct sim_task *measure = ruler(sim, 4);
    bool asked = sim_cancel(task, NULL);

    sim_print(sim, "asked: %d, done: %d", asked, sim_done(task));
    sim_print(sim, "%s", outcome(sim, sim_await(task, NULL)));
    bool cancelled = sim_cancelled(task);
    sim_print(sim, "cancelled: %d, asked again: %d", cancelled, sim_cancel(task, NULL));
    return sim_await(measure, NULL);
}

static enum sim_status sleep_and_clean_up(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    (void)arg;
    if (status == SIM_CANCELLED) {
        sim_print(sim, "sleeper: cancelled");
        SIM_TRY(sim_sleep(sim, 0));
        sim_print(sim, "sleeper: cleaned up");
    }
    return status;
}

static enum sim_status cancel_sleeping(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, sleep_and_clean_up, NULL);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 5);
    sim_cancel(task, NULL);
    sim_print(sim, "%s", outcome(sim, sim_await(task, NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main ends");
    return SIM_OK;
}

static enum sim_status sleep_and_tell(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    (void)arg;
    sim_print(sim, "sleeper: %s", outcome(sim, status));
    return status;
}

static enum sim_status cancel_message(struct sim *sim, void *arg)
{
    struct sim_task *first = sim_task_new(sim, NULL, sleep_and_tell, NULL);
    struct sim_task *second = sim_task_new(sim, NULL, sleep_and_tell, NULL);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(first, "shutting down");
    sim_cancel(second, NULL);
    sim_print(sim, "main: %s", outcome(sim, sim_await(first, NULL)));
    sim_print(sim, "main: %s", outcome(sim, sim_await(second, NULL)));
    struct sim_task *unstarted = sim_task_new(sim, NULL, sleep_and_tell, NULL);
    sim_cancel(unstarted, "too early");
    sim_print(sim, "main: %s", outcome(sim, sim_await(unstarted, NULL)));
    struct sim_future *future = sim_future_new(sim, NULL);
    sim_cancel(future, "not needed");
    sim_print(sim, "main: %s", outcome(sim, sim_await(future, NULL)));
    return SIM_OK;
}

static enum sim_status innermost(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "inner: %s", outcome(sim, sim_sleep(sim, 10 * SIM_SECOND)));
    return sim_raise(sim, SIM_CANCELLED, "%s", "");
}

static enum sim_status middle(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;

    sim_print(sim, "middle: %s", outcome(sim, sim_await(task, NULL)));
    return sim_raise(sim, SIM_CANCELLED, "%s", "");
}

static enum sim_status cancel_chain(struct sim *sim, void *arg)
{
    struct sim_task *first = sim_task_new(sim, NULL, innermost, NULL);
    struct sim_task *second = sim_task_new(sim, NULL, middle, first);
    struct sim_task *third = sim_task_new(sim, NULL, middle, second);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 6);
    sim_cancel(third, NULL);
    sim_print(sim, "main: %s", outcome(sim, sim_await(third, NULL)));
    return sim_await(measure, NULL);
}

static enum sim_status stubborn(struct sim *sim, void *arg)
{
    struct sim_task *me = sim_current_task(sim);
    const char *end = outcome(sim, sim_sleep(sim, 10 * SIM_SECOND));

    (void)arg;
    sim_print(sim, "first: %s, requests: %d", end, sim_task_cancelling(me));
    int left = sim_task_uncancel(me);
    sim_print(sim, "uncancel: %d, requests: %d", left, sim_task_cancelling(me));
    sim_print(sim, "uncancel at none: %d", sim_task_uncancel(me));
    end = outcome(sim, sim_sleep(sim, 10 * SIM_SECOND));
    sim_print(sim, "second: %s, requests: %d", end, sim_task_cancelling(me));
    sim_print(sim, "third: %s", outcome(sim, sim_sleep(sim, 10 * SIM_SECOND)));
    return sim_return(sim, sim_int(42));
}

static enum sim_status cancel_refused(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, stubborn, NULL);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(task, NULL);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(task, NULL);
    sim_cancel(task, NULL);
    SIM_TRY(sim_await(task, &value));
    sim_print(sim, "main: %d, cancelled: %d, requests: %d", (int)value.as.integer,
              sim_cancelled(task), sim_task_cancelling(task));
    return SIM_OK;
}

static enum sim_status stop_myself(struct sim *sim, void *arg)
{
    (void)arg;
    sim_cancel(sim_current_task(sim), "enough");
    sim_print(sim, "still here");
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "never");
    return SIM_OK;
}

static enum sim_status stop_myself_and_end(struct sim *sim, void *arg)
{
    (void)arg;
    sim_cancel(sim_current_task(sim), "unheard");
    return sim_return(sim, sim_int(1));
}

static enum sim_status cancel_self(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *first = sim_task_new(sim, NULL, stop_myself, NULL);

    sim_print(sim, "%s", outcome(sim, sim_await(first, NULL)));
    struct sim_task *second = sim_task_new(sim, NULL, stop_myself_and_end, NULL);
    sim_print(sim, "%s", outcome(sim, sim_await(second, NULL)));
    return SIM_OK;
}

struct waiter {
    const char *name;
    struct sim_future *future;
};

static enum sim_status wait_and_tell(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;
    const char *end = outcome(sim, sim_await(self->future, NULL));

    sim_print(sim, "%s: %s, requests: %d", self->name, end,
              sim_task_cancelling(sim_current_task(sim)));
    return SIM_OK;
}

static enum sim_status shared_future(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct waiter one = {"first", future};
    struct waiter two = {"second", future};
    struct sim_task *first = sim_task_new(sim, NULL, wait_and_tell, &one);
    struct sim_task *second = sim_task_new(sim, NULL, wait_and_tell, &two);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 3);
    sim_cancel(second, "only the second");
    SIM_TRY(sim_await(first, NULL));
    SIM_TRY(sim_await(second, NULL));
    return sim_await(measure, NULL);
}

static enum sim_status wait_and_go_on(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;

    sim_print(sim, "%s: %s", self->name, outcome(sim, sim_await(self->future, NULL)));
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "%s: went on", self->name);
    return SIM_OK;
}

static void set_result(struct sim_future *future)
{
    (void)sim_future_set_result(future, sim_int(1));
}

static void set_exception(struct sim_future *future)
{
    (void)sim_future_set_exception(future, SIM_VALUE_ERROR, "unheard");
}

static void cancel_future(struct sim_future *future)
{
    sim_cancel(future, "by itself");
}

static enum sim_status settle_and_cancel(struct sim *sim, const char *name,
                                         void (*settle)(struct sim_future *future))
{
    struct waiter waiter = {name, sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, wait_and_go_on, &waiter);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    settle(waiter.future);
    sim_print(sim, "asked: %d", sim_cancel(task, "too late"));
    return sim_await(task, NULL);
}

static enum sim_status sleep_a_second(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, SIM_SECOND);
}

static void cancel_task(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;

    (void)sim;
    sim_cancel(task, "at the wake-up");
}

static enum sim_status cancel_at_wakeup(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(settle_and_cancel(sim, "result", set_result));
    SIM_TRY(settle_and_cancel(sim, "exception", set_exception));
    SIM_TRY(settle_and_cancel(sim, "cancelled", cancel_future));
    struct sim_task *sleeper = sim_task_new(sim, NULL, sleep_a_second, NULL);

    SIM_TRY(sim_sleep(sim, 0));
    sim_call_later(sim, SIM_SECOND, cancel_task, sleeper);
    sim_print(sim, "sleeper: %s", outcome(sim, sim_await(sleeper, NULL)));
    return SIM_OK;
}

static enum sim_status plain_sleeper(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 10 * SIM_SECOND);
}

static enum sim_status wait_and_tell_end(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;

    sim_print(sim, "%s: %s", self->name, outcome(sim, sim_await(self->future, NULL)));
    return SIM_OK;
}

static enum sim_status all_wait(struct sim *sim, const char *name, struct sim_future *future)
{
    struct waiter waiters[2];
    struct sim_task *tasks[2];

    for (int i = 0; i < 2; i++) {
        waiters[i] = (struct waiter){sim_format(sim, "%s %d", name, i), future};
        tasks[i] = sim_task_new(sim, NULL, wait_and_tell_end, &waiters[i]);
    }
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(future, "once");
    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: %s", outcome(sim, sim_await(future, NULL)));
    return SIM_OK;
}

static enum sim_status end_cancelled(struct sim *sim, void *arg)
{
    (void)arg;
    sim_cancel(sim_current_task(sim), "at the last moment");
    return SIM_OK;
}

static enum sim_status cancel_message_once(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, plain_sleeper, NULL);

    (void)arg;
    SIM_TRY(all_wait(sim, "task", SIM_FUTURE(task)));
    SIM_TRY(all_wait(sim, "future", sim_future_new(sim, NULL)));
    task = sim_task_new(sim, NULL, plain_sleeper, NULL);
    SIM_TRY(all_wait(sim, "shield", sim_shield(task)));
    struct sim_task *ended = sim_task_new(sim, NULL, end_cancelled, NULL);
    sim_print(sim, "ended: %s", outcome(sim, sim_await(ended, NULL)));
    sim_print(sim, "ended: %s", outcome(sim, sim_await(ended, NULL)));
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_cancel_before_start", cancel_before_start},
    {"order_cancel_sleeping", cancel_sleeping},
    {"order_cancel_message", cancel_message},
    {"order_cancel_chain", cancel_chain},
    {"order_cancel_refused", cancel_refused},
    {"order_cancel_self", cancel_self},
    {"order_shared_future", shared_future},
    {"order_cancel_at_wakeup", cancel_at_wakeup},
    {"order_cancel_message_once", cancel_message_once},
    {NULL, NULL},
};

static void cancellation_runs_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancellation_runs_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
