/* Cancellations that come to nothing, and deadlines that race. */
#include "tests/feed.h"

static void a_task_that_is_cancelled_and_returns_swallowed_it(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    say(f, B, SIM_EV_CANCEL, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_SWALLOWED_CANCEL,
                "B asked A to stop at step 2, and A ended at step 4 with a result, as if nobody "
                "had.");
}

static void a_task_that_ends_cancelled_did_not(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_CANCEL, A, 0, 0);
    say(f, A, SIM_EV_DONE, A, SIM_CANCELLED, 0);
    expect_clean(f);
}

static void a_task_that_was_done_before_did_not(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    say(f, B, SIM_EV_CANCEL, A, 0, 0);
    expect_clean(f);
}

static void a_result_that_somebody_awaits_is_wanted(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_CANCEL, A, 0, 0);
    say(f, B, SIM_EV_SUSPEND, A, SIM_WAIT_FUTURE, 0);
    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    expect_clean(f);
}

static void a_timeout_that_its_task_handles_is_no_request_to_stop(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_TIMER, A, 0, 1000);
    say(f, A, SIM_EV_SUSPEND, FUTURE, SIM_WAIT_FUTURE, 0);
    f->now_ns = 1000;
    say(f, 0, SIM_EV_FIRE, A, 0, 0);
    say(f, 0, SIM_EV_CANCEL, A, 0, 0);
    say(f, 0, SIM_EV_WAKE, A, 0, FUTURE);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    say(f, A, SIM_EV_DONE, A, SIM_OK, 0);
    expect_clean(f);
}

static void wait_until(struct feed *f, int64_t came_ns)
{
    say(f, A, SIM_EV_TIMER, A, 0, 2000000);
    say(f, A, SIM_EV_SUSPEND, FUTURE, SIM_WAIT_FUTURE, 0);
    f->now_ns = came_ns;
    say(f, B, SIM_EV_RESULT, FUTURE, SIM_OK, 1);
    say(f, B, SIM_EV_WAKE, A, 0, FUTURE);
}

static void a_result_at_the_moment_of_the_deadline_races_with_it(void **state)
{
    struct feed *f = *state;

    wait_until(f, 2000000);
    say(f, 0, SIM_EV_FIRE, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_TIMEOUT_RACE,
                "A waits from step 2 on for future, which ends at the very moment of its deadline, "
                "0.002 s: which of the two is served first decides.");
}

static void a_result_before_the_deadline_does_not_race(void **state)
{
    struct feed *f = *state;

    wait_until(f, 1999999);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    f->now_ns = 2000000;
    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_YIELD, 0);
    say(f, 0, SIM_EV_FIRE, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_clean(f);
}

static void a_sleep_until_the_deadline_races_with_it(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_TIMER, A, 0, 1000);
    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    f->now_ns = 1000;
    say(f, 0, SIM_EV_FIRE, A, 0, 0);
    say(f, 0, SIM_EV_CANCEL, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_TIMEOUT_RACE, "for a sleep");
}

static void a_sleep_past_the_deadline_does_not(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_TIMER, A, 0, 1000);
    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1001);
    f->now_ns = 1000;
    say(f, 0, SIM_EV_FIRE, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_clean(f);
}

static void a_time_out_that_is_left_in_time_does_not(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_TIMER, A, 0, 1000);
    say(f, A, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    f->now_ns = 1000;
    say(f, 0, SIM_EV_FIRE, 0, 0, 0);
    say(f, 0, SIM_EV_WAKE, A, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_clean(f);
}

static void a_thread_that_wakes_at_its_time_does_not(void **state)
{
    struct feed *f = *state;

    say(f, T1, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    f->now_ns = 1000;
    say(f, 0, SIM_EV_FIRE, T1, 0, 0);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(a_task_that_is_cancelled_and_returns_swallowed_it),
        FEED_TEST(a_task_that_ends_cancelled_did_not),
        FEED_TEST(a_task_that_was_done_before_did_not),
        FEED_TEST(a_result_that_somebody_awaits_is_wanted),
        FEED_TEST(a_timeout_that_its_task_handles_is_no_request_to_stop),
        FEED_TEST(a_result_at_the_moment_of_the_deadline_races_with_it),
        FEED_TEST(a_result_before_the_deadline_does_not_race),
        FEED_TEST(a_sleep_until_the_deadline_races_with_it),
        FEED_TEST(a_sleep_past_the_deadline_does_not),
        FEED_TEST(a_time_out_that_is_left_in_time_does_not),
        FEED_TEST(a_thread_that_wakes_at_its_time_does_not),
    };

    return cmocka_run_group_tests_name("detect_cancel", tests, NULL, NULL);
}
