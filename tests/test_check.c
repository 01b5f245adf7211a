/* Checks: what they hold for proved, for accepted, and for neither. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/scenarios.h"
#include "sim/sim.h"

/* Waits in a loop until the other is through: there is no end of schedules. */
static enum sim_status let_go(struct sim *sim, void *arg)
{
    (void)sim;
    sim_atomic_store(arg, 1);
    return SIM_OK;
}

static enum sim_status spin(struct sim *sim, void *arg)
{
    struct sim_atomic *flag = sim_atomic_new(sim, "flag", 0);
    struct sim_thread *other = sim_thread_new(sim, "other", let_go, flag);

    (void)arg;
    while (sim_atomic_load(flag) == 0)
        sim_thread_yield(sim);
    return sim_thread_join(other, NULL);
}

static const struct sim_scenario spins = {.name = "spins", .main = spin};

static void a_bound_is_no_proof(void **state)
{
    struct sim_search search = {.how = SIM_SEARCH_ALL};
    struct sim_search_result result;

    (void)state;
    assert_false(sim_check_all(&spins));
    assert_false(sim_check_search(&spins, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_BOUNDED);
    assert_int_equal(result.worst, SIM_CLEAN);
    assert_non_null(strstr(result.why, "rounds of a loop"));
    search.accept_bounded = true;
    assert_true(sim_check_search(&spins, &search, &result));
    assert_true(sim_check_bounded(&spins, -1));
}

/* Too many for every single schedule, and few that differ in more than independent steps. */
static enum sim_status write_own(struct sim *sim, void *arg)
{
    (void)sim;
    for (int i = 0; i < 6; i++)
        sim_write(arg, i);
    return SIM_OK;
}

static enum sim_status write_apart(struct sim *sim, void *arg)
{
    struct sim_thread *threads[4];

    (void)arg;
    for (int i = 0; i < 4; i++)
        threads[i] = sim_thread_new(sim, NULL, write_own, sim_var_new(sim, NULL, 0));
    for (int i = 0; i < 4; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static const struct sim_scenario apart = {.name = "apart", .main = write_apart};

static void too_many_schedules_are_run_up_to_independent_steps(void **state)
{
    struct sim_search search = {.how = SIM_SEARCH_ALL};
    struct sim_search_result result;

    (void)state;
    assert_true(sim_check_search(&apart, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_EXHAUSTED);
    assert_int_equal(result.executions, 1);
    assert_non_null(strstr(result.why, "independent steps"));
    search.executions = 1000;
    assert_false(sim_check_search(&apart, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_INCONCLUSIVE);
}

static void hazards_fail_a_check_unless_accepted(void **state)
{
    struct sim_search search = {.accept = SIM_ACCEPT(SIM_FINDING_LOCK_ORDER)};
    struct sim_search bounded = {.how = SIM_SEARCH_BOUNDED};
    struct sim_search_result result;

    (void)state;
    assert_false(sim_check_search(&deadlock_abba_threads, &search, &result)); /* an error */
    assert_int_equal(result.worst, SIM_FINDING_DEADLOCK);
    /* Without a preemption it only could: a hazard. */
    assert_false(sim_check_search(&deadlock_abba_threads, &bounded, &result));
    assert_int_equal(result.worst, SIM_FINDING_LOCK_ORDER);
    bounded.accept = SIM_ACCEPT_HAZARDS;
    assert_true(sim_check_search(&deadlock_abba_threads, &bounded, &result));
    assert_int_equal(SIM_ACCEPT_HAZARDS >> SIM_FINDING_DEADLOCK & 1, 0);
    assert_int_equal(SIM_ACCEPT_HAZARDS >> SIM_FINDING_DATA_RACE & 1, 1);
}

static void parameters_and_numbers_are_checked(void **state)
{
    struct sim_search search = {.params = "cars=2 places=2"};
    struct sim_search_result result;

    (void)state;
    assert_true(sim_check_search(&parking_lot, &search, &result));
    search.params = "cars=2 houses=2";
    assert_false(sim_check_search(&parking_lot, &search, &result));
    assert_non_null(strstr(result.why, "has no parameter 'houses'"));
    search = (struct sim_search){.how = SIM_SEARCH_RANDOM};
    assert_false(sim_check_search(&parking_lot, &search, &result));
    assert_non_null(strstr(result.why, "must say how many"));
    search = (struct sim_search){.how = SIM_SEARCH_PCT, .depth = 65, .executions = 1};
    assert_false(sim_check_search(&parking_lot, &search, &result));
    assert_false(sim_check_random(&parking_lot, 1, 0));
}

/* What standard error is told meanwhile. */
static void said(bool (*check)(void), char *text, size_t size)
{
    char path[] = "check_said_XXXXXX";
    int file = mkstemp(path);
    int saved = dup(STDERR_FILENO);

    assert_true(file >= 0 && saved >= 0);
    (void)fflush(stderr);
    assert_true(dup2(file, STDERR_FILENO) >= 0);
    bool held = check();

    (void)fflush(stderr);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    assert_int_equal(unlink(path), 0);
    assert_false(held);
    ssize_t length = pread(file, text, size - 1, 0);

    assert_true(length > 0);
    text[length] = '\0';
    (void)close(file);
    (void)close(saved);
}

static bool check_lot(void)
{
    return sim_check_pct(&parking_lot, 3, 1000);
}

static bool expect_in_vain(void)
{
    return sim_expect_finding(&parking_lot_fixed, SIM_FINDING_INVARIANT);
}

static void a_failed_check_says_what_one_needs(void **state)
{
    char text[8192];

    (void)state;
    said(check_lot, text, sizeof(text));
    assert_non_null(strstr(text, "parking_lot: invariant, first in execution "));
    assert_non_null(strstr(text, "to 2 preemptions; with fewer it does not happen\n"));
    assert_non_null(
        strstr(text, "INVARIANT BROKEN: The invariant \"never more cars than places\""));
    assert_non_null(strstr(text, "(parking_lot.c:"));
    assert_non_null(strstr(text, "replay: sim_check_schedule(&parking_lot, \"s1:"));
    assert_non_null(strstr(text, "order: car 2.rmw(cars) < car 1.rmw(cars), "));
    said(expect_in_vain, text, sizeof(text));
    assert_non_null(strstr(text, "expected invariant, and no schedule shows it: "));
    assert_non_null(strstr(text, "which are all"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_is_no_proof),
        cmocka_unit_test(too_many_schedules_are_run_up_to_independent_steps),
        cmocka_unit_test(hazards_fail_a_check_unless_accepted),
        cmocka_unit_test(parameters_and_numbers_are_checked),
        cmocka_unit_test(a_failed_check_says_what_one_needs),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
