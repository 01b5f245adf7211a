/* Exactly this schedule, as a report prints it: the fourth choice interrupts Anna.
 * It holds as long as the program makes the same choices; order.c shows what lasts longer. */
#include "account.h"

static void a_schedule_loses_a_deposit(void **state)
{
    (void)state;
    assert_true(sim_check_schedule(&locked, "s1:0*11")); /* one after the other */
    assert_true(sim_check_finds(&unlocked, "s1:0*3.1.0*2", SIM_FINDING_LOST_UPDATE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_loses_a_deposit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
