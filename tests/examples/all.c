/* Whatever the schedule: all of them are run, up to the order of steps that do not matter. */
#include "account.h"

static void deposits_arrive_under_every_schedule(void **state)
{
    (void)state;
    assert_true(sim_check_all(&locked));
    assert_true(sim_check_bounded(&locked, 2)); /* quicker: at most two preemptions */
}

static void without_the_lock_they_do_not(void **state)
{
    (void)state;
    assert_false(sim_check_all(&unlocked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deposits_arrive_under_every_schedule),
        cmocka_unit_test(without_the_lock_they_do_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
