/* Runner: what CPython's test_runners asks of asyncio.run (RunTests) and asyncio.Runner
 * (RunnerTests), test by test.  A runner's loop is not to be had but by running something on it.
 *
 *   n/a test_asyncio_run_only_coro: C's compiler takes nothing but a body
 *   n/a test_asyncio_run_debug: C has no debug mode of a loop
 *   n/a test_asyncio_run_set_event_loop: C has no policy, and no loop but the running one
 *   n/a test_asyncio_run_without_uncancel: C has one kind of task, which has uncancel
 *   n/a test_asyncio_run_loop_factory: C has one kind of loop, and no factory of it
 *   n/a test_loop_factory_default_event_loop: C has one kind of loop
 *   n/a test_non_debug: C has no debug mode of a loop
 *   n/a test_debug: C has no debug mode of a loop
 *   n/a test_custom_factory: C has one kind of loop, and no factory of it
 *   n/a test_run_non_coro: C's compiler takes nothing but a body
 *   n/a test_run_future: C's compiler takes nothing but a body
 *   n/a test_interrupt_call_soon: C has no signals
 *   n/a test_interrupt_wait: C has no signals
 *   n/a test_interrupt_cancelled_task: C has no signals
 *   n/a test_signal_install_not_supported_ok: C has no signals
 *   n/a test_set_event_loop_called_once: C has no policy, and no loop but the running one
 *   n/a test_no_repr_is_call_on_the_task_result: C has no repr
 */
#include "tests/findings.h"

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

/* ---- RunTests ---- */

static enum sim_status return_42(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    return sim_return(sim, sim_int(42));
}

static enum sim_status test_asyncio_run_return(struct sim *sim, void *arg)
{
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_loop_run(sim, return_42, NULL, &result));
    EXPECT(is_int(result, 42));
    return SIM_OK;
}

static enum sim_status raise_spam(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    return sim_raise(sim, SIM_VALUE_ERROR, "spam");
}

static enum sim_status test_asyncio_run_raises(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_loop_run(sim, raise_spam, NULL, NULL) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "spam"));
    return SIM_OK;
}

static enum sim_status run_in_loop(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, return_42, arg, NULL);
}

static enum sim_status test_asyncio_run_from_running_loop(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_loop_run(sim, run_in_loop, NULL, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(
        raised(sim, SIM_RUNTIME_ERROR, "asyncio.run() cannot be called from a running event loop"));
    return SIM_OK;
}

/* A task that main leaves behind, and its generators. */
struct leaver {
    struct sim_task *task;
    sim_body_fn body;
    struct sim_generator *spinner;
    struct sim_generator *waiter;
    int ended[2]; /* the bodies of the generators */
};

static enum sim_status hang(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 100 * SIM_MS);
}

static enum sim_status leave_it(struct sim *sim, void *arg)
{
    struct leaver *leaver = arg;

    leaver->task = sim_task_new(sim, "leftover", leaver->body, leaver);
    return sim_return(sim, sim_int(123));
}

static enum sim_status test_asyncio_run_cancels_hanging_tasks(struct sim *sim, void *arg)
{
    struct leaver leaver = {.body = hang};
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_loop_run(sim, leave_it, &leaver, &result));
    EXPECT(is_int(result, 123));
    EXPECT(sim_done(leaver.task));
    EXPECT(sim_cancelled(leaver.task));
    EXPECT(sim_now(sim) == 0); /* nobody waited for it to wake up */
    return SIM_OK;
}

static enum sim_status fail_when_cancelled(struct sim *sim, void *arg)
{
    struct leaver *self = arg;

    self->ended[0]++;
    if (sim_sleep(sim, 100 * SIM_MS) == SIM_CANCELLED)
        return sim_raise(sim, SIM_ZERO_DIVISION, "division by zero");
    return SIM_OK;
}

/* The detectors report it as asyncio's exception handler would be told. */
static enum sim_status test_asyncio_run_reports_hanging_tasks_errors(struct sim *sim, void *arg)
{
    struct leaver leaver = {.body = fail_when_cancelled};
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_loop_run(sim, leave_it, &leaver, &result));
    EXPECT(is_int(result, 123));
    EXPECT(leaver.ended[0] == 1); /* it had begun: main's end is known one turn later */
    EXPECT(sim_done(leaver.task));
    EXPECT(!sim_cancelled(leaver.task));
    return SIM_OK;
}

/* Gives values forever; the wait is the generator's. */
static enum sim_status fidget(struct sim_generator *generator, void *arg)
{
    struct leaver *self = arg;
    enum sim_status status = SIM_OK;

    while (status == SIM_OK) {
        status = sim_yield(generator, sim_int(1), NULL);
        if (status == SIM_OK)
            status = sim_sleep(sim_generator_sim(generator), SIM_SECOND);
    }
    self->ended[0] += status == SIM_CANCELLED;
    return status;
}

/* Gives values forever; the wait is that of who asks for them. */
static enum sim_status count_up(struct sim_generator *generator, void *arg)
{
    struct leaver *self = arg;
    enum sim_status status = SIM_OK;

    for (int i = 0; status == SIM_OK; i++)
        status = sim_yield(generator, sim_int(i), NULL);
    self->ended[1] += status == SIM_GENERATOR_EXIT;
    return status;
}

static enum sim_status ignore(struct sim *sim, void *arg, struct sim_value value)
{
    (void)sim;
    (void)arg;
    (void)value;
    return SIM_OK;
}

static enum sim_status spin(struct sim *sim, void *arg)
{
    struct leaver *self = arg;

    self->waiter = sim_async_generator_new(sim, count_up, self);
    SIM_TRY(sim_generator_next(self->waiter, NULL));
    self->spinner = sim_async_generator_new(sim, fidget, self);
    if (sim_generator_each(self->spinner, ignore, NULL) == SIM_CANCELLED)
        return sim_raise(sim, SIM_ZERO_DIVISION, "division by zero");
    return SIM_OK;
}

static enum sim_status exit_fancily(struct sim *sim, void *arg)
{
    SIM_TRY(leave_it(sim, arg));
    return sim_raise(sim, SIM_EXCEPTION, "fancy exit");
}

static enum sim_status test_asyncio_run_closes_gens_after_hanging_tasks_errors(struct sim *sim,
                                                                               void *arg)
{
    struct leaver leaver = {.body = spin};

    (void)arg;
    EXPECT(sim_loop_run(sim, exit_fancily, &leaver, NULL) == SIM_EXCEPTION);
    EXPECT(raised(sim, SIM_EXCEPTION, "fancy exit"));
    EXPECT(sim_done(leaver.task));
    EXPECT(leaver.ended[0] == 1);
    EXPECT(leaver.ended[1] == 1);
    EXPECT(sim_generator_next(leaver.spinner, NULL) == SIM_STOP_ASYNC_ITERATION);
    EXPECT(sim_generator_next(leaver.waiter, NULL) == SIM_STOP_ASYNC_ITERATION);
    return SIM_OK;
}

/* ---- RunnerTests ---- */

static enum sim_status return_done(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    return sim_return(sim, sim_str("done"));
}

static void expect_closed(struct sim *sim, struct sim_runner *runner)
{
    EXPECT(sim_runner_run(runner, return_done, NULL, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "Runner is closed"));
}

static enum sim_status test_run(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);
    struct sim_value result = sim_none();

    (void)arg;
    SIM_TRY(sim_runner_run(runner, return_done, NULL, &result));
    EXPECT(result.type == SIM_STR && strcmp(result.as.string, "done") == 0);
    sim_runner_close(runner);
    expect_closed(sim, runner);
    return SIM_OK;
}

static enum sim_status test_explicit_close(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);
    struct leaver leaver = {.body = hang};

    (void)arg;
    SIM_TRY(sim_runner_run(runner, leave_it, &leaver, NULL));
    EXPECT(!sim_done(leaver.task)); /* the loop is there still, with all that is on it */
    sim_runner_close(runner);
    EXPECT(sim_cancelled(leaver.task));
    expect_closed(sim, runner);
    return SIM_OK;
}

static enum sim_status test_double_close(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);

    (void)arg;
    SIM_TRY(sim_runner_run(runner, return_done, NULL, NULL));
    sim_runner_close(runner);
    expect_closed(sim, runner);
    sim_runner_close(runner);
    expect_closed(sim, runner);
    return SIM_OK;
}

static enum sim_status note_a(struct sim *sim, void *notes)
{
    (void)sim;
    note(notes, 'a');
    return SIM_OK;
}

static enum sim_status note_b(struct sim *sim, void *notes)
{
    (void)sim;
    note(notes, 'b');
    return SIM_OK;
}

/* What was closed is not opened again. */
static enum sim_status test_second_with_block_raises(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);
    struct notes notes = {.count = 0};

    (void)arg;
    SIM_TRY(sim_runner_run(runner, note_a, &notes, NULL));
    sim_runner_close(runner);
    EXPECT(sim_runner_run(runner, note_b, &notes, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "Runner is closed"));
    EXPECT(noted(&notes, "a"));
    return SIM_OK;
}

struct setter {
    struct sim_context_var *var;
    int value;
};

static enum sim_status set_and_return_old(struct sim *sim, void *arg)
{
    const struct setter *self = arg;
    struct sim_value old;

    SIM_TRY(sim_context_var_get(self->var, &old));
    SIM_TRY(sim_sleep(sim, 0));
    (void)sim_context_var_set(self->var, sim_int(self->value));
    return sim_return(sim, old);
}

static enum sim_status test_run_keeps_context(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);
    struct setter setter = {.var = sim_context_var_new_default(sim, "cvar", sim_int(-1))};
    struct sim_value old = sim_none();
    static const int before[] = {-1, 1, 2};

    (void)arg;
    for (int i = 0; i < 3; i++) {
        setter.value = i + 1;
        SIM_TRY(sim_runner_run(runner, set_and_return_old, &setter, &old));
        EXPECT(is_int(old, before[i]));
    }
    SIM_TRY(sim_context_var_get(setter.var, &old));
    EXPECT(is_int(old, -1)); /* it is the runner's own */
    sim_runner_close(runner);
    return SIM_OK;
}

static enum sim_status await_it(struct sim *sim, void *coroutine)
{
    (void)sim;
    return sim_coroutine_await(coroutine, NULL);
}

static enum sim_status run_again(struct sim *sim, void *runner)
{
    struct sim_coroutine *coroutine = sim_coroutine_new(sim, "g", return_done, NULL);

    return sim_runner_run(runner, await_it, coroutine, NULL);
}

static enum sim_status test_recursive_run(struct sim *sim, void *arg)
{
    struct sim_runner *runner = sim_runner_new(sim);

    (void)arg;
    EXPECT(sim_runner_run(runner, run_again, runner, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(
        raised(sim, SIM_RUNTIME_ERROR, "Runner.run() cannot be called from a running event loop"));
    sim_runner_close(runner);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest run[] = {
        QUIET_IN_THREAD(test_asyncio_run_return),
        QUIET_IN_THREAD(test_asyncio_run_raises),
        QUIET_IN_THREAD(test_asyncio_run_from_running_loop),
        QUIET_IN_THREAD(test_asyncio_run_cancels_hanging_tasks),
        FINDS_IN_THREAD(test_asyncio_run_reports_hanging_tasks_errors, SIM_FINDING_UNHANDLED,
                        "ZeroDivisionError: division by zero"),
        FINDS_IN_THREAD(test_asyncio_run_closes_gens_after_hanging_tasks_errors,
                        SIM_FINDING_UNHANDLED, "leftover"),
    };
    const struct CMUnitTest runner[] = {
        QUIET_IN_THREAD(test_run),
        QUIET_IN_THREAD(test_explicit_close),
        QUIET_IN_THREAD(test_double_close),
        QUIET_IN_THREAD(test_second_with_block_raises),
        QUIET_IN_THREAD(test_run_keeps_context),
        FINDS_IN_THREAD(test_recursive_run, SIM_FINDING_NEVER_AWAITED, "'g' was never awaited"),
    };
    int failed = cmocka_run_group_tests_name("RunTests", run, NULL, NULL);

    return failed + cmocka_run_group_tests_name("RunnerTests", runner, NULL, NULL);
}
