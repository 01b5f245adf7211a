/* A compare-exchange that takes what is the same again for unchanged. */
#include "tests/feed.h"

/* X is compared, and Y is what is put there. */
static void load(struct feed *f, uint32_t actor, uint32_t atomic, int64_t value)
{
    say(f, actor, SIM_EV_ATOMIC_LOAD, atomic, 0, value);
}

static void store(struct feed *f, uint32_t actor, uint32_t atomic, int64_t value)
{
    say(f, actor, SIM_EV_ATOMIC_STORE, atomic, 0, value);
}

static void exchange(struct feed *f, uint32_t actor, bool compared, int64_t value)
{
    say(f, actor, SIM_EV_ATOMIC_RMW, X, compared, value);
}

static void what_was_changed_and_changed_back_is_taken_for_unchanged(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    store(f, B, X, 5);
    store(f, B, Y, 3);
    store(f, B, X, 1);
    exchange(f, A, true, 2);
    expect_only(
        f, SIM_OUTCOME_FINISHED, SIM_FINDING_ABA,
        "A read x = 1 at step 1 and y = 2 at step 2, and put 2 in the place of 1 at step 6; "
        "but x had been 5 in between, and y was 3.");
}

static void the_first_of_two_cases_is_told(void **state)
{
    struct feed *f = *state;
    size_t count = 0;

    for (int i = 0; i < 2; i++) {
        load(f, A, X, 1);
        load(f, A, Y, 2);
        store(f, B, X, 5);
        store(f, B, Y, 3);
        store(f, B, X, 1);
        exchange(f, A, true, 2);
        store(f, A, Y, 2);
        store(f, A, X, 1);
    }
    const struct sim_finding *findings = end(f, SIM_OUTCOME_FINISHED, &count);

    assert_int_equal(findings[0].kind, SIM_FINDING_ABA);
    assert_int_equal(findings[0].also, 1);
    assert_int_equal(findings[0].step_count, 6);
    assert_int_equal(findings[0].steps[0].step, 1);
    assert_int_equal(findings[0].steps[5].step, 6);
}

/* A spin lock: free, taken, free again. */
static void a_value_that_does_not_come_from_what_has_changed_is_none(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 0);
    load(f, A, Y, 2);
    exchange(f, B, true, 1);
    store(f, B, Y, 3);
    store(f, B, X, 0);
    exchange(f, A, true, 1);
    expect_clean(f);
}

static void what_was_read_before_the_compared_value_is_none(void **state)
{
    struct feed *f = *state;

    load(f, A, Y, 2);
    load(f, A, X, 1);
    store(f, B, X, 5);
    store(f, B, Y, 3);
    store(f, B, X, 1);
    exchange(f, A, true, 2);
    expect_clean(f);
}

static void what_was_never_something_else_is_none(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    store(f, B, X, 1);
    store(f, B, Y, 3);
    exchange(f, A, true, 2);
    expect_clean(f);
}

static void what_is_put_there_and_is_still_so_is_none(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    store(f, B, X, 5);
    store(f, B, Y, 2);
    store(f, B, X, 1);
    exchange(f, A, true, 2);
    expect_clean(f);
}

static void an_exchange_without_a_comparison_claims_nothing(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    store(f, B, X, 5);
    store(f, B, Y, 3);
    store(f, B, X, 1);
    exchange(f, A, false, 2);
    expect_clean(f);
}

static void whoever_has_looked_again_knows(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    store(f, B, X, 5);
    store(f, B, Y, 3);
    store(f, B, X, 1);
    load(f, A, X, 1);
    exchange(f, A, true, 2);
    expect_clean(f);
}

static void reads_before_the_latest_eight_are_forgotten(void **state)
{
    struct feed *f = *state;

    load(f, A, X, 1);
    load(f, A, Y, 2);
    for (uint32_t other = 0; other < 7; other++)
        load(f, A, 100 + other, 0);
    store(f, B, X, 5);
    store(f, B, Y, 3);
    store(f, B, X, 1);
    exchange(f, A, true, 2);
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(what_was_changed_and_changed_back_is_taken_for_unchanged),
        FEED_TEST(the_first_of_two_cases_is_told),
        FEED_TEST(a_value_that_does_not_come_from_what_has_changed_is_none),
        FEED_TEST(what_was_read_before_the_compared_value_is_none),
        FEED_TEST(what_was_never_something_else_is_none),
        FEED_TEST(what_is_put_there_and_is_still_so_is_none),
        FEED_TEST(an_exchange_without_a_comparison_claims_nothing),
        FEED_TEST(whoever_has_looked_again_knows),
        FEED_TEST(reads_before_the_latest_eight_are_forgotten),
    };

    return cmocka_run_group_tests_name("detect_aba", tests, NULL, NULL);
}
