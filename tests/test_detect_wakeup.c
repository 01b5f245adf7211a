/* Notifications that come too early, and waits that do not look again. */
#include "tests/feed.h"

static void wait_on(struct feed *f, uint32_t actor)
{
    say(f, actor, SIM_EV_COND_WAIT, COND, 0, 0);
    say(f, actor, SIM_EV_SUSPEND, COND, SIM_WAIT_CONDITION, 0);
}

static void wake(struct feed *f, uint32_t by, uint32_t actor)
{
    say(f, by, SIM_EV_NOTIFY, COND, 0, 1);
    say(f, by, SIM_EV_WAKE, actor, 0, COND);
    say(f, actor, SIM_EV_RESUME, 0, 0, 0);
    say(f, actor, SIM_EV_COND_WOKEN, COND, SIM_OK, 0);
}

/* A looks; B changes what A saw, and notifies; A waits. */
static void notify_early(struct feed *f)
{
    say(f, A, SIM_EV_READ, X, 0, 0);
    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, B, SIM_EV_NOTIFY, COND, 0, 0);
}

static void an_early_notification_is_a_hazard_when_a_later_one_helps(void **state)
{
    struct feed *f = *state;

    notify_early(f);
    wait_on(f, A);
    wake(f, C, A);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_EARLY_NOTIFY,
                "B notified cond at step 3, when nobody waited; A began to wait at step 4, because "
                "of the x that it had read at step 1, before B changed it.");
}

static void an_early_notification_is_a_lost_wakeup_when_none_helps(void **state)
{
    struct feed *f = *state;

    notify_early(f);
    wait_on(f, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_LOST_WAKEUP, "B notified cond at step 3");
}

static void who_looks_after_the_notification_missed_nothing(void **state)
{
    struct feed *f = *state;

    notify_early(f);
    say(f, A, SIM_EV_READ, X, 0, 1);
    say(f, A, SIM_EV_WRITE, X, 0, 0);
    say(f, A, SIM_EV_READ, X, 0, 0);
    wait_on(f, A);
    wake(f, B, A);
    expect_clean(f);
}

static void a_wait_after_a_look_at_the_news_is_a_hang_and_no_lost_wakeup(void **state)
{
    struct feed *f = *state;

    notify_early(f);
    say(f, A, SIM_EV_READ, X, 0, 1);
    wait_on(f, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_HANG, "A waits since step 6 for cond");
}

static void a_notification_of_something_else_is_not_early(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    say(f, B, SIM_EV_WRITE, Y, 0, 1);
    say(f, B, SIM_EV_NOTIFY, COND, 0, 0);
    wait_on(f, A);
    wake(f, B, A);
    expect_clean(f);
}

static void going_on_without_a_look_when_it_is_as_before_is_a_hazard(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    wait_on(f, A);
    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, B, SIM_EV_NOTIFY, COND, 0, 1);
    say(f, C, SIM_EV_READ, X, 0, 1);
    say(f, C, SIM_EV_WRITE, X, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    say(f, A, SIM_EV_COND_WOKEN, COND, SIM_OK, 0);
    say(f, A, SIM_EV_WRITE, Y, 0, 1);
    expect_only(
        f, SIM_OUTCOME_FINISHED, SIM_FINDING_WAIT_WITHOUT_LOOP,
        "A waited because of x = 0 and was woken; C had made that so again at step 7, and A "
        "went on at step 10, to write y, without looking again.");
}

static void looking_again_is_a_loop(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    wait_on(f, A);
    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, B, SIM_EV_NOTIFY, COND, 0, 1);
    say(f, C, SIM_EV_READ, X, 0, 1);
    say(f, C, SIM_EV_WRITE, X, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    say(f, A, SIM_EV_COND_WOKEN, COND, SIM_OK, 0);
    say(f, A, SIM_EV_READ, X, 0, 0);
    say(f, A, SIM_EV_WRITE, Y, 0, 1);
    expect_clean(f);
}

static void enough_for_both_needs_no_look(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    wait_on(f, A);
    say(f, B, SIM_EV_WRITE, X, 0, 2);
    say(f, B, SIM_EV_NOTIFY, COND, 0, 1);
    say(f, C, SIM_EV_READ, X, 0, 2);
    say(f, C, SIM_EV_WRITE, X, 0, 1);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    say(f, A, SIM_EV_COND_WOKEN, COND, SIM_OK, 0);
    say(f, A, SIM_EV_WRITE, Y, 0, 1);
    expect_clean(f);
}

static void wait_for_event(struct feed *f, uint32_t actor)
{
    say(f, actor, SIM_EV_SUSPEND, EVENT, SIM_WAIT_EVENT, 0);
}

static void a_pulse_before_the_wait_is_a_lost_wakeup(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_SET, EVENT, 0, 0);
    say(f, B, SIM_EV_CLEAR, EVENT, 0, 0);
    wait_for_event(f, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_LOST_WAKEUP,
                "B set event at step 1, when nobody waited, and cleared it at step 2; A began to "
                "wait at step 3, and nobody set it again.");
}

static void an_event_that_who_passed_it_cleared_is_not_lost(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_SET, EVENT, 0, 0);
    say(f, A, SIM_EV_CLEAR, EVENT, 0, 0);
    wait_for_event(f, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_HANG, "A waits since step 3 for event");
}

static void a_pulse_that_was_heard_is_not_lost(void **state)
{
    struct feed *f = *state;

    wait_for_event(f, A);
    say(f, B, SIM_EV_SET, EVENT, 0, 1);
    say(f, B, SIM_EV_CLEAR, EVENT, 0, 0);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    wait_for_event(f, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_HANG, "A waits since step 5 for event");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(an_early_notification_is_a_hazard_when_a_later_one_helps),
        FEED_TEST(an_early_notification_is_a_lost_wakeup_when_none_helps),
        FEED_TEST(who_looks_after_the_notification_missed_nothing),
        FEED_TEST(a_wait_after_a_look_at_the_news_is_a_hang_and_no_lost_wakeup),
        FEED_TEST(a_notification_of_something_else_is_not_early),
        FEED_TEST(going_on_without_a_look_when_it_is_as_before_is_a_hazard),
        FEED_TEST(looking_again_is_a_loop),
        FEED_TEST(enough_for_both_needs_no_look),
        FEED_TEST(a_pulse_before_the_wait_is_a_lost_wakeup),
        FEED_TEST(an_event_that_who_passed_it_cleared_is_not_lost),
        FEED_TEST(a_pulse_that_was_heard_is_not_lost),
    };

    return cmocka_run_group_tests_name("detect_wakeup", tests, NULL, NULL);
}
