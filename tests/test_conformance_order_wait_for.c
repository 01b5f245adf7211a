/* wait_for and shield run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *delay_ns = arg;
    enum sim_status status = sim_sleep(sim, *delay_ns);

    if (status == SIM_CANCELLED)
        sim_print(sim, "work: cancelled");
    SIM_TRY(status);
    return sim_return(sim, sim_int(1));
}

static struct sim_task *work_task(struct sim *sim, int64_t delay_ns)
{
    int64_t *arg = sim_alloc(sim, sizeof(*arg));

    *arg = delay_ns;
    return sim_task_new(sim, NULL, work, arg);
}

static enum sim_status refuse(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_sleep(sim, 5 * SIM_SECOND) == SIM_CANCELLED) {
        SIM_TRY(sim_sleep(sim, SIM_SECOND));
        sim_print(sim, "refuse: goes on");
    }
    return sim_return(sim, sim_int(2));
}

static enum sim_status wait_for(struct sim *sim, void *arg)
{
    struct sim_value value;
    int64_t three_seconds = 3 * SIM_SECOND;

    (void)arg;
    SIM_TRY(sim_wait_for(work_task(sim, SIM_SECOND), 2 * SIM_SECOND, &value));
    sim_print(sim, "in time: %d", (int)value.as.integer);
    SIM_TRY(sim_wait_for(work_task(sim, SIM_SECOND), -1, &value));
    sim_print(sim, "no limit: %d", (int)value.as.integer);
    struct sim_task *task = work_task(sim, three_seconds);
    struct sim_task *measure = late_ruler(sim, SIM_SECOND, 5);
    sim_print(sim, "too late: %s", outcome(sim, sim_wait_for(task, SIM_SECOND, NULL)));
    sim_print(sim, "requests: %d, cancelled: %d", sim_task_cancelling(sim_current_task(sim)),
              sim_cancelled(task));
    SIM_TRY(sim_await(measure, NULL));
    enum sim_status status = sim_wait_for_call(sim, work, &three_seconds, SIM_SECOND);
    sim_print(sim, "in place: %s", outcome(sim, status));
    struct sim_task *stubborn = sim_task_new(sim, NULL, refuse, NULL);
    sim_print(sim, "refused: %s", outcome(sim, sim_wait_for(stubborn, SIM_SECOND, NULL)));
    return SIM_OK;
}

static enum sim_status work_and_tell(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 10 * SIM_SECOND);

    (void)arg;
    if (status == SIM_CANCELLED)
        sim_print(sim, "work: %s", outcome(sim, status));
    return status;
}

static enum sim_status patient(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;
    enum sim_status status = sim_wait_for(task, 5 * SIM_SECOND, NULL);

    if (status == SIM_CANCELLED)
        sim_print(sim, "patient: %s", outcome(sim, status));
    return status;
}

static enum sim_status wait_for_cancelled(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, work_and_tell, NULL);
    struct sim_task *waiting = sim_task_new(sim, NULL, patient, task);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 5);
    sim_cancel(waiting, "enough");
    sim_print(sim, "main: %s", outcome(sim, sim_await(waiting, NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "work cancelled: %d", sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status start_and_sleep(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "work: started");
    return sim_sleep(sim, SIM_SECOND);
}

static enum sim_status wait_for_zero(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_future_set_result(future, sim_int(8)));
    SIM_TRY(sim_wait_for(future, 0, &value));
    sim_print(sim, "done: %d", (int)value.as.integer);
    SIM_TRY(sim_wait_for(future, SIM_SECOND, &value));
    sim_print(sim, "done, with a limit: %d", (int)value.as.integer);
    struct sim_task *unstarted = sim_task_new(sim, NULL, start_and_sleep, NULL);
    struct sim_task *measure = ruler(sim, 5);
    sim_print(sim, "unstarted: %s", outcome(sim, sim_wait_for(unstarted, 0, NULL)));
    SIM_TRY(sim_await(measure, NULL));
    struct sim_task *started = sim_task_new(sim, NULL, start_and_sleep, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    measure = ruler(sim, 5);
    sim_print(sim, "started: %s", outcome(sim, sim_wait_for(started, 0, NULL)));
    SIM_TRY(sim_await(measure, NULL));
    enum sim_status status = sim_wait_for_call(sim, start_and_sleep, NULL, 0);
    sim_print(sim, "in place: %s", outcome(sim, status));
    return SIM_OK;
}

static enum sim_status named_work(struct sim *sim, void *arg)
{
    const char *name = arg;
    enum sim_status status = sim_sleep(sim, SIM_SECOND);

    if (status == SIM_CANCELLED)
        sim_print(sim, "%s: cancelled", name);
    SIM_TRY(status);
    sim_print(sim, "%s: done", name);
    return sim_return(sim, sim_int(1));
}

static void set_result(struct sim *sim, void *arg)
{
    struct sim_future *future = arg;

    (void)sim;
    (void)sim_future_set_result(future, sim_int(1));
}

static enum sim_status wait_for_race(struct sim *sim, void *arg)
{
    struct sim_task *me = sim_current_task(sim);
    struct sim_task *older = sim_task_new(sim, NULL, named_work, text(sim, "older"));

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = late_ruler(sim, SIM_SECOND, 4);
    enum sim_status status = sim_wait_for(older, SIM_SECOND, NULL);
    sim_print(sim, "timer of the work first: %s", outcome(sim, status));
    sim_print(sim, "requests: %d", sim_task_cancelling(me));
    SIM_TRY(sim_await(measure, NULL));
    struct sim_task *younger = sim_task_new(sim, NULL, named_work, text(sim, "younger"));
    measure = late_ruler(sim, SIM_SECOND, 4);
    status = sim_wait_for(younger, SIM_SECOND, NULL);
    sim_print(sim, "timer of the limit first: %s", outcome(sim, status));
    sim_print(sim, "requests: %d", sim_task_cancelling(me));
    SIM_TRY(sim_await(measure, NULL));
    status = sim_wait_for_call(sim, named_work, text(sim, "in place"), SIM_SECOND);
    sim_print(sim, "in place: %s", outcome(sim, status));
    struct sim_future *future = sim_future_new(sim, NULL);
    sim_call_later(sim, SIM_SECOND, set_result, future);
    status = sim_wait_for(future, SIM_SECOND, NULL);
    sim_print(sim, "future: %s, done: %d", outcome(sim, status), sim_done(future));
    return SIM_OK;
}

static enum sim_status wait_one_second(struct sim *sim, void *arg)
{
    struct sim_task *me = sim_current_task(sim);
    enum sim_status status = sim_wait_for(sim_future_new(sim, NULL), SIM_SECOND, NULL);

    (void)arg;
    sim_print(sim, "patient: %s, requests: %d", outcome(sim, status), sim_task_cancelling(me));
    return status;
}

static void cancel_from_outside(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;

    (void)sim;
    sim_cancel(task, "from outside");
}

static enum sim_status wait_for_outer_race(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, wait_one_second, NULL);

    sim_call_later(sim, SIM_SECOND, cancel_from_outside, task);
    enum sim_status status = sim_await(task, NULL);
    sim_print(sim, "cancelled before the limit: %s", outcome(sim, status));
    task = sim_task_new(sim, NULL, wait_one_second, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    sim_call_later(sim, SIM_SECOND, cancel_from_outside, task);
    status = sim_await(task, NULL);
    sim_print(sim, "cancelled after the limit: %s", outcome(sim, status));
    return SIM_OK;
}

static enum sim_status work_two_seconds(struct sim *sim, void *arg)
{
    enum sim_status status = sim_sleep(sim, 2 * SIM_SECOND);

    (void)arg;
    if (status == SIM_CANCELLED)
        sim_print(sim, "work: cancelled");
    SIM_TRY(status);
    sim_print(sim, "work: done");
    return sim_return(sim, sim_int(9));
}

static enum sim_status careful(struct sim *sim, void *arg)
{
    struct sim_task *task = arg;
    struct sim_value value;
    enum sim_status status = sim_await(sim_shield(task), &value);

    if (status == SIM_CANCELLED)
        sim_print(sim, "careful: %s", outcome(sim, status));
    SIM_TRY(status);
    sim_print(sim, "careful: %d", (int)value.as.integer);
    return SIM_OK;
}

static enum sim_status shield_with_limit(struct sim *sim)
{
    struct sim_task *limited = sim_task_new(sim, NULL, work_two_seconds, NULL);
    struct sim_value value;
    enum sim_status status = sim_wait_for(sim_shield(limited), SIM_SECOND, NULL);

    sim_print(sim, "limit: %s", outcome(sim, status));
    SIM_TRY(sim_await(limited, &value));
    sim_print(sim, "main: %d", (int)value.as.integer);
    return SIM_OK;
}

static enum sim_status shield_of_cancelled(struct sim *sim)
{
    struct sim_task *inner = sim_task_new(sim, NULL, work_two_seconds, NULL);
    struct sim_task *third = sim_task_new(sim, NULL, careful, inner);

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 5);
    sim_cancel(inner, "inner");
    sim_print(sim, "main: %s", outcome(sim, sim_await(third, NULL)));
    return sim_await(measure, NULL);
}

static enum sim_status shield(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, work_two_seconds, NULL);
    struct sim_task *first = sim_task_new(sim, NULL, careful, task);
    struct sim_task *second = sim_task_new(sim, NULL, careful, task);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 4);
    sim_cancel(first, "outer");
    const char *end = outcome(sim, sim_await(first, NULL));
    sim_print(sim, "main: %s, work done: %d", end, sim_done(task));
    SIM_TRY(sim_await(measure, NULL));
    SIM_TRY(sim_await(second, NULL));
    SIM_TRY(sim_await(task, &value));
    sim_print(sim, "main: %d", (int)value.as.integer);
    SIM_TRY(sim_await(sim_shield(task), &value));
    sim_print(sim, "shield of what is done: %d", (int)value.as.integer);
    SIM_TRY(shield_with_limit(sim));
    return shield_of_cancelled(sim);
}

static enum sim_status sleep_and_say(struct sim *sim, void *arg)
{
    const int *seconds = arg;

    SIM_TRY(sim_sleep(sim, *seconds * SIM_SECOND));
    sim_print(sim, "slept %d", *seconds);
    return SIM_OK;
}

static enum sim_status in_time(struct sim *sim, void *arg)
{
    struct sim_future *future = arg;

    sim_print(sim, "in time: %s", outcome(sim, sim_wait_for(future, 3 * SIM_SECOND, NULL)));
    return SIM_OK;
}

static void fire(struct sim *sim, void *arg)
{
    sim_print(sim, "%s", (const char *)arg);
}

static enum sim_status blocking(struct sim *sim, void *arg)
{
    int seconds[] = {2, 1};
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, sleep_and_say, &seconds[0])),
                                  SIM_FUTURE(sim_task_new(sim, NULL, sleep_and_say, &seconds[1]))};
    struct sim_task *waiting = sim_task_new(sim, NULL, in_time, future);

    (void)arg;
    sim_call_later(sim, 1500 * SIM_MS, fire, text(sim, "timer"));
    SIM_TRY(sim_sleep(sim, 0));
    sim_call_soon(sim, fire, text(sim, "soon"));
    SIM_TRY(sim_future_set_result(future, sim_int(1)));
    sim_print(sim, "main blocks");
    sim_thread_sleep(sim, 5 * SIM_SECOND);
    sim_print(sim, "main goes on");
    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, false), NULL));
    return sim_await(waiting, NULL);
}

static const struct order orders[] = {
    {"order_wait_for", wait_for},
    {"order_wait_for_cancelled", wait_for_cancelled},
    {"order_wait_for_zero", wait_for_zero},
    {"order_wait_for_race", wait_for_race},
    {"order_wait_for_outer_race", wait_for_outer_race},
    {"order_shield", shield},
    {"order_blocking", blocking},
    {NULL, NULL},
};

static void wait_for_and_shield_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wait_for_and_shield_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
