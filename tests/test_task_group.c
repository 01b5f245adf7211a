/* TaskGroup: what CPython's test_taskgroups.TestTaskGroup asks of groups whose members and bodies
 * end and fail, and of how groups are used, test by test; those that are cancelled from outside are
 * in test_task_group_cancel.c.
 *
 * Where the tests there look at the tasks of a group, these look at what a group says of itself in
 * its exceptions.  For an exception of their own that is no Exception, these raise GeneratorExit.
 */
#include <stdlib.h>

#include "tests/group_scope.h"

static const struct job forty_two = {.delay_ns = 100 * SIM_MS, .result = 42};
static const struct job eleven = {.delay_ns = 200 * SIM_MS, .result = 11};
static const struct job fail_soon = {.delay_ns = 100 * SIM_MS, .failure = SIM_ZERO_DIVISION};

static enum sim_status test_taskgroup_01(struct sim *sim, void *arg)
{
    struct scope scope = {.members = {forty_two, eleven}, .count = 2};

    (void)arg;
    SIM_TRY(run_scope(sim, &scope));
    EXPECT(result_now(sim, scope.tasks[0]) == 42);
    EXPECT(result_now(sim, scope.tasks[1]) == 11);
    return SIM_OK;
}

static enum sim_status start_one_later(struct sim *sim, void *arg)
{
    struct scope *scope = arg;

    scope->tasks[0] = add_job(sim, scope->group, scope->members[0]);
    SIM_TRY(sim_sleep(sim, 150 * SIM_MS));
    scope->tasks[1] = add_job(sim, scope->group, scope->members[1]);
    return SIM_OK;
}

/* One begins when the other has ended. */
static enum sim_status test_taskgroup_02(struct sim *sim, void *arg)
{
    struct scope scope = {.members = {forty_two, eleven}, .group = sim_task_group_new(sim)};

    (void)arg;
    SIM_TRY(sim_task_group_with(scope.group, start_one_later, &scope));
    EXPECT(result_now(sim, scope.tasks[0]) == 42);
    EXPECT(result_now(sim, scope.tasks[1]) == 11);
    return SIM_OK;
}

static enum sim_status cancel_first(struct sim *sim, void *arg)
{
    struct scope *scope = arg;

    scope->tasks[0] = add_job(sim, scope->group, (struct job){.delay_ns = SIM_SECOND});
    SIM_TRY(sim_sleep(sim, 150 * SIM_MS));
    sim_cancel(scope->tasks[0], NULL);
    scope->tasks[1] = add_job(sim, scope->group, eleven);
    return SIM_OK;
}

/* A member that is cancelled is no failure. */
static enum sim_status test_taskgroup_03(struct sim *sim, void *arg)
{
    struct scope scope = {.group = sim_task_group_new(sim)};

    (void)arg;
    SIM_TRY(sim_task_group_with(scope.group, cancel_first, &scope));
    EXPECT(sim_cancelled(scope.tasks[0]));
    EXPECT(result_now(sim, scope.tasks[1]) == 11);
    return SIM_OK;
}

/* In a task of its own, so that it is that task which the group cancels. */
static enum sim_status run_apart(struct sim *sim, struct scope *scope)
{
    return sim_await(sim_task_new(sim, NULL, run_scope, scope), NULL);
}

static enum sim_status test_taskgroup_04(struct sim *sim, void *arg)
{
    int cancels = 0;
    struct scope scope = {.members = {fail_soon, {.delay_ns = SIM_SECOND, .cancels = &cancels}},
                          .count = 2};

    (void)arg;
    EXPECT(run_apart(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    EXPECT(!scope.passed);
    EXPECT(cancels == 1);
    EXPECT(sim_cancelled(scope.tasks[1]));
    return SIM_OK;
}

static enum sim_status test_cancel_children_on_child_error(struct sim *sim, void *arg)
{
    int cancels = 0;
    int own_cancels = 0;
    struct scope scope = scope_of(4, fail_soon);

    (void)arg;
    scope.members[3] = (struct job){.delay_ns = 5 * SIM_SECOND, .cancels = &cancels};
    scope.own = (struct job){.delay_ns = 10 * SIM_SECOND, .cancels = &own_cancels};
    EXPECT(run_apart(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 3));
    EXPECT(!scope.passed);
    EXPECT(cancels == 1);
    EXPECT(own_cancels == 1);
    return SIM_OK;
}

/* The body fails: after a while, or before any member has begun. */
static enum sim_status body_fails(struct sim *sim, int64_t delay_ns)
{
    struct scope scope = {.members = {{.delay_ns = SIM_SECOND}, {.delay_ns = 2 * SIM_SECOND}},
                          .count = 2,
                          .own = {.delay_ns = delay_ns, .failure = SIM_ZERO_DIVISION}};

    EXPECT(run_scope(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    EXPECT(sim_cancelled(scope.tasks[0]));
    EXPECT(sim_cancelled(scope.tasks[1]));
    return SIM_OK;
}

static enum sim_status test_taskgroup_09(struct sim *sim, void *arg)
{
    (void)arg;
    return body_fails(sim, 100 * SIM_MS);
}

static enum sim_status test_taskgroup_10(struct sim *sim, void *arg)
{
    (void)arg;
    return body_fails(sim, 0);
}

/* One that fails in a group, and one in the group within. */
static enum sim_status nested_failures(struct sim *sim, int64_t outer_ns, int64_t inner_ns)
{
    struct scope inner =
        scope_of(1, (struct job){.delay_ns = inner_ns, .failure = SIM_VALUE_ERROR});
    struct scope outer =
        scope_of(1, (struct job){.delay_ns = outer_ns, .failure = SIM_VALUE_ERROR});

    outer.inner = &inner;
    return run_apart(sim, &outer);
}

/* The outer one fails first: the inner group is just cancelled. */
static enum sim_status test_taskgroup_13(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(nested_failures(sim, 100 * SIM_MS, 10 * SIM_SECOND) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_VALUE_ERROR, 1));
    return SIM_OK;
}

/* The inner one fails first: its group is what fails in the outer one. */
static enum sim_status test_taskgroup_14(struct sim *sim, void *arg)
{
    size_t count = 0;

    (void)arg;
    EXPECT(nested_failures(sim, 10 * SIM_SECOND, 100 * SIM_MS) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_EXCEPTION_GROUP, 1));
    const struct sim_exception *inner = sim_exception_members(sim_exception(sim), &count)[0];

    EXPECT(members_of_kind(inner, SIM_VALUE_ERROR) == 1);
    EXPECT(size_of_group(inner) == 1);
    return SIM_OK;
}

/* A member fails, for which the body is cancelled, and fails then. */
static struct scope both_fail(enum sim_status member, enum sim_status body)
{
    return (struct scope){.members = {{.delay_ns = 100 * SIM_MS, .failure = member}},
                          .count = 1,
                          .own = {.delay_ns = 10 * SIM_SECOND, .cleanup = body}};
}

static enum sim_status test_taskgroup_19(struct sim *sim, void *arg)
{
    struct scope scope = both_fail(SIM_ZERO_DIVISION, SIM_EXCEPTION);

    (void)arg;
    EXPECT(run_apart(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of_both(sim, SIM_ZERO_DIVISION, SIM_EXCEPTION));
    return SIM_OK;
}

static enum sim_status test_taskgroup_20(struct sim *sim, void *arg)
{
    struct scope scope = both_fail(SIM_ZERO_DIVISION, SIM_KEYBOARD_INTERRUPT);

    (void)arg;
    EXPECT(run_scope(sim, &scope) == SIM_KEYBOARD_INTERRUPT);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_KEYBOARD_INTERRUPT);
    return SIM_OK;
}

static enum sim_status test_taskgroup_20a(struct sim *sim, void *arg)
{
    struct scope scope = both_fail(SIM_ZERO_DIVISION, SIM_GENERATOR_EXIT);

    (void)arg;
    EXPECT(run_scope(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of_both(sim, SIM_ZERO_DIVISION, SIM_GENERATOR_EXIT));
    return SIM_OK;
}

static enum sim_status test_taskgroup_21a(struct sim *sim, void *arg)
{
    struct scope scope = both_fail(SIM_GENERATOR_EXIT, SIM_TYPE_ERROR);

    (void)arg;
    EXPECT(run_scope(sim, &scope) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of_both(sim, SIM_GENERATOR_EXIT, SIM_TYPE_ERROR));
    return SIM_OK;
}

/* How many tasks it has, as it says when it is entered once more. */
static int count_tasks(struct sim *sim, struct sim_task_group *group)
{
    EXPECT(sim_task_group_enter(group) == SIM_RUNTIME_ERROR);
    EXPECT(met_runtime_error(sim, "has already been entered"));
    const char *tasks = strstr(sim_exception_message(sim_exception(sim)), "tasks=");

    return tasks == NULL ? 0 : (int)strtol(tasks + strlen("tasks="), NULL, 10);
}

static enum sim_status start_ten(struct sim *sim, void *group)
{
    for (int i = 0; i < 10; i++) {
        SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
        EXPECT(add_job(sim, group, (struct job){.delay_ns = 300 * SIM_MS}) != NULL);
        if (i == 5) {
            int count = count_tasks(sim, group);

            EXPECT(count > 0 && count < 5);
        }
    }
    SIM_TRY(sim_sleep(sim, 1350 * SIM_MS));
    EXPECT(count_tasks(sim, group) == 0);
    return SIM_OK;
}

/* A group forgets what is done. */
static enum sim_status test_taskgroup_23(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);

    (void)arg;
    return sim_task_group_with(group, start_ten, group);
}

/* A member that starts others. */
struct root {
    struct sim_task_group *group;
    struct sim_task *others[2];
};

static enum sim_status start_others(struct sim *sim, void *arg)
{
    struct root *root = arg;

    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    root->others[0] = add_job(sim, root->group, (struct job){.delay_ns = 100 * SIM_MS});
    root->others[1] = add_job(sim, root->group, (struct job){.delay_ns = 200 * SIM_MS});
    return SIM_OK;
}

static enum sim_status start_root(struct sim *sim, void *arg)
{
    struct root *root = arg;

    EXPECT(sim_task_group_create_task(root->group, NULL, start_others, root) != NULL);
    return SIM_OK;
}

static enum sim_status test_taskgroup_24(struct sim *sim, void *arg)
{
    struct root root = {.group = sim_task_group_new(sim)};

    (void)arg;
    SIM_TRY(sim_task_group_with(root.group, start_root, &root));
    EXPECT(sim_done(root.others[0]) && sim_done(root.others[1]));
    EXPECT(sim_now(sim) == 300 * SIM_MS);
    return SIM_OK;
}

struct fight {
    struct sim_task_group *group;
    int hydras;
};

static enum sim_status hydra(struct sim *sim, void *arg)
{
    struct fight *fight = arg;

    fight->hydras++;
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    for (int i = 0; i < 2; i++) {
        if (sim_task_group_create_task(fight->group, NULL, hydra, fight) == NULL)
            return SIM_RUNTIME_ERROR;
    }
    return SIM_OK;
}

static enum sim_status hercules(struct sim *sim, void *arg)
{
    const struct fight *fight = arg;

    while (fight->hydras < 10)
        SIM_TRY(sim_sleep(sim, 15 * SIM_MS));
    return sim_raise(sim, SIM_ZERO_DIVISION, "enough");
}

static enum sim_status begin_fight(struct sim *sim, void *arg)
{
    struct fight *fight = arg;

    EXPECT(sim_task_group_create_task(fight->group, NULL, hydra, fight) != NULL);
    EXPECT(sim_task_group_create_task(fight->group, NULL, hercules, fight) != NULL);
    return SIM_OK;
}

static enum sim_status test_taskgroup_25(struct sim *sim, void *arg)
{
    struct fight fight = {.group = sim_task_group_new(sim)};

    (void)arg;
    EXPECT(sim_task_group_with(fight.group, begin_fight, &fight) == SIM_EXCEPTION_GROUP);
    EXPECT(met_group_of(sim, SIM_ZERO_DIVISION, 1));
    EXPECT(fight.hydras >= 10);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_taskgroup_01),
        BODY(test_taskgroup_02),
        BODY(test_taskgroup_03),
        BODY(test_taskgroup_04),
        BODY(test_cancel_children_on_child_error),
        BODY(test_taskgroup_09),
        BODY(test_taskgroup_10),
        BODY(test_taskgroup_13),
        BODY(test_taskgroup_14),
        BODY(test_taskgroup_19),
        BODY(test_taskgroup_20),
        BODY(test_taskgroup_20a),
        BODY(test_taskgroup_21a),
        BODY(test_taskgroup_23),
        BODY(test_taskgroup_24),
        BODY(test_taskgroup_25),
    };

    return cmocka_run_group_tests_name("TestTaskGroup", tests, NULL, NULL);
}
