/* Semaphores run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

enum { MANY = 4 };

struct worker {
    const char *name;
    struct sim_semaphore *semaphore;
    int64_t delay_ns;
    int round;
};

static enum sim_status hold_a_turn(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: round %d, locked: %d", self->name, self->round,
              sim_semaphore_locked(self->semaphore));
    return sim_sleep(sim, 0);
}

static enum sim_status two_rounds(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    for (self->round = 0; self->round < 2; self->round++) {
        SIM_TRY(sim_semaphore_with(self->semaphore, hold_a_turn, self));
        sim_print(sim, "%s: released, locked: %d", self->name,
                  sim_semaphore_locked(self->semaphore));
    }
    return SIM_OK;
}

static enum sim_status semaphore(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 2);
    struct worker workers[] = {{.name = "a", .semaphore = sem},
                               {.name = "b", .semaphore = sem},
                               {.name = "c", .semaphore = sem}};
    struct sim_task *measure = ruler(sim, 12);
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, two_rounds, &workers[i]);
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "locked: %d", sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status take(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    SIM_TRY(sim_semaphore_acquire(self->semaphore));
    sim_print(sim, "%s: has it, locked: %d", self->name, sim_semaphore_locked(self->semaphore));
    return SIM_OK;
}

static enum sim_status give_three_and_take(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_semaphore_release(self->semaphore));
    sim_print(sim, "giver: released, locked: %d", sim_semaphore_locked(self->semaphore));
    return take(sim, arg);
}

static enum sim_status handover(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct worker first = {.name = "first", .semaphore = sem};
    struct worker giver = {.name = "giver", .semaphore = sem};
    struct worker late = {.name = "late", .semaphore = sem};
    struct sim_task *tasks[] = {sim_task_new(sim, NULL, take, &first),
                                sim_task_new(sim, NULL, give_three_and_take, &giver),
                                sim_task_new(sim, NULL, take, &late)};

    (void)arg;
    SIM_TRY(sim_await(ruler(sim, 5), NULL));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status say_has_it(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: has it", self->name);
    return sim_sleep(sim, 0);
}

static enum sim_status hold(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    (void)sim;
    return sim_semaphore_with(self->semaphore, say_has_it, self);
}

static enum sim_status cancel(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct worker workers[MANY] = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
    struct sim_task *tasks[MANY];

    (void)arg;
    for (int i = 0; i < MANY; i++) {
        workers[i].semaphore = sem;
        tasks[i] = sim_task_new(sim, NULL, hold, &workers[i]);
    }
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 6);
    sim_cancel(tasks[0], "before");
    SIM_TRY(sim_semaphore_release(sem));
    sim_print(sim, "main: released, locked: %d", sim_semaphore_locked(sem));
    sim_cancel(tasks[1], "after");
    for (int i = 0; i < MANY; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status only_take(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    (void)sim;
    return sim_semaphore_acquire(self->semaphore);
}

static enum sim_status all_cancelled(struct sim *sim, void *arg)
{
    struct worker never = {.semaphore = sim_semaphore_new(sim, NULL, 0)};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, only_take, &never);
    SIM_TRY(sim_sleep(sim, 0));
    for (int i = 0; i < 3; i++)
        sim_cancel(tasks[i], NULL);
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(never.semaphore));
    SIM_TRY(sim_semaphore_release(never.semaphore));
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(never.semaphore));
    struct sim_task *measure = ruler(sim, 3);
    SIM_TRY(sim_semaphore_acquire(never.semaphore));
    sim_print(sim, "main: has it at once");
    for (int i = 0; i < 3; i++)
        sim_print(sim, "main: %s", outcome(sim, sim_await(tasks[i], NULL)));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(never.semaphore));
    return SIM_OK;
}

static enum sim_status impatient(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    sim_print(sim, "%s: %s", self->name,
              outcome(sim, sim_wait_for_call(sim, only_take, self, self->delay_ns)));
    return SIM_OK;
}

static enum sim_status timeout(struct sim *sim, void *arg)
{
    struct sim_semaphore *sem = sim_semaphore_new(sim, NULL, 0);
    struct worker workers[] = {{.name = "a", .semaphore = sem, .delay_ns = SIM_SECOND},
                               {.name = "b", .semaphore = sem, .delay_ns = 2 * SIM_SECOND},
                               {.name = "c", .semaphore = sem, .delay_ns = 3 * SIM_SECOND}};
    struct sim_task *tasks[3];

    (void)arg;
    for (int i = 0; i < 3; i++)
        tasks[i] = sim_task_new(sim, NULL, impatient, &workers[i]);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    SIM_TRY(sim_semaphore_release(sem));
    SIM_TRY(sim_await(ruler(sim, 5), NULL));
    SIM_TRY(sim_semaphore_release(sem));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: locked: %d", sim_semaphore_locked(sem));
    return SIM_OK;
}

static enum sim_status raise_in_block(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    return sim_raise(sim, SIM_KEY_ERROR, "%s", "");
}

static enum sim_status fail_with_permit(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    (void)sim;
    return sim_semaphore_with(self->semaphore, raise_in_block, NULL);
}

static enum sim_status errors(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_semaphore_new(sim, NULL, -1) == NULL)
        sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    if (sim_bounded_semaphore_new(sim, NULL, -1) == NULL)
        sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    struct sim_semaphore *bounded = sim_bounded_semaphore_new(sim, NULL, 2);

    SIM_TRY(sim_semaphore_acquire(bounded));
    SIM_TRY(sim_semaphore_release(bounded));
    sim_print(sim, "%s", outcome(sim, sim_semaphore_release(bounded)));
    struct sim_semaphore *plain = sim_semaphore_new(sim, NULL, 1);

    SIM_TRY(sim_semaphore_release(plain));
    SIM_TRY(sim_semaphore_acquire(plain));
    sim_print(sim, "locked: %d", sim_semaphore_locked(plain));
    SIM_TRY(sim_semaphore_acquire(plain));
    sim_print(sim, "locked: %d", sim_semaphore_locked(plain));
    struct worker me = {.semaphore = bounded};
    struct sim_task *failing = sim_task_new(sim, NULL, fail_with_permit, &me);

    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "%s", outcome(sim, sim_await(failing, NULL)));
    struct sim_semaphore *nothing = sim_bounded_semaphore_new(sim, NULL, 0);

    sim_print(sim, "%s", outcome(sim, sim_semaphore_release(nothing)));
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_semaphore", semaphore},
    {"order_semaphore_handover", handover},
    {"order_semaphore_cancel", cancel},
    {"order_semaphore_all_cancelled", all_cancelled},
    {"order_semaphore_timeout", timeout},
    {"order_semaphore_errors", errors},
    {NULL, NULL},
};

static void semaphores_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semaphores_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
