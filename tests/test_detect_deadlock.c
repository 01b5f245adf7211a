/* A deadlock of some while others go on, and the step that closes it. */
#include "tests/feed.h"

static void abba(struct feed *f)
{
    take(f, A, L1);
    yield_once(f, A);
    take(f, B, L2);
    wait_for_lock(f, A, L2, B);
    wait_for_lock(f, B, L1, A);
}

static void close_loop(struct feed *f)
{
    say(f, C, SIM_EV_DONE, C, SIM_OK, 0);
    say(f, MAIN, SIM_EV_LOOP_CLOSE, C, 0, 2);
    for (uint32_t task = A; task <= B; task++) {
        say(f, MAIN, SIM_EV_CANCEL, task, 0, 0);
        say(f, task, SIM_EV_RESUME, 0, 0, 0);
        give(f, task, task == A ? L1 : L2);
        say(f, task, SIM_EV_DONE, task, SIM_CANCELLED, 0);
    }
}

static void two_of_three_are_a_deadlock_when_main_ends_without_them(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    abba(f);
    close_loop(f);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_string_equal(findings[0].sentence,
                        "A waits for L2, held by B since step 4; B waits for L1, held by A since "
                        "step 1: a cycle that nobody can leave.");
    assert_int_equal(findings[0].step_count, 3);
    assert_string_equal(findings[0].steps[1].caption,
                        "B, holding L2, waits for L1: this closes the circle");
    assert_int_equal(findings[0].steps[1].step, 7);
    assert_string_equal(findings[0].steps[2].caption,
                        "main has ended: the loop closes, and they still wait");
}

static void a_deadlock_is_told_of_beside_a_failure_of_main(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    abba(f);
    close_loop(f);
    (void)end(f, SIM_OUTCOME_FAILED, &count);
    assert_int_equal(count, 1);
}

static void who_stops_at_a_deadline_is_in_no_deadlock(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_TIMER, B, 0, 1000);
    abba(f);
    close_loop(f);
    expect_clean(f);
}

static void who_waits_for_one_that_can_go_on_is_in_no_deadlock(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    take(f, B, L2);
    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    wait_for_lock(f, B, L1, A);
    close_loop(f);
    expect_clean(f);
}

static void a_deadlock_that_was_broken_up_is_none(void **state)
{
    struct feed *f = *state;

    abba(f);
    say(f, C, SIM_EV_CANCEL, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    give(f, A, L1);
    say(f, A, SIM_EV_DONE, A, SIM_CANCELLED, 0);
    say(f, B, SIM_EV_RESUME, 0, 0, 0);
    take(f, B, L1);
    give(f, B, L1);
    give(f, B, L2);
    say(f, B, SIM_EV_DONE, B, SIM_OK, 0);
    size_t count = 0;
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    /* That it was possible is what remains to be said. */
    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_LOCK_ORDER);
}

static void threads_left_in_a_deadlock_at_the_end_are_told_of(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_for_lock(f, T1, M2, T2);
    wait_for_lock(f, T2, M1, T1);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_string_equal(findings[0].steps[2].caption, "the run ends, and they still wait");
}

static void a_lock_of_the_dead_is_told_of_when_the_loop_closes(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    take(f, A, L1);
    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    wait_for_lock(f, B, L1, A);
    say(f, MAIN, SIM_EV_LOOP_CLOSE, C, 0, 1);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_ABANDONED_LOCK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(two_of_three_are_a_deadlock_when_main_ends_without_them),
        FEED_TEST(a_deadlock_is_told_of_beside_a_failure_of_main),
        FEED_TEST(who_stops_at_a_deadline_is_in_no_deadlock),
        FEED_TEST(who_waits_for_one_that_can_go_on_is_in_no_deadlock),
        FEED_TEST(a_deadlock_that_was_broken_up_is_none),
        FEED_TEST(threads_left_in_a_deadlock_at_the_end_are_told_of),
        FEED_TEST(a_lock_of_the_dead_is_told_of_when_the_loop_closes),
    };

    return cmocka_run_group_tests_name("detect_deadlock", tests, NULL, NULL);
}
