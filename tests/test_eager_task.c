/* Eager tasks: what CPython's test_eager_task_factory.EagerTaskFactoryLoopTests asks of tasks that
 * start at once, test by test, and how many tasks BaseTaskCountingTests counts.
 *
 *   n/a test_issue105987: C cannot swap the current task for an object that is none
 *   n/a test_issue122332: C has no get_coro; a task's body is a function
 */
#include "tests/body.h"

static bool is_among(struct sim_task *const *tasks, size_t count, const struct sim_task *task)
{
    for (size_t i = 0; i < count; i++)
        if (tasks[i] == task)
            return true;
    return false;
}

/* Is it one of the tasks that are not done? */
static bool is_alive(struct sim *sim, const struct sim_task *task)
{
    size_t count = 0;
    struct sim_task **tasks = sim_all_tasks(sim, &count);

    return is_among(tasks, count, task);
}

static bool is_text(struct sim_value value, const char *text)
{
    return value.type == SIM_STR && strcmp(value.as.string, text) == 0;
}

static enum sim_status noop(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static enum sim_status test_eager_task_factory_set(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *task = sim_task_new(sim, NULL, noop, NULL);
    EXPECT(!sim_done(task)); /* as it is without */
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *eager = sim_task_new(sim, NULL, noop, NULL);
    EXPECT(sim_done(eager));
    EXPECT(!sim_done(task));
    SIM_TRY(sim_await(eager, NULL));
    return sim_await(task, NULL);
}

static enum sim_status set_result(struct sim *sim, void *future)
{
    (void)sim;
    return sim_future_set_result(future, sim_str("my message"));
}

static enum sim_status test_await_future_during_eager_step(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    EXPECT(sim_done(sim_task_new(sim, NULL, set_result, future)));
    SIM_TRY(sim_await(future, &result));
    EXPECT(is_text(result, "my message"));
    return SIM_OK;
}

static enum sim_status hello(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_str("hello"));
}

static enum sim_status test_eager_completion(struct sim *sim, void *arg)
{
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, hello, NULL);
    EXPECT(sim_done(task));
    SIM_TRY(sim_await(task, &result));
    EXPECT(is_text(result, "hello"));
    return SIM_OK;
}

static enum sim_status hello_later(struct sim *sim, void *arg)
{
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    return hello(sim, arg);
}

static enum sim_status test_block_after_eager_step(struct sim *sim, void *arg)
{
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, hello_later, NULL);
    EXPECT(!sim_done(task));
    SIM_TRY(sim_await(task, &result));
    EXPECT(sim_done(task));
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    EXPECT(is_text(result, "hello"));
    return SIM_OK;
}

static enum sim_status test_cancellation_after_eager_completion(struct sim *sim, void *arg)
{
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, hello, NULL);
    EXPECT(!sim_cancel(task, NULL)); /* too late */
    SIM_TRY(sim_await(task, &result));
    EXPECT(is_text(result, "hello"));
    EXPECT(!sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status test_cancellation_after_eager_step_blocks(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, hello_later, NULL);
    EXPECT(sim_cancel(task, "cancellation message"));
    EXPECT(sim_task_cancelling(task) > 0);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "cancellation message") == 0);
    EXPECT(sim_cancelled(task));
    return SIM_OK;
}

static enum sim_status capture_current(struct sim *sim, void *arg)
{
    struct sim_task **captured = (struct sim_task **)arg;

    *captured = sim_current_task(sim);
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    EXPECT(sim_current_task(sim) == *captured);
    return SIM_OK;
}

static enum sim_status test_current_task(struct sim *sim, void *arg)
{
    struct sim_task *captured = NULL;
    struct sim_task *self = sim_current_task(sim);

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, capture_current, &captured);
    EXPECT(captured == task);
    EXPECT(sim_current_task(sim) == self);
    return sim_await(task, NULL);
}

/* The tasks that an eager one saw in its first step, and the two futures by which it goes on. */
struct census {
    struct sim_task **tasks;
    size_t count;
    struct sim_future *go;
    struct sim_future *gone;
};

static enum sim_status take_census(struct sim *sim, void *arg)
{
    struct census *census = arg;

    census->tasks = sim_all_tasks(sim, &census->count);
    if (census->go == NULL)
        return SIM_OK;
    SIM_TRY(sim_await(census->go, NULL));
    return sim_future_set_result(census->gone, sim_none());
}

static enum sim_status test_all_tasks_with_eager_completion(struct sim *sim, void *arg)
{
    struct census census = {0};

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, take_census, &census);
    EXPECT(is_among(census.tasks, census.count, task));
    EXPECT(is_among(census.tasks, census.count, sim_current_task(sim)));
    EXPECT(!is_alive(sim, task));
    return SIM_OK;
}

static enum sim_status test_all_tasks_with_blocking(struct sim *sim, void *arg)
{
    struct census census = {.go = sim_future_new(sim, NULL), .gone = sim_future_new(sim, NULL)};

    (void)arg;
    SIM_TRY(sim_set_eager_tasks(sim, true));
    struct sim_task *task = sim_task_new(sim, NULL, take_census, &census);
    EXPECT(is_among(census.tasks, census.count, task));
    EXPECT(is_alive(sim, task));
    SIM_TRY(sim_future_set_result(census.go, sim_none()));
    SIM_TRY(sim_await(census.gone, NULL));
    EXPECT(!is_alive(sim, task));
    return SIM_OK;
}

/* A task that sets a variable in each of its two steps. */
struct setter {
    struct sim_context_var *var;
    int steps;
};

static int64_t value_of(struct sim *sim, struct sim_context_var *var)
{
    struct sim_value value = sim_none();

    EXPECT(sim_context_var_get(var, &value) == SIM_OK);
    EXPECT(value.type == SIM_INT);
    return value.as.integer;
}

static enum sim_status set_twice(struct sim *sim, void *arg)
{
    struct setter *self = arg;

    EXPECT(value_of(sim, self->var) == 1);
    (void)sim_context_var_set(self->var, sim_int(2));
    EXPECT(value_of(sim, self->var) == 2);
    self->steps++;
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    EXPECT(value_of(sim, self->var) == 2);
    (void)sim_context_var_set(self->var, sim_int(3));
    EXPECT(value_of(sim, self->var) == 3);
    self->steps++;
    return SIM_OK;
}

static enum sim_status test_context_vars(struct sim *sim, void *arg)
{
    struct setter setter = {.var = sim_context_var_new_default(sim, "cv", sim_int(0))};

    (void)arg;
    EXPECT(value_of(sim, setter.var) == 0);
    SIM_TRY(sim_set_eager_tasks(sim, true));
    (void)sim_context_var_set(setter.var, sim_int(1));
    struct sim_task *task = sim_task_new(sim, NULL, set_twice, &setter);
    EXPECT(setter.steps == 1);
    EXPECT(value_of(sim, setter.var) == 1);
    SIM_TRY(sim_await(task, NULL));
    EXPECT(setter.steps == 2);
    EXPECT(value_of(sim, setter.var) == 1);
    return SIM_OK;
}

/* ---- BaseTaskCountingTests: how many tasks a program makes that do not start at once. ---- */

enum { WIDTH = 5, DEPTH = 4, CHAIN = 100, TASKS = 5 + 25 + 125 + 625 };

struct counter {
    int made;
    int scheduled; /* of those: not begun when their maker went on */
};

/* A task of a tree; or a link of a chain, which is no task. */
struct node {
    struct counter *counter;
    sim_body_fn body;
    struct sim_task_group *group; /* that it makes its children in; NULL: none */
    int depth;
    bool begun;
};

static enum sim_status run_node(struct sim *sim, void *arg)
{
    struct node *self = arg;

    self->begun = true;
    return self->depth == 0 ? SIM_OK : self->body(sim, self);
}

/* Make the children of a node, as tasks. */
static void branch(struct sim *sim, const struct node *self, struct sim_future **futures)
{
    struct node *children = sim_alloc(sim, WIDTH * sizeof(*children));

    for (int i = 0; i < WIDTH; i++) {
        struct node *child = &children[i];

        *child =
            (struct node){.counter = self->counter, .body = self->body, .depth = self->depth - 1};
        struct sim_task *task =
            self->group == NULL ? sim_task_new(sim, NULL, run_node, child)
                                : sim_task_group_create_task(self->group, NULL, run_node, child);
        futures[i] = SIM_FUTURE(task);
        self->counter->made++;
        self->counter->scheduled += !child->begun;
    }
}

static enum sim_status branch_in_group(struct sim *sim, void *arg)
{
    struct sim_future *futures[WIDTH];

    branch(sim, arg, futures);
    return SIM_OK;
}

static enum sim_status recursive_taskgroups(struct sim *sim, void *arg)
{
    struct node *self = arg;

    self->group = sim_task_group_new(sim);
    return sim_task_group_with(self->group, branch_in_group, self);
}

static enum sim_status recursive_gather(struct sim *sim, void *arg)
{
    struct sim_future *futures[WIDTH];

    branch(sim, arg, futures);
    return sim_await(sim_gather(sim, futures, WIDTH, false), NULL);
}

/* *arg: are tasks eager?  Every one is, or none: main, which was there before, is not counted. */
static enum sim_status count_tree(struct sim *sim, const int *eager, sim_body_fn body)
{
    struct counter counter = {0};
    struct node root = {.counter = &counter, .body = body, .depth = DEPTH};

    SIM_TRY(sim_set_eager_tasks(sim, *eager != 0));
    SIM_TRY(run_node(sim, &root));
    EXPECT(counter.made == TASKS);
    EXPECT(counter.scheduled == (*eager != 0 ? 0 : TASKS));
    return SIM_OK;
}

static enum sim_status test_recursive_taskgroups(struct sim *sim, void *arg)
{
    return count_tree(sim, arg, recursive_taskgroups);
}

static enum sim_status test_recursive_gather(struct sim *sim, void *arg)
{
    return count_tree(sim, arg, recursive_gather);
}

static enum sim_status chain(struct sim *sim, void *arg)
{
    const struct node *self = arg;
    struct node next = {.depth = self->depth - 1};
    struct sim_value deeper = sim_none();

    if (self->depth == 0)
        return sim_return(sim, sim_int(0));
    SIM_TRY(sim_call(sim, chain, &next, &deeper));
    return sim_return(sim, sim_int(1 + deeper.as.integer));
}

/* Awaiting a body makes no task of it. */
static enum sim_status test_awaitables_chain(struct sim *sim, void *arg)
{
    const int *eager = arg;
    struct node first = {.depth = CHAIN};
    struct sim_value depth = sim_none();
    size_t count = 0;

    SIM_TRY(sim_set_eager_tasks(sim, *eager != 0));
    SIM_TRY(sim_call(sim, chain, &first, &depth));
    EXPECT(depth.type == SIM_INT && depth.as.integer == CHAIN);
    (void)sim_all_tasks(sim, &count);
    EXPECT(count == 1);
    EXPECT(strcmp(sim_task_name(sim_task_new(sim, NULL, noop, NULL)), "Task-2") == 0);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest eager[] = {
        BODY(test_eager_task_factory_set),
        BODY(test_await_future_during_eager_step),
        BODY(test_eager_completion),
        BODY(test_block_after_eager_step),
        BODY(test_cancellation_after_eager_completion),
        BODY(test_cancellation_after_eager_step_blocks),
        BODY(test_current_task),
        BODY(test_all_tasks_with_eager_completion),
        BODY(test_all_tasks_with_blocking),
        BODY(test_context_vars),
    };
    const struct CMUnitTest counting[] = {
        NAMED_BODY("NonEagerTests.test_awaitables_chain", test_awaitables_chain, 0),
        NAMED_BODY("NonEagerTests.test_recursive_taskgroups", test_recursive_taskgroups, 0),
        NAMED_BODY("NonEagerTests.test_recursive_gather", test_recursive_gather, 0),
        NAMED_BODY("EagerTests.test_awaitables_chain", test_awaitables_chain, 1),
        NAMED_BODY("EagerTests.test_recursive_taskgroups", test_recursive_taskgroups, 1),
        NAMED_BODY("EagerTests.test_recursive_gather", test_recursive_gather, 1),
    };
    int failed = cmocka_run_group_tests_name("EagerTaskFactoryLoopTests", eager, NULL, NULL);

    return failed + cmocka_run_group_tests_name("BaseTaskCountingTests", counting, NULL, NULL);
}
