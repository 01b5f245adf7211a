/* Checkpoints: a search that is stopped, however often, and goes on is the search that was never
 * stopped; and nothing malformed, and nothing of another search, is gone on from. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/prng.h"
#include "sim/explore/checkpoint.h"
#include "sim/explore/outcome.h"
#include "sim/sim.h"
#include "tests/replaced.h"

static enum sim_status add(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    sim_write(var, sim_read(var) + 1);
    sim_write(var, sim_read(var) + sim_choose_number(sim, 2));
    return SIM_OK;
}

/* Parameters: how often main reads afterwards, which tells programs apart. */
static enum sim_status two_adders(struct sim *sim, void *arg)
{
    const int64_t *reads = arg;
    struct sim_var *var = sim_var_new(sim, "money", 0);
    struct sim_thread *one = sim_thread_new(sim, "one", add, var);
    struct sim_thread *other = sim_thread_new(sim, "other", add, var);

    SIM_TRY(sim_thread_join(one, NULL));
    SIM_TRY(sim_thread_join(other, NULL));
    for (int64_t i = 0; i < *reads; i++)
        (void)sim_check(sim, sim_read(var) != 3, "three");
    return SIM_OK;
}

static const struct sim_scenario adders = {
    .name = "adders", .main = two_adders, .params = {{"reads", 1, 0, 9, "how often"}}};

static const struct sim_scenario others = {
    .name = "adders", .main = two_adders, .params = {{"reads", 2, 0, 9, "how often"}}};

static char path[] = "checkpoint_XXXXXX";

static struct explore_request request_of(enum explore_policy policy, uint64_t executions)
{
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = executions,
                                      .keep_going = true};

    run_request_init(&request.run, &adders);
    request.run.seed = 11;
    return request;
}

static bool with_map; /* searches draw one, too */

/* The report of a search as text, to be freed. */
static char *report_of(const struct explore_request *asked)
{
    struct explore_request mapped = *asked;
    const struct explore_request *request = &mapped;
    struct explore_report report;
    struct outcome outcome;
    char error[512] = "";
    size_t length = 0;

    mapped.map = with_map ? map_new() : NULL;
    if (!explore(request, &report, error, sizeof(error)))
        fail_msg("%s", error);
    assert_true(outcome_init(&outcome, request, &report));
    outcome.map = mapped.map;
    char *text = outcome_format(&outcome, &length);

    assert_non_null(text);
    outcome_free(&outcome);
    return text;
}

struct stopper {
    uint64_t after; /* executions, at which to stop it; 0: it must not be asked */
    uint64_t stops;
};

static enum explore_wish stop(void *arg, const struct explore_progress *progress)
{
    struct stopper *stopper = arg;

    if (progress->executions - progress->resumed < stopper->after)
        return EXPLORE_GO_ON;
    stopper->stops++;
    return EXPLORE_STOP;
}

/* Stopped after so many executions again and again, until it is done. */
static char *report_in_pieces(struct explore_request request, uint64_t each, uint64_t *stops)
{
    struct stopper stopper = {.after = each};
    char *text = NULL;

    (void)unlink(path);
    request.checkpoint = path;
    request.watch = stop;
    request.watch_arg = &stopper;
    do {
        *stops = stopper.stops;
        free(text);
        text = report_of(&request);
        request.resume = true;
    } while (*stops != stopper.stops);
    return text;
}

static void assert_pieces_are_the_whole(const struct explore_request *request, uint64_t each)
{
    uint64_t stops = 0;
    char *whole = report_of(request);
    char *pieces = report_in_pieces(*request, each, &stops);

    assert_string_equal(pieces, whole);
    assert_true(stops > 2);
    free(whole);
    free(pieces);
}

static void a_search_in_pieces_is_the_whole(void **state)
{
    static const struct {
        enum explore_policy policy;
        uint64_t executions;
        uint64_t each;
    } cases[] = {
        {EXPLORE_DFS, 0, 777},       {EXPLORE_DFS, 1000, 1},     {EXPLORE_PB, 0, 555},
        {EXPLORE_DB, 0, 999},        {EXPLORE_RANDOM, 50, 1},    {EXPLORE_RANDOM, 0, 300},
        {EXPLORE_PCT, 100, 3},       {EXPLORE_POS, 100, 7},      {EXPLORE_SURW, 100, 1},
        {EXPLORE_PORTFOLIO, 100, 1}, {EXPLORE_PORTFOLIO, 0, 70}, {EXPLORE_AUTO, 0, 900},
        {EXPLORE_AUTO, 3000, 250},   {EXPLORE_AUTO, 10, 1},      {EXPLORE_DPOR, 0, 1},
        {EXPLORE_DPOR, 0, 20},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct explore_request request = request_of(cases[i].policy, cases[i].executions);

        assert_pieces_are_the_whole(&request, cases[i].each);
    }
}

static void a_map_goes_on_too(void **state)
{
    struct explore_request request = request_of(EXPLORE_RANDOM, 60);

    (void)state;
    with_map = true;
    assert_pieces_are_the_whole(&request, 7);
    request = request_of(EXPLORE_DPOR, 0);
    assert_pieces_are_the_whole(&request, 20);
    with_map = false;
    request.checkpoint = path;
    struct explore_report report;
    char error[256];

    assert_false(explore(&request, &report, error, sizeof(error)));
    assert_non_null(strstr(error, "this search drew a map, and must go on with --map"));
    explore_report_free(&report);
}

static void shards_and_prefixes_go_on_too(void **state)
{
    uint32_t choices[] = {1, 0, 1};
    struct schedule prefix = {.choices = choices, .count = 3};
    static const enum explore_policy policies[] = {EXPLORE_DFS,    EXPLORE_PB,  EXPLORE_DPOR,
                                                   EXPLORE_RANDOM, EXPLORE_PCT, EXPLORE_SURW};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        bool drawn = policies[i] > EXPLORE_DPOR && policies[i] != EXPLORE_PB;
        struct explore_request request = request_of(policies[i], drawn ? 200 : 0);

        request.shard_count = 3;
        for (request.shard_index = 0; request.shard_index < 3; request.shard_index++)
            assert_pieces_are_the_whole(&request, policies[i] == EXPLORE_DPOR ? 3 : drawn ? 9 : 60);
        request = request_of(policies[i], drawn ? 200 : 0);
        request.prefix = &prefix;
        assert_pieces_are_the_whole(&request, policies[i] == EXPLORE_DPOR ? 5 : drawn ? 9 : 90);
    }
}

static void dpor_goes_on_too(void **state)
{
    struct explore_request request = request_of(EXPLORE_DPOR, 0);

    (void)state;
    assert_pieces_are_the_whole(&request, 7);
    request.shard_count = 3;
    for (request.shard_index = 0; request.shard_index < 3; request.shard_index++)
        assert_pieces_are_the_whole(&request, 1);
}

static void a_search_that_ended_says_the_same_again(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, 0);

    (void)state;
    request.keep_going = false;
    for (int i = 0; i < 2; i++) {
        struct explore_report report;
        char error[256];

        (void)unlink(path);
        request.checkpoint = path;
        char *once = report_of(&request);
        char *again = report_of(&request);

        assert_string_equal(once, again);
        assert_true(explore(&request, &report, error, sizeof(error)));
        assert_int_equal(report.resumed, report.executions);
        explore_report_free(&report);
        free(once);
        free(again);
        request.keep_going = true;
    }
}

/* More may be asked for than when the checkpoint was written. */
static void one_that_has_ended_can_go_further(void **state)
{
    struct explore_request request = request_of(EXPLORE_RANDOM, 30);
    struct explore_request more = request_of(EXPLORE_RANDOM, 80);

    (void)state;
    request.checkpoint = path;
    (void)unlink(path);
    free(report_of(&request));
    char *whole = report_of(&more);

    more.checkpoint = path;
    char *longer = report_of(&more);

    assert_string_equal(whole, longer);
    free(whole);
    free(longer);
    /* Past the first error. */
    request = request_of(EXPLORE_DFS, 0);
    whole = report_of(&request);
    request.checkpoint = path;
    request.keep_going = false;
    (void)unlink(path);
    free(report_of(&request));
    request.keep_going = true;
    longer = report_of(&request);
    assert_string_equal(whole, longer);
    free(whole);
    free(longer);
}

/* ---- What is refused. ---- */

static void assert_refused(const struct explore_request *request, const char *expected)
{
    struct explore_report report;
    char error[512] = "";

    assert_false(explore(request, &report, error, sizeof(error)));
    assert_string_equal(error + strlen(path), expected);
    explore_report_free(&report);
}

static void a_checkpoint_of_another_search_is_refused(void **state)
{
    struct explore_request request = request_of(EXPLORE_RANDOM, 30);

    (void)state;
    (void)unlink(path);
    request.checkpoint = path;
    request.resume = true;
    assert_refused(&request, ": cannot read: No such file or directory");
    request.resume = false;
    free(report_of(&request));
    struct explore_request other = request;

    other.policy = EXPLORE_POS;
    assert_refused(&other, ":5: a checkpoint of another search: 'policy random' there, 'policy "
                           "pos' here");
    other = request;
    other.run.params[0] = 4;
    assert_refused(&other, ":3: a checkpoint of another search: 'params ' there, 'params reads=4' "
                           "here");
    other = request;
    other.run.seed = 1;
    assert_refused(&other, ":6: a checkpoint of another search: 'seed 11' there, 'seed 1' here");
    other = request;
    other.shard_count = 2;
    assert_refused(&other, ":14: a checkpoint of another search: 'shard 1 1' there, 'shard 1 2' "
                           "here");
    other = request;
    other.max_executions = 29;
    assert_refused(&other, ":16: 30 executions were run, and only 29 are asked for");
    other = request;
    other.keep_going = false;
    assert_refused(&other, ":12: a checkpoint of another search: 'all 1' there, 'all 0' here");
    other = request;
    run_request_init(&other.run, &others);
    other.run.seed = 11;
    assert_refused(&other, ":15: the program is another one than when this was written: under the "
                           "same choices it does something else");
}

static void where_it_cannot_be_written_nothing_is_run(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, 0);
    struct explore_report report;
    char error[256];

    (void)state;
    request.checkpoint = "nowhere/checkpoint";
    assert_false(explore(&request, &report, error, sizeof(error)));
    assert_non_null(strstr(error, "nowhere/checkpoint: cannot write"));
    assert_int_equal(report.executions, 0);
    explore_report_free(&report);
}

/* ---- Malformed files. ---- */

/* As text, to be freed; stopped in the middle. */
static char *checkpoint_of(struct explore_request request, uint64_t after)
{
    struct stopper stopper = {.after = after};
    char error[256];
    size_t length = 0;

    (void)unlink(path);
    request.checkpoint = path;
    request.watch = stop;
    request.watch_arg = &stopper;
    free(report_of(&request));
    char *text = file_read(path, 1 << 20, &length, error, sizeof(error));

    assert_non_null(text);
    text = realloc(text, length + 1);
    assert_non_null(text);
    text[length] = '\0';
    return text;
}

/* What can be read must be written as it was: nothing in it is ignored. */
static bool read_soundly(const struct checkpoint *checkpoint, const char *text, size_t length)
{
    struct explore_report report = {.worst = -1};
    struct checkpoint_state state = {.report = &report,
                                     .strategy = strategy_new(checkpoint->request)};
    char error[512] = "";

    assert_non_null(state.strategy);
    bool ok = checkpoint_parse(checkpoint, text, length, "c", &state, error, sizeof(error));

    if (ok) {
        size_t again = 0;
        char *same = checkpoint_format(checkpoint, &state, &again);

        assert_non_null(same);
        free(same);
    } else {
        assert_memory_equal(error, "c:", 2);
    }
    explore_report_free(&report);
    state.strategy->ops->free(state.strategy);
    return ok;
}

/* In memory of its own, so that reading past its end is noticed. */
static bool read_copy(const struct checkpoint *checkpoint, const char *bytes, size_t length)
{
    char *copy = malloc(length + (length == 0));

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    bool ok = read_soundly(checkpoint, copy, length);

    free(copy);
    return ok;
}

static const enum explore_policy all[] = {EXPLORE_AUTO,      EXPLORE_DPOR, EXPLORE_DFS,
                                          EXPLORE_PB,        EXPLORE_PCT,  EXPLORE_SURW,
                                          EXPLORE_PORTFOLIO, EXPLORE_POS};
enum { ALL = sizeof(all) / sizeof(all[0]) };

/* What was counted in one way cannot be gone on from in another. */
static void one_of_another_version_is_refused(void **state)
{
    struct explore_request request = request_of(EXPLORE_DFS, 100);
    char *text = checkpoint_of(request, 20);
    char *old = replaced(text, "pickglass-checkpoint 7", "pickglass-checkpoint 6");
    char error[512];

    (void)state;
    assert_true(file_replace(path, old, strlen(old), error, sizeof(error)));
    request.checkpoint = path;
    assert_refused(&request, ":1: a checkpoint of a version that this program cannot go on from "
                             "(it knows 7)");
    free(old);
    free(text);
}

static void every_cut_is_noticed(void **state)
{
    (void)state;
    for (int i = 0; i < ALL; i++) {
        struct explore_request request = request_of(all[i], 100);
        struct checkpoint checkpoint;
        char *text = checkpoint_of(request, 20);
        size_t length = strlen(text);

        assert_true(checkpoint_begin(&checkpoint, &request));
        for (size_t cut = 0; cut < length; cut++)
            assert_false(read_copy(&checkpoint, text, cut));
        assert_true(read_copy(&checkpoint, text, length));
        checkpoint_end(&checkpoint);
        free(text);
    }
}

static size_t change(char *text, size_t size, struct prng *prng)
{
    static const char likely[] = "0123456789 -.*:\\\nsefix\0\xff";
    uint32_t at = prng_below(prng, (uint32_t)size);
    uint32_t span = 1 + prng_below(prng, (uint32_t)(size - at < 8 ? size - at : 8));

    switch (prng_below(prng, 3)) {
    case 0:
        text[at] = likely[prng_below(prng, sizeof(likely) - 1)];
        return size;
    case 1:
        memmove(text + at, text + at + span, size - at - span);
        return size - span;
    default:
        memmove(text + at + span, text + at, size - at);
        return size + span;
    }
}

/* Go on from a checkpoint that is well-formed and says what cannot be: whatever comes of it, it
 * comes to an end. */
static void assert_survives(struct explore_request request, const char *text, size_t length)
{
    struct explore_report report;
    char error[512];

    assert_true(file_replace(path, text, length, error, sizeof(error)));
    request.checkpoint = path;
    request.max_executions = 100;
    (void)explore(&request, &report, error, sizeof(error));
    explore_report_free(&report);
}

/* Bytes changed, doubled, dropped: read soundly or refused, thousands of times. */
static void no_bytes_crash_the_reader(void **state)
{
    enum { ROUNDS = FIBER_ASAN ? 2000 : 20000, RUN = FIBER_ASAN ? 10 : 200 };
    struct prng prng;
    int taken = 0;

    (void)state;
    prng_seed(&prng, 2027);
    for (int i = 0; i < ALL; i++) {
        struct explore_request request = request_of(all[i], 100);
        struct checkpoint checkpoint;
        char *text = checkpoint_of(request, 30);
        size_t length = strlen(text);

        assert_true(checkpoint_begin(&checkpoint, &request));
        for (int round = 0; round < ROUNDS / ALL; round++) {
            char *changed = malloc(2 * length);
            size_t size = length;

            assert_non_null(changed);
            memcpy(changed, text, length + 1);
            for (uint32_t edits = 1 + prng_below(&prng, 3); edits > 0; edits--)
                size = change(changed, size, &prng);
            if (read_copy(&checkpoint, changed, size) && taken++ < RUN * (i + 1) / ALL)
                assert_survives(request, changed, size);
            free(changed);
        }
        checkpoint_end(&checkpoint);
        free(text);
    }
    assert_in_range(taken, ROUNDS / 100, ROUNDS / 2);
}

static int make_path(void **state)
{
    int file = mkstemp(path);

    (void)state;
    return file < 0 ? 1 : close(file);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_in_pieces_is_the_whole),
        cmocka_unit_test(a_map_goes_on_too),
        cmocka_unit_test(shards_and_prefixes_go_on_too),
        cmocka_unit_test(dpor_goes_on_too),
        cmocka_unit_test(a_search_that_ended_says_the_same_again),
        cmocka_unit_test(one_that_has_ended_can_go_further),
        cmocka_unit_test(a_checkpoint_of_another_search_is_refused),
        cmocka_unit_test(where_it_cannot_be_written_nothing_is_run),
        cmocka_unit_test(one_of_another_version_is_refused),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(no_bytes_crash_the_reader),
    };

    return cmocka_run_group_tests_name("checkpoint", tests, make_path, remove_path);
}
