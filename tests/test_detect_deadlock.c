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

/* The same, told of when the run is stopped by the limit on steps: C runs on until then. */
static void run_on(struct feed *f)
{
    for (int i = 0; i < 20; i++)
        yield_once(f, C);
}

static void threads_in_a_deadlock_while_another_runs_on_are_told_of(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_for_lock(f, T1, M2, T2);
    wait_for_lock(f, T2, M1, T1);
    run_on(f);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STEPS, &count);

    assert_int_equal(count, 2);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_string_equal(findings[0].steps[1].caption,
                        "T2, holding M2, waits for M1: this closes the circle");
    assert_int_equal(findings[0].steps[1].step, 5);
    assert_string_equal(findings[0].steps[2].caption, "the run is stopped, and they still wait");
    assert_int_equal(findings[1].kind, SIM_FINDING_LIMIT);
}

static bool deadlock_at_the_limit(struct feed *f)
{
    size_t count = 0;
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STEPS, &count);

    for (size_t i = 0; i < count; i++)
        if (findings[i].kind == SIM_FINDING_DEADLOCK ||
            findings[i].kind == SIM_FINDING_SELF_DEADLOCK ||
            findings[i].kind == SIM_FINDING_ABANDONED_LOCK)
            return true;
    return false;
}

static void tasks_in_a_deadlock_while_another_runs_on_are_told_of(void **state)
{
    struct feed *f = *state;

    abba(f);
    run_on(f);
    assert_true(deadlock_at_the_limit(f));
}

static void who_joins_another_that_wants_his_mutex_is_told_of(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    say(f, T1, SIM_EV_SUSPEND, T2, SIM_WAIT_JOIN, 0);
    wait_for_lock(f, T2, M1, T1);
    run_on(f);
    assert_true(deadlock_at_the_limit(f));
}

/* Each awaits the end of the other, and nothing is held. */
static void tasks_that_await_each_other_are_told_of(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    say(f, A, SIM_EV_SUSPEND, B, SIM_WAIT_FUTURE, 0);
    say(f, B, SIM_EV_SUSPEND, A, SIM_WAIT_FUTURE, 0);
    say(f, C, SIM_EV_DONE, C, SIM_OK, 0);
    say(f, MAIN, SIM_EV_LOOP_CLOSE, C, 0, 2);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_string_equal(findings[0].sentence,
                        "A awaits B; B awaits A: a cycle that nobody can leave.");
    assert_string_equal(findings[0].steps[1].caption, "B awaits A: this closes the circle");
}

static void a_deadline_that_is_to_come_may_open_a_circle(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_TIMER, B, 0, 1000);
    abba(f);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
}

static void wait_until(struct feed *f, uint32_t actor, uint32_t mutex, uint32_t holder, int64_t ns)
{
    say(f, actor, SIM_EV_BLOCK, mutex, 1, holder);
    say(f, actor, SIM_EV_SUSPEND, mutex, SIM_WAIT_LOCK, ns);
}

static void a_thread_that_gives_up_some_time_is_in_no_deadlock(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_until(f, T1, M2, T2, 1000);
    wait_for_lock(f, T2, M1, T1);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
}

static void a_thread_whose_deadline_has_passed_may_go_on(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_until(f, T1, M2, T2, 1000);
    wait_for_lock(f, T2, M1, T1);
    f->now_ns = 2000;
    say(f, 0, SIM_EV_FIRE, T1, 0, 0);
    say(f, 0, SIM_EV_WAKE, T1, 0, 0);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
}

static void a_thread_that_has_given_up_once_may_be_in_a_deadlock(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_until(f, T1, M2, T2, 1000);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    wait_for_lock(f, T1, M2, T2);
    wait_for_lock(f, T2, M1, T1);
    run_on(f);
    assert_true(deadlock_at_the_limit(f));
}

static void the_deadline_of_who_awaits_one_of_a_circle_may_open_it(void **state)
{
    struct feed *f = *state;

    abba(f);
    say(f, C, SIM_EV_TIMER, C, 0, 1000);
    say(f, C, SIM_EV_SUSPEND, A, SIM_WAIT_FUTURE, 0);
    for (int i = 0; i < 20; i++)
        yield_once(f, T1);
    assert_false(deadlock_at_the_limit(f));
}

static void a_lock_that_others_have_released_may_open_a_circle(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    give(f, C, L1);
    abba(f);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
}

static void who_was_cancelled_and_has_not_gone_on_yet_may_open_a_circle(void **state)
{
    struct feed *f = *state;

    abba(f);
    run_on(f);
    say(f, C, SIM_EV_CANCEL, A, 0, 0);
    say(f, C, SIM_EV_WAKE, A, 0, 0);
    assert_false(deadlock_at_the_limit(f));
}

static void a_deadline_of_who_awaits_nobody_of_a_circle_opens_nothing(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    take(f, T2, M2);
    wait_for_lock(f, T1, M2, T2);
    wait_for_lock(f, T2, M1, T1);
    take(f, A, L1);
    wait_for_lock(f, A, L1, A);
    say(f, C, SIM_EV_TIMER, C, 0, 1000);
    say(f, C, SIM_EV_SUSPEND, B, SIM_WAIT_FUTURE, 0);
    size_t count = 0;
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STEPS, &count);

    assert_int_equal(count, 3);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_int_equal(findings[1].kind, SIM_FINDING_SELF_DEADLOCK);
    assert_int_equal(findings[2].kind, SIM_FINDING_LIMIT);
}

static void a_mutex_of_the_dead_is_told_of_at_the_limit(void **state)
{
    struct feed *f = *state;

    take(f, T1, M1);
    say(f, T1, SIM_EV_DONE, T1, SIM_OK, 0);
    wait_for_lock(f, T2, M1, T1);
    run_on(f);
    assert_true(deadlock_at_the_limit(f));
}

static void a_lock_of_the_dead_may_be_released_by_another(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    wait_for_lock(f, B, L1, A);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
}

static void a_permit_may_be_given_by_another(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    take(f, B, L1);
    wait_for_lock(f, A, L1, B);
    say(f, B, SIM_EV_BLOCK, SEM, 0, 0);
    say(f, B, SIM_EV_SUSPEND, SEM, SIM_WAIT_SEMAPHORE, 0);
    run_on(f);
    assert_false(deadlock_at_the_limit(f));
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
        FEED_TEST(threads_in_a_deadlock_while_another_runs_on_are_told_of),
        FEED_TEST(tasks_in_a_deadlock_while_another_runs_on_are_told_of),
        FEED_TEST(who_joins_another_that_wants_his_mutex_is_told_of),
        FEED_TEST(a_deadline_that_is_to_come_may_open_a_circle),
        FEED_TEST(tasks_that_await_each_other_are_told_of),
        FEED_TEST(a_thread_that_gives_up_some_time_is_in_no_deadlock),
        FEED_TEST(a_thread_whose_deadline_has_passed_may_go_on),
        FEED_TEST(a_thread_that_has_given_up_once_may_be_in_a_deadlock),
        FEED_TEST(the_deadline_of_who_awaits_one_of_a_circle_may_open_it),
        FEED_TEST(a_lock_that_others_have_released_may_open_a_circle),
        FEED_TEST(who_was_cancelled_and_has_not_gone_on_yet_may_open_a_circle),
        FEED_TEST(a_deadline_of_who_awaits_nobody_of_a_circle_opens_nothing),
        FEED_TEST(a_mutex_of_the_dead_is_told_of_at_the_limit),
        FEED_TEST(a_lock_of_the_dead_may_be_released_by_another),
        FEED_TEST(a_permit_may_be_given_by_another),
    };

    return cmocka_run_group_tests_name("detect_deadlock", tests, NULL, NULL);
}
