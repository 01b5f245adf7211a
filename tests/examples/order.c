/* Exactly this order of events, whatever else the program does between them. */
#include "account.h"

static void an_order_loses_a_deposit(void **state)
{
    (void)state;
    assert_true(sim_check_order(&unlocked,
                                "Anna.read(balance), Bob.read(balance), "
                                "Anna.write(balance), Bob.write(balance)",
                                SIM_FINDING_LOST_UPDATE));
    assert_true(sim_check_order(&locked, "Bob.write(balance) < Anna.read(balance)", SIM_CLEAN));
}

static void the_lock_makes_it_impossible(void **state)
{
    (void)state;
    assert_false(sim_check_order(&locked,
                                 "Anna.read(balance), Bob.read(balance), "
                                 "Anna.write(balance), Bob.write(balance)",
                                 SIM_FINDING_LOST_UPDATE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_loses_a_deposit),
        cmocka_unit_test(the_lock_makes_it_impossible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
