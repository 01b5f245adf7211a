/* Locks taken in opposite orders are a hazard; what can never deadlock is none. */
#include "tests/feed.h"

static void nest(struct feed *f, uint32_t actor, uint32_t outer, uint32_t inner)
{
    take(f, actor, outer);
    yield_once(f, actor);
    take(f, actor, inner);
    give(f, actor, inner);
    give(f, actor, outer);
}

static void opposite_orders_are_a_hazard_when_nobody_deadlocks(void **state)
{
    struct feed *f = *state;

    nest(f, A, L1, L2);
    nest(f, B, L2, L1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LOCK_ORDER,
                "A asks for L2 at step 4 while it holds L1; B asks for L1 at step 10 while it "
                "holds L2: under another schedule both could wait for ever.");
}

static void one_order_is_no_hazard(void **state)
{
    struct feed *f = *state;

    nest(f, A, L1, L2);
    nest(f, B, L1, L2);
    nest(f, C, L2, L3);
    expect_clean(f);
}

static void opposite_orders_of_one_actor_are_no_hazard(void **state)
{
    struct feed *f = *state;

    nest(f, A, L1, L2);
    nest(f, A, L2, L1);
    expect_clean(f);
}

static void a_common_gate_lock_makes_it_safe(void **state)
{
    struct feed *f = *state;

    for (uint32_t actor = A; actor <= B; actor++) {
        take(f, actor, L3);
        nest(f, actor, actor == A ? L1 : L2, actor == A ? L2 : L1);
        give(f, actor, L3);
    }
    expect_clean(f);
}

static void three_locks_in_a_circle_are_a_hazard(void **state)
{
    struct feed *f = *state;

    nest(f, A, L1, L2);
    nest(f, B, L2, L3);
    nest(f, C, L3, L1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LOCK_ORDER, "and so on, round 3 locks");
}

static void sections_that_a_start_orders_are_no_hazard(void **state)
{
    struct feed *f = *state;

    say(f, 0, SIM_EV_SPAWN, MAIN, 0, 0);
    nest(f, MAIN, M1, M2);
    say(f, MAIN, SIM_EV_SPAWN, T1, 0, 0);
    nest(f, T1, M2, M1);
    expect_clean(f);
}

static void sections_that_a_join_orders_are_no_hazard(void **state)
{
    struct feed *f = *state;

    say(f, 0, SIM_EV_SPAWN, MAIN, 0, 0);
    say(f, MAIN, SIM_EV_SPAWN, T1, 0, 0);
    nest(f, T1, M1, M2);
    say(f, T1, SIM_EV_DONE, T1, SIM_OK, 0);
    say(f, MAIN, SIM_EV_JOIN, T1, 0, 0);
    say(f, MAIN, SIM_EV_SPAWN, T2, 0, 0);
    nest(f, T2, M2, M1);
    expect_clean(f);
}

static void threads_side_by_side_are_a_hazard(void **state)
{
    struct feed *f = *state;

    say(f, 0, SIM_EV_SPAWN, MAIN, 0, 0);
    say(f, MAIN, SIM_EV_SPAWN, T1, 0, 0);
    say(f, MAIN, SIM_EV_SPAWN, T2, 0, 0);
    nest(f, T1, M1, M2);
    nest(f, T2, M2, M1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LOCK_ORDER, "T1 asks for M2");
}

static void a_wake_up_between_them_makes_it_safe(void **state)
{
    struct feed *f = *state;

    say(f, B, SIM_EV_SUSPEND, EVENT, SIM_WAIT_EVENT, 0);
    nest(f, A, L1, L2);
    say(f, A, SIM_EV_SET, EVENT, 0, 1);
    say(f, A, SIM_EV_WAKE, B, 0, EVENT);
    say(f, B, SIM_EV_RESUME, 0, 0, 0);
    nest(f, B, L2, L1);
    expect_clean(f);
}

static void who_stops_waiting_at_a_deadline_is_no_hazard(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_TIMER, A, 0, 1000);
    nest(f, A, L1, L2);
    nest(f, B, L2, L1);
    expect_clean(f);
}

/* Whether it waits or not. */
static void a_thread_that_gives_up_some_time_is_no_hazard(void **state)
{
    struct feed *f = *state;

    nest(f, T1, M1, M2);
    take(f, T2, M2);
    say(f, T2, SIM_EV_BLOCK, M1, 1, T1);
    say(f, T2, SIM_EV_SUSPEND, M1, SIM_WAIT_LOCK, 1000);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0);
    say(f, T2, SIM_EV_ACQUIRE, M1, 1, 0);
    give(f, T2, M1);
    give(f, T2, M2);
    expect_clean(f);
}

static void who_only_tries_is_no_hazard(void **state)
{
    struct feed *f = *state;

    nest(f, T1, M1, M2);
    take(f, T2, M2);
    say(f, T2, SIM_EV_ACQUIRE, M1, 1, 0);
    give(f, T2, M1);
    give(f, T2, M2);
    expect_clean(f);
}

static void tasks_that_take_both_at_once_are_no_hazard(void **state)
{
    struct feed *f = *state;

    for (uint32_t actor = A; actor <= B; actor++) {
        say(f, actor, SIM_EV_RESUME, 0, 0, 1);
        take(f, actor, actor == A ? L1 : L2);
        take(f, actor, actor == A ? L2 : L1);
        yield_once(f, actor);
        give(f, actor, L1);
        give(f, actor, L2);
    }
    expect_clean(f);
}

static void one_task_that_waits_between_is_enough(void **state)
{
    struct feed *f = *state;

    take(f, A, L1);
    take(f, A, L2);
    give(f, A, L2);
    give(f, A, L1);
    nest(f, B, L2, L1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LOCK_ORDER, "B asks for L1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(opposite_orders_are_a_hazard_when_nobody_deadlocks),
        FEED_TEST(one_order_is_no_hazard),
        FEED_TEST(opposite_orders_of_one_actor_are_no_hazard),
        FEED_TEST(a_common_gate_lock_makes_it_safe),
        FEED_TEST(three_locks_in_a_circle_are_a_hazard),
        FEED_TEST(sections_that_a_start_orders_are_no_hazard),
        FEED_TEST(sections_that_a_join_orders_are_no_hazard),
        FEED_TEST(threads_side_by_side_are_a_hazard),
        FEED_TEST(a_wake_up_between_them_makes_it_safe),
        FEED_TEST(who_stops_waiting_at_a_deadline_is_no_hazard),
        FEED_TEST(a_thread_that_gives_up_some_time_is_no_hazard),
        FEED_TEST(who_only_tries_is_no_hazard),
        FEED_TEST(tasks_that_take_both_at_once_are_no_hazard),
        FEED_TEST(one_task_that_waits_between_is_enough),
    };

    return cmocka_run_group_tests_name("detect_lock_order", tests, NULL, NULL);
}
