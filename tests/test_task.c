/* Tasks: what CPython's test_tasks.BaseTaskTests asks of how they are made, named and awaited, and
 * of what they return, test by test.  Other files have what it asks of cancellation
 * (test_task_cancel.c), of wait, as_completed, shield, sleep and gather, of contexts
 * (test_context.c), and of current_task (test_task_introspection.c).
 *
 *   n/a test_generic_alias: C has no type parameters
 *   n/a test_task_del_collect: C has no garbage collector
 *   n/a test_ensure_future_future: a future is used as it is; nothing takes both it and a coroutine
 *   n/a test_ensure_future_task: a task is used as it is; nothing takes both it and a coroutine
 *   n/a test_ensure_future_awaitable: C has no other awaitables than futures and coroutines
 *   n/a test_ensure_future_task_awaitable: C has no other awaitables than futures and coroutines
 *   n/a test_ensure_future_neither: the compiler refuses it
 *   n/a test_ensure_future_error_msg: nobody names the loop of a future that exists
 *   n/a test_get_stack: C has no stacks of frames to look at
 *   n/a test_task_repr: C has no repr
 *   n/a test_task_repr_name_not_str: the name of a task is a string
 *   n/a test_task_repr_wait_for: C has no repr
 *   n/a test_exception_chaining_after_await: C handles no exception meanwhile
 *   n/a test_exception_chaining_after_await_with_context_cycle: C handles no exception meanwhile
 *   n/a test_stop_while_run_in_complete: a loop cannot be stopped from within
 *   n/a test_log_traceback: whether an exception was looked at cannot be set
 *   n/a test_iscoroutinefunction: a body is not asked for its kind
 *   n/a test_log_destroyed_pending_task: C has no garbage collector
 *   n/a test_task_source_traceback: C has no tracebacks
 *   n/a test_exception_traceback: C has no tracebacks
 *   n/a test_error_in_call_soon: the methods of a loop cannot be replaced
 *   n/a test_create_task_with_noncoroutine: the compiler refuses it
 *   n/a test_create_task_with_asynclike_function: C has no objects that pass for coroutines
 *   n/a test_get_coro: a task has no coroutine object
 *   n/a test_subclasses_ctask_cfuture: C has no subclasses
 *   n/a test_set_result_causes_invalid_state: no base class gets around a task's refusal
 *   n/a test_set_exception_causes_invalid_state: no base class gets around a task's refusal
 *   n/a test_refleaks_in_task___init__: C has no reference counts
 *   n/a test_del__log_destroy_pending_segfault: attributes cannot be deleted
 *   n/a test_foobar: C has no subclasses
 *   n/a test_future_subclass: C has no subclasses
 *   n/a test_asyncio_module_compiled: C has no second implementation
 */
#include "tests/task_bodies.h"

#include <stdlib.h>

#include "sim/core/task_state.h"

/* What somebody in another thread leaves behind. */
struct left {
    struct sim_future *future;
    struct sim_task *task;
    const struct sim_loop *loop;
};

static enum sim_status leave_future(struct sim *sim, void *arg)
{
    struct left *left = arg;

    left->future = sim_future_new(sim, NULL);
    return SIM_OK;
}

static enum sim_status leave_from_other_loop(struct sim *sim, void *left)
{
    return sim_loop_run(sim, leave_future, left, NULL);
}

static enum sim_status test_other_loop_future(struct sim *sim, void *arg)
{
    struct left left = {0};

    (void)arg;
    SIM_TRY(run_outside(sim, leave_from_other_loop, &left));
    struct sim_task *task = start_await(sim, left.future);

    EXPECT(sim_await(task, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "Task Task-3 got Future attached to a different loop"));
    EXPECT(!sim_done(left.future));
    return SIM_OK;
}

static enum sim_status await_itself(struct sim *sim, void *arg)
{
    struct sim_task **self = arg;

    (void)sim;
    return sim_await(*self, NULL);
}

static void note_turn(struct sim *sim, void *notes)
{
    (void)sim;
    note(notes, 't');
}

static enum sim_status test_task_awaits_on_itself(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, await_itself, &task);
    struct notes notes = {0};

    (void)arg;
    (void)sim_call_soon(sim, note_turn, &notes);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(!sim_done(task)); /* the error is thrown into it at the next turn */
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(sim_done(task));
    EXPECT(sim_await(task, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "Task cannot await on itself"));
    EXPECT(noted(&notes, "t"));
    return SIM_OK;
}

static enum sim_status leave_loop(struct sim *sim, void *arg)
{
    struct left *left = arg;

    left->loop = sim_running_loop(sim);
    return sim_return(sim, sim_str("ok"));
}

static enum sim_status start_and_await(struct sim *sim, void *arg)
{
    struct left *left = arg;
    struct sim_value value = sim_none();

    left->task = sim_task_new(sim, NULL, leave_loop, left);
    EXPECT(!sim_done(left->task));
    SIM_TRY(sim_await(left->task, &value));
    EXPECT(sim_done(left->task));
    EXPECT(is_str(value, "ok"));
    EXPECT(left->loop != NULL && left->loop == sim_running_loop(sim));
    return SIM_OK;
}

static enum sim_status start_on_other_loop(struct sim *sim, void *left)
{
    return sim_loop_run(sim, start_and_await, left, NULL);
}

static enum sim_status test_task_class(struct sim *sim, void *arg)
{
    struct left here = {0};
    struct left elsewhere = {0};

    (void)arg;
    SIM_TRY(start_and_await(sim, &here));
    SIM_TRY(run_outside(sim, start_on_other_loop, &elsewhere));
    EXPECT(here.loop == sim_running_loop(sim));
    EXPECT(elsewhere.loop != here.loop);
    return SIM_OK;
}

static enum sim_status expect_no_task(struct sim *sim, void *coroutine)
{
    EXPECT(sim_coroutine_task(coroutine) == NULL);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "no running event loop"));
    return SIM_OK;
}

static enum sim_status test_ensure_future_coroutine(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "notmuch", return_ok, NULL);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(run_outside(sim, expect_no_task, coroutine));
    struct sim_task *task = sim_coroutine_task(coroutine);

    SIM_TRY(sim_await(task, NULL));
    EXPECT(sim_done(task));
    SIM_TRY(sim_future_result(task, &value));
    EXPECT(is_str(value, "ok"));
    return SIM_OK;
}

/* The number in a name that was not given; -1 for another name. */
static long number_of(struct sim_task *task)
{
    const char *name = sim_task_name(task);

    return strncmp(name, "Task-", 5) == 0 ? strtol(&name[5], NULL, 10) : -1;
}

static enum sim_status test_task_repr_autogenerated(struct sim *sim, void *arg)
{
    struct sim_task *first = sim_task_new(sim, NULL, do_nothing, NULL);
    struct sim_task *second = sim_task_new(sim, NULL, do_nothing, NULL);

    (void)arg;
    EXPECT(number_of(second) > 0); /* asked for first, but it is not the first */
    EXPECT(number_of(first) > 0);
    EXPECT(number_of(first) < number_of(second));
    SIM_TRY(sim_await(first, NULL));
    return sim_await(second, NULL);
}

static enum sim_status test_task_set_name_pylong(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "987654321", do_nothing, NULL);
    struct sim_task *unnamed = sim_task_new(sim, NULL, do_nothing, NULL);

    (void)arg;
    EXPECT(strcmp(sim_task_name(task), "987654321") == 0); /* not "Task-987654321" */
    sim_task_set_name(task, "123456789");
    sim_task_set_name(unnamed, "7");
    EXPECT(strcmp(sim_task_name(task), "123456789") == 0);
    EXPECT(strcmp(sim_task_name(unnamed), "7") == 0);
    return sim_await(task, NULL);
}

static enum sim_status return_1000(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_int(1000));
}

static enum sim_status add_up(struct sim *sim, void *arg)
{
    struct sim_value values[2];

    SIM_TRY(sim_call(sim, return_42, arg, &values[0]));
    SIM_TRY(sim_call(sim, return_1000, arg, &values[1]));
    return sim_return(sim, sim_int(values[0].as.integer + values[1].as.integer));
}

static enum sim_status test_task_basics(struct sim *sim, void *arg)
{
    struct sim_value sum = sim_none();

    (void)arg;
    SIM_TRY(sim_await(sim_task_new(sim, NULL, add_up, NULL), &sum));
    EXPECT(is_int(sum, 1042));
    return SIM_OK;
}

static enum sim_status test_task_set_methods(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, return_ok, NULL);
    struct sim_future *future = SIM_FUTURE(task);
    struct sim_value value = sim_none();

    (void)arg;
    EXPECT(sim_future_set_result(future, sim_str("no")) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "Task does not support set_result operation"));
    EXPECT(sim_future_set_exception(future, SIM_VALUE_ERROR, "no") == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, "Task does not support set_exception operation"));
    SIM_TRY(sim_await(task, &value));
    EXPECT(is_str(value, "ok"));
    return SIM_OK;
}

/* Waits for a future, and keeps what it gives. */
struct keeper {
    struct sim_future *future;
    struct sim_value kept;
};

static enum sim_status keep(struct sim *sim, void *arg)
{
    struct keeper *self = arg;

    (void)sim;
    return sim_await(self->future, &self->kept);
}

static enum sim_status test_step_result_future(struct sim *sim, void *arg)
{
    struct keeper keeper = {.future = sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, keep, &keeper);
    struct sim_value value = sim_int(1);
    int thing = 0;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(keeper.future->callback_count == 1);
    SIM_TRY(sim_future_set_result(keeper.future, sim_ptr(&thing)));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(keeper.kept.type == SIM_PTR && keeper.kept.as.pointer == &thing);
    EXPECT(sim_done(task));
    SIM_TRY(sim_future_result(task, &value));
    EXPECT(value.type == SIM_NONE);
    return SIM_OK;
}

static enum sim_status test_coroutine_non_gen_function(struct sim *sim, void *arg)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "func", return_ok, NULL);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_coroutine_await(coroutine, &value));
    EXPECT(is_str(value, "ok"));
    return SIM_OK;
}

static enum sim_status return_future(struct sim *sim, void *future)
{
    return sim_return(sim, sim_ptr(future));
}

static enum sim_status set_future(struct sim *sim, void *future)
{
    (void)sim;
    return sim_future_set_result(future, sim_str("test"));
}

/* Awaiting a task that returns a future gives the future: nobody waits for that, too. */
static enum sim_status test_coroutine_non_gen_function_return_future(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_task *giver = sim_task_new(sim, NULL, return_future, future);
    struct sim_task *setter = sim_task_new(sim, NULL, set_future, future);
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_await(giver, &value));
    EXPECT(value.type == SIM_PTR && value.as.pointer == future);
    SIM_TRY(sim_future_result(setter, &value));
    EXPECT(value.type == SIM_NONE);
    return SIM_OK;
}

static enum sim_status count_run(struct sim *sim, void *runs)
{
    (void)sim;
    ++*(int *)runs;
    return SIM_OK;
}

static enum sim_status test_create_task_with_async_function(struct sim *sim, void *arg)
{
    int runs = 0;

    (void)arg;
    SIM_TRY(sim_await(sim_task_new(sim, NULL, count_run, &runs), NULL));
    EXPECT(runs == 1);
    SIM_TRY(sim_await(sim_task_new(sim, NULL, count_run, &runs), NULL));
    EXPECT(runs == 2);
    return SIM_OK;
}

static enum sim_status test_bare_create_task(struct sim *sim, void *arg)
{
    struct sim_value value = sim_none();

    (void)arg;
    SIM_TRY(sim_await(sim_task_new(sim, NULL, return_42, NULL), &value));
    EXPECT(is_int(value, 42));
    return SIM_OK;
}

static enum sim_status test_bare_create_named_task(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "No-op", do_nothing, NULL);

    (void)arg;
    EXPECT(strcmp(sim_task_name(task), "No-op") == 0);
    return sim_await(task, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_other_loop_future),
        BODY(test_task_awaits_on_itself),
        BODY(test_task_class),
        BODY(test_ensure_future_coroutine),
        BODY(test_task_repr_autogenerated),
        BODY(test_task_set_name_pylong),
        BODY(test_task_basics),
        BODY(test_task_set_methods),
        BODY(test_step_result_future),
        BODY(test_coroutine_non_gen_function),
        BODY(test_coroutine_non_gen_function_return_future),
        BODY(test_create_task_with_async_function),
        BODY(test_bare_create_task),
        BODY(test_bare_create_named_task),
    };

    return cmocka_run_group_tests_name("BaseTaskTests", tests, NULL, NULL);
}
