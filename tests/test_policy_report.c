/* Outcomes of searches as files: put together they are the whole, and nothing malformed is read. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/prng.h"
#include "sim/explore/outcome.h"
#include "sim/sim.h"
#include "tests/replaced.h"

static enum sim_status add(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    (void)sim;
    sim_write(var, sim_read(var) + 1);
    return SIM_OK;
}

static enum sim_status two_adders(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);
    struct sim_thread *other = sim_thread_new(sim, "other", add, var);

    (void)arg;
    SIM_TRY(add(sim, var));
    return sim_thread_join(other, NULL);
}

static const struct sim_scenario adders = {.name = "adders \\ of\tmoney", .main = two_adders};

static void search(struct outcome *outcome, struct explore_request request)
{
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, &adders);
    request.run.seed = 4;
    request.keep_going = true;
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_true(outcome_init(outcome, &request, &report));
}

static struct explore_request request_of(enum explore_policy policy, uint32_t shards)
{
    return (struct explore_request){.policy = policy,
                                    .max_preemptions = -1,
                                    .max_delays = -1,
                                    .max_executions = policy == EXPLORE_DFS ? 0 : 100,
                                    .shard_count = shards};
}

/* As text; to be freed. */
static char *text_of(const struct outcome *outcome)
{
    size_t length = 0;
    char *text = outcome_format(outcome, &length);

    assert_non_null(text);
    assert_int_equal(strlen(text), length);
    return text;
}

static void what_is_written_is_read_again(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_PCT, EXPLORE_FIFO};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct outcome outcome;
        struct outcome again;
        char error[256];

        search(&outcome, request_of(policies[i], 1));
        char *text = text_of(&outcome);

        assert_true(outcome_parse(&again, text, strlen(text), "again", error, sizeof(error)));
        char *same = text_of(&again);

        assert_string_equal(text, same);
        assert_string_equal(again.program, "adders \\ of\tmoney");
        assert_int_equal(again.report.worst, outcome.report.worst);
        assert_int_equal(again.report.executions, outcome.report.executions);
        free(text);
        free(same);
        outcome_free(&outcome);
        outcome_free(&again);
    }
}

/* Everything but the list of shards (and, undrawn, the numbers of executions) is as in one search.
 */
static void assert_same(const struct outcome *parts, const struct outcome *whole)
{
    const struct explore_report *a = &parts->report;
    const struct explore_report *b = &whole->report;

    assert_int_equal(outcome_missing(parts), 0);
    assert_int_equal(a->executions, b->executions);
    assert_int_equal(a->found, b->found);
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->worst, b->worst);
    assert_string_equal(a->why, b->why);
    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        assert_int_equal(a->kinds[kind].executions, b->kinds[kind].executions);
        if (b->verdict == EXPLORE_SAMPLED)
            assert_int_equal(a->kinds[kind].first, b->kinds[kind].first);
    }
}

static void parts_put_together_are_the_whole(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM, EXPLORE_PCT,
                                                   EXPLORE_SURW};
    enum { SHARDS = 4 };

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct explore_request request = request_of(policies[i], 1);
        struct outcome whole;
        struct outcome parts[SHARDS];
        char error[512] = "";

        search(&whole, request);
        request.shard_count = SHARDS;
        for (uint32_t part = 0; part < SHARDS; part++) {
            request.shard_index = part;
            search(&parts[part], request);
            assert_int_equal(outcome_first_shard(&parts[part]), part);
        }
        for (uint32_t part = 1; part < SHARDS; part++) {
            assert_int_equal(outcome_missing(&parts[0]), SHARDS - part);
            assert_true(outcome_add(&parts[0], &parts[part], "part", error, sizeof(error)));
        }
        assert_same(&parts[0], &whole);
        assert_false(outcome_add(&parts[0], &parts[2], "c", error, sizeof(error)));
        assert_string_equal(error, "c: shard 3 of 4 is there twice");
        assert_false(outcome_add(&whole, &parts[2], "c", error, sizeof(error)));
        assert_non_null(strstr(error, "c: it is of another search"));
        for (uint32_t part = 0; part < SHARDS; part++)
            outcome_free(&parts[part]);
        outcome_free(&whole);
    }
}

static void what_is_missing_makes_a_search_inconclusive(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, 3);
    struct outcome outcome;

    (void)state;
    search(&outcome, request);
    outcome_conclude(&outcome);
    assert_int_equal(outcome.report.verdict, EXPLORE_INCONCLUSIVE);
    assert_string_equal(outcome.report.why, "2 of 3 shards missing");
    outcome_free(&outcome);
    request = request_of(EXPLORE_RANDOM, 3);
    search(&outcome, request);
    outcome_conclude(&outcome);
    assert_int_equal(outcome.report.verdict, EXPLORE_INCONCLUSIVE);
    outcome_free(&outcome);
    /* An error is one, whatever else there is. */
    search(&outcome, request);
    outcome.report.verdict = EXPLORE_STOPPED;
    outcome_conclude(&outcome);
    assert_int_equal(outcome.report.verdict, EXPLORE_STOPPED);
    outcome_free(&outcome);
}

/* ---- Malformed files. ---- */

static void what_is_wrong_is_told_with_its_line(void **state)
{
    static const char *const cases[][3] = {
        {"pickglass-report 3", "pickglass-trace 1", "r:1: this is not a report"},
        {"pickglass-report 3", "pickglass-report 2",
         "r:1: a report of a version that this program does not know (it knows 3)"},
        {"level fifo", "level none", "r:4: the level is neither fifo nor timing nor any"},
        {"policy dfs", "policy bfs", "r:5: 'bfs' is not a known name"},
        {"seed 4", "seed 4x", "r:6: something follows the last field"},
        {"seed 4", "seed -4", "r:6: -4 is not from 0 to 9223372036854775807"},
        {"depth 0", "depth 65", "r:7: 65 is not from 0 to 64"},
        {"all 1", "all 2", "r:12: 2 is not from 0 to 1"},
        {"prefix s1:", "prefix s2:", "r:13: schedule: column 1: a schedule begins with 's1:'"},
        {"shards 1 1", "shards 5000 1", "r:14: 5000 is not from 0 to 4096"},
        {"shards 1 1", "shards 1 2", "r:14: 2 is not from 0 to 1"},
        {"shards 1 1\ni 1", "shards 1 0", "r:14: a report of no shard"},
        {"i 1", "i 0", "r:15: shards are not in order"},
        {"verdict exhausted", "verdict passed", "r:16: 'passed' is not a known name"},
        {"executions 10 0 0 10 0", "executions 10 0 0 11 0", "r:18: more than all executions"},
        {"executions 10 0 0 10 0", "executions 10 6 5 10 0", "r:18: more than all executions"},
        {"limits 100000000", "limits 0", "r:19: a limit of no step"},
        {"8589934592", "1048575", "r:19: 1048575 is not from 1048576 to 9223372036854775807"},
        {"sampled 0", "sampled 11", "r:20: more than all executions"},
        {"differs 0 0", "differs 1 0", "r:21: a difference that is none"},
        {"findings 2", "findings 0",
         "r:24: findings without executions that have some, or the "
         "reverse"},
        {"findings 2", "findings 1", "r:26: expected 'mapped'"},
        {"f lost-update", "f data-race", "r:26: findings are not in order"},
        {"f lost-update ", "f lost-update 1",
         "r:25: found in no execution, or in more than have "
         "findings"},
        {"end\n", "end\nend\n", "r:29: something follows the end"},
        {"end\n", "end", "r:28: the file ends in the middle: it was cut short"},
    };
    struct outcome outcome;

    (void)state;
    search(&outcome, request_of(EXPLORE_DFS, 1));
    char *text = text_of(&outcome);

    outcome_free(&outcome);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *wrong = replaced(text, cases[i][0], cases[i][1]);
        char error[256] = "";

        assert_false(outcome_parse(&outcome, wrong, strlen(wrong), "r", error, sizeof(error)));
        assert_string_equal(error, cases[i][2]);
        free(wrong);
    }
    free(text);
}

/* A text that was read must be one that could have been written. */
static bool read_soundly(const char *text, size_t length)
{
    struct outcome outcome;
    struct outcome again;
    char error[256] = "";

    if (!outcome_parse(&outcome, text, length, "r", error, sizeof(error))) {
        assert_memory_equal(error, "r:", 2);
        return false;
    }
    char *once = text_of(&outcome);

    assert_true(outcome_parse(&again, once, strlen(once), "again", error, sizeof(error)));
    char *twice = text_of(&again);

    assert_string_equal(once, twice);
    free(once);
    free(twice);
    outcome_free(&outcome);
    outcome_free(&again);
    return true;
}

/* In memory of its own, so that reading past its end is noticed. */
static bool read_copy_soundly(const char *bytes, size_t length)
{
    char *copy = malloc(length + (length == 0));

    assert_non_null(copy);
    for (size_t i = 0; i < length; i++)
        copy[i] = bytes[i];
    bool sound = read_soundly(copy, length);

    free(copy);
    return sound;
}

static void every_cut_is_noticed(void **state)
{
    struct outcome outcome;

    (void)state;
    search(&outcome, request_of(EXPLORE_PCT, 1));
    char *text = text_of(&outcome);
    size_t length = strlen(text);

    outcome_free(&outcome);
    for (size_t cut = 0; cut < length; cut++)
        assert_false(read_copy_soundly(text, cut));
    assert_true(read_soundly(text, length));
    free(text);
}

/* Bytes changed, doubled, dropped: read soundly or refused, 20,000 times. */
static void no_bytes_crash_the_reader(void **state)
{
    static const char likely[] = "0123456789 -.*:\\\nsefix\0\xff";
    struct outcome outcome;
    struct prng prng;
    int taken = 0;

    (void)state;
    search(&outcome, request_of(EXPLORE_DFS, 1));
    char *text = text_of(&outcome);
    size_t length = strlen(text);

    outcome_free(&outcome);
    prng_seed(&prng, 2026);
    for (int i = 0; i < 20000; i++) {
        char *changed = malloc(2 * length);
        size_t size = length;

        assert_non_null(changed);
        memcpy(changed, text, length + 1);
        for (uint32_t edits = 1 + prng_below(&prng, 3); edits > 0; edits--) {
            uint32_t at = prng_below(&prng, (uint32_t)size);
            uint32_t span = 1 + prng_below(&prng, (uint32_t)(size - at < 8 ? size - at : 8));

            switch (prng_below(&prng, 3)) {
            case 0:
                changed[at] = likely[prng_below(&prng, sizeof(likely) - 1)];
                break;
            case 1:
                memmove(changed + at, changed + at + span, size - at - span);
                size -= span;
                break;
            default:
                memmove(changed + at + span, changed + at, size - at);
                size += span;
                break;
            }
        }
        taken += read_copy_soundly(changed, size);
        free(changed);
    }
    /* Numbers may be others; nearly all else is refused. */
    assert_in_range(taken, 200, 10000);
    free(text);
}

static void files_are_there_whole_or_not_at_all(void **state)
{
    struct outcome outcome;
    struct outcome again;
    char error[512] = "";
    char path[] = "report_XXXXXX";
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    search(&outcome, request_of(EXPLORE_DFS, 1));
    assert_true(outcome_write(&outcome, path, error, sizeof(error)));
    assert_true(outcome_read(&again, path, error, sizeof(error)));
    assert_int_equal(again.report.executions, outcome.report.executions);
    outcome_free(&again);
    assert_int_equal(unlink(path), 0);
    assert_false(outcome_read(&again, path, error, sizeof(error)));
    assert_non_null(strstr(error, ": cannot read: No such file"));
    assert_false(outcome_write(&outcome, "nowhere/report", error, sizeof(error)));
    assert_non_null(strstr(error, "nowhere/report: cannot write"));
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(parts_put_together_are_the_whole),
        cmocka_unit_test(what_is_missing_makes_a_search_inconclusive),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(no_bytes_crash_the_reader),
        cmocka_unit_test(files_are_there_whole_or_not_at_all),
    };

    return cmocka_run_group_tests_name("policy_report", tests, NULL, NULL);
}
