/* Barriers run in CPython's order, turn by turn. */
#include "tests/conformance/order.h"

enum { MANY = 9 };

struct worker {
    const char *name;
    struct sim_barrier *barrier;
};

static const char *const names[MANY] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

/* Tasks for the names from .. to-1. */
static void start(struct sim *sim, struct sim_barrier *barrier, sim_body_fn body, int from, int to,
                  struct sim_task *tasks[MANY])
{
    for (int i = from; i < to; i++) {
        struct worker *worker = sim_alloc(sim, sizeof(*worker));

        *worker = (struct worker){names[i], barrier};
        tasks[i] = sim_task_new(sim, NULL, body, worker);
    }
}

static const char *look(struct sim *sim, const struct sim_barrier *barrier)
{
    return sim_format(sim, "%d of %d, broken: %d", sim_barrier_n_waiting(barrier),
                      sim_barrier_parties(barrier), sim_barrier_broken(barrier));
}

static enum sim_status two_rounds(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    for (int round = 0; round < 2; round++) {
        int index = 0;

        sim_print(sim, "%s: comes, %s", self->name, look(sim, self->barrier));
        SIM_TRY(sim_barrier_wait(self->barrier, &index));
        sim_print(sim, "%s: round %d, was %d, %s", self->name, round, index,
                  look(sim, self->barrier));
    }
    return SIM_OK;
}

static enum sim_status barrier(struct sim *sim, void *arg)
{
    struct sim_barrier *three = sim_barrier_new(sim, NULL, 3);
    struct sim_task *measure = ruler(sim, 14);
    struct sim_task *tasks[MANY];

    (void)arg;
    start(sim, three, two_rounds, 0, 3, tasks);
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: %s", look(sim, three));
    return SIM_OK;
}

static enum sim_status say_index(struct sim *sim, void *arg)
{
    const struct worker *self = arg;
    int index = 0;

    SIM_TRY(sim_barrier_wait(self->barrier, &index));
    sim_print(sim, "%s: was %d, waiting: %d", self->name, index,
              sim_barrier_n_waiting(self->barrier));
    return SIM_OK;
}

static enum sim_status draining(struct sim *sim, void *arg)
{
    struct sim_barrier *three = sim_barrier_new(sim, NULL, 3);
    struct sim_task *tasks[MANY];

    (void)arg;
    start(sim, three, say_index, 0, 7, tasks);
    SIM_TRY(sim_await(ruler(sim, 14), NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    start(sim, three, say_index, 7, 9, tasks);
    for (int i = 0; i < 9; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    return SIM_OK;
}

static enum sim_status come_and_say(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: comes", self->name);
    return say_index(sim, arg);
}

static enum sim_status cancel(struct sim *sim, void *arg)
{
    struct sim_barrier *three = sim_barrier_new(sim, NULL, 3);
    struct sim_task *tasks[MANY];

    (void)arg;
    start(sim, three, come_and_say, 0, 2, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    sim_cancel(tasks[0], "while waiting");
    const char *first = outcome(sim, sim_await(tasks[0], NULL));

    sim_print(sim, "main: %s, waiting: %d", first, sim_barrier_n_waiting(three));
    start(sim, three, come_and_say, 2, 5, tasks);
    struct sim_task *measure = ruler(sim, 9);

    SIM_TRY(sim_sleep(sim, 0));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    sim_cancel(tasks[2], "on its way out");
    sim_cancel(tasks[4], "at the door");
    for (int i = 1; i < 5; i++) {
        const char *ended = outcome(sim, sim_await(tasks[i], NULL));

        sim_print(sim, "main: %s, waiting: %d", ended, sim_barrier_n_waiting(three));
    }
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    return SIM_OK;
}

static enum sim_status say_outcome(struct sim *sim, void *arg)
{
    const struct worker *self = arg;
    const char *ended = outcome(sim, sim_barrier_wait(self->barrier, NULL));

    sim_print(sim, "%s: %s, waiting: %d", self->name, ended, sim_barrier_n_waiting(self->barrier));
    return SIM_OK;
}

static enum sim_status reset(struct sim *sim, void *arg)
{
    struct sim_barrier *three = sim_barrier_new(sim, NULL, 3);
    struct sim_task *tasks[MANY];

    (void)arg;
    SIM_TRY(sim_barrier_reset(three));
    start(sim, three, say_outcome, 0, 2, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 12);

    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    SIM_TRY(sim_barrier_reset(three));
    sim_print(sim, "main: reset, waiting: %d", sim_barrier_n_waiting(three));
    start(sim, three, say_outcome, 2, 5, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_barrier_reset(three));
    sim_print(sim, "main: reset, waiting: %d, broken: %d", sim_barrier_n_waiting(three),
              sim_barrier_broken(three));
    for (int i = 0; i < 5; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    SIM_TRY(sim_await(measure, NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(three));
    return SIM_OK;
}

static enum sim_status wait_then_reset(struct sim *sim, void *arg)
{
    const struct worker *self = arg;

    sim_print(sim, "%s: %s", self->name, outcome(sim, sim_barrier_wait(self->barrier, NULL)));
    if (strcmp(self->name, "e") == 0) {
        SIM_TRY(sim_barrier_reset(self->barrier));
        sim_print(sim, "%s: reset, waiting: %d, broken: %d", self->name,
                  sim_barrier_n_waiting(self->barrier), sim_barrier_broken(self->barrier));
    } else {
        sim_print(sim, "%s: again: %s", self->name,
                  outcome(sim, sim_barrier_wait(self->barrier, NULL)));
    }
    return SIM_OK;
}

static enum sim_status reset_draining(struct sim *sim, void *arg)
{
    struct sim_barrier *five = sim_barrier_new(sim, NULL, 5);
    struct sim_task *tasks[MANY];

    (void)arg;
    start(sim, five, wait_then_reset, 0, 5, tasks);
    SIM_TRY(sim_await(ruler(sim, 16), NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(five));
    SIM_TRY(sim_barrier_wait(five, NULL));
    for (int i = 0; i < 5; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    sim_print(sim, "main: waiting: %d", sim_barrier_n_waiting(five));
    return SIM_OK;
}

static enum sim_status say_whether_broken(struct sim *sim, void *arg)
{
    const struct worker *self = arg;
    const char *ended = outcome(sim, sim_barrier_wait(self->barrier, NULL));

    sim_print(sim, "%s: %s, broken: %d", self->name, ended, sim_barrier_broken(self->barrier));
    return SIM_OK;
}

static enum sim_status abort_and_reset(struct sim *sim, void *arg)
{
    struct sim_task *tasks[MANY];

    (void)arg;
    if (sim_barrier_new(sim, NULL, 0) == NULL)
        sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    if (sim_barrier_new(sim, NULL, -4) == NULL)
        sim_print(sim, "%s", describe_exception(sim, sim_exception(sim)));
    struct sim_barrier *three = sim_barrier_new(sim, NULL, 3);

    start(sim, three, say_whether_broken, 0, 2, tasks);
    SIM_TRY(sim_sleep(sim, 0));
    struct sim_task *measure = ruler(sim, 8);

    SIM_TRY(sim_barrier_abort(three));
    sim_print(sim, "main: broken: %d, waiting: %d", sim_barrier_broken(three),
              sim_barrier_n_waiting(three));
    SIM_TRY(sim_await(tasks[0], NULL));
    SIM_TRY(sim_await(tasks[1], NULL));
    sim_print(sim, "main: %s", outcome(sim, sim_barrier_wait(three, NULL)));
    SIM_TRY(sim_barrier_reset(three));
    sim_print(sim, "main: broken: %d, waiting: %d", sim_barrier_broken(three),
              sim_barrier_n_waiting(three));
    start(sim, three, say_whether_broken, 2, 4, tasks);
    SIM_TRY(sim_barrier_wait(three, NULL));
    SIM_TRY(sim_await(tasks[2], NULL));
    SIM_TRY(sim_await(tasks[3], NULL));
    return sim_await(measure, NULL);
}

static enum sim_status one(struct sim *sim, void *arg)
{
    struct sim_barrier *alone = sim_barrier_new(sim, NULL, 1);
    struct sim_task *measure = ruler(sim, 3);

    (void)arg;
    for (int round = 0; round < 3; round++) {
        int index = -1;

        SIM_TRY(sim_barrier_wait(alone, &index));
        sim_print(sim, "main: round %d, was %d, waiting: %d", round, index,
                  sim_barrier_n_waiting(alone));
    }
    return sim_await(measure, NULL);
}

static const struct order orders[] = {
    {"order_barrier", barrier},
    {"order_barrier_draining", draining},
    {"order_barrier_cancel", cancel},
    {"order_barrier_reset", reset},
    {"order_barrier_reset_draining", reset_draining},
    {"order_barrier_abort", abort_and_reset},
    {"order_barrier_one", one},
    {NULL, NULL},
};

static void barriers_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(barriers_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
