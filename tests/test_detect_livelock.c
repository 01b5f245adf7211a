/* A run that the limit on steps ended is a livelock if it got nowhere. */
#include "tests/feed.h"

enum { ROUNDS = 1000 };

static void begin(struct feed *f)
{
    for (uint32_t actor = A; actor <= B; actor++)
        say(f, actor, SIM_EV_RESUME, 0, 0, 1);
    say(f, A, SIM_EV_WRITE, X, 0, 0);
    say(f, A, SIM_EV_WRITE, X, 0, 1);
}

/* Both are polite: each gives the other the turn. */
static void take_turns(struct feed *f)
{
    for (int64_t round = 0; round < ROUNDS; round++)
        for (uint32_t actor = A; actor <= B; actor++) {
            yield_once(f, actor);
            say(f, actor, SIM_EV_READ, X, 0, actor == A);
            say(f, actor, SIM_EV_WRITE, X, 0, actor == B);
        }
}

static void values_that_come_and_go_are_a_livelock(void **state)
{
    struct feed *f = *state;

    begin(f);
    take_turns(f);
    expect_only(
        f, SIM_OUTCOME_STEPS, SIM_FINDING_LIVELOCK,
        "A ran 1000 times, B ran 1000 times, from step 4 to the limit at step 8005, and got "
        "nowhere: no variable left the range of its values, and nobody ended.");
}

static void a_counter_that_grows_is_none(void **state)
{
    struct feed *f = *state;

    begin(f);
    for (int64_t round = 0; round < ROUNDS; round++) {
        yield_once(f, A);
        say(f, A, SIM_EV_WRITE, X, 0, round);
    }
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIMIT, "limit on steps");
}

static void a_short_while_without_news_is_none(void **state)
{
    struct feed *f = *state;

    begin(f);
    take_turns(f);
    say(f, B, SIM_EV_PRINT, 0, 0, 0);
    take_turns(f);
    say(f, B, SIM_EV_PRINT, 0, 0, 0);
    yield_once(f, A);
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIMIT, "limit on steps");
}

static void somebody_asleep_may_yet_end_it(void **state)
{
    struct feed *f = *state;

    begin(f);
    say(f, C, SIM_EV_RESUME, 0, 0, 1);
    say(f, C, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 1000);
    say(f, A, SIM_EV_PRINT, 0, 0, 0);
    take_turns(f);
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIMIT, "limit on steps");
}

static void who_waits_for_a_lock_cannot_end_it(void **state)
{
    struct feed *f = *state;

    begin(f);
    take(f, A, L1);
    wait_for_lock(f, C, L1, A);
    take_turns(f);
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIVELOCK, "got nowhere");
}

static void who_waits_for_a_lock_until_a_deadline_may_yet_end_it(void **state)
{
    struct feed *f = *state;

    begin(f);
    take(f, T2, M1);
    say(f, T1, SIM_EV_BLOCK, M1, 1, T2);
    say(f, T1, SIM_EV_SUSPEND, M1, SIM_WAIT_LOCK, 1000);
    take_turns(f);
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIMIT, "limit on steps");
}

static void a_task_that_gives_up_some_time_may_yet_end_it(void **state)
{
    struct feed *f = *state;

    begin(f);
    take(f, A, L1);
    say(f, C, SIM_EV_TIMER, C, 0, 1000);
    wait_for_lock(f, C, L1, A);
    take_turns(f);
    expect_only(f, SIM_OUTCOME_STEPS, SIM_FINDING_LIMIT, "limit on steps");
}

static void a_run_that_ends_by_itself_is_none(void **state)
{
    struct feed *f = *state;

    begin(f);
    take_turns(f);
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(values_that_come_and_go_are_a_livelock),
        FEED_TEST(a_counter_that_grows_is_none),
        FEED_TEST(a_short_while_without_news_is_none),
        FEED_TEST(somebody_asleep_may_yet_end_it),
        FEED_TEST(who_waits_for_a_lock_cannot_end_it),
        FEED_TEST(who_waits_for_a_lock_until_a_deadline_may_yet_end_it),
        FEED_TEST(a_task_that_gives_up_some_time_may_yet_end_it),
        FEED_TEST(a_run_that_ends_by_itself_is_none),
    };

    return cmocka_run_group_tests_name("detect_livelock", tests, NULL, NULL);
}
