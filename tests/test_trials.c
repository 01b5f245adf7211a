/* Where cancellations were tried: counted once each, and the same whether a search is divided. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/outcome.h"
#include "tests/replaced.h"

enum { SHARDS = 3, DRAWN = 60 };

static void search(struct outcome *outcome, enum explore_policy policy, uint32_t shards,
                   uint32_t shard)
{
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = policy == EXPLORE_RANDOM ? DRAWN : 0,
                                      .keep_going = true,
                                      .shard_count = shards,
                                      .shard_index = shard};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, &pool_cancel_acquire);
    request.run.cancel = "any";
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_true(outcome_init(outcome, &request, &report));
}

static uint64_t sum_of(const struct trials *trials)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < trials->count; i++)
        sum += trials->at[i].begins + trials->at[i].ends;
    return sum;
}

static void assert_same(const struct trials *a, const struct trials *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        assert_string_equal(a->at[i].task, b->at[i].task);
        assert_string_equal(a->at[i].place, b->at[i].place);
        assert_int_equal(a->at[i].begins, b->at[i].begins);
        assert_int_equal(a->at[i].ends, b->at[i].ends);
    }
}

/* One execution has none; each of the others has one, as an await begins or as it ends. */
static void every_execution_but_one_has_a_trial(void **state)
{
    struct outcome outcome;

    (void)state;
    search(&outcome, EXPLORE_DFS, 1, 0);
    const struct trials *trials = &outcome.report.trials;

    assert_true(trials->count > 3);
    assert_int_equal(sum_of(trials), outcome.report.executions - 1);
    for (size_t i = 0; i < trials->count; i++) {
        assert_true(trials->at[i].begins > 0 && trials->at[i].begins == trials->at[i].ends);
        assert_int_equal(strncmp(trials->at[i].place, "pool_cancel_acquire.c:", 22), 0);
    }
    outcome_free(&outcome);
}

static void parts_have_those_of_the_whole(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_DPOR, EXPLORE_PB,
                                                   EXPLORE_RANDOM};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        struct outcome whole;
        struct outcome parts[SHARDS];
        char error[256];

        search(&whole, policies[i], 1, 0);
        for (uint32_t part = 0; part < SHARDS; part++)
            search(&parts[part], policies[i], SHARDS, part);
        for (uint32_t part = 1; part < SHARDS; part++)
            assert_true(outcome_add(&parts[0], &parts[part], "part", error, sizeof(error)));
        assert_int_equal(parts[0].report.executions, whole.report.executions);
        assert_true(whole.report.trials.count > 0);
        assert_same(&parts[0].report.trials, &whole.report.trials);
        for (uint32_t part = 0; part < SHARDS; part++)
            outcome_free(&parts[part]);
        outcome_free(&whole);
    }
}

static void a_report_has_them(void **state)
{
    struct outcome outcome;
    struct outcome again;
    char error[256];
    size_t length = 0;

    (void)state;
    search(&outcome, EXPLORE_DFS, 1, 0);
    char *text = outcome_format(&outcome, &length);

    assert_non_null(text);
    assert_true(outcome_parse(&again, text, length, "r", error, sizeof(error)));
    assert_same(&again.report.trials, &outcome.report.trials);
    free(text);
    outcome_free(&outcome);
    outcome_free(&again);
}

static void what_is_wrong_is_told(void **state)
{
    static const char *const cases[][3] = {
        {"\nt 1 1\n", "\nt 0 0\n", "an await at which nothing was tried"},
        {"\nt 1 1\n", "\nt 1 9223372036854775807\n", "is not from 0 to"},
        {"\nt 1 1\n", "\nt -1 1\n", "-1 is not from 0 to"},
        {"\ntask page\n", "\ntask A\n", "awaits are not in order"},
        {"\ntask page\n", "\nat page\n", "expected 'task'"},
        {"\ntried 6\n", "\ntried 0\n", "a list of no awaits"},
        {"\ntried 6\n", "\ntried 5\n", "expected 'mapped'"},
        {"\ntried 6\n", "\ntried 7\n", "expected 't'"},
    };
    struct outcome outcome;
    size_t length = 0;

    (void)state;
    search(&outcome, EXPLORE_DFS, 1, 0);
    char *text = outcome_format(&outcome, &length);

    assert_non_null(text);
    outcome_free(&outcome);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *wrong = replaced(text, cases[i][0], cases[i][1]);
        char error[256] = "";

        assert_false(outcome_parse(&outcome, wrong, strlen(wrong), "r", error, sizeof(error)));
        if (strstr(error, cases[i][2]) == NULL)
            fail_msg("case %zu: '%s'", i, error);
        free(wrong);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_execution_but_one_has_a_trial),
        cmocka_unit_test(parts_have_those_of_the_whole),
        cmocka_unit_test(a_report_has_them),
        cmocka_unit_test(what_is_wrong_is_told),
    };

    return cmocka_run_group_tests_name("trials", tests, NULL, NULL);
}
