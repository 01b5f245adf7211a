/* A run is a function of its choices: where a program is not, the check says so, and where. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/explore/check.h"
#include "sim/explore/explore.h"
#include "sim/explore/outcome.h"
#include "sim/sim.h"

/* What outlives a run, which a program must not have. */
static int counter;

static enum sim_status add(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    (void)sim;
    sim_write(var, sim_read(var) + 1);
    return SIM_OK;
}

static enum sim_status two_adders(struct sim *sim, struct sim_var *var)
{
    struct sim_thread *one = sim_thread_new(sim, "one", add, var);
    struct sim_thread *other = sim_thread_new(sim, "other", add, var);

    SIM_TRY(sim_thread_join(one, NULL));
    return sim_thread_join(other, NULL);
}

static enum sim_status sound(struct sim *sim, void *arg)
{
    (void)arg;
    return two_adders(sim, sim_var_new(sim, "money", 0));
}

static enum sim_status counts_on(struct sim *sim, void *arg)
{
    (void)arg;
    return two_adders(sim, sim_var_new(sim, "money", counter++));
}

static enum sim_status writes_counter(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);

    (void)arg;
    SIM_TRY(two_adders(sim, var));
    sim_write(var, 100 + counter++);
    return SIM_OK;
}

static enum sim_status prints_address(struct sim *sim, void *arg)
{
    void *memory = malloc(40);

    (void)arg;
    sim_print(sim, "it is at %s", sim_format(sim, "%lu", (unsigned long)(uintptr_t)memory));
    free(memory);
    return SIM_OK;
}

static enum sim_status prints_place_of_var(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);

    (void)arg;
    sim_print(sim, "%lu", (unsigned long)(uintptr_t)var);
    return SIM_OK;
}

static enum sim_status prints_place_on_stack(struct sim *sim, void *arg)
{
    int local = 0;

    (void)arg;
    sim_print(sim, "%lu", (unsigned long)(uintptr_t)&local);
    return SIM_OK;
}

static enum sim_status names_by_counter(struct sim *sim, void *arg)
{
    (void)arg;
    sim_write(sim_var_new(sim, sim_format(sim, "money %d", counter++), 0), 1);
    return SIM_OK;
}

static enum sim_status asks_rand(struct sim *sim, void *arg)
{
    (void)arg;
    (void)sim_choose_number(sim, 2 + (uint32_t)rand() % 1000);
    return two_adders(sim, sim_var_new(sim, "money", 0));
}

static enum sim_status asks_clock(struct sim *sim, void *arg)
{
    struct timespec now;

    (void)arg;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    sim_write(sim_var_new(sim, "money", 0), (int64_t)now.tv_nsec + (int64_t)now.tv_sec);
    return SIM_OK;
}

/* Every other time the second adder takes a mutex first: other operations are announced. */
static enum sim_status locks_at_times(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "m");

    (void)arg;
    if (counter++ % 2 == 0) {
        sim_mutex_lock(mutex);
        SIM_TRY(sim_mutex_unlock(mutex));
    }
    return two_adders(sim, sim_var_new(sim, "money", 0));
}

static enum sim_status ends_early_at_times(struct sim *sim, void *arg)
{
    (void)arg;
    if (counter++ % 2 == 0)
        return SIM_OK;
    return two_adders(sim, sim_var_new(sim, "money", 0));
}

static struct explore_report search(const struct sim_scenario *scenario, enum explore_policy policy)
{
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_executions = 20,
                                      .keep_going = true,
                                      .twice = true};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    if (!explore(&request, &report, error, sizeof(error)))
        fail_msg("%s", error);
    return report;
}

static void what_is_not_a_function_of_its_choices_is_told(void **state)
{
    static const struct {
        sim_body_fn main;
        const char *first; /* begins with; NULL: whatever */
        const char *second;
        const char *place; /* is in the first */
    } cases[] = {
        {writes_counter, "MainThread: write money, value 10", "MainThread: write money, value 10",
         " (test_twice.c:"},
        {counts_on, "one: read money, value ", "one: read money, value ", " (test_twice.c:"},
        {prints_address, "MainThread: print \"it is at ", "MainThread: print \"it is at ", ""},
        {prints_place_of_var, "MainThread: print \"", "MainThread: print \"", ""},
        {prints_place_on_stack, "MainThread: print \"", "MainThread: print \"", ""},
        {names_by_counter, "MainThread: write money ", "MainThread: write money ",
         " (test_twice.c:"},
        {asks_rand, NULL, NULL, ""},
        {asks_clock, "MainThread: write money, value ", "MainThread: write money, value ",
         " (test_twice.c:"},
        {locks_at_times, NULL, NULL, ""},
        {ends_early_at_times, NULL, NULL, ""},
    };
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM, EXPLORE_DPOR};

    (void)state;
    for (size_t i = 0; i < 3 * sizeof(cases) / sizeof(cases[0]); i++) {
        struct sim_scenario scenario = {.name = "faulty", .main = cases[i / 3].main};
        struct explore_report report = search(&scenario, policies[i % 3]);
        const struct twice_difference *at = &report.difference.at;

        assert_int_equal(report.verdict, EXPLORE_NONDETERMINISTIC);
        assert_int_equal(report.difference.execution, 1);
        assert_true(at->step > 0);
        assert_string_not_equal(at->first, at->second);
        if (cases[i / 3].first != NULL) {
            assert_memory_equal(at->first, cases[i / 3].first, strlen(cases[i / 3].first));
            assert_memory_equal(at->second, cases[i / 3].second, strlen(cases[i / 3].second));
        }
        assert_non_null(strstr(at->first, cases[i / 3].place));
        explore_report_free(&report);
    }
}

static void a_sound_program_passes(void **state)
{
    static const struct sim_scenario scenario = {.name = "sound", .main = sound};
    static const enum explore_policy policies[] = {EXPLORE_DFS,  EXPLORE_DPOR, EXPLORE_RANDOM,
                                                   EXPLORE_PCT,  EXPLORE_SURW, EXPLORE_POS,
                                                   EXPLORE_FIFO, EXPLORE_PB};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        struct explore_report report = search(&scenario, policies[i]);

        assert_int_equal(report.difference.execution, 0);
        assert_int_not_equal(report.verdict, EXPLORE_NONDETERMINISTIC);
        assert_true(report.executions > 0);
        explore_report_free(&report);
    }
}

static void a_unit_test_holds_it(void **state)
{
    static const struct sim_scenario good = {.name = "good", .main = sound};
    static const struct sim_scenario bad = {.name = "bad", .main = counts_on};

    (void)state;
    assert_true(sim_check_deterministic(&good, 1, 100));
    assert_false(sim_check_deterministic(&bad, 1, 100));
}

/* Without the check, too, if it shows in how many can go on. */
static void a_search_that_notices_it_says_so(void **state)
{
    struct sim_scenario scenario = {.name = "faulty", .main = asks_rand};
    struct explore_request request = {.policy = EXPLORE_DFS, .max_preemptions = -1};
    struct explore_report report;
    char error[256];

    (void)state;
    run_request_init(&request.run, &scenario);
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_int_equal(report.verdict, EXPLORE_NONDETERMINISTIC);
    assert_int_equal(report.difference.execution, 0);
    explore_report_free(&report);
}

static void a_report_carries_it(void **state)
{
    struct sim_scenario scenario = {.name = "faulty", .main = writes_counter};
    struct explore_request request = {.policy = EXPLORE_DFS, .max_preemptions = -1};
    struct explore_report report = search(&scenario, EXPLORE_DFS);
    struct outcome outcome;
    struct outcome again;
    char error[256];
    size_t length = 0;

    (void)state;
    run_request_init(&request.run, &scenario);
    assert_true(outcome_init(&outcome, &request, &report));
    char *text = outcome_format(&outcome, &length);

    assert_non_null(text);
    assert_true(outcome_parse(&again, text, length, "r", error, sizeof(error)));
    assert_string_equal(again.report.difference.at.first, outcome.report.difference.at.first);
    assert_string_equal(again.report.difference.at.second, outcome.report.difference.at.second);
    assert_int_equal(again.report.difference.schedule.count,
                     outcome.report.difference.schedule.count);
    free(text);
    outcome_free(&outcome);
    outcome_free(&again);
}

static void one_run_can_be_checked(void **state)
{
    struct sim_scenario scenario = {.name = "faulty", .main = writes_counter};
    struct sim_scenario fine = {.name = "fine", .main = sound};
    struct twice_difference difference;
    struct run_request request;
    char error[256];
    bool same = true;

    (void)state;
    run_request_init(&request, &scenario);
    struct trace *trace = twice_run(&request, &same, &difference, error, sizeof(error));

    assert_non_null(trace);
    assert_false(same);
    assert_non_null(strstr(difference.first, "write money"));
    trace_free(trace);
    run_request_init(&request, &fine);
    request.policy = RUN_RANDOM;
    trace = twice_run(&request, &same, &difference, error, sizeof(error));
    assert_non_null(trace);
    assert_true(same);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_a_function_of_its_choices_is_told),
        cmocka_unit_test(a_sound_program_passes),
        cmocka_unit_test(a_unit_test_holds_it),
        cmocka_unit_test(a_search_that_notices_it_says_so),
        cmocka_unit_test(a_report_carries_it),
        cmocka_unit_test(one_run_can_be_checked),
    };

    return cmocka_run_group_tests_name("twice", tests, NULL, NULL);
}
