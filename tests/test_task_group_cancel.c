/* TaskGroup: what CPython's test_taskgroups.TestTaskGroup asks of a group that is cancelled from
 * outside, and of how often its parent counts as cancelled, test by test; the others are in
 * test_task_group.c. */
#include "tests/group_scope.h"

/* Let it run for a while as a task, cancel that, and wait for it. */
static enum sim_status cancel_after(struct sim *sim, sim_body_fn body, void *arg, int64_t delay_ns)
{
    struct sim_task *task = sim_task_new(sim, NULL, body, arg);

    SIM_TRY(sim_sleep(sim, delay_ns));
    EXPECT(!sim_done(task));
    sim_cancel(task, NULL);
    return sim_await(task, NULL);
}

static enum sim_status test_cancellation(struct sim *sim, void *arg)
{
    int cancels = 0;
    struct scope scope = scope_of(5, (struct job){.delay_ns = 5 * SIM_SECOND, .cancels = &cancels});

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_CANCELLED);
    EXPECT(cancels == 5);
    EXPECT(!scope.passed);
    return SIM_OK;
}

/* The same while the body itself waits. */
static enum sim_status test_taskgroup_07(struct sim *sim, void *arg)
{
    int cancels = 0;
    int own_cancels = 0;
    struct scope scope = scope_of(5, (struct job){.delay_ns = 5 * SIM_SECOND, .cancels = &cancels});

    (void)arg;
    scope.own = (struct job){.delay_ns = 10 * SIM_SECOND, .cancels = &own_cancels};
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_CANCELLED);
    EXPECT(cancels == 5);
    EXPECT(own_cancels == 1);
    return SIM_OK;
}

/* Five that fail when they are cancelled, and a body that waits longer. */
static struct scope failing_cleanups(void)
{
    struct scope scope =
        scope_of(5, (struct job){.delay_ns = 10 * SIM_SECOND, .cleanup = SIM_ZERO_DIVISION});

    scope.own.delay_ns = 10 * SIM_SECOND;
    return scope;
}

static enum sim_status test_taskgroup_08(struct sim *sim, void *arg)
{
    struct scope scope = failing_cleanups();

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 5));
    return SIM_OK;
}

/* The exception met last is a group of one group, of so many of one kind. */
static void expect_nested_group(struct sim *sim, enum sim_status kind, int count)
{
    size_t outer_count = 0;

    EXPECT(met_group_of(sim, SIM_EXCEPTION_GROUP, 1));
    const struct sim_exception *inner = sim_exception_members(sim_exception(sim), &outer_count)[0];

    EXPECT(members_of_kind(inner, kind) == count);
    EXPECT(size_of_group(inner) == count);
}

static enum sim_status test_taskgroup_11(struct sim *sim, void *arg)
{
    struct scope inner = failing_cleanups();
    struct scope outer = {.inner = &inner};

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &outer, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    expect_nested_group(sim, SIM_ZERO_DIVISION, 5);
    return SIM_OK;
}

/* The outer group has a member that just ends as cancelled. */
static enum sim_status test_taskgroup_12(struct sim *sim, void *arg)
{
    struct scope inner = failing_cleanups();
    struct scope outer = scope_of(1, (struct job){.delay_ns = 10 * SIM_SECOND});

    (void)arg;
    outer.inner = &inner;
    EXPECT(cancel_after(sim, run_scope, &outer, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    expect_nested_group(sim, SIM_ZERO_DIVISION, 5);
    EXPECT(sim_cancelled(outer.tasks[0]));
    return SIM_OK;
}

/* Cancelled; and while its body still cleans up, a member fails: that counts. */
static struct scope slow_cleanup(void)
{
    struct scope scope =
        scope_of(1, (struct job){.delay_ns = 300 * SIM_MS, .failure = SIM_ZERO_DIVISION});

    scope.own = (struct job){.delay_ns = 10 * SIM_SECOND, .linger_ns = 500 * SIM_MS};
    return scope;
}

static enum sim_status test_taskgroup_15(struct sim *sim, void *arg)
{
    struct scope scope = slow_cleanup();

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    return SIM_OK;
}

static enum sim_status run_in_a_task(struct sim *sim, void *scope)
{
    return sim_await(sim_task_new(sim, NULL, run_scope, scope), NULL);
}

/* The same, but cancelled is who awaits the task with the group. */
static enum sim_status test_taskgroup_16(struct sim *sim, void *arg)
{
    struct scope scope = slow_cleanup();

    (void)arg;
    EXPECT(cancel_after(sim, run_in_a_task, &scope, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    return SIM_OK;
}

/* A group without members. */
static enum sim_status test_taskgroup_17(struct sim *sim, void *arg)
{
    int cancels = 0;
    struct scope scope = {.own = {.delay_ns = 10 * SIM_SECOND, .cancels = &cancels}};

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_CANCELLED);
    EXPECT(cancels == 1);
    return SIM_OK;
}

/* The same, but the body makes another exception of its cancellation. */
static enum sim_status test_taskgroup_18(struct sim *sim, void *arg)
{
    int cancels = 0;
    struct scope scope = {
        .own = {.delay_ns = 10 * SIM_SECOND, .cleanup = SIM_EXCEPTION, .cancels = &cancels}};

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_EXCEPTION, 1));
    EXPECT(cancels == 1);
    return SIM_OK;
}

static enum sim_status test_taskgroup_22(struct sim *sim, void *arg)
{
    struct scope scope = {.members = {{.delay_ns = SIM_SECOND}, {.delay_ns = 2 * SIM_SECOND}},
                          .count = 2};

    (void)arg;
    EXPECT(cancel_after(sim, run_scope, &scope, 50 * SIM_MS) == SIM_CANCELLED);
    EXPECT(sim_cancelled(scope.tasks[0]) && sim_cancelled(scope.tasks[1]));
    return SIM_OK;
}

static int times_cancelled(struct sim *sim)
{
    return sim_task_cancelling(sim_current_task(sim));
}

/* A turn of the loop, then a failure. */
static enum sim_status fail_next_turn(struct sim *sim, void *arg)
{
    const enum sim_status *kind = arg;

    SIM_TRY(sim_sleep(sim, 0));
    return sim_raise(sim, *kind, "next turn");
}

static enum sim_status start_runtime_error(struct sim *sim, void *group)
{
    static enum sim_status kind = SIM_RUNTIME_ERROR;

    (void)sim;
    return sim_task_group_create_task(group, NULL, fail_next_turn, &kind) == NULL
               ? SIM_RUNTIME_ERROR
               : SIM_OK;
}

static enum sim_status test_cancelling_level_preserved(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    EXPECT(sim_task_group_with(group, start_runtime_error, group) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_RUNTIME_ERROR, 1));
    EXPECT(times_cancelled(sim) == 0);
    return SIM_OK;
}

struct nest {
    struct sim_task_group *outer;
    struct sim_task_group *inner;
};

static enum sim_status start_one_in_each(struct sim *sim, void *arg)
{
    static enum sim_status kind = SIM_VALUE_ERROR;
    struct nest *nest = arg;

    SIM_TRY(start_runtime_error(sim, nest->inner));
    EXPECT(sim_task_group_create_task(nest->outer, NULL, fail_next_turn, &kind) != NULL);
    return SIM_OK;
}

static enum sim_status handle_inner(struct sim *sim, void *arg)
{
    struct nest *nest = arg;

    nest->inner = sim_task_group_new(sim);
    EXPECT(sim_task_group_with(nest->inner, start_one_in_each, nest) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_RUNTIME_ERROR, 1));
    EXPECT(times_cancelled(sim) == 1); /* for the sake of the outer group */
    return SIM_OK;
}

static enum sim_status test_nested_groups_both_cancelled(struct sim *sim, void *arg)
{
    struct nest nest = {.outer = sim_task_group_new(sim)};

    (void)arg;
    EXPECT(sim_task_group_with(nest.outer, handle_inner, &nest) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_VALUE_ERROR, 1));
    EXPECT(times_cancelled(sim) == 0);
    return SIM_OK;
}

struct both {
    struct sim_task_group *group;
    struct sim_flag *failing;
    struct notes notes;
};

static enum sim_status tell_and_fail(struct sim *sim, void *arg)
{
    struct both *both = arg;

    sim_event_set(both->failing);
    SIM_TRY(sim_sleep(sim, 0));
    return sim_raise(sim, SIM_RUNTIME_ERROR, "told");
}

static enum sim_status sleep_in_group(struct sim *sim, void *arg)
{
    struct both *both = arg;

    EXPECT(sim_task_group_create_task(both->group, NULL, tell_and_fail, both) != NULL);
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    note(&both->notes, 'g');
    return SIM_OK;
}

static enum sim_status sleep_again(struct sim *sim, void *arg)
{
    struct both *both = arg;

    both->group = sim_task_group_new(sim);
    EXPECT(sim_task_group_with(both->group, sleep_in_group, both) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_RUNTIME_ERROR, 1));
    EXPECT(times_cancelled(sim) == 1);
    note(&both->notes, 'h');
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    note(&both->notes, 's');
    return SIM_OK;
}

/* A member fails and the parent is cancelled: the group raises, and the next wait is cancelled. */
static enum sim_status test_error_and_cancel(struct sim *sim, void *arg)
{
    struct both both = {.failing = sim_event_new(sim, NULL)};
    struct sim_task *task = sim_task_new(sim, NULL, sleep_again, &both);

    (void)arg;
    SIM_TRY(sim_event_wait(both.failing));
    EXPECT(sim_task_cancelling(task) == 0);
    sim_cancel(task, NULL);
    EXPECT(sim_task_cancelling(task) == 1);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(sim_cancelled(task));
    EXPECT(noted(&both.notes, "h"));
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_cancellation),
        BODY(test_taskgroup_07),
        BODY(test_taskgroup_08),
        BODY(test_taskgroup_11),
        BODY(test_taskgroup_12),
        BODY(test_taskgroup_15),
        BODY(test_taskgroup_16),
        BODY(test_taskgroup_17),
        BODY(test_taskgroup_18),
        BODY(test_taskgroup_22),
        BODY(test_cancelling_level_preserved),
        BODY(test_nested_groups_both_cancelled),
        BODY(test_error_and_cancel),
    };

    return cmocka_run_group_tests_name("TestTaskGroup", tests, NULL, NULL);
}
