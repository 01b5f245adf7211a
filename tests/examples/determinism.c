/* A program must be a function of its choices, or no search of its schedules means anything: this
 * one numbers its deposits with a variable that outlives the run. */
#include "account.h"

#include "sim/explore/check.h"

static int receipts;

static enum sim_status with_receipt(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), sim_mutex_new(sim, "account")};

    (void)arg;
    SIM_TRY(deposit_twice(sim, &account));
    sim_print(sim, "receipt %d", ++receipts);
    return SIM_OK;
}

static const struct sim_scenario numbered = {.name = "numbered", .main = with_receipt};

static void the_deposits_repeat_themselves(void **state)
{
    (void)state;
    assert_true(sim_check_deterministic(&locked, 1, 100));
    assert_true(sim_check_deterministic(&unlocked, 1, 100));
}

static void the_receipts_do_not(void **state)
{
    (void)state;
    assert_false(sim_check_deterministic(&numbered, 1, 100));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deposits_repeat_themselves),
        cmocka_unit_test(the_receipts_do_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
