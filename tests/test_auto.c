/* What a search does when nobody says how: depth first, then by dpor, then at random; as soon as
 * one of them is a proof, no more.  In parts, and in pieces, it is the same search. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"

/* Execution after execution, one a line: its schedule, and what it shows. */
struct log {
    char *text;
    size_t size;
    FILE *out;
};

static void log_begin(struct log *log)
{
    log->out = open_memstream(&log->text, &log->size);
    assert_non_null(log->out);
}

static void note(void *arg, const struct schedule *schedule, uint64_t kinds)
{
    struct log *log = arg;
    char *text = schedule_format(schedule);

    assert_non_null(text);
    (void)fprintf(log->out, "%s %llx\n", text, (unsigned long long)kinds);
    free(text);
}

static struct explore_request request_of(const struct sim_scenario *scenario, int64_t first,
                                         uint64_t executions)
{
    struct explore_request request = {.policy = EXPLORE_AUTO,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = executions,
                                      .keep_going = true};

    run_request_init(&request.run, scenario);
    if (first != 0)
        request.run.params[0] = first;
    return request;
}

static struct explore_report search(const struct explore_request *request)
{
    struct explore_report report;
    char error[256] = "";

    if (!explore(request, &report, error, sizeof(error)))
        fail_msg("%s", error);
    return report;
}

/* Executions depth first, by dpor and at random; what is known of the rest. */
static void assert_stages(const struct explore_request *request, enum explore_verdict verdict,
                          uint64_t in_order, uint64_t reduced, uint64_t random)
{
    struct explore_report report = search(request);

    assert_int_equal(report.verdict, verdict);
    assert_int_equal(report.sampled.reduced, reduced);
    assert_int_equal(report.sampled.runs, random);
    assert_int_equal(report.executions, in_order + reduced + random);
    explore_report_free(&report);
}

static void few_are_run_depth_first(void **state)
{
    struct explore_request request = request_of(&readers, 2, 0);

    (void)state;
    assert_stages(&request, EXPLORE_EXHAUSTED, 855, 0, 0);
    /* With so few asked for, half of them is not all. */
    request.max_executions = 855;
    assert_stages(&request, EXPLORE_EXHAUSTED, 427, 4, 0);
}

static void where_there_are_more_a_proof_comes_by_dpor(void **state)
{
    struct explore_request request = request_of(&bank_transfer_fixed, 0, 0);
    struct explore_request dpor = request;

    (void)state;
    dpor.policy = EXPLORE_DPOR;
    struct explore_report alone = search(&dpor);
    struct explore_report report = search(&request);

    assert_int_equal(alone.verdict, EXPLORE_EXHAUSTED);
    assert_int_equal(report.sampled.reduced, alone.executions);
    assert_string_equal(report.why, alone.why);
    explore_report_free(&report);
    explore_report_free(&alone);
    assert_stages(&request, EXPLORE_EXHAUSTED, 20000, 6, 0);
    request.max_executions = 300;
    assert_stages(&request, EXPLORE_EXHAUSTED, 150, 6, 0);
}

static void what_is_found_by_dpor_says_so(void **state)
{
    struct explore_request request = request_of(&bank_transfer, 0, 300);

    (void)state;
    request.keep_going = false;
    struct explore_report report = search(&request);

    assert_int_equal(report.verdict, EXPLORE_STOPPED);
    const struct explore_kind *found = &report.kinds[report.worst];

    assert_true(found->first > 150);
    assert_string_equal(found->by, "dpor");
    assert_int_equal(found->first, report.executions);
    explore_report_free(&report);
}

static void where_there_are_most_random_ones_come_last(void **state)
{
    struct explore_request request = request_of(&readers, 13, 3000);

    (void)state;
    assert_stages(&request, EXPLORE_SAMPLED, 1500, 750, 750);
    request.max_executions = 1;
    assert_stages(&request, EXPLORE_SAMPLED, 0, 0, 1);
    request.max_executions = 2;
    assert_stages(&request, EXPLORE_SAMPLED, 1, 0, 1);
    request.max_executions = 3;
    assert_stages(&request, EXPLORE_SAMPLED, 1, 1, 1);
}

/* ---- What does not end, or takes long. ---- */

static enum sim_status write_often(struct sim *sim, void *arg)
{
    (void)sim;
    for (int64_t i = 0; i < 6; i++)
        sim_write((struct sim_var *)arg, i);
    return SIM_OK;
}

static enum sim_status two_threads(struct sim *sim, struct sim_var *var)
{
    struct sim_thread *one = sim_thread_new(sim, "one", write_often, var);
    struct sim_thread *other = sim_thread_new(sim, "other", write_often, var);

    SIM_TRY(sim_thread_join(one, NULL));
    return sim_thread_join(other, NULL);
}

static enum sim_status count_for_ever(struct sim *sim, void *arg)
{
    (void)sim;
    for (int64_t i = 0; i < INT64_MAX; i++)
        sim_write((struct sim_var *)arg, i);
    return SIM_OK;
}

static enum sim_status two_counters(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "count", 0);

    (void)arg;
    (void)sim_thread_new(sim, "one", count_for_ever, var);
    return count_for_ever(sim, var);
}

static const struct sim_scenario endless = {.name = "endless", .main = two_counters};

static void what_does_not_end_is_not_for_dpor(void **state)
{
    struct explore_request request = request_of(&endless, 0, 40);

    (void)state;
    request.run.max_steps = 100;
    struct explore_report report = search(&request);

    assert_int_equal(report.verdict, EXPLORE_INCONCLUSIVE);
    assert_int_equal(report.sampled.reduced, 0);
    assert_int_equal(report.sampled.runs, 20);
    assert_int_equal(report.cut_by_steps, 40);
    explore_report_free(&report);
}

/* Alone, one has no choices, however much it does. */
static enum sim_status first_alone(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct sim_var *var = sim_var_new(sim, "count", 0);

    for (int64_t i = 0; i < params[0]; i++)
        sim_write(var, i);
    return two_threads(sim, var);
}

static const struct sim_scenario alone = {
    .name = "alone", .main = first_alone, .params = {{"steps", 30000, 0, 100000, ""}}};

static void what_is_too_long_for_dpor_is_left_to_chance(void **state)
{
    struct explore_request request = request_of(&alone, 10, 0);

    (void)state;
    assert_stages(&request, EXPLORE_EXHAUSTED, 12869, 0, 0);
    request.max_executions = 100;
    assert_stages(&request, EXPLORE_SAMPLED, 50, 25, 25);
    request.run.params[0] = 30000;
    assert_stages(&request, EXPLORE_SAMPLED, 50, 0, 50);
    struct explore_report report = search(&request);

    assert_int_equal(report.kinds[SIM_FINDING_LIMIT].executions, 0);
    assert_int_equal(report.cut_by_steps, 0);
    assert_int_equal(report.max_steps, SIM_MAX_STEPS_DEFAULT);
    explore_report_free(&report);
}

/* ---- In parts and in pieces. ---- */

static const struct {
    const struct sim_scenario *scenario;
    int64_t param;
    uint64_t executions;
    enum sim_level level;
    enum sim_time time;
} searches[] = {
    {&readers, 13, 300, SIM_LEVEL_FIFO, SIM_TIME_LATE},
    {&bank_transfer, 0, 200, SIM_LEVEL_FIFO, SIM_TIME_LATE},
    {&bank_transfer_fixed, 0, 200, SIM_LEVEL_FIFO, SIM_TIME_LATE},
    {&peterson, 0, 200, SIM_LEVEL_FIFO, SIM_TIME_LATE},
    {&echo_server, 0, 160, SIM_LEVEL_ANY, SIM_TIME_LATE},
    {&http_status, 0, 80, SIM_LEVEL_FIFO, SIM_TIME_LATE},
    {&bounded_buffer_fixed, 0, 120, SIM_LEVEL_FIFO, SIM_TIME_EXPLORED},
};

enum { SEARCHES = sizeof(searches) / sizeof(searches[0]) };

static struct explore_request nth_search(size_t i)
{
    struct explore_request request =
        request_of(searches[i].scenario, searches[i].param, searches[i].executions);

    request.run.level = searches[i].level;
    request.run.time = searches[i].time;
    return request;
}

static void assert_adds_up(const struct explore_report *whole, const struct explore_report *sum)
{
    assert_int_equal(sum->executions, whole->executions);
    assert_int_equal(sum->sampled.reduced, whole->sampled.reduced);
    assert_int_equal(sum->sampled.runs, whole->sampled.runs);
    assert_int_equal(sum->given_up, whole->given_up);
    assert_int_equal(sum->found, whole->found);
    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
        assert_int_equal(sum->kinds[kind].executions, whole->kinds[kind].executions);
}

/* Part I has every Nth execution of the whole, from the Ith on; and so of those at random. */
static void assert_parts_are_the_whole(struct explore_request request)
{
    enum { PARTS = 3 };
    struct log logs[PARTS];
    struct log whole;
    struct explore_report sum = {0};

    log_begin(&whole);
    request.each = note;
    request.each_arg = &whole;
    struct explore_report report = search(&request);

    (void)fclose(whole.out);
    for (request.shard_index = 0; request.shard_index < PARTS; request.shard_index++) {
        struct log *log = &logs[request.shard_index];

        log_begin(log);
        request.shard_count = PARTS;
        request.each_arg = log;
        struct explore_report part = search(&request);

        (void)fclose(log->out);
        if (part.verdict != report.verdict)
            fail_msg("%s: part %u: verdict %d: %s", request.run.scenario->name, request.shard_index,
                     (int)part.verdict, part.why);
        sum.executions += part.executions;
        sum.sampled.reduced += part.sampled.reduced;
        sum.sampled.runs += part.sampled.runs;
        sum.given_up += part.given_up;
        sum.found += part.found;
        for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
            sum.kinds[kind].executions += part.kinds[kind].executions;
        explore_report_free(&part);
    }
    assert_adds_up(&report, &sum);
    const char *next[PARTS] = {logs[0].text, logs[1].text, logs[2].text};
    uint64_t drawn = report.executions - report.sampled.runs;
    uint64_t i = 0;

    for (const char *line = whole.text; *line != '\0'; i++) {
        size_t length = strcspn(line, "\n") + 1;
        uint64_t part = (i < drawn ? i : i - drawn) % PARTS;

        assert_memory_equal(next[part], line, length);
        next[part] += length;
        line += length;
    }
    for (int part = 0; part < PARTS; part++) {
        assert_string_equal(next[part], "");
        free(logs[part].text);
    }
    free(whole.text);
    explore_report_free(&report);
}

static void parts_are_the_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEARCHES; i++)
        assert_parts_are_the_whole(nth_search(i));
}

static enum explore_wish stop(void *arg, const struct explore_progress *progress)
{
    const uint64_t *after = arg;

    return progress->executions - progress->resumed < *after ? EXPLORE_GO_ON : EXPLORE_STOP;
}

static void assert_pieces_are_the_whole(struct explore_request request, uint64_t each)
{
    char path[] = "auto_XXXXXX";
    int file = mkstemp(path);
    struct log whole;
    struct log pieces;
    bool stopped = true;

    assert_true(file >= 0 && close(file) == 0 && unlink(path) == 0);
    log_begin(&whole);
    request.each = note;
    request.each_arg = &whole;
    struct explore_report report = search(&request);

    log_begin(&pieces);
    request.each_arg = &pieces;
    request.checkpoint = path;
    request.watch = stop;
    request.watch_arg = &each;
    while (stopped) {
        struct explore_report piece = search(&request);

        stopped = piece.interrupted;
        if (!stopped) {
            assert_int_equal(piece.verdict, report.verdict);
            assert_string_equal(piece.why, report.why);
            assert_adds_up(&report, &piece);
        }
        explore_report_free(&piece);
    }
    (void)fclose(whole.out);
    (void)fclose(pieces.out);
    assert_string_equal(pieces.text, whole.text);
    assert_int_equal(unlink(path), 0);
    free(pieces.text);
    free(whole.text);
    explore_report_free(&report);
}

static void pieces_are_the_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < SEARCHES; i++) {
        struct explore_request request = nth_search(i);

        assert_pieces_are_the_whole(request, 17);
        assert_pieces_are_the_whole(request, 50);
        request.shard_count = 2;
        request.shard_index = 1;
        assert_pieces_are_the_whole(request, 7);
    }
}

/* Half of what is asked for comes in order: a checkpoint of another number is of another search. */
static void a_checkpoint_fits_what_is_asked_for(void **state)
{
    char path[] = "auto_XXXXXX";
    int file = mkstemp(path);
    uint64_t after = 200;
    struct explore_request request = request_of(&readers, 13, 400);
    char error[256];
    struct explore_report report;

    (void)state;
    assert_true(file >= 0 && close(file) == 0 && unlink(path) == 0);
    request.checkpoint = path;
    request.watch = stop;
    request.watch_arg = &after;
    report = search(&request);
    assert_true(report.interrupted && report.executions == 200);
    explore_report_free(&report);
    request.max_executions = 300;
    assert_false(explore(&request, &report, error, sizeof(error)));
    assert_non_null(strstr(error, "200 executions were run by dfs, and with as many as are asked "
                                  "for here it would be 150"));
    explore_report_free(&report);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_are_run_depth_first),
        cmocka_unit_test(where_there_are_more_a_proof_comes_by_dpor),
        cmocka_unit_test(what_is_found_by_dpor_says_so),
        cmocka_unit_test(where_there_are_most_random_ones_come_last),
        cmocka_unit_test(what_does_not_end_is_not_for_dpor),
        cmocka_unit_test(what_is_too_long_for_dpor_is_left_to_chance),
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(pieces_are_the_whole),
        cmocka_unit_test(a_checkpoint_fits_what_is_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
