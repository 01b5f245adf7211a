/* TaskGroup: what CPython's test_taskgroups.TestTaskGroup asks of how a group is used, and of what
 * it refuses, test by test; the others are in test_task_group.c and test_task_group_cancel.c.
 *
 * A group in C is given a body, not a coroutine that it would have to close: of a group that
 * refuses it, these claim that the body never runs. */
#include "tests/group_scope.h"

static enum sim_status count_run(struct sim *sim, void *arg)
{
    int *runs = arg;

    (void)sim;
    ++*runs;
    return SIM_OK;
}

static enum sim_status do_nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static enum sim_status start_named(struct sim *sim, void *group)
{
    struct sim_task *task = sim_task_group_create_task(group, "yolo", do_nothing, NULL);

    EXPECT(strcmp(sim_task_name(task), "yolo") == 0);
    return SIM_OK;
}

static enum sim_status test_taskgroup_task_name(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    return sim_task_group_with(group, start_named, group);
}

struct variable {
    struct sim_task_group *group;
    struct sim_context *context;
    struct sim_context_var *var;
    int value;
};

static enum sim_status set_variable(struct sim *sim, void *arg)
{
    const struct variable *variable = arg;

    SIM_TRY(sim_sleep(sim, 0));
    (void)sim_context_var_set(variable->var, sim_int(variable->value));
    return SIM_OK;
}

/* For sim_context_run: it has this value, or for 0 none. */
static enum sim_status expect_variable(struct sim *sim, void *arg)
{
    const struct variable *variable = arg;
    struct sim_value value = sim_none();
    enum sim_status status = sim_context_var_get(variable->var, &value);

    EXPECT(status == (variable->value == 0 ? SIM_LOOKUP_ERROR : SIM_OK));
    EXPECT(variable->value == 0 || value.as.integer == variable->value);
    return SIM_OK;
}

static enum sim_status set_twice(struct sim *sim, void *arg)
{
    struct variable *variable = arg;

    variable->context = sim_copy_context(sim);
    SIM_TRY(sim_context_run(sim, variable->context, expect_variable, variable));
    for (int i = 0; i < 2; i++) {
        variable->value++;
        SIM_TRY(sim_await(sim_task_group_create_task_in(variable->group, variable->context, NULL,
                                                        set_variable, variable),
                          NULL));
        SIM_TRY(sim_context_run(sim, variable->context, expect_variable, variable));
    }
    variable->value = 0;
    return expect_variable(sim, variable); /* the body's own context is as before */
}

static enum sim_status test_taskgroup_task_context(struct sim *sim, void *arg)
{
    struct variable variable = {.group = sim_task_group_new(sim),
                                .var = sim_context_var_new(sim, "cvar")};

    (void)arg;
    return sim_task_group_with(variable.group, set_twice, &variable);
}

struct refusal {
    struct sim_task_group *group;
    int runs; /* of bodies that a group has refused */
    bool refused;
};

/* Cancelled because another has failed, it tries to start one more. */
static enum sim_status start_when_cancelled(struct sim *sim, void *arg)
{
    struct refusal *refusal = arg;

    EXPECT(sim_sleep(sim, SIM_SECOND) == SIM_CANCELLED);
    EXPECT(sim_task_group_create_task(refusal->group, NULL, count_run, &refusal->runs) == NULL);
    EXPECT(met_runtime_error(sim, "is shutting down"));
    refusal->refused = true;
    return SIM_OK;
}

static enum sim_status fail_and_start(struct sim *sim, void *arg)
{
    struct refusal *refusal = arg;

    EXPECT(add_job(sim, refusal->group,
                   (struct job){.delay_ns = SIM_MS, .failure = SIM_ZERO_DIVISION}) != NULL);
    EXPECT(sim_task_group_create_task(refusal->group, NULL, start_when_cancelled, refusal) != NULL);
    return SIM_OK;
}

static enum sim_status test_taskgroup_no_create_task_after_failure(struct sim *sim, void *arg)
{
    struct refusal refusal = {.group = sim_task_group_new(sim)};

    (void)arg;
    EXPECT(sim_task_group_with(refusal.group, fail_and_start, &refusal) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    EXPECT(refusal.refused);
    EXPECT(refusal.runs == 0);
    return SIM_OK;
}

/* A manager whose exit raises, whatever it is given. */
static enum sim_status exit_raises(struct sim *sim, void *self, enum sim_status status)
{
    (void)self;
    EXPECT(status == SIM_CANCELLED);
    return sim_raise(sim, SIM_EXCEPTION, "exit");
}

static enum sim_status fail_in_group(struct sim *sim, void *group)
{
    EXPECT(add_job(sim, group, (struct job){.failure = SIM_EXCEPTION}) != NULL);
    return sim_sleep(sim, SIM_SECOND);
}

static enum sim_status use_database(struct sim *sim, void *group)
{
    const struct sim_manager database = {.enter = do_nothing, .exit = exit_raises};

    return sim_with(sim, &database, fail_in_group, group);
}

static enum sim_status handle_both(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    const struct sim_exception *matched = NULL;
    const struct sim_exception *rest = NULL;

    (void)arg;
    EXPECT(sim_task_group_with(group, use_database, group) == SIM_EXCEPTION_GROUP);
    sim_exception_split(sim, sim_exception(sim), SIM_EXCEPTION, &matched, &rest);
    EXPECT(sim_task_cancelling(sim_current_task(sim)) == 0);
    EXPECT(members_of_kind(matched, SIM_EXCEPTION) == 2);
    EXPECT(rest == NULL);
    return SIM_OK;
}

static enum sim_status test_taskgroup_context_manager_exit_raises(struct sim *sim, void *arg)
{
    return sim_await(sim_task_new(sim, NULL, handle_both, arg), NULL);
}

static enum sim_status enter_again(struct sim *sim, void *group)
{
    int runs = 0;

    EXPECT(sim_task_group_with(group, count_run, &runs) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, "has already been entered"));
    EXPECT(runs == 0);
    return SIM_OK;
}

static enum sim_status test_taskgroup_already_entered(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    return sim_task_group_with(group, enter_again, group);
}

static enum sim_status test_taskgroup_double_enter(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    SIM_TRY(sim_task_group_with(group, do_nothing, NULL));
    return enter_again(sim, group);
}

/* It starts no task, neither now nor at the next turns of the loop. */
static enum sim_status expect_refusal(struct sim *sim, struct sim_task_group *group,
                                      const char *why)
{
    int runs = 0;
    size_t before = 0;
    size_t after = 0;

    (void)sim_all_tasks(sim, &before);
    EXPECT(sim_task_group_create_task(group, NULL, count_run, &runs) == NULL);
    EXPECT(met_runtime_error(sim, why));
    (void)sim_all_tasks(sim, &after);
    EXPECT(before == after);
    SIM_TRY(sim_sleep(sim, SIM_MS));
    EXPECT(runs == 0);
    return SIM_OK;
}

static enum sim_status test_taskgroup_finished(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    SIM_TRY(sim_task_group_with(group, do_nothing, NULL));
    return expect_refusal(sim, group, "is finished");
}

static enum sim_status test_taskgroup_not_entered(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_refusal(sim, sim_task_group_new(sim), "has not been entered");
}

static void enter_without_task(struct sim *sim, void *arg)
{
    struct refusal *refusal = arg;

    EXPECT(sim_current_task(sim) == NULL);
    EXPECT(sim_task_group_enter(refusal->group) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, "parent task"));
    refusal->refused = true;
}

static enum sim_status test_taskgroup_without_parent_task(struct sim *sim, void *arg)
{
    struct refusal refusal = {.group = sim_task_group_new(sim)};

    (void)arg;
    (void)sim_call_soon(sim, enter_without_task, &refusal);
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(refusal.refused);
    return expect_refusal(sim, refusal.group, "has not been entered");
}

static enum sim_status use_after_close(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    struct sim_task *task = NULL;

    (void)arg;
    SIM_TRY(sim_task_group_enter(group));
    task = add_job(sim, group, (struct job){.delay_ns = SIM_MS});
    SIM_TRY(sim_task_group_exit(group, SIM_OK));
    EXPECT(sim_done(task));
    return expect_refusal(sim, group, "is finished");
}

static enum sim_status run_a_loop(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, use_after_close, arg, NULL);
}

/* On a loop that a thread runs for it alone. */
static enum sim_status test_coro_closed_when_tg_closed(struct sim *sim, void *arg)
{
    return sim_thread_join(sim_thread_new(sim, NULL, run_a_loop, arg), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_taskgroup_task_name),
        BODY(test_taskgroup_task_context),
        BODY(test_taskgroup_no_create_task_after_failure),
        BODY(test_taskgroup_context_manager_exit_raises),
        BODY(test_taskgroup_already_entered),
        BODY(test_taskgroup_double_enter),
        BODY(test_taskgroup_finished),
        BODY(test_taskgroup_not_entered),
        BODY(test_taskgroup_without_parent_task),
        BODY(test_coro_closed_when_tg_closed),
    };

    return cmocka_run_group_tests_name("TestTaskGroup", tests, NULL, NULL);
}
