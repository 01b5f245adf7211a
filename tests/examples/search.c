/* What a search was worth, and what it shall not mind. */
#include "account.h"

static void the_verdict_is_a_proof(void **state)
{
    struct sim_search search = {.how = SIM_SEARCH_ALL};
    struct sim_search_result result;

    (void)state;
    assert_true(sim_check_search(&locked, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_EXHAUSTED);
    assert_int_equal(result.worst, SIM_CLEAN);
}

static void hazards_may_be_accepted(void **state)
{
    struct sim_search search = {.accept = SIM_ACCEPT_HAZARDS};
    struct sim_search_result result;

    (void)state;
    assert_false(sim_check_search(&unlocked, &search, &result)); /* errors are not */
    search.accept |= SIM_ACCEPT(SIM_FINDING_LOST_UPDATE) | SIM_ACCEPT(SIM_FINDING_CHECK);
    assert_true(sim_check_search(&unlocked, &search, &result));
}

static void a_search_cut_short_has_not_passed(void **state)
{
    struct sim_search search = {.executions = 5};
    struct sim_search_result result;

    (void)state;
    assert_false(sim_check_search(&locked, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_INCONCLUSIVE);
    assert_int_equal(result.executions, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_is_a_proof),
        cmocka_unit_test(hazards_may_be_accepted),
        cmocka_unit_test(a_search_cut_short_has_not_passed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
