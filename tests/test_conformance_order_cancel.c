/* Cancellation and the end of main run in CPython's order, turn by turn. */
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

static enum sim_status named_sleeper(struct sim *sim, void *arg)
{
    const char *name = arg;
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    if (status == SIM_CANCELLED) {
        sim_print(sim, "%s: cancelled", name);
        status = sim_sleep(sim, SIM_SECOND);
        if (status == SIM_OK) {
            sim_print(sim, "%s: cleaned up", name);
            status = SIM_CANCELLED;
        }
    }
    sim_print(sim, "%s: finally", name);
    return status;
}

static enum sim_status start_late(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "late: starts all the same");
    return SIM_OK;
}

static enum sim_status main_returns(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, named_sleeper, text(sim, "a"));
    sim_task_new(sim, NULL, named_sleeper, text(sim, "b"));
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_task_new(sim, NULL, start_late, NULL);
    sim_print(sim, "main returns");
    return SIM_OK;
}

static enum sim_status sleep_finally(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    (void)arg;
    sim_print(sim, "sleeper: finally");
    return status;
}

static enum sim_status main_raises(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, sleep_finally, NULL);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "main raises");
    return sim_raise(sim, SIM_VALUE_ERROR, "out of luck");
}

static enum sim_status stop_main(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "stopping main");
    sim_cancel(task, "stop");
    return SIM_OK;
}

static enum sim_status main_cancelled(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, stop_main, sim_current_task(sim));
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    sim_print(sim, "main: finally");
    return status;
}

static enum sim_status wake_up(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_print(sim, "awake");
    return SIM_OK;
}

static enum sim_status stuck(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, wake_up, NULL);
    enum sim_status status = sim_await(sim_future_new(sim, NULL), NULL);

    sim_print(sim, "never");
    return status;
}

static const struct order orders[] = {
    {"order_cancel_before_start", cancel_before_start},
    {"order_cancel_sleeping", cancel_sleeping},
    {"order_cancel_message", cancel_message},
    {"order_cancel_chain", cancel_chain},
    {"order_cancel_refused", cancel_refused},
    {"order_cancel_self", cancel_self},
    {"order_main_returns", main_returns},
    {"order_main_raises", main_raises},
    {"order_main_cancelled", main_cancelled},
    {"order_stuck", stuck},
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
