/* Locks and events run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

struct worker {
    const char *name;
    struct sim_lock *lock;
    struct sim_flag *event;
    int round;
};

static enum sim_status hold_a_turn(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: round %d", self->name, self->round);
    return sim_sleep(sim, 0);
}

static enum sim_status two_rounds(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    for (self->round = 0; self->round < 2; self->round++) {
        SIM_TRY(sim_lock_with(self->lock, hold_a_turn, self));
        sim_print(sim, "%s: released", self->name);
    }
    return SIM_OK;
}

static enum sim_status lock_fair(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct worker workers[] = {
        {.name = "a", .lock = lock}, {.name = "b", .lock = lock}, {.name = "c", .lock = lock}};
    struct sim_task *measure = ruler(sim, 12);
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, two_rounds, &workers[i]);
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    return sim_await(measure, NULL);
}

static enum sim_status hold_a_second(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_lock_acquire(self->lock));
    sim_print(sim, "%s: has it", self->name);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(sim_lock_release(self->lock));
    sim_print(sim, "%s: released, locked: %d", self->name, sim_lock_locked(self->lock));
    return SIM_OK;
}

static enum sim_status say_has_it(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: has it", self->name);
    return SIM_OK;
}

static enum sim_status come_later(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_print(sim, "newcomer: asks, locked: %d", sim_lock_locked(self->lock));
    return sim_lock_with(self->lock, say_has_it, self);
}

static enum sim_status lock_handover(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct sim_task *measure = late_ruler(sim, SIM_SECOND, 4);
    struct worker first = {.name = "first", .lock = lock};
    struct worker second = {.name = "second", .lock = lock};
    struct worker newcomer = {.name = "newcomer", .lock = lock};
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, hold_a_second, &first)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, hold_a_second, &second)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, come_later, &newcomer))};

    (void)arg;
    SIM_TRY(sim_await(sim_gather(sim, tasks, 3, false), NULL));
    return sim_await(measure, NULL);
}

static enum sim_status lock_or_tell(struct sim *sim, void *arg)
{
    struct worker *self = arg;
    enum sim_status status = sim_lock_with(self->lock, say_has_it, self);

    if (status == SIM_CANCELLED)
        sim_print(sim, "%s: cancelled, locked: %d", self->name, sim_lock_locked(self->lock));
    return status;
}

static enum sim_status lock_cancel_waiter(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct worker workers[] = {
        {.name = "a", .lock = lock}, {.name = "b", .lock = lock}, {.name = "c", .lock = lock}};
    struct sim_task *tasks[3];

    (void)arg;
    SIM_TRY(sim_lock_acquire(lock));
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, lock_or_tell, &workers[i]);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_task *measure = ruler(sim, 3);
    sim_cancel(tasks[0], NULL);
    sim_print(sim, "a: %s", outcome(sim, sim_await(tasks[0], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    measure = ruler(sim, 5);
    SIM_TRY(sim_lock_release(lock));
    sim_cancel(tasks[1], NULL);
    sim_print(sim, "b: %s", outcome(sim, sim_await(tasks[1], NULL)));
    sim_print(sim, "c: %s", outcome(sim, sim_await(tasks[2], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "locked: %d", sim_lock_locked(lock));
    return SIM_OK;
}

static enum sim_status lock_all_cancelled(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct worker never = {.name = "never", .lock = lock};

    (void)arg;
    SIM_TRY(sim_lock_acquire(lock));
    struct sim_task *first = sim_task_new(sim, NULL, hold_a_second, &never);
    struct sim_task *second = sim_task_new(sim, NULL, hold_a_second, &never);
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(first, NULL);
    sim_cancel(second, NULL);
    SIM_TRY(sim_lock_release(lock));
    struct sim_task *measure = ruler(sim, 3);
    SIM_TRY(sim_lock_acquire(lock));
    sim_print(sim, "main: has it at once");
    sim_print(sim, "first: %s", outcome(sim, sim_await(first, NULL)));
    sim_print(sim, "second: %s", outcome(sim, sim_await(second, NULL)));
    SIM_TRY(sim_lock_release(lock));
    return sim_await(measure, NULL);
}

static enum sim_status raise_in_block(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "in the block");
}

static enum sim_status fail_with_lock(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    (void)sim;
    return sim_lock_with(self->lock, raise_in_block, NULL);
}

static enum sim_status lock_errors(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct worker me = {.name = "main", .lock = lock};

    (void)arg;
    sim_print(sim, "%s", outcome(sim, sim_lock_release(lock)));
    struct sim_task *failing = sim_task_new(sim, NULL, fail_with_lock, &me);
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "locked: %d", sim_lock_locked(lock));
    SIM_TRY(sim_lock_with(lock, say_has_it, &me));
    sim_print(sim, "%s", outcome(sim, sim_await(failing, NULL)));
    return SIM_OK;
}

static enum sim_status wait_event(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_event_wait(self->event));
    sim_print(sim, "%s: woke, set: %d", self->name, sim_event_is_set(self->event));
    return SIM_OK;
}

static enum sim_status event(struct sim *sim, void *arg)
{
    struct sim_flag *flag = sim_event_new(sim, NULL);
    struct worker waiters[] = {{.name = "a", .event = flag},
                               {.name = "b", .event = flag},
                               {.name = "c", .event = flag},
                               {.name = "late", .event = flag}};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, wait_event, &waiters[i]);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_cancel(tasks[1], NULL);
    struct sim_task *measure = ruler(sim, 3);
    sim_event_set(flag);
    sim_event_set(flag);
    sim_event_clear(flag);
    struct sim_task *late = sim_task_new(sim, NULL, wait_event, &waiters[3]);
    for (int i = 0; i < 3; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_event_set(flag);
    SIM_TRY(sim_event_wait(flag));
    sim_print(sim, "main: went through without waiting");
    return sim_await(late, NULL);
}

static const struct order orders[] = {
    {"order_lock_fair", lock_fair},
    {"order_lock_handover", lock_handover},
    {"order_lock_cancel_waiter", lock_cancel_waiter},
    {"order_lock_all_cancelled", lock_all_cancelled},
    {"order_lock_errors", lock_errors},
    {"order_event", event},
    {NULL, NULL},
};

static void locks_and_events_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locks_and_events_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
