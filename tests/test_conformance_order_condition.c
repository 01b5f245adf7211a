/* Conditions run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

struct waiter {
    const char *name;
    struct sim_condition *condition;
};

static enum sim_status wait_and_hold_a_turn(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;

    SIM_TRY(sim_condition_wait(self->condition));
    sim_print(sim, "%s: woke", self->name);
    return sim_sleep(sim, 0);
}

static enum sim_status wait_with_lock(struct sim *sim, void *arg)
{
    struct waiter *self = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(self->condition), wait_and_hold_a_turn, self);
}

static enum sim_status notify_some(struct sim *sim, struct sim_condition *condition, int count)
{
    struct sim_task *measure = ruler(sim, 6);

    SIM_TRY(sim_lock_acquire(sim_condition_lock(condition)));
    SIM_TRY(sim_condition_notify(condition, count));
    sim_print(sim, "main: notified %d", count);
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main: releases");
    SIM_TRY(sim_lock_release(sim_condition_lock(condition)));
    return sim_await(measure, NULL);
}

static enum sim_status condition_notify(struct sim *sim, void *arg)
{
    struct sim_condition *condition = sim_condition_new(sim, NULL, NULL);
    struct sim_lock *lock = sim_condition_lock(condition);
    struct waiter waiters[] = {{"a", condition}, {"b", condition}, {"c", condition},
                               {"d", condition}, {"e", condition}, {"f", condition}};
    struct sim_task *tasks[6];

    (void)arg;
    for (int i = 0; i < 6; i++)
        tasks[i] = sim_task_new(sim, NULL, wait_with_lock, &waiters[i]);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(notify_some(sim, condition, 1));
    SIM_TRY(notify_some(sim, condition, 2));
    SIM_TRY(sim_lock_acquire(lock));
    SIM_TRY(sim_condition_notify_all(condition));
    sim_print(sim, "main: notified all");
    SIM_TRY(sim_lock_release(lock));
    for (int i = 0; i < 6; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    SIM_TRY(sim_lock_acquire(lock));
    SIM_TRY(sim_condition_notify(condition, 1));
    sim_print(sim, "main: nobody hears");
    return sim_lock_release(lock);
}

static enum sim_status wait_and_say(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;

    SIM_TRY(sim_condition_wait(self->condition));
    sim_print(sim, "%s: woke", self->name);
    return SIM_OK;
}

static enum sim_status wait_or_tell(struct sim *sim, void *arg)
{
    struct waiter *self = arg;
    enum sim_status status = sim_lock_with(sim_condition_lock(self->condition), wait_and_say, self);

    if (status == SIM_CANCELLED)
        sim_print(sim, "%s: cancelled", self->name);
    return status;
}

static enum sim_status condition_cancel_notified(struct sim *sim, void *arg)
{
    struct sim_condition *condition = sim_condition_new(sim, NULL, NULL);
    struct sim_lock *lock = sim_condition_lock(condition);
    struct waiter a = {"a", condition};
    struct waiter b = {"b", condition};
    struct sim_task *first = sim_task_new(sim, NULL, wait_or_tell, &a);
    struct sim_task *second = sim_task_new(sim, NULL, wait_or_tell, &b);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 7);
    SIM_TRY(sim_lock_acquire(lock));
    SIM_TRY(sim_condition_notify(condition, 1));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main: cancels the one that was notified");
    sim_cancel(first, NULL);
    SIM_TRY(sim_lock_release(lock));
    sim_print(sim, "a: %s", outcome(sim, sim_await(first, NULL)));
    sim_print(sim, "b: %s", outcome(sim, sim_await(second, NULL)));
    return sim_await(measure, NULL);
}

static enum sim_status wait_and_tell_how(struct sim *sim, void *arg)
{
    const struct waiter *self = arg;

    sim_print(sim, "%s: waits", self->name);
    enum sim_status status = sim_condition_wait(self->condition);

    if (status == SIM_OK)
        sim_print(sim, "%s: woke, though nobody notified", self->name);
    else
        sim_print(sim, "%s: %s, locked: %d", self->name, outcome(sim, status),
                  sim_lock_locked(sim_condition_lock(self->condition)));
    return status;
}

static enum sim_status wait_cancelled(struct sim *sim, void *arg)
{
    struct waiter *self = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(self->condition), wait_and_tell_how, self);
}

static enum sim_status condition_cancel_waiting(struct sim *sim, void *arg)
{
    struct sim_condition *condition = sim_condition_new(sim, NULL, NULL);
    struct sim_lock *lock = sim_condition_lock(condition);
    struct waiter waiters[] = {{"first", condition}, {"second", condition}, {"third", condition}};
    struct sim_task *first = sim_task_new(sim, NULL, wait_cancelled, &waiters[0]);
    struct sim_task *second = sim_task_new(sim, NULL, wait_cancelled, &waiters[1]);

    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 3);
    sim_cancel(first, "free lock");
    sim_print(sim, "main: %s", outcome(sim, sim_await(first, NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: %s", outcome(sim, sim_await(second, NULL)));
    struct sim_task *third = sim_task_new(sim, NULL, wait_cancelled, &waiters[2]);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(sim_lock_acquire(lock));
    sim_cancel(third, "one");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(third, "two");
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "main: releases");
    SIM_TRY(sim_lock_release(lock));
    sim_print(sim, "main: %s", outcome(sim, sim_await(third, NULL)));
    return SIM_OK;
}

struct climber {
    const char *name;
    struct sim *sim; /* a predicate is not told */
    struct sim_condition *condition;
    const int *level;
    int wanted;
};

static bool reached(void *arg)
{
    const struct climber *self = arg;

    sim_print(self->sim, "%s: is %d enough?", self->name, *self->level);
    return *self->level >= self->wanted;
}

static enum sim_status wait_for_level(struct sim *sim, void *arg)
{
    struct climber *self = arg;

    SIM_TRY(sim_condition_wait_for(self->condition, reached, self));
    sim_print(sim, "%s: goes on", self->name);
    return SIM_OK;
}

static enum sim_status climb(struct sim *sim, void *arg)
{
    struct climber *self = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(self->condition), wait_for_level, self);
}

static enum sim_status condition_wait_for(struct sim *sim, void *arg)
{
    struct sim_condition *condition = sim_condition_new(sim, NULL, NULL);
    int level = 0;
    struct climber climbers[] = {{"two", sim, condition, &level, 2},
                                 {"one", sim, condition, &level, 1},
                                 {"none", sim, condition, &level, 0}};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, climb, &climbers[i]);
    for (int i = 0; i < 2; i++) {
        SIM_TRY(sim_sleep(sim, SIM_SECOND));
        SIM_TRY(sim_lock_acquire(sim_condition_lock(condition)));
        level++;
        SIM_TRY(sim_condition_notify_all(condition));
        SIM_TRY(sim_lock_release(sim_condition_lock(condition)));
    }
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: all went on");
    return SIM_OK;
}

static enum sim_status condition_errors(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct sim_condition *condition = sim_condition_new(sim, NULL, lock);

    (void)arg;
    sim_print(sim, "wait: %s", outcome(sim, sim_condition_wait(condition)));
    sim_print(sim, "notify: %s", outcome(sim, sim_condition_notify(condition, 1)));
    sim_print(sim, "notify: %s", outcome(sim, sim_condition_notify_all(condition)));
    SIM_TRY(sim_lock_acquire(lock));
    SIM_TRY(sim_condition_notify(condition, 1));
    sim_print(sim, "notified with the lock");
    return sim_lock_release(lock);
}

static const struct order orders[] = {
    {"order_condition_notify", condition_notify},
    {"order_condition_cancel_notified", condition_cancel_notified},
    {"order_condition_cancel_waiting", condition_cancel_waiting},
    {"order_condition_wait_for", condition_wait_for},
    {"order_condition_errors", condition_errors},
    {NULL, NULL},
};

static void conditions_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
