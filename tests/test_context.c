/* Contexts: what CPython's test_tasks.BaseTaskTests asks of context variables in tasks, test by
 * test; the others are named in test_task.c.
 *
 *   n/a test_context_5: asyncio.create_task is the way that test_context_4 goes
 *   n/a test_context_6: loop.create_task is the way that test_context_4 goes
 */
#include "tests/task_bodies.h"

#include "sim/core/task_state.h"

/* A variable whose values are texts. */
static void set(struct sim_context_var *var, const char *text)
{
    (void)sim_context_var_set(var, sim_str(text));
}

static bool has(struct sim_context_var *var, const char *text)
{
    struct sim_value value = sim_none();

    return sim_context_var_get(var, &value) == SIM_OK && is_str(value, text);
}

static struct sim_context_var *new_var(struct sim *sim)
{
    return sim_context_var_new_default(sim, "var", sim_str("nope"));
}

static enum sim_status set_something_else(struct sim *sim, void *var)
{
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    EXPECT(has(var, "nope")); /* as it was when this task was made */
    set(var, "something else");
    return SIM_OK;
}

static enum sim_status test_context_1(struct sim *sim, void *arg)
{
    struct sim_context_var *var = new_var(sim);

    (void)arg;
    EXPECT(has(var, "nope"));
    struct sim_task *task = sim_task_new(sim, NULL, set_something_else, var);

    set(var, "yes");
    EXPECT(has(var, "yes"));
    SIM_TRY(sim_await(task, NULL));
    EXPECT(has(var, "yes"));
    return SIM_OK;
}

static void pollute(struct sim_future *future, void *var)
{
    (void)future;
    set(var, "something else");
}

/* What a task set is there after it has waited. */
static enum sim_status set_and_sleep(struct sim *sim, struct sim_context_var *var, int j)
{
    for (int i = 0; i < 3; i++) {
        const char *text = sim_format(sim, "yes%d-%d", i, j);

        set(var, text);
        SIM_TRY(sim_sleep(sim, SIM_MS));
        EXPECT(has(var, text));
    }
    return SIM_OK;
}

static enum sim_status wait_and_compare(struct sim *sim, void *var)
{
    EXPECT(has(var, "nope"));
    for (int j = 0; j < 2; j++) {
        struct sim_future *future = sim_future_new(sim, NULL);
        const char *text = sim_format(sim, "yes%d", j);

        sim_add_done_callback(future, pollute, var);
        set(var, text);
        (void)sim_call_soon(sim, set_none_now, future);
        SIM_TRY(sim_await(future, NULL));
        EXPECT(has(var, text));
        SIM_TRY(set_and_sleep(sim, var, j));
    }
    return SIM_OK;
}

static enum sim_status run_and_compare(struct sim *sim, void *var)
{
    SIM_TRY(sim_loop_run(sim, wait_and_compare, var, NULL));
    EXPECT(has(var, "nope")); /* the loop kept it */
    return SIM_OK;
}

/* What a callback sets stays in the callback. */
static enum sim_status test_context_2(struct sim *sim, void *arg)
{
    (void)arg;
    return run_outside(sim, run_and_compare, new_var(sim));
}

enum { TASKS = 100, ROUNDS = 10 };

/* One of many who set the same variable, each to something else at its own pace. */
struct setter {
    struct sim_context_var *var;
    int number;
};

static enum sim_status set_often(struct sim *sim, void *arg)
{
    const struct setter *self = arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct sim_value value = sim_none();

        (void)sim_context_var_set(self->var, sim_int(self->number + i));
        SIM_TRY(sim_sleep(sim, SIM_MS * (1 + (7 * self->number + 13 * i) % 50)));
        SIM_TRY(sim_context_var_get(self->var, &value));
        EXPECT(is_int(value, self->number + i));
    }
    return SIM_OK;
}

static enum sim_status gather_setters(struct sim *sim, void *var)
{
    struct sim_future *tasks[TASKS];

    for (int i = 0; i < TASKS; i++) {
        struct setter *setter = sim_alloc(sim, sizeof(*setter));

        *setter = (struct setter){var, i};
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, set_often, setter));
    }
    return sim_await(sim_gather(sim, tasks, TASKS, false), NULL);
}

static enum sim_status run_setters(struct sim *sim, void *var)
{
    SIM_TRY(sim_loop_run(sim, gather_setters, var, NULL));
    EXPECT(has(var, "nope"));
    return SIM_OK;
}

static enum sim_status test_context_3(struct sim *sim, void *arg)
{
    (void)arg;
    return run_outside(sim, run_setters, new_var(sim));
}

/* What a variable is in a context; nothing if it is not set there. */
struct reading {
    struct sim_context_var *var;
    struct sim_value value;
};

static enum sim_status read_var(struct sim *sim, void *arg)
{
    struct reading *reading = arg;

    (void)sim;
    reading->value = sim_none();
    return sim_context_var_get(reading->var, &reading->value);
}

static enum sim_status yield_and_set(struct sim *sim, void *arg)
{
    const struct setter *self = arg;

    SIM_TRY(sim_sleep(sim, 0));
    (void)sim_context_var_set(self->var, sim_int(self->number));
    return SIM_OK;
}

/* Tasks that share a context set what it holds. */
static enum sim_status test_context_4(struct sim *sim, void *arg)
{
    struct reading reading = {.var = sim_context_var_new(sim, "var")};
    struct sim_context *context = sim_copy_context(sim);

    (void)arg;
    EXPECT(sim_context_run(sim, context, read_var, &reading) == SIM_LOOKUP_ERROR);
    for (int i = 1; i <= 2; i++) {
        struct setter setter = {reading.var, i};

        SIM_TRY(sim_await(sim_task_new_in(sim, context, NULL, yield_and_set, &setter), NULL));
        SIM_TRY(sim_context_run(sim, context, read_var, &reading));
        EXPECT(is_int(reading.value, i));
    }
    EXPECT(read_var(sim, &reading) == SIM_LOOKUP_ERROR); /* this task's own is another */
    return SIM_OK;
}

/* A context, and another to go through. */
struct contexts {
    struct sim_context *own;
    struct sim_context *other;
    int refused;
};

static enum sim_status enter_own(struct sim *sim, void *arg)
{
    struct contexts *contexts = arg;

    if (sim_context_run(sim, contexts->own, do_nothing, NULL) == SIM_RUNTIME_ERROR)
        contexts->refused++;
    return SIM_OK;
}

static enum sim_status enter_directly_and_nested(struct sim *sim, void *arg)
{
    struct contexts *contexts = arg;

    SIM_TRY(enter_own(sim, contexts));
    SIM_TRY(sim_context_run(sim, contexts->other, enter_own, contexts));
    return sim_context_run(sim, contexts->other, do_nothing, NULL); /* it was left */
}

/* The context that a task was given is its own: in the task it is entered. */
static enum sim_status test_get_context(struct sim *sim, void *arg)
{
    struct contexts contexts = {.own = sim_copy_context(sim), .other = sim_copy_context(sim)};
    struct sim_task *task =
        sim_task_new_in(sim, contexts.own, NULL, enter_directly_and_nested, &contexts);

    (void)arg;
    EXPECT(task->context == contexts.own);
    SIM_TRY(sim_await(task, NULL));
    EXPECT(task->context == contexts.own);
    EXPECT(contexts.refused == 2);
    return sim_context_run(sim, contexts.own, do_nothing, NULL); /* it was left */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_context_1), BODY(test_context_2),   BODY(test_context_3),
        BODY(test_context_4), BODY(test_get_context),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
