/* Maps: what a search has seen, exactly where it is small, within bounds where it is large. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/map.h"
#include "sim/base/prng.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"
#include "sim/trace/event.h"
#include "sim/trace/reader.h"

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
    struct sim_thread *one = sim_thread_new(sim, "one", add, var);
    struct sim_thread *other = sim_thread_new(sim, "other", add, var);

    (void)arg;
    SIM_TRY(sim_thread_join(one, NULL));
    SIM_TRY(sim_thread_join(other, NULL));
    (void)sim_check(sim, sim_read(var) == 2, "both arrive");
    return SIM_OK;
}

/* Two threads that each go on many times: more schedules than a map tells apart. */
static enum sim_status yields(struct sim *sim, void *arg)
{
    (void)sim;
    for (int i = 0; i < 40; i++)
        sim_write(arg, i);
    return SIM_OK;
}

static enum sim_status two_writers(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);
    struct sim_thread *one = sim_thread_new(sim, "one", yields, var);
    struct sim_thread *other = sim_thread_new(sim, "other", yields, var);

    (void)arg;
    SIM_TRY(sim_thread_join(one, NULL));
    return sim_thread_join(other, NULL);
}

static const struct sim_scenario adders = {.name = "adders", .main = two_adders};
static const struct sim_scenario writers = {.name = "writers", .main = two_writers};

static struct map *map_of(const struct sim_scenario *scenario, struct explore_request request,
                          struct explore_report *report)
{
    char error[256];

    run_request_init(&request.run, scenario);
    request.max_preemptions = -1;
    request.keep_going = true;
    request.map = map_new();
    assert_non_null(request.map);
    if (!explore(&request, report, error, sizeof(error)))
        fail_msg("%s", error);
    map_sort(request.map);
    return request.map;
}

/* The order of two operations, named as in run --order. */
static const struct map_tally *order_of(const struct map *map, const char *first,
                                        const char *second)
{
    char a[200];
    char b[200];

    for (uint32_t i = 0; i < map->pair_count; i++) {
        const struct map_pair *pair = &map->pairs[i];

        (void)map_op_text(map, &map->ops[pair->op[0]], a, sizeof(a));
        (void)map_op_text(map, &map->ops[pair->op[1]], b, sizeof(b));
        if (strcmp(a, first) == 0 && strcmp(b, second) == 0)
            return &pair->order[0];
        if (strcmp(b, first) == 0 && strcmp(a, second) == 0)
            return &pair->order[1];
    }
    return NULL;
}

/* Whoever reads before the other has written loses an update; each order is as frequent as the
 * other, for the two adders are alike. */
static void orders_are_counted_with_what_they_led_to(void **state)
{
    struct explore_report report;
    struct map *map = map_of(&adders, (struct explore_request){.policy = EXPLORE_DPOR}, &report);
    const struct map_tally *lost = order_of(map, "one.read(money)", "other.write(money)");
    const struct map_tally *kept = order_of(map, "other.write(money)", "one.read(money)");
    const struct map_tally *never = order_of(map, "MainThread.read(money)", "one.write(money)");

    (void)state;
    assert_non_null(lost);
    assert_non_null(kept);
    assert_non_null(never);
    assert_int_equal(lost->executions + kept->executions, report.executions);
    /* If one has read before other wrote, and other before one wrote, an update is lost: of the
     * traces, all but the two in which they go one after the other. */
    assert_int_equal(kept->executions, 1);
    assert_int_equal(kept->found, kept->executions); /* it is a data race all the same */
    assert_false(kept->kinds & UINT64_C(1) << SIM_FINDING_LOST_UPDATE);
    assert_true(lost->kinds & UINT64_C(1) << SIM_FINDING_LOST_UPDATE);
    assert_int_equal(never->executions, 0);
    /* Two reads do not conflict. */
    assert_null(order_of(map, "one.read(money)", "other.read(money)"));
    map_free(map);
    explore_report_free(&report);
}

/* Counts of a node are those of what is below it; of the whole tree, those of the search. */
static void assert_adds_up(const struct map *map, const struct explore_report *report)
{
    assert_int_equal(map->nodes[0].tally.executions, report->executions);
    assert_int_equal(map->nodes[0].tally.found, report->found);
    for (uint32_t i = 0; i < map->node_count; i++) {
        struct map_tally sum = {0};

        for (uint32_t child = map->nodes[i].first; child != 0; child = map->nodes[child].next) {
            assert_int_equal(map->nodes[child].parent, i);
            sum.executions += map->nodes[child].tally.executions;
            sum.found += map->nodes[child].tally.found;
            sum.kinds |= map->nodes[child].tally.kinds;
        }
        if (map->nodes[i].first != 0)
            assert_memory_equal(&sum, &map->nodes[i].tally, sizeof(sum));
    }
}

/* The example of every part runs, and ends as the part says. */
static void assert_examples_hold(const struct sim_scenario *scenario, const struct map *map)
{
    struct map_view view;

    assert_true(map_view_init(&view, map, 16));
    for (uint32_t i = 0; i < view.count; i++) {
        const struct map_node *node = &map->nodes[view.parts[i].node];
        struct schedule schedule = {0};
        struct run_request request;
        char error[256];

        assert_true(map_example(map, view.parts[i].node, &schedule));
        run_request_init(&request, scenario);
        request.policy = RUN_REPLAY;
        request.schedule = &schedule;
        struct trace *trace = run_record(&request, error, sizeof(error));

        assert_non_null(trace);
        assert_string_equal(error, "");
        assert_int_equal(trace->finding_count > 0, node->tally.found > 0);
        for (size_t f = 0; f < trace->finding_count; f++)
            assert_true(node->tally.kinds >> trace->findings[f].kind & 1);
        trace_free(trace);
        schedule_free(&schedule);
    }
    map_view_free(&view);
}

static void a_tree_adds_up_and_its_examples_hold(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_DPOR, EXPLORE_RANDOM,
                                                   EXPLORE_PCT, EXPLORE_PB,   EXPLORE_PORTFOLIO};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        struct explore_report report;
        struct map *map = map_of(&adders, (struct explore_request){.policy = policies[i]}, &report);

        assert_int_equal(map->depth, UINT32_MAX);
        assert_false(map->left_out);
        assert_adds_up(map, &report);
        assert_examples_hold(&adders, map);
        map_free(map);
        explore_report_free(&report);
    }
}

static void a_large_tree_is_folded_and_still_adds_up(void **state)
{
    struct explore_report report;
    struct explore_request request = {.policy = EXPLORE_RANDOM, .max_executions = 3000};
    struct map *map = map_of(&writers, request, &report);

    (void)state;
    assert_true(map->node_count <= MAP_NODES_MAX);
    assert_in_range(map->depth, 5, 100);
    assert_true(map->left_out); /* an actor does the same more than MAP_NTH_MAX times */
    assert_adds_up(map, &report);
    assert_examples_hold(&writers, map);
    map_free(map);
    explore_report_free(&report);
}

/* ---- As lines. ---- */

static char *lines_of(const struct map *map)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    map_put(map, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* NULL if they are refused. */
static struct map *map_from(const char *text, size_t length)
{
    struct map *map = map_new();
    char error[256] = "";
    struct reader in = {.next = text,
                        .end = text + length,
                        .name = "m",
                        .error = error,
                        .error_size = sizeof(error)};

    assert_non_null(map);
    if (map_read(map, &in))
        return map;
    assert_memory_equal(error, "m:", 2);
    map_free(map);
    return NULL;
}

static char *text_of(struct map *map)
{
    char *text = NULL;
    size_t size = 0;
    struct map_report report = {
        .map = map, .program = "p", .command = "run p", .verdict = "exhausted"};
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    map_sort(map);
    assert_true(render_map_text(&report, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

static void parts_put_together_are_the_whole(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct explore_request request = {.policy = policies[i]};
        struct explore_report report;
        struct map *whole = map_of(&adders, request, &report);
        struct map *sum = map_new();

        explore_report_free(&report);
        request.shard_count = 3;
        for (request.shard_index = 0; request.shard_index < 3; request.shard_index++) {
            struct map *part = map_of(&adders, request, &report);
            char *lines = lines_of(part);
            struct map *again = map_from(lines, strlen(lines));

            assert_non_null(again);
            map_merge(sum, again);
            map_free(part);
            map_free(again);
            free(lines);
            explore_report_free(&report);
        }
        char *expected = text_of(whole);
        char *got = text_of(sum);

        assert_string_equal(got, expected);
        free(expected);
        free(got);
        map_free(whole);
        map_free(sum);
    }
}

/* Bytes changed, doubled, dropped: read soundly or refused, 20,000 times. */
static void no_bytes_crash_the_reader(void **state)
{
    static const char likely[] = "0123456789 -.*:\\\nsnop\0\xff";
    struct explore_report report;
    struct explore_request request = {.policy = EXPLORE_RANDOM, .max_executions = 6};
    struct map *map = map_of(&adders, request, &report);
    char *text = lines_of(map);
    size_t length = strlen(text);
    struct prng prng;
    int taken = 0;

    (void)state;
    explore_report_free(&report);
    map_free(map);
    prng_seed(&prng, 2028);
    for (int i = 0; i < 20000; i++) {
        char *changed = malloc(2 * length);
        size_t size = length;

        assert_non_null(changed);
        memcpy(changed, text, length);
        for (uint32_t edits = 1 + prng_below(&prng, 3); edits > 0; edits--) {
            uint32_t at = prng_below(&prng, (uint32_t)size);
            uint32_t span = 1 + prng_below(&prng, (uint32_t)(size - at < 8 ? size - at : 8));
            uint32_t how = prng_below(&prng, 3);

            if (how == 0)
                changed[at] = likely[prng_below(&prng, sizeof(likely) - 1)];
            else if (how == 1)
                memmove(changed + at, changed + at + span, (size -= span) - at);
            else
                memmove(changed + at + span, changed + at, (size += span) - at - span);
        }
        changed = realloc(changed, size);
        assert_non_null(changed);
        struct map *read = map_from(changed, size);

        if (read != NULL) {
            taken++;
            free(text_of(read));
        }
        map_free(read);
        free(changed);
    }
    assert_in_range(taken, 200, 10000);
    free(text);
}

/* ---- What is said. ---- */

static void the_text_says_what_was_never_tried_and_how_to_try_it(void **state)
{
    struct explore_report report;
    struct explore_request request = {.policy = EXPLORE_FIFO};
    struct map *map = map_of(&adders, request, &report);
    char *text = text_of(map);

    (void)state;
    assert_non_null(strstr(text, "  the beginning: 100 %, 1 execution, with findings: "));
    assert_non_null(strstr(text, "never seen; to try it: run p --order 'other.write(money) < "
                                 "one.read(money)'\n"));
    free(text);
    map_free(map);
    explore_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_counted_with_what_they_led_to),
        cmocka_unit_test(a_tree_adds_up_and_its_examples_hold),
        cmocka_unit_test(a_large_tree_is_folded_and_still_adds_up),
        cmocka_unit_test(parts_put_together_are_the_whole),
        cmocka_unit_test(no_bytes_crash_the_reader),
        cmocka_unit_test(the_text_says_what_was_never_tried_and_how_to_try_it),
    };

    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
