/* Future: what CPython's test_futures.BaseFutureTests asks of asyncio.Future, test by test; wrapped
 * futures are in test_future_wrap.c, exceptions that nobody looks at in test_future_unhandled.c,
 * and done callbacks in test_future_callbacks.c.
 *
 *   n/a DuckTests.test_wrap_future: C has no duck typing
 *   n/a DuckTests.test_ensure_future: C has no duck typing
 *   n/a test_generic_alias: C has no generic types
 *   n/a test_isfuture: C's compiler knows what is a future
 *   n/a test_constructor_use_global_loop: C has no loop but the running one
 *   n/a test_constructor_positional: C's compiler checks arguments
 *   n/a test_uninitialized: C has no way to a future around its constructor
 *   n/a test_future_cancel_message_setter: C has no attribute to set
 *   n/a test_stop_iteration_subclass_exception: C has no subclasses of exceptions
 *   n/a test_future_repr: C has no repr
 *   n/a test_iter: C has no iterators as await targets
 *   n/a test_log_traceback: C has no attribute to set
 *   n/a test_future_source_traceback: C has no tracebacks
 *   n/a test_future_iter_throw: C has no iterators as await targets
 *   n/a test_future_del_collect: C has no garbage collector
 *   n/a test_future_del_segfault: C has no attributes to delete
 *   n/a test_future_iter_get_referents_segfault: C has no garbage collector
 *   n/a test_inherit_without_calling_super_init: C has no subclasses of Future
 */
#include "tests/body.h"

static bool raised(const struct sim *sim, enum sim_status kind, const char *message)
{
    const struct sim_exception *exception = sim_exception(sim);

    return exception != NULL && sim_exception_kind(exception) == kind &&
           strcmp(sim_exception_message(exception), message) == 0;
}

static bool is_int(struct sim_value value, int64_t integer)
{
    return value.type == SIM_INT && value.as.integer == integer;
}

/* Its outcome is there, and stays as it is. */
static void expect_settled(struct sim *sim, struct sim_future *future)
{
    EXPECT(sim_done(future));
    EXPECT(sim_future_set_result(future, sim_none()) == SIM_INVALID_STATE);
    EXPECT(sim_future_set_exception(future, SIM_VALUE_ERROR, NULL) == SIM_INVALID_STATE);
    EXPECT(raised(sim, SIM_INVALID_STATE, "invalid state"));
    EXPECT(!sim_cancel(future, NULL));
}

static enum sim_status test_initial_state(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);

    (void)arg;
    EXPECT(!sim_cancelled(future));
    EXPECT(!sim_done(future));
    EXPECT(sim_cancel(future, NULL));
    EXPECT(sim_cancelled(future));
    return SIM_OK;
}

static enum sim_status make_future(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_future_new(sim, NULL) == NULL);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "no running event loop"));
    return SIM_OK;
}

/* In a thread that runs no loop. */
static enum sim_status test_constructor_without_loop(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_thread_join(sim_thread_new(sim, NULL, make_future, NULL), NULL);
}

/* Where a done callback of a future is called. */
struct place {
    struct sim *sim;
    struct sim_loop *loop;
};

static void remember_loop(struct sim_future *future, void *arg)
{
    struct place *place = arg;

    (void)future;
    place->loop = sim_running_loop(place->sim);
}

static enum sim_status return_future(struct sim *sim, void *arg)
{
    struct place *place = arg;
    struct sim_future *future = sim_future_new(sim, NULL);

    place->sim = sim;
    sim_add_done_callback(future, remember_loop, place);
    SIM_TRY(sim_future_set_result(future, sim_none()));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(place->loop == sim_running_loop(sim));
    return SIM_OK;
}

static enum sim_status run_loop(struct sim *sim, void *place)
{
    return sim_loop_run(sim, return_future, place, NULL);
}

/* It belongs to the loop that runs where it is made, of several. */
static enum sim_status test_constructor_use_running_loop(struct sim *sim, void *arg)
{
    struct place here = {.loop = NULL};
    struct place there = {.loop = NULL};

    (void)arg;
    SIM_TRY(return_future(sim, &here));
    SIM_TRY(sim_thread_join(sim_thread_new(sim, NULL, run_loop, &there), NULL));
    EXPECT(here.loop == sim_running_loop(sim));
    EXPECT(there.loop != NULL && there.loop != here.loop);
    return SIM_OK;
}

static enum sim_status test_future_cancel_message_getter(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    struct sim_future *other = sim_future_new(sim, NULL);

    (void)arg;
    EXPECT(sim_cancel(future, "my message"));
    EXPECT(sim_await(future, NULL) == SIM_CANCELLED);
    EXPECT(raised(sim, SIM_CANCELLED, "my message"));
    EXPECT(sim_cancel(other, NULL));
    EXPECT(sim_await(other, NULL) == SIM_CANCELLED);
    EXPECT(raised(sim, SIM_CANCELLED, ""));
    return SIM_OK;
}

static enum sim_status test_cancel(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;
    struct sim_value result;

    (void)arg;
    EXPECT(sim_cancel(future, NULL));
    EXPECT(sim_cancelled(future));
    EXPECT(sim_future_result(future, &result) == SIM_CANCELLED);
    EXPECT(sim_future_exception(future, &exception) == SIM_CANCELLED);
    expect_settled(sim, future);
    return SIM_OK;
}

static enum sim_status test_result(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;
    struct sim_value result = sim_none();

    (void)arg;
    EXPECT(sim_future_result(future, &result) == SIM_INVALID_STATE);
    EXPECT(raised(sim, SIM_INVALID_STATE, "Result is not set."));
    SIM_TRY(sim_future_set_result(future, sim_int(42)));
    EXPECT(!sim_cancelled(future));
    EXPECT(sim_future_result(future, &result) == SIM_OK);
    EXPECT(is_int(result, 42));
    EXPECT(sim_future_exception(future, &exception) == SIM_OK);
    EXPECT(exception == NULL);
    expect_settled(sim, future);
    return SIM_OK;
}

static enum sim_status test_exception(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;
    struct sim_value result;

    (void)arg;
    EXPECT(sim_future_exception(future, &exception) == SIM_INVALID_STATE);
    EXPECT(raised(sim, SIM_INVALID_STATE, "Exception is not set."));
    SIM_TRY(sim_future_set_exception(future, SIM_RUNTIME_ERROR, "why"));
    EXPECT(!sim_cancelled(future));
    EXPECT(sim_future_result(future, &result) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "why"));
    EXPECT(sim_future_exception(future, &exception) == SIM_OK);
    EXPECT(exception == sim_exception(sim)); /* the very same that was raised */
    expect_settled(sim, future);
    return SIM_OK;
}

static enum sim_status test_stop_iteration_exception(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;
    struct sim_value result;

    (void)arg;
    SIM_TRY(sim_future_set_exception(future, SIM_STOP_ITERATION, "last"));
    EXPECT(!sim_cancelled(future));
    EXPECT(sim_done(future));
    EXPECT(sim_future_result(future, &result) == SIM_RUNTIME_ERROR);
    SIM_TRY(sim_future_exception(future, &exception));
    EXPECT(sim_exception_kind(exception) == SIM_RUNTIME_ERROR);
    EXPECT(strstr(sim_exception_message(exception), "StopIteration") != NULL);
    EXPECT(strstr(sim_exception_message(exception), "cannot be raised") != NULL);
    const struct sim_exception *cause = sim_exception_cause(exception);
    EXPECT(cause != NULL && sim_exception_kind(cause) == SIM_STOP_ITERATION);
    EXPECT(cause != NULL && strcmp(sim_exception_message(cause), "last") == 0);
    return SIM_OK;
}

/* A kind alone makes an exception. */
static enum sim_status test_exception_class(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;

    (void)arg;
    SIM_TRY(sim_future_set_exception(future, SIM_RUNTIME_ERROR, NULL));
    SIM_TRY(sim_future_exception(future, &exception));
    EXPECT(exception != NULL && sim_exception_kind(exception) == SIM_RUNTIME_ERROR);
    EXPECT(exception != NULL && sim_exception_message(exception)[0] == '\0');
    return SIM_OK;
}

/* Who awaits a future twice. */
struct awaiter {
    struct sim_future *future;
    struct notes notes;
};

static enum sim_status await_twice(struct sim *sim, void *arg)
{
    struct awaiter *self = arg;
    static const char letters[] = {'b', 'c'};

    note(&self->notes, 'a');
    for (int i = 0; i < 2; i++) {
        struct sim_value result = sim_none();

        SIM_TRY(sim_await(self->future, &result));
        EXPECT(is_int(result, 42));
        note(&self->notes, letters[i]);
    }
    return SIM_OK;
}

/* The second time there is nothing to wait for. */
static enum sim_status test_yield_from_twice(struct sim *sim, void *arg)
{
    struct awaiter awaiter = {.future = sim_future_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, await_twice, &awaiter);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&awaiter.notes, "a"));
    SIM_TRY(sim_future_set_result(awaiter.future, sim_int(42)));
    EXPECT(noted(&awaiter.notes, "a"));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&awaiter.notes, "abc"));
    EXPECT(sim_done(task));
    return SIM_OK;
}

/* A result of several values arrives as it is, as one. */
static enum sim_status test_future_stop_iteration_args(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_value pair[] = {sim_int(1), sim_int(2)};
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_future_set_result(
        future, (struct sim_value){.type = SIM_LIST, .count = 2, .as.items = pair}));
    SIM_TRY(sim_await(future, &result));
    EXPECT(result.type == SIM_LIST && result.count == 2);
    EXPECT(is_int(result.as.items[0], 1) && is_int(result.as.items[1], 2));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_initial_state),
        BODY(test_constructor_without_loop),
        BODY(test_constructor_use_running_loop),
        BODY(test_future_cancel_message_getter),
        BODY(test_cancel),
        BODY(test_result),
        BODY(test_exception),
        BODY(test_stop_iteration_exception),
        BODY(test_exception_class),
        BODY(test_yield_from_twice),
        BODY(test_future_stop_iteration_args),
    };

    return cmocka_run_group_tests_name("BaseFutureTests", tests, NULL, NULL);
}
