/* What is held too long: a mutex across an await, a lock or a permit for ever. */
#include "tests/feed.h"

static void done(struct feed *f, uint32_t actor)
{
    say(f, actor, SIM_EV_DONE, actor, SIM_OK, 0);
}

static void a_mutex_across_an_await_that_another_loop_waits_for_is_a_hazard(void **state)
{
    struct feed *f = *state;

    take(f, A, M1);
    say(f, A, SIM_EV_SUSPEND, FUTURE, SIM_WAIT_FUTURE, 0);
    wait_for_lock(f, T1, M1, A);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    give(f, A, M1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_AWAIT_UNDER_LOCK,
                "A held M1 while it awaited future from step 2 on, and T1, which asked for M1 at "
                "step 3, could not go on.");
}

static void a_mutex_that_is_released_before_the_await_is_none(void **state)
{
    struct feed *f = *state;

    take(f, A, M1);
    wait_for_lock(f, T1, M1, A);
    give(f, A, M1);
    say(f, A, SIM_EV_SUSPEND, FUTURE, SIM_WAIT_FUTURE, 0);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    take(f, T1, M1);
    give(f, T1, M1);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    expect_clean(f);
}

static void an_asynchronous_lock_across_an_await_is_none(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    say(f, A, SIM_EV_SUSPEND, FUTURE, SIM_WAIT_FUTURE, 0);
    wait_for_lock(f, B, L1, A);
    say(f, A, SIM_EV_RESUME, 0, 0, 0);
    give(f, A, L1);
    say(f, B, SIM_EV_RESUME, 0, 0, 0);
    take(f, B, L1);
    give(f, B, L1);
    expect_clean(f);
}

static void a_lock_that_its_taker_never_releases_leaks(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    done(f, A);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LEAKED_LOCK,
                "A took L1 at step 1 and ended at step 2 without releasing it.");
}

static void a_lock_that_another_releases_later_does_not_leak(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    done(f, A);
    give(f, B, L1);
    take(f, B, L1);
    give(f, B, L1);
    done(f, B);
    expect_clean(f);
}

static void what_the_closing_loop_cancels_does_not_leak(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    say(f, MAIN, SIM_EV_LOOP_CLOSE, B, 0, 1);
    say(f, A, SIM_EV_DONE, A, SIM_CANCELLED, 0);
    expect_clean(f);
}

static void a_permit_that_is_never_given_back_leaks(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 1);
    say(f, B, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    say(f, B, SIM_EV_SEM_RELEASE, SEM, 0, 1);
    done(f, A);
    done(f, B);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LEAKED_PERMIT,
                "A took a permit of sem at step 1 and ended at step 4 without giving it back.");
}

static void permits_that_are_handed_on_do_not_leak(void **state)
{
    struct feed *f = *state;

    /* A producer that takes room, and a consumer that gives it. */
    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 1);
    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    say(f, B, SIM_EV_SEM_RELEASE, SEM, 0, 1);
    done(f, A);
    done(f, B);
    expect_clean(f);
}

static void permits_that_are_given_back_do_not_leak(void **state)
{
    struct feed *f = *state;

    for (uint32_t actor = A; actor <= C; actor++) {
        say(f, actor, SIM_EV_SEM_ACQUIRE, SEM, 0, 1);
        say(f, actor, SIM_EV_SEM_RELEASE, SEM, 0, 2);
        done(f, actor);
    }
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(a_mutex_across_an_await_that_another_loop_waits_for_is_a_hazard),
        FEED_TEST(a_mutex_that_is_released_before_the_await_is_none),
        FEED_TEST(an_asynchronous_lock_across_an_await_is_none),
        FEED_TEST(a_lock_that_its_taker_never_releases_leaks),
        FEED_TEST(a_lock_that_another_releases_later_does_not_leak),
        FEED_TEST(what_the_closing_loop_cancels_does_not_leak),
        FEED_TEST(a_permit_that_is_never_given_back_leaks),
        FEED_TEST(permits_that_are_handed_on_do_not_leak),
        FEED_TEST(permits_that_are_given_back_do_not_leak),
    };

    return cmocka_run_group_tests_name("detect_leak", tests, NULL, NULL);
}
