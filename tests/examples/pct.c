/* Bugs that need a few switches at the right moments: random priorities (PCT), so many executions
 * for bugs of that depth. */
#include "account.h"

static void deposits_arrive_under_changing_priorities(void **state)
{
    (void)state;
    assert_true(sim_check_pct(&locked, 3, 1000));
}

static void without_the_lock_depth_two_is_enough(void **state)
{
    (void)state;
    assert_false(sim_check_pct(&unlocked, 2, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deposits_arrive_under_changing_priorities),
        cmocka_unit_test(without_the_lock_depth_two_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
