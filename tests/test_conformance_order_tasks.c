/* Tasks, futures, timers and callbacks run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

struct count {
    const char *name;
    int steps;
};

static enum sim_status count_steps(struct sim *sim, void *arg)
{
    const struct count *count = arg;

    for (int step = 0; step < count->steps; step++) {
        sim_print(sim, "%s %d", count->name, step);
        SIM_TRY(sim_sleep(sim, 0));
    }
    sim_print(sim, "%s ends", count->name);
    return SIM_OK;
}

static enum sim_status sleep_zero(struct sim *sim, void *arg)
{
    struct count counts[] = {{"a", 3}, {"b", 1}, {"c", 2}};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, count_steps, &counts[i]);
    sim_print(sim, "main waits");
    for (int i = 0; i < 3; i++) {
        SIM_TRY(sim_await(tasks[i], NULL));
        sim_print(sim, "main goes on");
    }
    return SIM_OK;
}

static void fire(struct sim *sim, void *arg)
{
    sim_print(sim, "%s", (const char *)arg);
}

static void nest(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "outer");
    sim_call_later(sim, 0, fire, text(sim, "timer of outer"));
    sim_call_soon(sim, fire, text(sim, "inner"));
}

static enum sim_status call_soon(struct sim *sim, void *arg)
{
    (void)arg;
    sim_call_later(sim, 0, fire, text(sim, "timer 0"));
    sim_call_soon(sim, nest, NULL);
    sim_call_soon(sim, fire, text(sim, "soon 1"));
    struct sim_task *measure = ruler(sim, 4);

    sim_call_soon(sim, fire, text(sim, "soon 2"));
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main after one turn");
    SIM_TRY(sim_await(measure, NULL));
    sim_call_later(sim, SIM_SECOND, fire, text(sim, "timer 1"));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "main after a second");
    return SIM_OK;
}

struct nap {
    const char *name;
    int64_t delays_ns[2];
};

static enum sim_status nap(struct sim *sim, void *arg)
{
    const struct nap *self = arg;

    for (int i = 0; i < 2 && self->delays_ns[i] > 0; i++)
        SIM_TRY(sim_sleep(sim, self->delays_ns[i]));
    sim_print(sim, "%s woke", self->name);
    return SIM_OK;
}

static enum sim_status equal_deadlines(struct sim *sim, void *arg)
{
    struct nap naps[] = {
        {"0.3", {300 * SIM_MS}},
        {"0.1 + 0.2", {100 * SIM_MS, 200 * SIM_MS}},
        {"0.2 + 0.1", {200 * SIM_MS, 100 * SIM_MS}},
    };
    struct sim_task *tasks[3];

    (void)arg;
    sim_call_later(sim, 300 * SIM_MS, fire, text(sim, "later 0.3"));
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, nap, &naps[i]);
    sim_call_at(sim, 300 * SIM_MS, fire, text(sim, "at 0.3"));
    sim_call_later(sim, 200 * SIM_MS, fire, text(sim, "later 0.2"));
    sim_call_at(sim, 100 * SIM_MS, fire, text(sim, "at 0.1"));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    return SIM_OK;
}

static enum sim_status handle_cancel(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_handle *ready = sim_call_soon(sim, fire, text(sim, "ready: never"));
    struct sim_handle *timed = sim_call_later(sim, 1 * SIM_SECOND, fire, text(sim, "timed: never"));
    struct sim_handle *kept = sim_call_later(sim, 2 * SIM_SECOND, fire, text(sim, "kept"));
    struct sim_handle *again =
        sim_call_later(sim, 3 * SIM_SECOND, fire, text(sim, "too late to cancel"));

    sim_handle_cancel(ready);
    sim_handle_cancel(timed);
    sim_print(sim, "%d %d %d %d", sim_handle_cancelled(ready), sim_handle_cancelled(timed),
              sim_handle_cancelled(kept), (int)(sim_handle_when(kept) / SIM_SECOND));
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    sim_handle_cancel(again);
    sim_print(sim, "main ends");
    return SIM_OK;
}

struct waiter {
    const char *name;
    struct sim_future *future;
};

static enum sim_status wait_and_print(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;
    struct sim_value value;

    SIM_TRY(sim_await(self->future, &value));
    sim_print(sim, "%s: %d", self->name, (int)value.as.integer);
    return SIM_OK;
}

/* A callback of a future is not told the simulation. */
struct callback {
    struct sim *sim;
    const char *name;
};

static void print_callback(struct sim_future *future, void *arg)
{
    const struct callback *self = arg;

    (void)future;
    sim_print(self->sim, "%s", self->name);
}

static struct callback *callback(struct sim *sim, const char *name)
{
    struct callback *arg = sim_alloc(sim, sizeof(*arg));

    *arg = (struct callback){sim, name};
    return arg;
}

static enum sim_status done_callbacks(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct waiter one = {"waiter 1", future};
    struct waiter two = {"waiter 2", future};
    struct sim_value value;

    (void)arg;
    struct sim_task *first = sim_task_new(sim, NULL, wait_and_print, &one);
    SIM_TRY(sim_sleep(sim, 0));
    sim_add_done_callback(future, print_callback, callback(sim, "callback 1"));
    struct callback *never = callback(sim, "never");
    sim_add_done_callback(future, print_callback, never);
    sim_add_done_callback(future, print_callback, never);
    struct sim_task *second = sim_task_new(sim, NULL, wait_and_print, &two);
    SIM_TRY(sim_sleep(sim, 0));
    sim_add_done_callback(future, print_callback, callback(sim, "callback 2"));
    sim_print(sim, "removed: %d", sim_remove_done_callback(future, print_callback, never));
    struct sim_task *measure = ruler(sim, 3);
    SIM_TRY(sim_future_set_result(future, sim_int(7)));
    sim_add_done_callback(future, print_callback, callback(sim, "callback of one that is done"));
    SIM_TRY(sim_await(future, &value));
    sim_print(sim, "at once: %d", (int)value.as.integer);
    SIM_TRY(sim_await(first, NULL));
    SIM_TRY(sim_await(second, NULL));
    return sim_await(measure, NULL);
}

static enum sim_status future_states(struct sim *sim, void *arg)
{
    const struct sim_exception *exception = NULL;
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_future *failed = sim_future_new(sim, NULL);
    struct sim_future *cancelled = sim_future_new(sim, NULL);
    struct sim_value value;

    (void)arg;
    sim_print(sim, "pending: %s", outcome(sim, sim_future_result(future, &value)));
    sim_print(sim, "set: %s", outcome(sim, sim_future_set_result(future, sim_int(1))));
    sim_print(sim, "set again: %s", outcome(sim, sim_future_set_result(future, sim_int(2))));
    enum sim_status status = sim_future_set_exception(future, SIM_VALUE_ERROR, "late");
    sim_print(sim, "fail: %s", outcome(sim, status));
    sim_print(sim, "cancel: %d", sim_cancel(future, NULL));
    sim_print(sim, "result: %s", outcome(sim, sim_future_result(future, &value)));
    SIM_TRY(sim_future_set_exception(failed, SIM_VALUE_ERROR, "no good"));
    sim_print(sim, "failed: %s, done: %d", outcome(sim, sim_future_result(failed, &value)),
              sim_done(failed));
    sim_print(sim, "await: %s", outcome(sim, sim_await(failed, NULL)));
    bool asked = sim_cancel(cancelled, NULL);
    sim_print(sim, "cancel: %d, cancelled: %d", asked, sim_cancelled(cancelled));
    sim_print(sim, "result: %s", outcome(sim, sim_future_result(cancelled, &value)));
    sim_print(sim, "exception: %s", outcome(sim, sim_future_exception(cancelled, &exception)));
    return SIM_OK;
}

static enum sim_status answer(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_int(42));
}

static enum sim_status await_finished(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, answer, NULL);
    struct sim_task *measure = ruler(sim, 3);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_await(task, &value));
    sim_print(sim, "first: %d", (int)value.as.integer);
    SIM_TRY(sim_await(task, &value));
    sim_print(sim, "second: %d", (int)value.as.integer);
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main gave way");
    return sim_await(measure, NULL);
}

static enum sim_status fail_later(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "broken");
}

static enum sim_status forward(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;
    enum sim_status status = sim_await(self->future, NULL);

    sim_print(sim, "%s: %s", self->name, outcome(sim, status));
    return status;
}

static enum sim_status exception(struct sim *sim, void *arg)
{
    const struct sim_exception *raised = NULL;
    struct sim_task *failing = sim_task_new(sim, NULL, fail_later, NULL);
    struct waiter one = {"first", SIM_FUTURE(failing)};
    struct waiter two = {"second", SIM_FUTURE(failing)};
    struct sim_task *first = sim_task_new(sim, NULL, forward, &one);
    struct sim_task *second = sim_task_new(sim, NULL, forward, &two);
    struct waiter three = {"above", SIM_FUTURE(first)};
    struct sim_task *above = sim_task_new(sim, NULL, forward, &three);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 5);
    sim_print(sim, "main: %s", outcome(sim, sim_await(above, NULL)));
    sim_print(sim, "main: %s", outcome(sim, sim_await(second, NULL)));
    SIM_TRY(sim_future_exception(failing, &raised));
    sim_print(sim, "main: %s", describe_exception(sim, raised));
    return sim_await(measure, NULL);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *all_names(struct sim *sim)
{
    size_t count = 0;
    struct sim_task **tasks = sim_all_tasks(sim, &count);
    const char **names = sim_alloc(sim, count * sizeof(*names));
    const char *all = "";

    for (size_t i = 0; i < count; i++)
        names[i] = sim_task_name(tasks[i]);
    qsort(names, count, sizeof(*names), by_name);
    for (size_t i = 0; i < count; i++)
        all = sim_format(sim, "%s%s%s", all, i > 0 ? " " : "", names[i]);
    return all;
}

static enum sim_status nap_and_look(struct sim *sim, void *arg)
{
    const int64_t *delay_ns = arg;

    SIM_TRY(sim_sleep(sim, *delay_ns));
    sim_print(sim, "%s sees %s", sim_task_name(sim_current_task(sim)), all_names(sim));
    return SIM_OK;
}

static enum sim_status all_tasks(struct sim *sim, void *arg)
{
    int64_t delays_ns[] = {1 * SIM_SECOND, 2 * SIM_SECOND, 3 * SIM_SECOND};

    (void)arg;
    sim_task_set_name(sim_current_task(sim), "main");
    sim_print(sim, "%s", all_names(sim));
    struct sim_task *brief = sim_task_new(sim, "short", nap_and_look, &delays_ns[0]);
    struct sim_task *lengthy = sim_task_new(sim, "long", nap_and_look, &delays_ns[1]);
    sim_task_new(sim, NULL, nap_and_look, &delays_ns[2]);
    sim_print(sim, "%s", all_names(sim));
    SIM_TRY(sim_await(brief, NULL));
    sim_print(sim, "%s", all_names(sim));
    SIM_TRY(sim_await(lengthy, NULL));
    sim_print(sim, "%s", all_names(sim));
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_print(sim, "%s", all_names(sim));
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_sleep_zero", sleep_zero},
    {"order_call_soon", call_soon},
    {"order_equal_deadlines", equal_deadlines},
    {"order_handle_cancel", handle_cancel},
    {"order_done_callbacks", done_callbacks},
    {"order_future_states", future_states},
    {"order_await_finished", await_finished},
    {"order_exception", exception},
    {"order_all_tasks", all_tasks},
    {NULL, NULL},
};

static void tasks_and_timers_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_and_timers_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
