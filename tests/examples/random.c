/* Too many schedules to run them all: so many at random, the same ones for the same seed. */
#include "account.h"

static void deposits_arrive_under_a_thousand_schedules(void **state)
{
    (void)state;
    assert_true(sim_check_random(&locked, 42, 1000));
}

static void without_the_lock_one_of_a_hundred_loses_one(void **state)
{
    (void)state;
    assert_false(sim_check_random(&unlocked, 42, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deposits_arrive_under_a_thousand_schedules),
        cmocka_unit_test(without_the_lock_one_of_a_hundred_loses_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
