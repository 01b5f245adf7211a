/* All runs of a program in the window: explored, browsed, opened; and what two runs differ in. */
#include "tests/window_hands.h"

#include <string.h>

#include "render/window_differ.h"
#include "scenarios/scenarios.h"

static int open_threads(void **state)
{
    *state = open_on(record_run(&counter_race_threads, SIM_LEVEL_FIFO));
    return 0;
}

/* Five tasks in any order: more runs than are asked for. */
static int open_many(void **state)
{
    struct run_request request;
    struct schedule none = {0};
    char error[256] = "";

    run_request_init(&request, &counter_race);
    assert_true(run_request_set(&request, "tasks=5", error, sizeof(error)));
    request.level = SIM_LEVEL_ANY;
    request.policy = RUN_GUIDED;
    request.schedule = &none;
    *state = open_on(run_record(&request, error, sizeof(error)));
    return 0;
}

static void explore_all(struct shown *shown)
{
    press(shown, SDLK_e, 0);
    assert_true(shown->window.branches.wanted);
    (void)window_work(&shown->window);
    assert_true(window_paint(&shown->window));
    assert_true(shown->window.branches.searched);
}

static const struct choice_node *picked(const struct shown *shown)
{
    const struct branches *b = &shown->window.branches;

    assert_true(b->picked < b->row_count);
    return &b->tree.nodes[b->rows[b->picked].node];
}

static bool loses_an_update(const struct trace *trace)
{
    for (size_t i = 0; i < trace->finding_count; i++)
        if (trace->findings[i].kind == SIM_FINDING_LOST_UPDATE)
            return true;
    return false;
}

static void e_explores_and_picks_the_first_that_fails(void **state)
{
    struct shown *shown = *state;
    const struct branches *b = &shown->window.branches;

    explore_all(shown);
    assert_string_equal(b->verdict, "69 runs: every way that the choices can go");
    assert_int_equal(b->tree.nodes[0].runs, 69);
    assert_int_equal(b->tree.nodes[0].failing, 30);
    assert_true(picked(shown)->ends);
    assert_int_equal(picked(shown)->failing, 1);
    press(shown, SDLK_RETURN, 0);
    assert_int_equal(shown->window.runs.count, 2);
    assert_int_equal(shown->window.runs.at, 1);
    assert_true(loses_an_update(shown->window.view.trace));
    assert_false(b->shown);
    /* The same run is not taken in twice. */
    press(shown, SDLK_e, 0);
    press(shown, SDLK_RETURN, 0);
    assert_int_equal(shown->window.runs.count, 2);
}

/* Every run that the tree has can be shown, and is what the tree says of it. */
static void every_leaf_opens_as_what_it_is(void **state)
{
    struct shown *shown = *state;
    struct branches *b = &shown->window.branches;
    char words[BRANCH_WORDS_MAX];
    char error[256] = "";
    int leaves = 0;

    explore_all(shown);
    for (size_t i = 0; i < b->tree.count; i++)
        b->open[i] = true;
    assert_true(window_paint(&shown->window));
    assert_int_equal(b->row_count, b->tree.count);
    for (size_t row = 0; row < b->row_count; row++) {
        const struct choice_node *node = &b->tree.nodes[b->rows[row].node];

        if (!node->ends)
            continue;
        branches_pick(b, row);
        struct trace *trace = branches_run(b, words, error, sizeof(error));

        if (trace == NULL)
            fail_msg("%s", error);
        assert_true(loses_an_update(trace) == (node->failing == 1));
        trace_free(trace);
        leaves++;
    }
    assert_int_equal(leaves, 69);
}

static void arrows_walk_open_and_close(void **state)
{
    struct shown *shown = *state;
    const struct branches *b = &shown->window.branches;

    explore_all(shown);
    press(shown, SDLK_HOME, 0);
    assert_int_equal(b->picked, 0);
    press(shown, SDLK_LEFT, 0);
    assert_int_equal(b->row_count, 1);
    press(shown, SDLK_RIGHT, 0);
    assert_int_equal(b->row_count > 2, 1);
    press(shown, SDLK_RIGHT, 0);
    assert_int_equal(b->picked, 1);
    assert_string_equal(b->words[b->rows[1].node], "after step 3: MainThread: start (1 of 2)");
    press(shown, SDLK_END, 0);
    assert_int_equal(b->picked, b->row_count - 1);
    press(shown, SDLK_UP, 0);
    assert_int_equal(b->picked, b->row_count - 2);
    size_t before = b->row_count;

    click_hit(shown, HIT_FOLD, 1);
    assert_int_equal(b->picked, 1);
    assert_true(b->row_count < before);
    press(shown, SDLK_ESCAPE, 0);
    assert_false(b->shown);
    assert_false(shown->window.quit);
}

static void n_comes_by_every_run_that_fails(void **state)
{
    struct shown *shown = *state;
    const struct branches *b = &shown->window.branches;
    int failing = 0;

    explore_all(shown);
    press(shown, SDLK_HOME, 0);
    for (;;) {
        uint32_t before = b->rows[b->picked].node;

        press(shown, SDLK_n, 0);
        if (b->rows[b->picked].node == before)
            break;
        assert_int_equal(picked(shown)->failing, 1);
        assert_true(picked(shown)->ends);
        failing++;
    }
    assert_int_equal(failing, 30);
    assert_string_equal(shown->window.view.message, "No run behind this one fails.");
}

static void a_search_goes_no_further_than_it_may(void **state)
{
    struct shown *shown = *state;
    const struct branches *b = &shown->window.branches;

    shown->what_if.search.max_executions = 3000;
    explore_all(shown);
    assert_int_equal(b->tree.nodes[0].runs, 3000);
    assert_non_null(strstr(b->verdict, "3000 runs, and there are more: "));
    assert_true(b->tree.count > 3000 && b->tree.count < 6001);
}

static void what_is_stopped_says_so(void **state)
{
    struct shown *shown = *state;

    shown->window.branches.stop = true;
    explore_all(shown);
    assert_non_null(strstr(shown->window.branches.verdict, "the search was stopped"));
}

/* Steps of one run that the other does not have there, or with another value. */
static void two_runs_differ_where_they_do(void **state)
{
    struct shown *shown = *state;
    const struct run *run = &shown->window.runs.list[1];
    int values = 0;

    press(shown, SDLK_HOME, 0);
    while (step_of(shown) < 7)
        press(shown, SDLK_c, 0);
    type(shown, "2");
    assert_int_equal(shown->window.runs.count, 2);
    assert_non_null(run->differ);
    for (size_t i = 0; i < run->timeline->op_count; i++) {
        const struct sim_event *e = &run->trace->events[run->timeline->ops[i].event];

        /* Both do the same; but adder 2 reads and writes what is older by one. */
        assert_int_not_equal(run->differ[i], DIFFER_ONLY);
        values += run->differ[i] == DIFFER_VALUE;
        if (run->differ[i] == DIFFER_VALUE)
            assert_true(e->kind == SIM_EV_READ || e->kind == SIM_EV_WRITE);
    }
    assert_int_equal(values, 3);
}

static void a_run_does_not_differ_from_itself(void **state)
{
    struct shown *shown = *state;
    const struct timeline *t = shown->window.view.timeline;
    uint8_t *a = NULL;
    uint8_t *b = NULL;

    assert_true(differ_find(t, t, &a, &b));
    for (size_t i = 0; i < t->op_count; i++)
        assert_true(a[i] == DIFFER_NOT && b[i] == DIFFER_NOT);
    free(a);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_THREADS(test) cmocka_unit_test_setup_teardown(test, open_threads, close_shown)
        WITH_THREADS(e_explores_and_picks_the_first_that_fails),
        WITH_THREADS(every_leaf_opens_as_what_it_is),
        WITH_THREADS(arrows_walk_open_and_close),
        WITH_THREADS(n_comes_by_every_run_that_fails),
        WITH_THREADS(what_is_stopped_says_so),
        WITH_THREADS(two_runs_differ_where_they_do),
        WITH_THREADS(a_run_does_not_differ_from_itself),
        cmocka_unit_test_setup_teardown(a_search_goes_no_further_than_it_may, open_many,
                                        close_shown),
    };

    return cmocka_run_group_tests_name("window tree", tests, NULL, NULL);
}
