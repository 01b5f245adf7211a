/* The end of main, and what comes after it, runs in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

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

static enum sim_status help(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "helper: started");
    SIM_TRY(sim_sleep(sim, 10 * SIM_SECOND));
    sim_print(sim, "helper: never");
    return SIM_OK;
}

static enum sim_status refuse(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_sleep(sim, 10 * SIM_SECOND) == SIM_CANCELLED)
        sim_print(sim, "refuse: goes on");
    sim_task_new(sim, NULL, help, NULL);
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_print(sim, "refuse: done");
    return SIM_OK;
}

static enum sim_status main_returns_refused(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, refuse, NULL);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "main returns");
    return SIM_OK;
}

/* A callback that calls itself in every turn. */
struct again {
    const char *name;
    int turn;
};

static struct again *new_again(struct sim *sim, const char *name)
{
    struct again *again = sim_alloc(sim, sizeof(*again));

    again->name = name;
    return again;
}

static void call_again(struct sim *sim, void *arg)
{
    struct again *self = arg;

    sim_print(sim, "%s %d", self->name, self->turn++);
    sim_call_soon(sim, call_again, self);
}

static void call_later_again(struct sim *sim, void *arg)
{
    struct again *self = arg;

    sim_print(sim, "%s %d", self->name, self->turn++);
    sim_call_later(sim, 0, call_later_again, self);
}

static enum sim_status after_main(struct sim *sim, void *arg)
{
    (void)arg;
    sim_call_soon(sim, call_again, new_again(sim, "soon"));
    sim_call_later(sim, 0, call_later_again, new_again(sim, "timer"));
    sim_print(sim, "main returns");
    return SIM_OK;
}

static enum sim_status after_main_timer(struct sim *sim, void *arg)
{
    (void)arg;
    sim_call_later(sim, 0, call_later_again, new_again(sim, "timer"));
    sim_print(sim, "main returns");
    return SIM_OK;
}

static enum sim_status say_stops(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    (void)arg;
    sim_print(sim, "sleeper: stops");
    return status;
}

static enum sim_status after_main_left_over(struct sim *sim, void *arg)
{
    (void)arg;
    sim_task_new(sim, NULL, say_stops, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    sim_call_soon(sim, call_again, new_again(sim, "soon"));
    sim_print(sim, "main returns");
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_main_returns", main_returns},
    {"order_main_raises", main_raises},
    {"order_main_cancelled", main_cancelled},
    {"order_stuck", stuck},
    {"order_main_returns_refused", main_returns_refused},
    {"order_after_main", after_main},
    {"order_after_main_timer", after_main_timer},
    {"order_after_main_left_over", after_main_left_over},
    {NULL, NULL},
};

static void main_ends_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(main_ends_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
