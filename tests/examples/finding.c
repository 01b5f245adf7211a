/* This kind of finding: somewhere, or nowhere. */
#include "account.h"

static void some_schedule_loses_a_deposit(void **state)
{
    (void)state;
    assert_true(sim_expect_finding(&unlocked, SIM_FINDING_LOST_UPDATE));
    assert_true(sim_expect_finding(&unlocked, SIM_FINDING_CHECK));
}

static void no_schedule_deadlocks(void **state)
{
    (void)state;
    assert_true(sim_check_never(&unlocked, SIM_FINDING_DEADLOCK, -1));
    assert_true(sim_check_never(&locked, SIM_FINDING_LOST_UPDATE, -1));
    assert_false(sim_check_never(&unlocked, SIM_FINDING_LOST_UPDATE, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_schedule_loses_a_deposit),
        cmocka_unit_test(no_schedule_deadlocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
