/* Starvation: one waits while another gets it again and again, up to a bound. */
#include "tests/feed.h"

#include "sim/detect/starvation.h"

/* T1 holds M1; T2 waits. */
static void begin_to_wait(struct feed *f)
{
    take(f, T1, M1);
    wait_for_lock(f, T2, M1, T1);
}

static void go_round(struct feed *f, uint32_t actor, int times)
{
    for (int i = 0; i < times; i++) {
        give(f, actor, M1);
        say(f, actor, SIM_EV_WAKE, T2, 0, M1);
        take(f, actor, M1);
        /* It is shut out again: the same wait. */
        wait_for_lock(f, T2, M1, actor);
    }
}

static void gets_it(struct feed *f)
{
    give(f, T1, M1);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0);
    take(f, T2, M1);
    give(f, T2, M1);
}

static void whoever_waits_too_long_is_starved(void **state)
{
    begin_to_wait(*state);
    go_round(*state, T1, STARVATION_TIMES + 7);
    gets_it(*state);
    expect_only(*state, SIM_OUTCOME_FINISHED, SIM_FINDING_STARVATION,
                "T2 waited for M1 from step 3 to step 541, while T1 took it 107 times.");
}

static void one_time_less_is_not_told_of(void **state)
{
    begin_to_wait(*state);
    go_round(*state, T1, STARVATION_TIMES - 1);
    gets_it(*state);
    expect_clean(*state);
}

static void a_new_wait_is_counted_anew(void **state)
{
    for (int i = 0; i < 2; i++) {
        begin_to_wait(*state);
        go_round(*state, T1, STARVATION_TIMES - 1);
        gets_it(*state);
    }
    expect_clean(*state);
}

static void many_who_pass_once_each_starve_nobody(void **state)
{
    begin_to_wait(*state);
    for (int i = 0; i < STARVATION_TIMES / 2; i++) {
        give(*state, T1, M1);
        take(*state, T3, M1);
        give(*state, T3, M1);
        take(*state, T1, M1);
    }
    gets_it(*state);
    expect_clean(*state);
}

static void whoever_gives_up_is_not_starved(void **state)
{
    struct feed *f = *state;

    begin_to_wait(f);
    go_round(f, T1, STARVATION_TIMES / 2);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0); /* a time-out, say */
    for (int i = 0; i < STARVATION_TIMES; i++) {
        give(f, T1, M1);
        take(f, T1, M1);
    }
    give(f, T1, M1);
    expect_clean(f);
}

static void permits_are_counted_too(void **state)
{
    struct feed *f = *state;

    say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    say(f, B, SIM_EV_SUSPEND, SEM, SIM_WAIT_SEMAPHORE, 0);
    for (int i = 0; i < STARVATION_TIMES; i++) {
        say(f, A, SIM_EV_SEM_RELEASE, SEM, 0, 1);
        say(f, A, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    }
    say(f, A, SIM_EV_SEM_RELEASE, SEM, 0, 1);
    say(f, B, SIM_EV_RESUME, 0, 0, 0);
    say(f, B, SIM_EV_SEM_ACQUIRE, SEM, 0, 0);
    say(f, B, SIM_EV_SEM_RELEASE, SEM, 0, 1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_STARVATION, "while A took it 100 times");
}

/* Priorities: T1 low, T2 between, T3 high. */
static void set_priorities(struct feed *f)
{
    say(f, MAIN, SIM_EV_PRIORITY, T1, 0, 10);
    say(f, MAIN, SIM_EV_PRIORITY, T2, 0, 20);
    say(f, MAIN, SIM_EV_PRIORITY, T3, 0, 30);
}

static void the_one_between_inverts(void **state)
{
    struct feed *f = *state;

    set_priorities(f);
    take(f, T1, M1);
    wait_for_lock(f, T3, M1, T1);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0);
    say(f, T2, SIM_EV_DONE, T2, SIM_OK, 0);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    give(f, T1, M1);
    say(f, T1, SIM_EV_WAKE, T3, 0, M1);
    say(f, T3, SIM_EV_RESUME, 0, 0, 0);
    take(f, T3, M1);
    give(f, T3, M1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_PRIORITY_INVERSION,
                "T3 (priority 30) waits for M1, held by T1 (10), which is ready and does not run, "
                "because T2 (20) does since step 7.");
}

/* The holder runs, or waits itself; who runs is as important; or the mutex is free already. */
static void other_waits_are_none(void **state)
{
    struct feed *f = *state;

    set_priorities(f);
    take(f, T1, M1);
    wait_for_lock(f, T3, M1, T1);
    say(f, T1, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 0);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0); /* T1 sleeps: nobody is in its way */
    say(f, T2, SIM_EV_SUSPEND, 0, SIM_WAIT_SLEEP, 0);
    say(f, 0, SIM_EV_WAKE, T1, 0, 0);
    say(f, T1, SIM_EV_RESUME, 0, 0, 0);
    give(f, T1, M1);
    say(f, T1, SIM_EV_WAKE, T3, 0, M1);
    say(f, 0, SIM_EV_WAKE, T2, 0, 0);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0); /* T3 could go on */
    say(f, T3, SIM_EV_RESUME, 0, 0, 0);
    take(f, T3, M1);
    give(f, T3, M1);
    expect_clean(f);
}

/* Lent to T1: it is not less important than T2 then, and T2 would not run; an old one is no news.
 */
static void what_is_lent_is_not_its_own(void **state)
{
    struct feed *f = *state;

    set_priorities(f);
    say(f, MAIN, SIM_EV_PRIORITY, T1, 1, 30);
    take(f, T1, M1);
    wait_for_lock(f, T2, M1, T1);
    say(f, T3, SIM_EV_RESUME, 0, 0, 0); /* more important than who waits */
    give(f, T1, M1);
    say(f, T2, SIM_EV_RESUME, 0, 0, 0);
    take(f, T2, M1);
    give(f, T2, M1);
    expect_clean(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEED_TEST(whoever_waits_too_long_is_starved),
        FEED_TEST(one_time_less_is_not_told_of),
        FEED_TEST(a_new_wait_is_counted_anew),
        FEED_TEST(many_who_pass_once_each_starve_nobody),
        FEED_TEST(whoever_gives_up_is_not_starved),
        FEED_TEST(permits_are_counted_too),
        FEED_TEST(the_one_between_inverts),
        FEED_TEST(other_waits_are_none),
        FEED_TEST(what_is_lent_is_not_its_own),
    };

    return cmocka_run_group_tests_name("detect starvation", tests, NULL, NULL);
}
