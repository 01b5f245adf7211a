/* What if: choices taken otherwise, by keys alone and by the mouse alone. */
#include "tests/window_hands.h"

#include <string.h>
#include <unistd.h>

#include "scenarios/scenarios.h"
#include "sim/base/prng.h"

static const char picture[] = "pickglass.png";

static int open_threads(void **state)
{
    *state = open_on(record_run(&counter_race_threads, SIM_LEVEL_FIFO));
    return 0;
}

static int open_tasks(void **state)
{
    *state = open_on(record_run(&deadlock_abba, SIM_LEVEL_ANY));
    return 0;
}

/* Twelve tasks that may go in any order. */
static int open_many(void **state)
{
    struct run_request request;
    struct schedule none = {0};
    char error[256] = "";

    run_request_init(&request, &counter_race);
    assert_true(run_request_set(&request, "tasks=12", error, sizeof(error)));
    request.level = SIM_LEVEL_ANY;
    request.policy = RUN_GUIDED;
    request.schedule = &none;
    *state = open_on(run_record(&request, error, sizeof(error)));
    return 0;
}

static bool found(const struct trace *trace, unsigned kind)
{
    for (size_t i = 0; i < trace->finding_count; i++)
        if (trace->findings[i].kind == kind)
            return true;
    return false;
}

/* Go to a step with keys. */
static void walk_to(struct shown *shown, uint32_t step)
{
    press(shown, SDLK_HOME, 0);
    while (step_of(shown) < step)
        press(shown, SDLK_RIGHT, 0);
    assert_int_equal(step_of(shown), step);
}

/* The first 32 bytes of a PNG give its size. */
static void picture_is(uint32_t width, uint32_t height)
{
    unsigned char head[24] = {0};
    FILE *file = fopen(picture, "rb");

    assert_non_null(file);
    assert_int_equal(fread(head, 1, sizeof(head), file), sizeof(head));
    (void)fclose(file);
    assert_memory_equal(head, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(head[16] << 24 | head[17] << 16 | head[18] << 8 | head[19], width);
    assert_int_equal(head[20] << 24 | head[21] << 16 | head[22] << 8 | head[23], height);
    (void)unlink(picture);
}

/* Both agree before the step, and in none of its operations. */
static void part_at(const struct trace *a, const struct trace *b, uint32_t step)
{
    size_t at = 0;

    while (a->events[at].step < step) {
        if (a->events[at].kind != SIM_EV_CHOICE && a->events[at].kind != SIM_EV_PREEMPT &&
            b->events[at].kind != SIM_EV_CHOICE && b->events[at].kind != SIM_EV_PREEMPT)
            assert_memory_equal(&a->events[at], &b->events[at], sizeof(a->events[at]));
        at++;
    }
    size_t other = at;

    while (b->events[other].step < step)
        other++;
    assert_memory_not_equal(&a->events[at], &b->events[other], sizeof(a->events[at]));
}

/* adder 1 has read: what if adder 2 goes on?  Then an update is lost. */
static void keys_alone_make_another_run(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    assert_false(found(shown->trace, SIM_FINDING_LOST_UPDATE));
    press(shown, SDLK_HOME, 0);
    while (step_of(shown) < 7)
        press(shown, SDLK_c, 0);
    assert_int_equal(step_of(shown), 7);
    assert_int_equal(runs->row_count, 2);
    assert_true(runs->rows[0].taken);
    assert_string_equal(runs->rows[0].words, "adder 1: write counter (no switch)");
    assert_string_equal(runs->rows[1].words, "adder 2: goes on");
    type(shown, "2");
    assert_int_equal(runs->count, 2);
    assert_ptr_equal(shown->window.view.trace, runs->list[1].trace);
    assert_true(found(runs->list[1].trace, SIM_FINDING_LOST_UPDATE));
    assert_string_equal(runs->list[1].words, "after step 7: adder 2, not adder 1");
    assert_int_equal(runs->list[1].differs, 8);
    part_at(shown->trace, runs->list[1].trace, 8);
    assert_int_equal(step_of(shown), 8);
    assert_string_equal(shown->window.view.message, "Run 2 differs from run 1 from step 8 on.");
    press(shown, SDLK_p, 0);
    picture_is(1280, 800);
}

static void enter_takes_the_option_that_tab_picked(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    walk_to(shown, 7);
    assert_int_equal(runs->picked, 1);
    press(shown, SDLK_TAB, 0);
    assert_int_equal(runs->picked, 1); /* the other one was taken */
    press(shown, SDLK_RETURN, 0);
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->list[1].taken, 1);
}

static void tab_reaches_options_without_a_digit(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    press(shown, SDLK_HOME, 0);
    press(shown, SDLK_c, 0);
    assert_int_equal(runs->row_count, 12);
    for (int i = 0; i < 10; i++)
        press(shown, SDLK_TAB, 0);
    assert_int_equal(runs->picked, 11);
    press(shown, SDLK_TAB, 0);
    assert_int_equal(runs->picked, 1);
    press(shown, SDLK_TAB, KMOD_LSHIFT);
    assert_int_equal(runs->picked, 11);
    press(shown, SDLK_RETURN, 0);
    assert_int_equal(runs->list[1].taken, 11);
    assert_string_equal(runs->list[1].words, "after step 15: Task-13, not Task-2");
}

static void o_j_and_k_walk_the_other_runs(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    walk_to(shown, 7);
    type(shown, "2");
    press(shown, SDLK_RIGHT, 0);
    press(shown, SDLK_o, 0);
    assert_ptr_equal(shown->window.view.trace, shown->trace);
    assert_int_equal(shown->window.view.pane, VIEW_UPPER);
    assert_int_equal(step_of(shown), 7);
    press(shown, SDLK_o, 0);
    assert_int_equal(shown->window.view.pane, VIEW_LOWER);
    assert_int_equal(step_of(shown), 9);
    press(shown, SDLK_k, 0);
    assert_int_equal(shown->window.view.pane, VIEW_WHOLE);
    assert_ptr_equal(shown->window.view.trace, shown->trace);
    press(shown, SDLK_k, 0);
    assert_int_equal(runs->at, 0);
    press(shown, SDLK_j, 0);
    assert_int_equal(runs->at, 1);
    press(shown, SDLK_j, 0);
    assert_int_equal(runs->at, 1);
}

static void an_option_is_tried_once_and_never_the_one_taken(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    walk_to(shown, 7);
    type(shown, "1");
    assert_int_equal(runs->count, 1);
    assert_non_null(strstr(shown->window.view.message, "That is what this run took"));
    type(shown, "3");
    assert_string_equal(shown->window.view.message, "There is no such option.");
    type(shown, "2");
    press(shown, SDLK_k, 0);
    assert_int_equal(runs->rows[1].run, 1);
    type(shown, "2");
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->at, 1);
    walk_to(shown, 2);
    press(shown, SDLK_RETURN, 0);
    assert_non_null(strstr(shown->window.view.message, "Nothing is chosen at this step"));
    assert_int_equal(runs->count, 2);
}

static void the_mouse_alone_makes_another_run(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;
    const struct view *v = &shown->window.view;

    /* The last steps are listed first; the list follows the clicks. */
    while (step_of(shown) != 5) {
        int row = step_of(shown) > 5 ? 0 : 4;

        click(shown, 300, (int)v->height - VIEW_BOTTOM + 10 + 17 * row + 5);
    }
    assert_int_equal(runs->row_count, 2);
    click_hit(shown, HIT_ROW, 1);
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->at, 1);
    assert_int_equal(step_of(shown), 6);
    part_at(shown->trace, runs->list[1].trace, 6);
    click(shown, VIEW_NAMES + 300, (int)(VIEW_TOP + VIEW_TITLE + VIEW_PITCH / 2));
    assert_int_equal(runs->at, 0);
    assert_int_equal(view_lane(v), 0);
    click_hit(shown, HIT_SWAP, 0);
    assert_int_equal(runs->at, 1);
    click_hit(shown, HIT_SAVE, 0);
    picture_is(1280, 800);
    click_hit(shown, HIT_RUN, 0);
    assert_int_equal(runs->at, 0);
    assert_int_equal(runs->lower, -1);
    click(shown, 300, (int)v->height - VIEW_BOTTOM + 10 + 5);
    assert_true(step_of(shown) < 5);
    click_hit(shown, HIT_NEXT_CHOICE, 4);
    assert_int_equal(step_of(shown), 5);
}

static void the_state_names_runs_and_options(void **state)
{
    struct shown *shown = *state;

    walk_to(shown, 5);
    type(shown, "2");
    press(shown, SDLK_o, 0);
    char *text = written_state(shown);

    assert_non_null(strstr(text, "\nrun 1: as recorded, stuck\n"
                                 "run 2: after step 5: B to A, not A to B, stuck\n"
                                 "run 2 differs from run 1 at step 6\n"
                                 "shown 1 above 2\nwalked 1\n"
                                 "option 1 taken: A to B: goes on\noption 2: B to A: goes on\n"));
    free(text);
}

static void another_program_is_refused(void **state)
{
    struct shown *shown = *state;
    const struct runs *runs = &shown->window.runs;

    shown->trace->events[1].value++;
    walk_to(shown, 5);
    type(shown, "2");
    assert_int_equal(runs->count, 1);
    assert_non_null(strstr(shown->window.view.message, "otherwise than recorded, first at step 2"));
    (void)snprintf(shown->trace->program, sizeof(shown->trace->program), "gone");
    walk_to(shown, 4);
    walk_to(shown, 5);
    press(shown, SDLK_RETURN, 0);
    assert_int_equal(runs->count, 1);
    assert_non_null(strstr(shown->window.view.message, "there is no scenario gone"));
}

/* Its own schedule brings the same run about. */
static void replays(const struct trace *trace)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario_find(trace->program));
    request.level = SIM_LEVEL_ANY;
    request.policy = RUN_REPLAY;
    request.schedule = &trace->schedule;
    request.max_steps = 20000;
    struct trace *again = run_record(&request, error, sizeof(error));

    assert_non_null(again);
    assert_int_equal(again->event_count, trace->event_count);
    assert_memory_equal(again->events, trace->events, trace->event_count * sizeof(*trace->events));
    trace_free(again);
}

/* Options are what the trace says that they were; the other run has the same beginning, takes what
 * was asked for, and can be replayed. */
static void try_one(struct what_if *what_if, const struct trace *trace, size_t index, size_t choice,
                    uint32_t option)
{
    const struct sim_event *e = &trace->events[index];
    const struct window_lab *lab = &what_if->window;
    struct window_option options[WHAT_IF_OPTIONS];
    char error[256] = "";
    uint32_t taken = (uint32_t)((uint64_t)e->value >> 32);
    size_t count =
        lab->options(lab->arg, trace, choice, options, WHAT_IF_OPTIONS, error, sizeof(error));

    if (count != (uint32_t)e->value)
        fail_msg("%s: %zu options: %s", trace->program, count, error);
    if (taken < WHAT_IF_OPTIONS && options[taken].op != SIM_EV_CHOICE && e->object != 0)
        assert_int_equal(options[taken].actor, e->object);
    option %= (uint32_t)count;
    struct trace *other = lab->again(lab->arg, trace, choice, option, error, sizeof(error));

    if (other == NULL) {
        fail_msg("%s: %s", trace->program, error);
        return;
    }
    assert_int_equal(other->schedule.choices[choice], option);
    assert_memory_equal(other->events, trace->events, index * sizeof(*trace->events));
    for (size_t i = choice + 1; i < other->schedule.count; i++)
        assert_int_equal(other->schedule.choices[i], 0);
    replays(other);
    trace_free(other);
}

static void every_scenario_can_be_run_otherwise(void **state)
{
    struct what_if *what_if = malloc(sizeof(*what_if));
    struct prng prng;
    int tried = 0;

    (void)state;
    assert_non_null(what_if);
    what_if_init(what_if, 20000, 0);
    prng_seed(&prng, 1);
    for (size_t s = 0; scenarios[s] != NULL; s++) {
        struct trace *trace = record_run(scenarios[s], SIM_LEVEL_ANY);
        size_t choice = 0;

        assert_non_null(trace);
        for (size_t i = 0; i < trace->event_count; i++) {
            if (trace->events[i].kind != SIM_EV_CHOICE)
                continue;
            if (prng_below(&prng, (uint32_t)trace->schedule.count) < 4) {
                try_one(what_if, trace, i, choice, prng_below(&prng, 1000));
                tried++;
            }
            choice++;
        }
        assert_int_equal(choice, trace->schedule.count);
        what_if->trace = NULL;
        trace_free(trace);
    }
    assert_true(tried > 100);
    free(what_if);
}

/* A trace file may say anything: more choices than its schedule has. */
static void a_schedule_that_is_too_short_is_refused(void **state)
{
    struct shown *shown = *state;
    const struct window_lab *lab = &shown->what_if.window;
    struct window_option options[4];
    char error[256] = "";

    shown->trace->schedule.count = 2;
    assert_null(lab->again(lab->arg, shown->trace, 2, 1, error, sizeof(error)));
    assert_string_equal(error, "its schedule has 2 choices, and this would be number 3");
    assert_int_equal(lab->options(lab->arg, shown->trace, 2, options, 4, error, sizeof(error)), 0);
    assert_int_equal(lab->options(lab->arg, shown->trace, 1, options, 4, error, sizeof(error)), 2);
    walk_to(shown, 9);
    type(shown, "2");
    assert_int_equal(shown->window.runs.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_THREADS(test) cmocka_unit_test_setup_teardown(test, open_threads, close_shown)
#define WITH_TASKS(test) cmocka_unit_test_setup_teardown(test, open_tasks, close_shown)
        WITH_THREADS(keys_alone_make_another_run),
        WITH_THREADS(enter_takes_the_option_that_tab_picked),
        cmocka_unit_test_setup_teardown(tab_reaches_options_without_a_digit, open_many,
                                        close_shown),
        WITH_THREADS(o_j_and_k_walk_the_other_runs),
        WITH_THREADS(an_option_is_tried_once_and_never_the_one_taken),
        WITH_THREADS(a_schedule_that_is_too_short_is_refused),
        WITH_TASKS(the_mouse_alone_makes_another_run),
        WITH_TASKS(the_state_names_runs_and_options),
        WITH_TASKS(another_program_is_refused),
        cmocka_unit_test(every_scenario_can_be_run_otherwise),
    };

    return cmocka_run_group_tests_name("window what if", tests, NULL, NULL);
}
