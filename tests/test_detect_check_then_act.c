/* Two who each act on what the other changes meanwhile. */
#include "tests/feed.h"

static void look(struct feed *f, uint32_t actor, uint32_t variable)
{
    say(f, actor, SIM_EV_READ, variable, 0, 1);
}

static void change(struct feed *f, uint32_t actor, uint32_t variable)
{
    say(f, actor, SIM_EV_WRITE, variable, 0, 0);
}

static void acting_each_on_what_the_other_changes_is_a_hazard(void **state)
{
    struct feed *f = *state;

    look(f, A, Y);
    look(f, B, X);
    change(f, A, X);
    change(f, B, Y);
    expect_only(
        f, SIM_OUTCOME_FINISHED, SIM_FINDING_CHECK_THEN_ACT,
        "A looked at y at step 1 and wrote x at step 3; B looked at x at step 2 and wrote y "
        "at step 4: each acted on what the other then changed.");
}

static void two_doctors_who_both_look_at_both_are_too(void **state)
{
    struct feed *f = *state;

    for (uint32_t actor = A; actor <= B; actor++) {
        look(f, actor, X);
        look(f, actor, Y);
    }
    change(f, A, X);
    change(f, B, Y);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_CHECK_THEN_ACT, "B looked at x at step 3");
}

static void one_after_the_other_is_no_hazard(void **state)
{
    struct feed *f = *state;

    look(f, A, Y);
    change(f, A, X);
    look(f, B, X);
    change(f, B, Y);
    expect_clean(f);
}

static void looking_again_before_acting_is_no_hazard(void **state)
{
    struct feed *f = *state;

    look(f, A, Y);
    look(f, B, X);
    change(f, A, X);
    look(f, B, X);
    change(f, B, Y);
    expect_clean(f);
}

static void a_change_of_what_only_one_looks_at_is_no_hazard(void **state)
{
    struct feed *f = *state;

    /* As if A had acted after B. */
    look(f, B, X);
    change(f, A, X);
    change(f, B, Y);
    expect_clean(f);
}

static void a_write_ends_a_decision(void **state)
{
    struct feed *f = *state;

    look(f, A, Y);
    change(f, A, A + 100);
    look(f, B, X);
    change(f, A, X);
    change(f, B, Y);
    expect_clean(f);
}

/* What somebody wrote by what he had looked at, before so many other writes. */
static void write_over(struct feed *f, int others)
{
    look(f, A, Y);
    look(f, B, X);
    change(f, A, X);
    for (int i = 0; i < others; i++)
        change(f, C, X);
    change(f, B, Y);
}

static void the_latest_eight_writes_of_a_variable_are_known(void **state)
{
    struct feed *f = *state;

    write_over(f, 7);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_CHECK_THEN_ACT, "and wrote x at step 3");
}

static void a_write_before_the_latest_eight_is_forgotten(void **state)
{
    struct feed *f = *state;

    write_over(f, 8);
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(acting_each_on_what_the_other_changes_is_a_hazard),
        FEED_TEST(two_doctors_who_both_look_at_both_are_too),
        FEED_TEST(one_after_the_other_is_no_hazard),
        FEED_TEST(looking_again_before_acting_is_no_hazard),
        FEED_TEST(a_change_of_what_only_one_looks_at_is_no_hazard),
        FEED_TEST(a_write_ends_a_decision),
        FEED_TEST(the_latest_eight_writes_of_a_variable_are_known),
        FEED_TEST(a_write_before_the_latest_eight_is_forgotten),
    };

    return cmocka_run_group_tests_name("detect_check_then_act", tests, NULL, NULL);
}
