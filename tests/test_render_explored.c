/* What was explored is told, has its sign where it happened, and is in the legend. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"
#include "render/text.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"

enum { SEEDS = 30 };

static const char *const legends[EXPLORED_COUNT] = {
    [EXPLORED_EARLY] = "deadline passes before its turn",
    [EXPLORED_CANCEL] = "cancelled from outside, as a trial",
    [EXPLORED_WAKE] = "wakes for no reason",
};

static struct trace *record(const struct sim_scenario *scenario, uint64_t seed)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario);
    request.policy = RUN_RANDOM;
    request.seed = seed;
    request.time = SIM_TIME_EXPLORED;
    request.cancel = scenario->async ? "any" : NULL;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL)
        fail_msg("%s: %s", scenario->name, error);
    return trace;
}

static bool says(const struct scene *scene, const char *text)
{
    for (size_t i = 0; i < scene->count; i++)
        if (scene->shapes[i].kind == SHAPE_TEXT && strstr(scene->shapes[i].text, text) != NULL)
            return true;
    return false;
}

/* A clock over the lanes, or a square on the bar of whom it concerns. */
static bool has_sign(const struct report *r, const struct scene *scene, size_t event)
{
    const struct sim_event *e = &r->trace->events[event];
    enum explored kind = explored_kind(e);
    uint32_t actor = kind == EXPLORED_CANCEL ? e->object : e->actor;
    double x = axis_x(&r->axis, r->timeline->column_of[event]);
    double y = kind == EXPLORED_EARLY ? r->lanes_top + 4
                                      : report_bar_of(r, r->timeline->lane_of[actor - 1]);

    for (size_t i = 0; i < scene->count; i++) {
        const struct shape *s = &scene->shapes[i];
        double middle_x = s->kind == SHAPE_RECT ? s->x + s->w / 2 : s->x;
        double middle_y = s->kind == SHAPE_RECT ? s->y + s->h / 2 : s->y;
        bool right = kind == EXPLORED_EARLY ? s->kind == SHAPE_DISC
                                            : s->kind == SHAPE_RECT && fabs(s->w - s->h) < 0.01;

        if (right && fabs(middle_x - x) < 12 && fabs(middle_y - y) < 2)
            return true;
    }
    return false;
}

/* Check a picture, and count what was explored in it. */
static void check(const struct trace *trace, const struct fonts *fonts, int seen[EXPLORED_COUNT])
{
    struct render_options options = {.width = 960, .scale = 1};
    struct scene scene = {0};
    struct report r;
    bool shown[EXPLORED_COUNT] = {false};
    char words[EXPLORED_WORDS_MAX];
    int told = 0;

    assert_true(report_begin(&r, trace, &options));
    report_lay_out(&r, fonts, &scene);
    for (size_t i = explored_next(trace, 0); i < trace->event_count;
         i = explored_next(trace, i + 1)) {
        const struct sim_event *e = &trace->events[i];
        enum explored kind = explored_kind(e);
        uint32_t actor = kind == EXPLORED_CANCEL ? e->object : e->actor;

        if (told++ < EXPLORED_TOLD_MOST)
            assert_true(says(&scene, explored_words(trace, e, words)));
        if (!axis_has(&r.axis, r.timeline->column_of[i]) ||
            (kind != EXPLORED_EARLY && report_bar_of(&r, r.timeline->lane_of[actor - 1]) < 0))
            continue;
        if (!has_sign(&r, &scene, i))
            fail_msg("%s: event %zu has no sign", trace->program, i);
        shown[kind] = true;
        seen[kind]++;
    }
    for (int kind = EXPLORED_NOTHING + 1; kind < EXPLORED_COUNT; kind++)
        assert_true(says(&scene, legends[kind]) == shown[kind]);
    report_end(&r);
    scene_free(&scene);
}

static void what_was_tried_is_shown_where_it_happened(void **state)
{
    const struct sim_scenario *const tried[] = {&late_answer, &spurious_wakeup,
                                                &pool_cancel_acquire, &counter_race_threads};
    int seen[EXPLORED_COUNT] = {0};
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));

    (void)state;
    assert_non_null(fonts);
    for (size_t i = 0; i < sizeof(tried) / sizeof(tried[0]); i++)
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct trace *trace = record(tried[i], seed);

            check(trace, fonts, seen);
            trace_free(trace);
        }
    for (int kind = EXPLORED_NOTHING + 1; kind < EXPLORED_COUNT; kind++)
        assert_true(seen[kind] >= SEEDS / 3);
    fonts_free(fonts);
}

static void a_terminal_tells_it_too(void **state)
{
    struct render_options options = {.width = 100};
    int found = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct trace *trace = record(&pool_cancel_acquire, seed);
        size_t first = explored_next(trace, 0);
        char words[EXPLORED_WORDS_MAX];
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        assert_true(render_text(trace, &options, false, out));
        assert_int_equal(fclose(out), 0);
        assert_true((strstr(text, "Tried at ") != NULL) == (first < trace->event_count));
        if (first < trace->event_count) {
            assert_non_null(strstr(text, explored_words(trace, &trace->events[first], words)));
            found++;
        }
        free(text);
        trace_free(trace);
    }
    assert_true(found > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_tried_is_shown_where_it_happened),
        cmocka_unit_test(a_terminal_tells_it_too),
    };

    return cmocka_run_group_tests_name("explored", tests, NULL, NULL);
}
