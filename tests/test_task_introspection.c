/* Who runs, and who there is: what CPython's test_tasks.BaseTaskIntrospectionTests and
 * BaseCurrentLoopTests ask of asyncio.all_tasks and current_task, test by test, and BaseTaskTests
 * of current_task; its other tests are named in test_task.c.
 *
 * Tasks are registered, entered and left by the loop alone: where CPython's tests do that with
 * objects of their own, a task does here what makes it happen.
 *
 *   n/a test__register_task_2: nothing but a task can be registered
 *   n/a test__enter_task_failure: only a loop enters a task
 *   n/a test__leave_task_failure1: only a loop leaves a task
 *   n/a test__leave_task_failure2: only a loop leaves a task
 *   n/a test__unregister_task_not_registered: only a loop unregisters a task
 */
#include "tests/task_bodies.h"

/* Is the task that asks the only one, or is there just this other? */
static bool alone(struct sim *sim)
{
    size_t count = 0;

    return sim_all_tasks(sim, &count)[0] == sim_current_task(sim) && count == 1;
}

static bool alone_with(struct sim *sim, const struct sim_task *other)
{
    size_t count = 0;
    struct sim_task **tasks = sim_all_tasks(sim, &count);

    return count == 2 && tasks[0] == sim_current_task(sim) && tasks[1] == other;
}

static enum sim_status test__register_task_1(struct sim *sim, void *arg)
{
    EXPECT(alone(sim));
    struct sim_task *task = sim_task_new(sim, NULL, sleep_long, arg);

    EXPECT(alone_with(sim, task)); /* before it runs */
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(alone_with(sim, task));
    return SIM_OK;
}

static enum sim_status test__register_task_3(struct sim *sim, void *arg)
{
    EXPECT(alone(sim));
    struct sim_task *task = sim_task_new_eager(sim, NULL, do_nothing, arg);

    EXPECT(sim_done(task)); /* from the beginning */
    EXPECT(alone(sim));
    return SIM_OK;
}

static enum sim_status test__unregister_task(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, do_nothing, arg);

    EXPECT(alone_with(sim, task));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(task));
    EXPECT(alone(sim));
    return SIM_OK;
}

/* A task, and whom the loop says to be running: before it, in it, after it. */
struct watch {
    struct sim_task *task;
    struct sim_task *seen[3];
    int looks;
    bool raised;
};

static void look(struct sim *sim, void *arg)
{
    struct watch *watch = arg;

    if (watch->looks < 3)
        watch->seen[watch->looks++] = sim_current_task(sim);
    watch->raised |= sim_exception(sim) != NULL;
}

static enum sim_status look_within(struct sim *sim, void *watch)
{
    look(sim, watch);
    return SIM_OK;
}

/* The same where the task goes on after others had their turn. */
static enum sim_status look_after_others(struct sim *sim, void *watch)
{
    SIM_TRY(sim_sleep(sim, 0));
    look(sim, watch);
    return SIM_OK;
}

static enum sim_status watch_task(struct sim *sim, struct watch *watch, sim_body_fn body)
{
    *watch = (struct watch){.seen = {sim_current_task(sim), NULL, sim_current_task(sim)}};
    (void)sim_call_soon(sim, look, watch);
    watch->task = sim_task_new(sim, NULL, body, watch);
    SIM_TRY(sim_await(watch->task, NULL));
    (void)sim_call_soon(sim, look, watch);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(watch->looks == 3);
    EXPECT(!watch->raised);
    return SIM_OK;
}

static enum sim_status test__enter_task(struct sim *sim, void *arg)
{
    struct watch watch;

    (void)arg;
    SIM_TRY(watch_task(sim, &watch, look_within));
    EXPECT(watch.seen[0] == NULL);
    EXPECT(watch.seen[1] == watch.task);
    return SIM_OK;
}

static enum sim_status test__leave_task(struct sim *sim, void *arg)
{
    struct watch watch;

    (void)arg;
    SIM_TRY(watch_task(sim, &watch, look_within));
    EXPECT(watch.seen[1] == watch.task);
    EXPECT(watch.seen[2] == NULL);
    return SIM_OK;
}

static enum sim_status test_current_task(struct sim *sim, void *arg)
{
    struct watch watch;

    (void)arg;
    SIM_TRY(watch_task(sim, &watch, look_after_others));
    EXPECT(watch.seen[0] == NULL);
    EXPECT(watch.seen[1] == watch.task);
    EXPECT(watch.seen[2] == NULL);
    return SIM_OK;
}

/* Two tasks that let each other go on. */
struct pair {
    struct sim_task *tasks[2];
    struct sim_future *futures[2];
    int done;
};

static enum sim_status first_of_pair(struct sim *sim, void *arg)
{
    struct pair *pair = arg;

    EXPECT(sim_current_task(sim) == pair->tasks[0]);
    SIM_TRY(sim_await(pair->futures[0], NULL));
    EXPECT(sim_current_task(sim) == pair->tasks[0]);
    pair->done++;
    return sim_future_set_result(pair->futures[1], sim_none());
}

static enum sim_status second_of_pair(struct sim *sim, void *arg)
{
    struct pair *pair = arg;

    EXPECT(sim_current_task(sim) == pair->tasks[1]);
    SIM_TRY(sim_future_set_result(pair->futures[0], sim_none()));
    SIM_TRY(sim_await(pair->futures[1], NULL));
    EXPECT(sim_current_task(sim) == pair->tasks[1]);
    pair->done++;
    return SIM_OK;
}

static enum sim_status test_current_task_with_interleaving_tasks(struct sim *sim, void *arg)
{
    struct pair pair = {.futures = {sim_future_new(sim, NULL), sim_future_new(sim, NULL)}};
    struct watch watch;

    (void)arg;
    pair.tasks[0] = sim_task_new(sim, NULL, first_of_pair, &pair);
    pair.tasks[1] = sim_task_new(sim, NULL, second_of_pair, &pair);
    SIM_TRY(watch_task(sim, &watch, look_after_others)); /* meanwhile */
    SIM_TRY(await_all(pair.tasks, 2));
    EXPECT(pair.done == 2);
    EXPECT(watch.seen[0] == NULL && watch.seen[2] == NULL);
    return SIM_OK;
}

static enum sim_status test_current_task_no_running_loop(struct sim *sim, void *arg)
{
    struct watch watch = {.seen = {sim_current_task(sim)}};

    (void)arg;
    (void)sim_call_soon(sim, look, &watch); /* the loop runs it, but no task */
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(watch.looks == 1);
    EXPECT(watch.seen[0] == NULL);
    EXPECT(!watch.raised);
    return SIM_OK;
}

static enum sim_status ask_without_loop(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_current_task(sim) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_current_task_no_running_loop_implicit(struct sim *sim, void *arg)
{
    return run_outside(sim, ask_without_loop, arg);
}

static enum sim_status expect_to_be_current(struct sim *sim, void *arg)
{
    struct sim_task **self = arg;

    EXPECT(*self != NULL);
    EXPECT(sim_current_task(sim) == *self);
    return SIM_OK;
}

static enum sim_status start_current(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, expect_to_be_current, &task);

    (void)arg;
    return sim_await(task, NULL);
}

static enum sim_status run_current(struct sim *sim, void *arg)
{
    SIM_TRY(sim_loop_run(sim, start_current, arg, NULL));
    return ask_without_loop(sim, arg);
}

static enum sim_status test_current_task_with_implicit_loop(struct sim *sim, void *arg)
{
    return run_outside(sim, run_current, arg);
}

#define OF_INTROSPECTION(test) NAMED_BODY("BaseTaskIntrospectionTests." #test, test, 0)
#define OF_CURRENT_LOOP(test) NAMED_BODY("BaseCurrentLoopTests." #test, test, 0)
#define OF_TASKS(test) NAMED_BODY("BaseTaskTests." #test, test, 0)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_INTROSPECTION(test__register_task_1),
        OF_INTROSPECTION(test__register_task_3),
        OF_INTROSPECTION(test__enter_task),
        OF_INTROSPECTION(test__leave_task),
        OF_INTROSPECTION(test__unregister_task),
        OF_CURRENT_LOOP(test_current_task_no_running_loop),
        OF_CURRENT_LOOP(test_current_task_no_running_loop_implicit),
        OF_CURRENT_LOOP(test_current_task_with_implicit_loop),
        OF_TASKS(test_current_task),
        OF_TASKS(test_current_task_with_interleaving_tasks),
    };

    return cmocka_run_group_tests_name("TaskIntrospectionTests", tests, NULL, NULL);
}
