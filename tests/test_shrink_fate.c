/* Fate: shares that can be counted by hand, exact ones that samples agree with, and a last point
 * that is certain. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/explore/fate.h"
#include "sim/explore/shrink.h"
#include "sim/sim.h"
#include "tests/random_bugs.h"

/* A number from 0 to 3, and then one from 0 to 1: a check fails for 3 and 1. */
static enum sim_status draw(struct sim *sim, void *arg)
{
    uint32_t first = sim_choose_number(sim, 4);
    uint32_t second = sim_choose_number(sim, 2);

    (void)arg;
    (void)sim_check(sim, !(first == 3 && second == 1), "not 3 and 1");
    return SIM_OK;
}

static const struct sim_scenario lottery = {.name = "lottery", .main = draw};

static void near(double share, double expected)
{
    double difference = share > expected ? share - expected : expected - share;

    if (difference > 1e-9)
        fail_msg("%f is not %f", share, expected);
}

static void shares_are_those_counted_by_hand(void **state)
{
    struct run_request request;
    struct schedule schedule = {0};
    struct shrink_target target = {.kind = SIM_FINDING_CHECK};
    struct fate_report report = {0};
    char error[256];

    (void)state;
    (void)snprintf(target.about, sizeof(target.about),
                   "MainThread checks, and it does not hold: not 3 and 1");
    run_request_init(&request, &lottery);
    assert_true(schedule_parse(&schedule, "s1:3.1", error, sizeof(error)));
    assert_true(fate_measure(&request, &schedule, &target, 0, 0, 0, &report));
    assert_int_equal(report.count, 3);
    near(report.points[0].share, 1.0 / 8);
    near(report.points[1].share, 1.0 / 2);
    near(report.points[2].share, 1);
    assert_true(report.points[0].exact);
    near(report.points[0].error, 0);
    assert_int_equal(report.rise, 2);
    assert_int_equal(report.no_return, 2);
    fate_report_free(&report);

    /* With no run to spare for exact shares, but the last: samples. */
    assert_true(fate_measure(&request, &schedule, &target, 1, 10000, 1, &report));
    assert_false(report.points[0].exact);
    assert_int_equal(report.points[0].runs, 10000);
    assert_true(report.points[0].share > 0.11 && report.points[0].share < 0.14);
    assert_true(report.points[0].error > 0.003 && report.points[0].error < 0.0035);
    fate_report_free(&report);
    schedule_free(&schedule);
}

/* The shrunk schedule of the first failure of random executions.  False if none fails. */
static bool find_failure(const struct run_request *run, struct shrink_report *small)
{
    struct explore_request request = {.run = *run, .policy = EXPLORE_RANDOM, .max_executions = 100};
    struct explore_report report = {.worst = -1};
    char error[256];

    assert_true(explore(&request, &report, error, sizeof(error)));
    bool fails = report.worst >= 0;

    if (fails)
        assert_true(shrink(run, &report.kinds[report.worst].schedule,
                           (enum sim_finding_kind)report.worst, 0, small, error, sizeof(error)));
    explore_report_free(&report);
    return fails;
}

/* Exact shares and samples differ by at most five standard errors (and by 0.02 where the samples
 * are all alike). */
static void compare(const struct fate_report *exact, const struct fate_report *sampled)
{
    assert_int_equal(exact->count, sampled->count);
    for (size_t i = 0; i < exact->count; i++) {
        const struct fate_point *a = &exact->points[i];
        const struct fate_point *b = &sampled->points[i];
        double difference = a->share > b->share ? a->share - b->share : b->share - a->share;

        if (a->exact && difference > 5 * b->error + 0.02)
            fail_msg("point %zu: %f, but %f +- %f", i, a->share, b->share, b->error);
    }
}

static void samples_agree_with_exact_shares(void **state)
{
    int compared = 0;

    (void)state;
    skip_if_sanitized();
    for (int64_t seed = 0; seed < 60; seed++) {
        struct run_request request;
        struct shrink_report small;
        struct fate_report exact;
        struct fate_report sampled;

        run_request_init(&request, &random_threads);
        request.params[0] = seed;
        if (!find_failure(&request, &small))
            continue;
        assert_true(fate_measure(&request, &small.schedule, &small.target, 5000, 300, 1, &exact));
        assert_true(fate_measure(&request, &small.schedule, &small.target, 1, 300, 2, &sampled));
        near(exact.points[exact.count - 1].share, 1);
        assert_true(exact.no_return < exact.count);
        compare(&exact, &sampled);
        compared += exact.points[0].exact;
        fate_report_free(&exact);
        fate_report_free(&sampled);
        shrink_report_free(&small);
    }
    assert_true(compared > 5);
}

static void a_race_turns_at_the_write_in_between(void **state)
{
    struct run_request request;
    struct shrink_report small = {0};
    struct fate_report report = {0};

    (void)state;
    run_request_init(&request, &counter_race_threads);
    assert_true(find_failure(&request, &small));
    assert_true(fate_measure(&request, &small.schedule, &small.target, 0, 0, 0, &report));
    assert_true(report.points[0].exact);
    assert_true(report.rise > 0);
    assert_true(report.no_return > 0 && report.no_return < report.count);
    assert_int_equal(report.rise, report.no_return);
    fate_report_free(&report);
    shrink_report_free(&small);
}

static void many_choices_give_as_many_points_as_fit(void **state)
{
    struct run_request request;
    struct shrink_report small = {0};
    struct fate_report report = {0};

    (void)state;
    run_request_init(&request, &counter_race_threads);
    request.params[0] = 30;
    assert_true(find_failure(&request, &small));
    assert_true(small.schedule.count > FATE_POINTS_MAX);
    assert_true(fate_measure(&request, &small.schedule, &small.target, 0, 50, 0, &report));
    assert_int_equal(report.count, FATE_POINTS_MAX);
    assert_int_equal(report.points[0].choices, 0);
    assert_int_equal(report.points[FATE_POINTS_MAX - 1].choices, small.schedule.count);
    for (size_t i = 1; i < report.count; i++) {
        assert_true(report.points[i].choices > report.points[i - 1].choices);
        assert_true(report.points[i].step >= report.points[i - 1].step);
    }
    fate_report_free(&report);
    shrink_report_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_counted_by_hand),
        cmocka_unit_test(samples_agree_with_exact_shares),
        cmocka_unit_test(a_race_turns_at_the_write_in_between),
        cmocka_unit_test(many_choices_give_as_many_points_as_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
