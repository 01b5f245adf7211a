/* Optimal DPOR over tasks on a loop that may run any that is ready: it sees every outcome that
 * depth-first search sees, in no more executions, and no trace twice. */
#include "tests/test.h"

#include <stdlib.h>

#include "tests/dpor_trace.h"
#include "tests/random_tasks.h"

#include "sim/core/policy.h"
#include "sim/policy/dfs.h"

enum { PROGRAMS = FIBER_ASAN ? 100 : 600, TOO_MANY = 3000 };

struct outcomes {
    uint64_t at[TOO_MANY + 1];
    size_t count;
};

static void add(struct outcomes *outcomes, uint64_t outcome)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->at[i] == outcome)
            return;
    outcomes->at[outcomes->count++] = outcome;
}

static bool holds(const struct outcomes *outcomes, uint64_t outcome)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->at[i] == outcome)
            return true;
    return false;
}

static struct sim *searching_sim(enum sim_time time, struct policy *policy, struct sink *sink)
{
    struct sim *sim = sim_new(&(struct sim_config){.level = SIM_LEVEL_ANY, .time = time});

    assert_non_null(sim);
    sim_set_policy(sim, policy);
    if (sink != NULL)
        assert_true(sim_add_sink(sim, sink));
    return sim;
}

/* Returns the number of executions; more than TOO_MANY: it was cut short. */
static uint64_t search_all(struct task_world *world, enum sim_time time, struct outcomes *outcomes)
{
    struct policy_dfs dfs;
    uint64_t executions = 0;

    policy_dfs_init(&dfs, -1);
    struct sim *sim = searching_sim(time, &dfs.policy, NULL);

    do {
        add(outcomes, task_digest(world, (int)sim_run_async(sim, run_task_program, world)));
    } while (++executions <= TOO_MANY && policy_dfs_next(&dfs));
    assert_false(dfs.nondeterministic);
    policy_dfs_free(&dfs);
    sim_free(sim);
    return executions;
}

static uint64_t search_reduced(struct task_world *world, enum sim_time time,
                               struct outcomes *outcomes, struct outcomes *traces,
                               struct dpor_statistics *statistics)
{
    struct dpor *dpor = dpor_new();
    struct sim *sim = searching_sim(time, dpor_policy(dpor), dpor_sink(dpor));
    uint64_t executions = 0;
    bool more = true;

    while (more && executions <= TOO_MANY) {
        enum sim_outcome outcome = sim_run_async(sim, run_task_program, world);

        if (outcome != SIM_OUTCOME_DIVERGED) {
            executions++;
            add(outcomes, task_digest(world, (int)outcome));
            add(traces, dpor_trace(dpor));
        }
        more = dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED);
    }
    *statistics = dpor_statistics(dpor);
    dpor_free(dpor);
    sim_free(sim);
    return executions;
}

static void print_program(uint64_t seed, const struct task_program *program)
{
    static const char *const names[] = {"read",   "write", "yield",  "sleep", "lock",
                                        "unlock", "set",   "wait",   "put",   "get",
                                        "cancel", "await", "settle", "block", "now"};

    print_message("program %llu, ending %d\n", (unsigned long long)seed, (int)program->ending);
    for (int i = 0; i < program->tasks; i++) {
        print_message("  task %d:", i);
        for (int k = 0; k < program->counts[i]; k++)
            print_message(" %s(%d)", names[program->ops[i][k].kind], program->ops[i][k].object);
        print_message("\n");
    }
}

/* In so many times fewer executions.  Where time is explored, which deadline comes is a number:
 * each is tried, and a trace may be met again. */
static void see_every_outcome(struct task_program (*make)(uint64_t seed), enum sim_time time,
                              uint64_t times)
{
    static struct outcomes all;
    static struct outcomes reduced;
    static struct outcomes traces;
    uint64_t runs_of_all = 0;
    uint64_t runs_of_reduced = 0;
    int compared = 0;
    int failed = 0;

    for (uint64_t seed = 0; compared < PROGRAMS; seed++) {
        struct task_program program = make(seed);
        struct task_world world = {.program = &program};
        struct dpor_statistics statistics;
        bool ok = true;

        all.count = 0;
        reduced.count = 0;
        traces.count = 0;
        uint64_t executions = search_all(&world, time, &all);

        if (executions > TOO_MANY)
            continue;
        uint64_t fewer = search_reduced(&world, time, &reduced, &traces, &statistics);

        for (size_t i = 0; i < all.count; i++)
            ok = ok && holds(&reduced, all.at[i]);
        ok =
            ok && reduced.count == all.count && fewer <= executions && !statistics.nondeterministic;
        ok = ok && (fewer == traces.count || time == SIM_TIME_EXPLORED);
        compared++;
        runs_of_all += executions;
        runs_of_reduced += fewer;
        if (ok)
            continue;
        print_program(seed, &program);
        print_message("  all: %llu executions, %zu outcomes; reduced: %llu of %zu traces, %zu; "
                      "asleep %llu, infeasible %llu\n",
                      (unsigned long long)executions, all.count, (unsigned long long)fewer,
                      traces.count, reduced.count, (unsigned long long)statistics.asleep,
                      (unsigned long long)statistics.infeasible);
        failed++;
    }
    assert_int_equal(failed, 0);
    print_message("executions: all %llu, reduced %llu\n", (unsigned long long)runs_of_all,
                  (unsigned long long)runs_of_reduced);
    assert_true(times * runs_of_reduced < runs_of_all);
}

static void every_outcome_is_seen(void **state)
{
    (void)state;
    see_every_outcome(random_task_program, SIM_TIME_LATE, 10);
}

/* Whoever is ready while another blocks the loop could have been before it, at another time. */
static void every_outcome_of_blocking_tasks_is_seen(void **state)
{
    (void)state;
    see_every_outcome(blocking_task_program, SIM_TIME_LATE, 2);
}

static struct task_program listening_program(uint64_t seed)
{
    struct task_program program = random_task_program(seed);

    program.ending = TASK_EACH;
    return program;
}

/* Main goes on with each that ends, before or after others end. */
static void every_outcome_of_a_main_that_listens_is_seen(void **state)
{
    (void)state;
    see_every_outcome(listening_program, SIM_TIME_LATE, 5);
}

static struct task_program leaving_program(uint64_t seed)
{
    static const enum task_ending endings[] = {TASK_FIRST_FAILURE, TASK_FIRST, TASK_LAST};
    struct task_program program = random_task_program(seed);

    program.ending = endings[seed % 3];
    return program;
}

/* Main may end before the others, which are cancelled, or cut off. */
static void every_outcome_of_a_main_that_leaves_is_seen(void **state)
{
    (void)state;
    see_every_outcome(leaving_program, SIM_TIME_LATE, 10);
}

/* ... while one of them has the loop wait. */
static struct task_program blocking_and_leaving_program(uint64_t seed)
{
    struct task_program program = blocking_task_program(seed);

    program.ending = leaving_program(seed).ending;
    return program;
}

static void every_outcome_of_a_main_that_leaves_blocking_tasks_is_seen(void **state)
{
    (void)state;
    see_every_outcome(blocking_and_leaving_program, SIM_TIME_LATE, 5);
}

/* Deadlines may come whenever a loop makes a call. */
static void every_outcome_is_seen_where_time_is_explored(void **state)
{
    (void)state;
    see_every_outcome(random_task_program, SIM_TIME_EXPLORED, 20);
    see_every_outcome(leaving_program, SIM_TIME_EXPLORED, 20);
    see_every_outcome(blocking_and_leaving_program, SIM_TIME_EXPLORED, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_is_seen),
        cmocka_unit_test(every_outcome_of_blocking_tasks_is_seen),
        cmocka_unit_test(every_outcome_of_a_main_that_listens_is_seen),
        cmocka_unit_test(every_outcome_of_a_main_that_leaves_is_seen),
        cmocka_unit_test(every_outcome_of_a_main_that_leaves_blocking_tasks_is_seen),
        cmocka_unit_test(every_outcome_is_seen_where_time_is_explored),
    };

    return cmocka_run_group_tests_name("dpor tasks", tests, NULL, NULL);
}
