/* Optimal DPOR on the scenarios: nothing is given up half-way, but where it is told why; and a
 * clock that never moves costs nothing. */
#include "tests/test.h"

#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"

enum { EXECUTIONS = 2000 };

static struct explore_report search(const struct sim_scenario *scenario, enum sim_level level,
                                    enum sim_time time)
{
    struct explore_request request = {
        .policy = EXPLORE_DPOR, .keep_going = true, .max_executions = EXECUTIONS};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    request.run.level = level;
    request.run.time = time;
    if (!explore(&request, &report, error, sizeof(error)))
        fail_msg("%s: %s", scenario->name, error);
    return report;
}

/* Where it is told why something may be given up. */
static bool is_excepted(const char *name)
{
    static const char *const names[] = {
        /* A loop beside threads. */
        "file_append",
        "gil_threads_vs_processes",
        "http_status",
        "subprocess_shell",
        "to_thread_beside",
        "mutex_across_await",
        "mutex_across_await_fixed",
        /* Priorities. */
        "priority_inversion",
        "priority_inversion_fixed",
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void assert_nothing_is_given_up(enum sim_level level, enum sim_time time)
{
    int whole = 0;
    int given_up = 0;

    for (size_t i = 0; scenarios[i] != NULL; i++) {
        const struct sim_scenario *scenario = scenarios[i];

        if (is_excepted(scenario->name))
            continue;
        struct explore_report report = search(scenario, level, time);

        if (report.given_up != 0)
            print_error("%s: %llu executions, and %llu given up\n", scenario->name,
                        (unsigned long long)report.executions, (unsigned long long)report.given_up);
        given_up += report.given_up != 0;
        whole += report.executions < EXECUTIONS;
        explore_report_free(&report);
    }
    assert_int_equal(given_up, 0);
    assert_true(whole > 120);
}

static void nothing_is_given_up_where_time_is_explored(void **state)
{
    (void)state;
    assert_nothing_is_given_up(SIM_LEVEL_FIFO, SIM_TIME_EXPLORED);
}

static void nothing_is_given_up_at_level_timing(void **state)
{
    (void)state;
    assert_nothing_is_given_up(SIM_LEVEL_TIMING, SIM_TIME_LATE);
}

static void nothing_is_given_up_where_any_task_may_go(void **state)
{
    (void)state;
    assert_nothing_is_given_up(SIM_LEVEL_ANY, SIM_TIME_LATE);
}

enum { TASKS = 3 };

static enum sim_status end_at_once(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static enum sim_status take_what_is_done(struct sim *sim, void *arg)
{
    struct sim_future *tasks[TASKS];
    struct sim_value value;

    (void)arg;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, end_at_once, NULL));
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, TASKS, -1);

    for (int i = 0; i < TASKS; i++)
        SIM_TRY(sim_as_completed_result(completed, &value));
    return SIM_OK;
}

/* The tasks end in any of 3! orders, and who waits for them comes to the queue of those that have
 * ended before or after each of the last two. */
static void who_waits_for_what_is_done_may_come_at_any_time(void **state)
{
    static const struct sim_scenario scenario = {
        .name = "take what is done", .main = take_what_is_done, .async = true};
    struct explore_report report = search(&scenario, SIM_LEVEL_ANY, SIM_TIME_LATE);

    (void)state;
    assert_int_equal(report.executions, 6 * 4);
    explore_report_free(&report);
}

static void a_clock_that_never_moves_costs_nothing(void **state)
{
    static const struct sim_scenario *const programs[] = {
        &bank_transfer, &bounded_buffer, &readers_writers, &writers_reader,
        &last_zero,     &readers,        &circular_buffer, &dining_philosophers_threads,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct explore_report without = search(programs[i], SIM_LEVEL_FIFO, SIM_TIME_LATE);
        struct explore_report with = search(programs[i], SIM_LEVEL_TIMING, SIM_TIME_LATE);

        assert_int_equal(with.executions, without.executions);
        assert_int_equal(with.found, without.found);
        explore_report_free(&without);
        explore_report_free(&with);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_given_up_where_time_is_explored),
        cmocka_unit_test(nothing_is_given_up_at_level_timing),
        cmocka_unit_test(nothing_is_given_up_where_any_task_may_go),
        cmocka_unit_test(who_waits_for_what_is_done_may_come_at_any_time),
        cmocka_unit_test(a_clock_that_never_moves_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
