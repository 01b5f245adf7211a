/* Future: what CPython's test_futures.BaseFutureDoneCallbackTests asks of done callbacks, test by
 * test.
 *
 *   n/a test_remove_done_callbacks_list_mutation: comparing callbacks runs no code in C
 *   n/a test_remove_done_callbacks_list_clear: comparing callbacks runs no code in C
 *   n/a test_schedule_callbacks_list_mutation_2: comparing callbacks runs no code in C
 */
#include "tests/body.h"

/* A callback is a function and what it gets: three of one function are three callbacks. */
struct caller {
    struct notes *notes;
    char letter;
};

struct callers {
    struct notes notes;
    struct caller a;
    struct caller b;
    struct caller c;
};

static void callers_init(struct callers *callers)
{
    *callers = (struct callers){.a.letter = 'a', .b.letter = 'b', .c.letter = 'c'};
    callers->a.notes = callers->b.notes = callers->c.notes = &callers->notes;
}

static void call(struct sim_future *future, void *arg)
{
    const struct caller *caller = arg;

    SIM_ASSERT(sim_done(future));
    note(caller->notes, caller->letter);
}

/* A future that will call a, b and c. */
static struct sim_future *future_of_three(struct sim *sim, struct callers *callers)
{
    struct sim_future *future = sim_future_new(sim, NULL);

    callers_init(callers);
    sim_add_done_callback(future, call, &callers->a);
    sim_add_done_callback(future, call, &callers->b);
    sim_add_done_callback(future, call, &callers->c);
    return future;
}

/* It gets its result, and calls who is left, not before the next turn. */
static enum sim_status expect_calls(struct sim *sim, struct sim_future *future,
                                    struct callers *callers, const char *letters)
{
    struct sim_value result = sim_none();

    EXPECT(noted(&callers->notes, ""));
    SIM_TRY(sim_future_set_result(future, sim_str("foo")));
    EXPECT(noted(&callers->notes, ""));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&callers->notes, letters));
    SIM_TRY(sim_future_result(future, &result));
    EXPECT(result.type == SIM_STR && strcmp(result.as.string, "foo") == 0);
    return SIM_OK;
}

static enum sim_status test_callbacks_remove_first_callback(struct sim *sim, void *arg)
{
    struct callers callers;
    struct sim_future *future = future_of_three(sim, &callers);

    (void)arg;
    EXPECT(sim_remove_done_callback(future, call, &callers.a) == 1);
    EXPECT(sim_remove_done_callback(future, call, &callers.a) == 0);
    return expect_calls(sim, future, &callers, "bc");
}

static enum sim_status test_callbacks_remove_first_and_second_callback(struct sim *sim, void *arg)
{
    struct callers callers;
    struct sim_future *future = future_of_three(sim, &callers);

    (void)arg;
    EXPECT(sim_remove_done_callback(future, call, &callers.a) == 1);
    EXPECT(sim_remove_done_callback(future, call, &callers.b) == 1);
    EXPECT(sim_remove_done_callback(future, call, &callers.a) == 0);
    return expect_calls(sim, future, &callers, "c");
}

static enum sim_status test_callbacks_remove_third_callback(struct sim *sim, void *arg)
{
    struct callers callers;
    struct sim_future *future = future_of_three(sim, &callers);

    (void)arg;
    EXPECT(sim_remove_done_callback(future, call, &callers.c) == 1);
    EXPECT(sim_remove_done_callback(future, call, &callers.c) == 0);
    return expect_calls(sim, future, &callers, "ab");
}

static enum sim_status test_callbacks_invoked_on_set_result(struct sim *sim, void *arg)
{
    struct callers callers;

    (void)arg;
    return expect_calls(sim, future_of_three(sim, &callers), &callers, "abc");
}

static enum sim_status test_callbacks_invoked_on_set_exception(struct sim *sim, void *arg)
{
    struct callers callers;
    struct sim_future *future = sim_future_new(sim, NULL);
    const struct sim_exception *exception = NULL;

    (void)arg;
    callers_init(&callers);
    sim_add_done_callback(future, call, &callers.b);
    SIM_TRY(sim_future_set_exception(future, SIM_RUNTIME_ERROR, "no"));
    EXPECT(noted(&callers.notes, ""));
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(noted(&callers.notes, "b"));
    SIM_TRY(sim_future_exception(future, &exception));
    EXPECT(exception != NULL && sim_exception_kind(exception) == SIM_RUNTIME_ERROR);
    EXPECT(exception != NULL && strcmp(sim_exception_message(exception), "no") == 0);
    return SIM_OK;
}

static enum sim_status test_remove_done_callback(struct sim *sim, void *arg)
{
    struct callers callers;
    struct sim_future *future = sim_future_new(sim, NULL);

    (void)arg;
    callers_init(&callers);
    sim_add_done_callback(future, call, &callers.a);
    sim_add_done_callback(future, call, &callers.b);
    EXPECT(sim_remove_done_callback(future, call, &callers.b) == 1);
    EXPECT(sim_remove_done_callback(future, call, &callers.c) == 0); /* it was never there */
    sim_add_done_callback(future, call, &callers.b);
    for (int i = 0; i < 5; i++)
        sim_add_done_callback(future, call, &callers.a);
    EXPECT(sim_remove_done_callback(future, call, &callers.a) == 6);
    return expect_calls(sim, future, &callers, "b");
}

struct mutator {
    struct callers callers;
    int removed;
};

static void remove_b(struct sim_future *future, void *arg)
{
    struct mutator *self = arg;

    note(&self->callers.notes, 'm');
    self->removed += sim_remove_done_callback(future, call, &self->callers.b);
}

/* When it is done its callbacks are on their way: too late to take one back. */
static enum sim_status test_schedule_callbacks_list_mutation_1(struct sim *sim, void *arg)
{
    struct mutator mutator = {.removed = 0};
    struct sim_future *future = sim_future_new(sim, NULL);

    (void)arg;
    callers_init(&mutator.callers);
    sim_add_done_callback(future, remove_b, &mutator);
    sim_add_done_callback(future, call, &mutator.callers.b);
    sim_add_done_callback(future, call, &mutator.callers.b);
    SIM_TRY(expect_calls(sim, future, &mutator.callers, "mbb"));
    EXPECT(mutator.removed == 0);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_callbacks_remove_first_callback),
        BODY(test_callbacks_remove_first_and_second_callback),
        BODY(test_callbacks_remove_third_callback),
        BODY(test_callbacks_invoked_on_set_result),
        BODY(test_callbacks_invoked_on_set_exception),
        BODY(test_remove_done_callback),
        BODY(test_schedule_callbacks_list_mutation_1),
    };

    return cmocka_run_group_tests_name("BaseFutureDoneCallbackTests", tests, NULL, NULL);
}
