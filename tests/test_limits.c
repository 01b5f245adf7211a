/* Executions that a limit ends are counted by which: in a search, in its parts, and after a stop.
 */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore/outcome.h"
#include "sim/sim.h"

enum { ENDS = 2, SPINS = 3, HOARDS = 1, ALL = ENDS + SPINS + HOARDS };

/* Parameter: the least number that is drawn; of those, ENDS end, SPINS never do, and the others
 * want more memory than there is. */
static enum sim_status one_of(struct sim *sim, void *arg)
{
    const int64_t *least = arg;
    int64_t number = *least + sim_choose_number(sim, (uint32_t)(ALL - *least));

    while (number >= ENDS && number < ENDS + SPINS)
        sim_thread_yield(sim);
    while (number >= ENDS + SPINS)
        (void)sim_alloc(sim, 10000);
    return SIM_OK;
}

static const struct sim_scenario scenario = {
    .name = "one of", .main = one_of, .params = {{"least", 0, 0, ALL - 1, ""}}};

static struct explore_request request_of(enum explore_policy policy, int64_t least)
{
    struct explore_request request = {
        .policy = policy, .max_preemptions = -1, .max_delays = -1, .keep_going = true};

    run_request_init(&request.run, &scenario);
    request.run.params[0] = least;
    request.run.max_steps = 200;
    request.run.max_memory = 1 << 20;
    return request;
}

static void search(struct outcome *outcome, const struct explore_request *request)
{
    struct explore_report report;
    char error[256];

    if (!explore(request, &report, error, sizeof(error)))
        fail_msg("%s", error);
    assert_true(outcome_init(outcome, request, &report));
}

static void each_limit_is_counted_for_itself(void **state)
{
    static const struct {
        int64_t least;
        uint64_t steps;
        uint64_t memory;
        const char *why;
    } cases[] = {
        {0, 3, 1, "3 executions reached the limit of 200 steps and 1 that of 1 MiB of memory"},
        {ENDS + 2, 1, 1,
         "1 execution reached the limit of 200 steps and 1 that of 1 MiB of memory"},
        {ENDS + SPINS, 0, 1, "1 execution reached the limit of 1 MiB of memory"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct explore_request request = request_of(EXPLORE_DFS, cases[i].least);
        struct outcome outcome;

        search(&outcome, &request);
        assert_int_equal(outcome.report.executions, ALL - cases[i].least);
        assert_int_equal(outcome.report.cut_by_steps, cases[i].steps);
        assert_int_equal(outcome.report.cut_by_memory, cases[i].memory);
        assert_int_equal(limits_cut_short(&outcome.report), cases[i].steps + cases[i].memory);
        assert_int_equal(outcome.report.verdict, EXPLORE_INCONCLUSIVE);
        assert_string_equal(outcome.report.why, cases[i].why);
        assert_true(limits_decided(&outcome.report));
        outcome_free(&outcome);
    }
}

/* The limits that hold need not be those that were asked for. */
static void the_limits_that_hold_are_told(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, ENDS + SPINS);
    struct outcome outcome;

    (void)state;
    request.run.max_steps = 0;
    request.run.max_memory = 10;
    search(&outcome, &request);
    assert_int_equal(outcome.report.max_steps, SIM_MAX_STEPS_DEFAULT);
    assert_int_equal(outcome.report.max_memory, SIM_MAX_MEMORY_LEAST);
    outcome_free(&outcome);
    request = request_of(EXPLORE_DPOR, ENDS + SPINS);
    request.run.max_steps = 0;
    search(&outcome, &request);
    assert_true(outcome.report.max_steps < SIM_MAX_STEPS_DEFAULT);
    assert_int_equal(outcome.report.cut_by_memory, 1);
    outcome_free(&outcome);
}

static void sizes_are_said_in_their_largest_unit(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *words;
    } cases[] = {{SIM_MAX_MEMORY_DEFAULT, "2 reached the limit of 8 GiB of memory"},
                 {3 << 19, "2 reached the limit of 1536 KiB of memory"},
                 {1000001, "2 reached the limit of 1000001 bytes of memory"},
                 {UINT64_C(1) << 50, "2 reached the limit of 1048576 GiB of memory"}};
    char words[200];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct explore_report report = {.cut_by_memory = 2, .max_memory = cases[i].bytes};

        limits_say(&report, "", words, sizeof(words));
        assert_string_equal(words, cases[i].words);
    }
    limits_say(&(struct explore_report){.cut_by_steps = 1, .max_steps = 1}, "execution", words,
               sizeof(words));
    assert_string_equal(words, "1 execution reached the limit of 1 step");
}

/* Through files, as those of other machines; whatever their order. */
static void parts_have_the_limits_of_the_whole(void **state)
{
    enum { SHARDS = 4 };
    struct explore_request request = request_of(EXPLORE_DFS, 0);
    struct outcome whole;

    (void)state;
    search(&whole, &request);
    request.shard_count = SHARDS;
    for (uint32_t first = 0; first < SHARDS; first++) {
        struct outcome sum;
        char error[512] = "";

        for (uint32_t i = 0; i < SHARDS; i++) {
            struct outcome part;
            struct outcome read;
            size_t length = 0;

            request.shard_index = (first + i) % SHARDS;
            search(&part, &request);
            char *text = outcome_format(&part, &length);

            assert_non_null(text);
            if (!outcome_parse(i == 0 ? &sum : &read, text, length, "part", error, sizeof(error)) ||
                (i > 0 && !outcome_add(&sum, &read, "part", error, sizeof(error))))
                fail_msg("%s", error);
            if (i > 0)
                outcome_free(&read);
            free(text);
            outcome_free(&part);
        }
        assert_int_equal(sum.report.cut_by_steps, whole.report.cut_by_steps);
        assert_int_equal(sum.report.cut_by_memory, whole.report.cut_by_memory);
        assert_int_equal(sum.report.max_steps, 200);
        assert_int_equal(sum.report.max_memory, 1 << 20);
        assert_int_equal(sum.report.verdict, EXPLORE_INCONCLUSIVE);
        assert_string_equal(sum.report.why, whole.report.why);
        outcome_free(&sum);
    }
    outcome_free(&whole);
}

static void one_with_another_limit_is_another_search(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, 0);
    struct outcome parts[2];
    char error[1024] = "";

    (void)state;
    request.shard_count = 2;
    search(&parts[0], &request);
    request.shard_index = 1;
    request.run.max_memory = 2 << 20;
    search(&parts[1], &request);
    assert_false(outcome_add(&parts[0], &parts[1], "b", error, sizeof(error)));
    assert_non_null(strstr(error, "b: it is of another search"));
    assert_non_null(strstr(error, "memory 2097152"));
    outcome_free(&parts[0]);
    outcome_free(&parts[1]);
}

static enum explore_wish stop(void *arg, const struct explore_progress *progress)
{
    (void)arg;
    return progress->executions > progress->resumed ? EXPLORE_STOP : EXPLORE_GO_ON;
}

static void a_search_that_goes_on_keeps_its_counts(void **state)
{
    static const char path[] = "limits.checkpoint";
    struct explore_request request = request_of(EXPLORE_DFS, 0);
    struct outcome whole;
    struct outcome pieces;
    bool interrupted = true;

    (void)state;
    search(&whole, &request);
    request.checkpoint = path;
    request.watch = stop;
    (void)unlink(path);
    for (int i = 0; i < ALL && interrupted; i++) {
        search(&pieces, &request);
        interrupted = pieces.report.interrupted;
        if (interrupted)
            outcome_free(&pieces);
    }
    assert_false(interrupted);
    assert_true(pieces.report.resumed > 1);
    assert_int_equal(pieces.report.cut_by_steps, whole.report.cut_by_steps);
    assert_int_equal(pieces.report.cut_by_memory, whole.report.cut_by_memory);
    assert_string_equal(pieces.report.why, whole.report.why);
    outcome_free(&whole);
    outcome_free(&pieces);
    assert_int_equal(unlink(path), 0);
}

/* Drawing goes on past those that a limit ends, unless it ends all. */
static void of_what_is_drawn_all_must_be_cut_short(void **state)
{
    (void)state;
    for (int64_t least = 0; least <= ENDS; least += ENDS) {
        struct explore_request request = request_of(EXPLORE_RANDOM, least);
        struct outcome outcome;

        request.max_executions = 40;
        search(&outcome, &request);
        assert_true(outcome.report.cut_by_steps > 0 && outcome.report.cut_by_memory > 0);
        assert_int_equal(outcome.report.verdict,
                         least == 0 ? EXPLORE_SAMPLED : EXPLORE_INCONCLUSIVE);
        assert_int_equal(limits_decided(&outcome.report), least != 0);
        outcome_free(&outcome);
    }
}

/* Parameter: after how much it says a lot. */
static enum sim_status chatter(struct sim *sim, void *arg)
{
    const int64_t *least = arg;

    for (int64_t taken = 0;; taken += 1000) {
        (void)sim_alloc(sim, 1000);
        if (sim_choose_number(sim, 2) == 1)
            (void)sim_alloc(sim, 3000);
        sim_print(sim, "%-300lld|", (long long)taken);
        for (int i = 0; taken >= *least && i < 20; i++)
            sim_check(sim, taken < 0, "%-300lld has been taken", (long long)taken);
    }
    return SIM_OK;
}

/* Notes after how many choices the executions of a search were ended. */
static void note(void *arg, const struct schedule *schedule, uint64_t kinds)
{
    struct schedule *last = arg;

    assert_true((kinds & (UINT64_C(1) << SIM_FINDING_LIMIT)) != 0);
    assert_true(schedule_copy(last, schedule));
}

/* Neither who listens, nor what was run before in the same memory, makes a run end elsewhere. */
static void the_limit_on_memory_comes_at_the_same_step_whoever_listens(void **state)
{
    static const struct sim_scenario talks = {
        .name = "talks", .main = chatter, .params = {{"least", 900000, 0, 1 << 20, ""}}};
    struct explore_request request = {.policy = EXPLORE_RANDOM,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = 10,
                                      .keep_going = true,
                                      .each = note};
    struct schedule last = {0};
    struct outcome outcome;
    char error[256];

    (void)state;
    run_request_init(&request.run, &talks);
    request.run.max_memory = 1 << 20;
    request.each_arg = &last;
    search(&outcome, &request);
    assert_int_equal(outcome.report.cut_by_memory, 10);
    struct run_request again = request.run;

    again.policy = RUN_REPLAY;
    again.schedule = &last;
    struct trace *trace = run_record(&again, error, sizeof(error));

    assert_non_null(trace);
    assert_string_equal(error, "");
    assert_int_equal(trace->outcome, SIM_OUTCOME_MEMORY);
    assert_int_equal(trace->schedule.count, last.count);
    assert_int_equal(trace->max_memory, 1 << 20);
    trace_free(trace);
    schedule_free(&last);
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_is_counted_for_itself),
        cmocka_unit_test(the_limits_that_hold_are_told),
        cmocka_unit_test(sizes_are_said_in_their_largest_unit),
        cmocka_unit_test(parts_have_the_limits_of_the_whole),
        cmocka_unit_test(one_with_another_limit_is_another_search),
        cmocka_unit_test(a_search_that_goes_on_keeps_its_counts),
        cmocka_unit_test(of_what_is_drawn_all_must_be_cut_short),
        cmocka_unit_test(the_limit_on_memory_comes_at_the_same_step_whoever_listens),
    };

    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
