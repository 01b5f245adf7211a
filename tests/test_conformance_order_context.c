/* Eager tasks, context variables and runners: the orders of CPython, turn by turn. */
#include "tests/conformance/order.h"

/* ---- Eager tasks. ---- */

struct child {
    const char *name;
    const int64_t *delays; /* in seconds */
    int count;
};

static enum sim_status child(struct sim *sim, void *arg)
{
    const struct child *self = arg;

    sim_print(sim, "%s starts as %s", self->name, sim_task_name(sim_current_task(sim)));
    for (int i = 0; i < self->count; i++) {
        SIM_TRY(sim_sleep(sim, self->delays[i] * SIM_SECOND));
        sim_print(sim, "%s after %d", self->name, (int)self->delays[i]);
    }
    return sim_return(sim, sim_str(self->name));
}

static struct sim_task *eager(struct sim *sim, const char *name, const int64_t *delays, int count)
{
    struct child *arg = sim_alloc(sim, sizeof(*arg));

    *arg = (struct child){name, delays, count};
    return sim_task_new_eager(sim, name, child, arg);
}

static enum sim_status parent(struct sim *sim, void *arg)
{
    static const int64_t delays[] = {0};

    (void)arg;
    sim_print(sim, "parent starts");
    struct sim_task *inner = eager(sim, "inner", delays, 1);

    sim_print(sim, "parent goes on as %s", sim_task_name(sim_current_task(sim)));
    SIM_TRY(sim_await(inner, NULL));
    sim_print(sim, "parent ends");
    return SIM_OK;
}

static enum sim_status failing(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_VALUE_ERROR, "at once");
}

static void say_done(struct sim_future *future, void *arg)
{
    (void)future;
    sim_print(arg, "slow's callback");
}

static const char *truth(bool value)
{
    return value ? "True" : "False";
}

static enum sim_status order_eager(struct sim *sim, void *arg)
{
    static const int64_t slow[] = {0, 1};
    static const int64_t five[] = {5};
    struct sim_value value;
    struct sim_task *four = ruler(sim, 4);

    (void)arg;
    sim_print(sim, "main makes a task that never waits");
    struct sim_task *task = eager(sim, "quick", NULL, 0);

    SIM_TRY(sim_future_result(task, &value));
    sim_print(sim, "done: %s, result %s", truth(sim_done(task)), value.as.string);
    sim_print(sim, "main makes a task that waits");
    task = eager(sim, "slow", slow, 2);
    sim_print(sim, "done: %s, main is %s", truth(sim_done(task)),
              sim_task_name(sim_current_task(sim)));
    sim_add_done_callback(task, say_done, sim);
    struct sim_task *nested = sim_task_new_eager(sim, "parent", parent, NULL);
    struct sim_task *failed = sim_task_new_eager(sim, "failing", failing, NULL);

    sim_print(sim, "failing: %s", outcome(sim, sim_await(failed, NULL)));
    SIM_TRY(sim_await(task, NULL));
    SIM_TRY(sim_await(nested, NULL));
    task = eager(sim, "cancelled", five, 1);
    sim_cancel(task, NULL);
    sim_print(sim, "cancelled: %s", outcome(sim, sim_await(task, NULL)));
    return sim_await(four, NULL);
}

struct work {
    const char *name;
    int64_t delay_ns; /* negative: none */
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct work *self = arg;

    sim_print(sim, "%s starts", self->name);
    if (self->delay_ns >= 0) {
        SIM_TRY(sim_sleep(sim, self->delay_ns));
        sim_print(sim, "%s goes on", self->name);
    }
    return sim_return(sim, sim_str(self->name));
}

static enum sim_status order_eager_factory(struct sim *sim, void *arg)
{
    struct work a = {"a", -1};
    struct work b = {"b", 0};
    struct work c = {"c", SIM_SECOND};
    struct work d = {"d", -1};
    struct sim_value value;
    size_t count = 0;

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_future *tasks[3] = {SIM_FUTURE(sim_task_new(sim, NULL, work, &a)),
                                   SIM_FUTURE(sim_task_new(sim, NULL, work, &b))};

    sim_print(sim, "done: [%s, %s]", truth(sim_done(tasks[0])), truth(sim_done(tasks[1])));
    tasks[2] = SIM_FUTURE(sim_task_new(sim, NULL, work, &c));
    (void)sim_all_tasks(sim, &count);
    sim_print(sim, "all: %zu", count);
    SIM_TRY(sim_await(sim_gather(sim, tasks, 3, false), &value));
    sim_print(sim, "results: %s %s %s", value.as.items[0].as.string, value.as.items[1].as.string,
              value.as.items[2].as.string);
    SIM_TRY(sim_set_eager_tasks(sim, false));
    struct sim_task *task = sim_task_new(sim, NULL, work, &d);

    sim_print(sim, "d is made");
    return sim_await(task, NULL);
}

/* ---- Context variables. ---- */

struct variables {
    struct sim *sim;
    struct sim_context_var *user;
    struct sim_context_var *request;
};

static void show(const struct variables *vars, const char *where)
{
    struct sim_value user = sim_str("?");
    struct sim_value request = sim_none();
    bool none = sim_context_var_get(vars->request, &request) != SIM_OK;

    assert_int_equal(sim_context_var_get(vars->user, &user), SIM_OK);
    if (none)
        sim_print(vars->sim, "%s: user %s, request none", where, user.as.string);
    else
        sim_print(vars->sim, "%s: user %s, request %d", where, user.as.string,
                  (int)request.as.integer);
}

struct handling {
    const struct variables *vars;
    const char *name;
    int64_t number;
};

static enum sim_status handle(struct sim *sim, void *arg)
{
    const struct handling *self = arg;

    show(self->vars, sim_format(sim, "%s starts", self->name));
    sim_context_var_set(self->vars->request, sim_int(self->number));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    struct sim_context_token *token = sim_context_var_set(self->vars->user, sim_str(self->name));

    show(self->vars, sim_format(sim, "%s goes on", self->name));
    SIM_TRY(sim_context_var_reset(self->vars->user, token));
    show(self->vars, sim_format(sim, "%s has reset", self->name));
    return SIM_OK;
}

static void show_done(struct sim_future *future, void *arg)
{
    (void)future;
    show(arg, "done");
}

static void show_soon(struct sim *sim, void *arg)
{
    (void)sim;
    show(arg, "soon");
}

static void show_timer(struct sim *sim, void *arg)
{
    (void)sim;
    show(arg, "timer");
}

static enum sim_status set_inside(struct sim *sim, void *arg)
{
    const struct variables *vars = arg;

    (void)sim;
    sim_context_var_set(vars->user, sim_str("inside"));
    return SIM_OK;
}

static enum sim_status show_copy(struct sim *sim, void *arg)
{
    (void)sim;
    show(arg, "in the copy");
    return SIM_OK;
}

static enum sim_status show_task_s(struct sim *sim, void *arg)
{
    (void)sim;
    show(arg, "in c's");
    return SIM_OK;
}

struct resetting {
    struct sim_context_var *var;
    struct sim_context_token *token;
    enum sim_status status;
};

static enum sim_status reset_there(struct sim *sim, void *arg)
{
    struct resetting *self = arg;

    (void)sim;
    self->status = sim_context_var_reset(self->var, self->token);
    return SIM_OK;
}

static enum sim_status enter_twice(struct sim *sim, void *arg)
{
    return sim_context_run(sim, arg, enter_twice, arg);
}

static enum sim_status misuse_tokens(struct sim *sim, const struct variables *vars,
                                     struct sim_context *copy)
{
    struct sim_context_token *token = sim_context_var_set(vars->user, sim_str("x"));

    SIM_TRY(sim_context_var_reset(vars->user, token));
    sim_print(sim, "again: %s", sim_status_name(sim_context_var_reset(vars->user, token)));
    sim_print(sim, "another's: %s", sim_status_name(sim_context_var_reset(vars->request, token)));
    token = sim_context_var_set(vars->user, sim_str("elsewhere"));
    struct resetting reset = {.var = vars->user, .token = token};

    SIM_TRY(sim_context_run(sim, copy, reset_there, &reset));
    sim_print(sim, "elsewhere: %s", sim_status_name(reset.status));
    sim_print(sim, "twice: %s", sim_status_name(sim_context_run(sim, copy, enter_twice, copy)));
    return SIM_OK;
}

static enum sim_status order_context(struct sim *sim, void *arg)
{
    struct variables vars = {sim, sim_context_var_new_default(sim, "user", sim_str("nobody")),
                             sim_context_var_new(sim, "request")};
    struct handling a = {&vars, "a", 1};
    struct handling b = {&vars, "b", 2};
    struct handling c = {&vars, "c", 3};
    struct sim_value value;

    (void)arg;
    if (sim_context_var_get(vars.request, &value) == SIM_LOOKUP_ERROR)
        sim_print(sim, "request has no value");
    sim_context_var_set(vars.user, sim_str("main"));
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, NULL, handle, &a)),
                                  SIM_FUTURE(sim_task_new(sim, NULL, handle, &b))};

    sim_context_var_set(vars.user, sim_str("later"));
    struct sim_future *future = sim_future_new(sim, NULL);

    sim_add_done_callback(future, show_done, &vars);
    sim_call_soon(sim, show_soon, &vars);
    sim_call_later(sim, 500 * SIM_MS, show_timer, &vars);
    sim_context_var_set(vars.user, sim_str("last"));
    SIM_TRY(sim_future_set_result(future, sim_int(1)));
    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, false), NULL));
    show(&vars, "main");
    struct sim_context *copy = sim_copy_context(sim);

    SIM_TRY(sim_context_run(sim, copy, set_inside, &vars));
    show(&vars, "after run");
    SIM_TRY(sim_context_run(sim, copy, show_copy, &vars));
    SIM_TRY(sim_await(sim_task_new_in(sim, copy, NULL, handle, &c), NULL));
    show(&vars, "after c");
    SIM_TRY(sim_context_run(sim, copy, show_task_s, &vars));
    return misuse_tokens(sim, &vars, copy);
}

/* ---- Runners. ---- */

static enum sim_status ticker(struct sim *sim, void *arg)
{
    (void)arg;
    for (int tick = 0; tick < 10; tick++) {
        sim_print(sim, "tick %d", tick);
        enum sim_status status = sim_sleep(sim, SIM_SECOND);

        if (status == SIM_CANCELLED) {
            sim_print(sim, "ticker: cancelled");
            SIM_TRY(sim_sleep(sim, SIM_SECOND));
            sim_print(sim, "ticker: ends");
        }
        SIM_TRY(status);
    }
    return SIM_OK;
}

static int64_t add_one(struct sim_context_var *count)
{
    struct sim_value value = sim_int(0);

    assert_int_equal(sim_context_var_get(count, &value), SIM_OK);
    sim_context_var_set(count, sim_int(value.as.integer + 1));
    return value.as.integer + 1;
}

static enum sim_status first(struct sim *sim, void *arg)
{
    sim_task_new(sim, NULL, ticker, NULL);
    (void)add_one(arg);
    SIM_TRY(sim_sleep(sim, 1500 * SIM_MS));
    return sim_return(sim, sim_str("first"));
}

static enum sim_status second(struct sim *sim, void *arg)
{
    int64_t count = add_one(arg);

    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    return sim_return(sim, sim_str(sim_format(sim, "second, count %d", (int)count)));
}

static enum sim_status failing_main(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_VALUE_ERROR, "no");
}

static enum sim_status nested(struct sim *sim, void *arg)
{
    struct sim_runner *inner = sim_runner_new(sim);

    sim_print(sim, "nested: %s", outcome(sim, sim_runner_run(inner, second, arg, NULL)));
    return SIM_OK;
}

static enum sim_status order_runner(struct sim *sim, void *arg)
{
    struct sim_context_var *count = sim_context_var_new_default(sim, "count", sim_int(0));
    struct sim_runner *runner = sim_runner_new(sim);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_runner_run(runner, first, count, &value));
    sim_print(sim, "%s", value.as.string);
    sim_print(sim, "between");
    SIM_TRY(sim_runner_run(runner, second, count, &value));
    sim_print(sim, "%s", value.as.string);
    sim_print(sim, "failing: %s", outcome(sim, sim_runner_run(runner, failing_main, NULL, NULL)));
    SIM_TRY(sim_runner_run(runner, nested, count, NULL));
    sim_runner_close(runner);
    SIM_TRY(sim_context_var_get(count, &value));
    sim_print(sim, "closed, count %d", (int)value.as.integer);
    sim_runner_close(runner);
    sim_print(sim, "again: %s", outcome(sim, sim_runner_run(runner, second, count, NULL)));
    return SIM_OK;
}

static const struct order orders[] = {
    {"order_eager", order_eager},
    {"order_eager_factory", order_eager_factory},
    {"order_context", order_context},
    {NULL, NULL},
};

static void eager_tasks_and_contexts_agree(void **state)
{
    (void)state;
    orders_agree(orders);
}

static void runners_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees_of(sim_run, "order_runner", order_runner, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eager_tasks_and_contexts_agree),
        cmocka_unit_test(runners_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
