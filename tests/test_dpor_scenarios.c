/* Optimal DPOR on every scenario, tasks going in any order: it finds what depth-first search finds,
 * kind by kind, and what each scenario declares. */
#include "tests/test.h"

#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"

enum { MANY = FIBER_ASAN ? 300 : 3000, FEW_TASKS = 4 };

/* The kinds of findings that a search meets, one bit each. */
static uint64_t kinds_found(const struct sim_scenario *scenario, enum explore_policy policy,
                            enum explore_verdict *verdict, uint64_t *executions)
{
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = MANY,
                                      .keep_going = true};
    struct explore_report report;
    char error[256];
    uint64_t kinds = 0;

    run_request_init(&request.run, scenario);
    if (scenario->async)
        request.run.level = SIM_LEVEL_ANY;
    if (strcmp(scenario->params[0].name == NULL ? "" : scenario->params[0].name, "tasks") == 0)
        request.run.params[0] = FEW_TASKS;
    assert_true(explore(&request, &report, error, sizeof(error)));
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++)
        if (report.kinds[kind].first != 0)
            kinds |= UINT64_C(1) << kind;
    *verdict = report.verdict;
    *executions = report.executions;
    explore_report_free(&report);
    return kinds;
}

static bool is_error(int kind)
{
    return kind >= 0 && sim_finding_is_error((unsigned)kind) != 0;
}

static void finds_what_there_is(void **state)
{
    int wrong = 0;
    int compared = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        enum explore_verdict verdict;
        enum explore_verdict verdict_of_all;
        uint64_t executions = 0;
        uint64_t executions_of_all = 0;
        uint64_t kinds = kinds_found(*at, EXPLORE_DPOR, &verdict, &executions);
        uint64_t all = kinds_found(*at, EXPLORE_DFS, &verdict_of_all, &executions_of_all);
        bool whole = verdict == EXPLORE_EXHAUSTED;
        bool ok = !is_error((*at)->expect_any) || (kinds >> (*at)->expect_any & 1) != 0;

        if (whole && verdict_of_all == EXPLORE_EXHAUSTED) {
            compared++;
            ok = ok && kinds == all && executions <= executions_of_all;
        }
        /* Of what can be run to the end, nothing is left open. */
        ok = ok && (verdict_of_all != EXPLORE_EXHAUSTED || verdict != EXPLORE_INCONCLUSIVE);
        if (ok)
            continue;
        print_error("%s: %llu executions%s find kinds %llx, depth first %llu find %llx\n",
                    (*at)->name, (unsigned long long)executions, whole ? "" : " (cut short)",
                    (unsigned long long)kinds, (unsigned long long)executions_of_all,
                    (unsigned long long)all);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    assert_true(compared > (FIBER_ASAN ? 40 : 60));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_there_is)};

    return cmocka_run_group_tests_name("dpor scenarios", tests, NULL, NULL);
}
