/* Parts of a run: --only and --steps leave out what they say, and nothing else goes wrong. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/font.h"
#include "render/report.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"

static const struct render_options whole = {
    .width = 960, .scale = 1, .tips = true, .replay = "pickglass run x"};

static struct trace *record(const char *name)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario_find(name));
    if (strcmp(name, "counter_race") == 0 || strcmp(name, "counter_lock") == 0)
        request.params[0] = 30;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    return trace;
}

/* Every column shown is of a step in the range, or of the time after one. */
static void check_axis(const struct trace *trace, const struct render_options *options)
{
    struct report r;

    assert_true(report_begin(&r, trace, options));
    assert_true(r.axis.count > 0);
    for (int i = 0; i < r.axis.count; i++) {
        bool exact = false;
        const struct sim_event *e = timeline_event_at(r.timeline, r.axis.slots[i].column, &exact);

        if (e == NULL || !exact)
            continue;
        assert_true(e->step >= options->first_step);
        assert_true(options->last_step == 0 || e->step <= options->last_step);
    }
    report_end(&r);
}

/* All that is drawn is within the picture. */
static void check_scene(const struct trace *trace, const struct render_options *options,
                        const struct fonts *fonts)
{
    struct scene scene = {0};

    assert_true(render_report(trace, options, fonts, &scene));
    for (size_t i = 0; i < scene.count; i++) {
        const struct shape *s = &scene.shapes[i];
        double right = s->kind == SHAPE_TEXT ? s->x + font_width(fonts, s->face, s->size, s->text)
                                             : s->x + (s->w > 0 ? s->w : 0);

        if (s->x < 0 || s->y < 0 || right > scene.width + 0.5 || s->y > scene.height)
            fail_msg("%s, steps %u to %u: shape %zu at %.1f,%.1f reaches %.1f", trace->program,
                     options->first_step, options->last_step, i, s->x, s->y, right);
    }
    scene_free(&scene);
}

/* Every scenario: its beginning, its middle, its end, and single steps. */
static void a_range_shows_its_steps_and_no_others(void **state)
{
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));

    (void)state;
    assert_non_null(fonts);
    for (int i = 0; scenarios[i] != NULL; i++) {
        struct trace *trace = record(scenarios[i]->name);
        uint32_t last = trace->events[trace->event_count - 1].step;
        const uint32_t ranges[][2] = {
            {0, last / 2 + 1}, {last / 3 + 1, last / 2 + 1}, {last / 2 + 1, 0}, {last, last}};

        for (size_t k = 0; k < sizeof(ranges) / sizeof(ranges[0]); k++) {
            struct render_options part = whole;

            part.first_step = ranges[k][0];
            part.last_step = ranges[k][1];
            assert_true(render_has(trace, &part, error, sizeof(error)));
            check_axis(trace, &part);
            check_scene(trace, &part, fonts);
        }
        trace_free(trace);
    }
    fonts_free(fonts);
}

static void only_those_named_are_shown(void **state)
{
    static const char *const only[] = {"B to A", "Task-1"};
    struct trace *trace = record("deadlock_abba");
    struct render_options part = whole;
    char name[REGISTRY_NAME_MAX];
    char error[256];
    struct report r;

    (void)state;
    part.only = only;
    part.only_count = 2;
    assert_true(render_has(trace, &part, error, sizeof(error)));
    assert_true(report_begin(&r, trace, &part));
    assert_int_equal(r.involved_count, 2);
    for (int i = 0; i < 2; i++) {
        uint32_t actor = r.timeline->lanes[r.involved[i]].actor;

        assert_string_equal(registry_name(trace->registry, actor, name), only[1 - i]);
    }
    report_end(&r);
    trace_free(trace);
}

/* A step of the story outside the range has no disc, and the end that is not shown no mark. */
static void what_is_left_out_leaves_no_mark(void **state)
{
    struct trace *trace = record("deadlock_abba");
    struct render_options part = whole;
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    size_t tips[2] = {0};

    (void)state;
    assert_non_null(fonts);
    for (int cut = 0; cut < 2; cut++) {
        struct scene scene = {0};

        part.last_step = cut ? 9 : 0; /* its story begins at step 15 */
        assert_true(render_report(trace, &part, fonts, &scene));
        for (size_t i = 0; i < scene.count; i++)
            tips[cut] += scene.shapes[i].kind == SHAPE_TIP &&
                         strstr(scene.shapes[i].text, "closes the circle") != NULL;
        scene_free(&scene);
    }
    assert_int_equal(tips[0], 1);
    assert_int_equal(tips[1], 0);
    fonts_free(fonts);
    trace_free(trace);
}

static void what_is_not_there_is_named(void **state)
{
    static const char *const only[] = {"nobody"};
    struct trace *trace = record("deadlock_abba");
    struct render_options part = whole;
    char error[256];

    (void)state;
    part.only = only;
    part.only_count = 1;
    assert_false(render_has(trace, &part, error, sizeof(error)));
    assert_string_equal(error, "no task or thread of the trace is called 'nobody'; there are "
                               "Task-1, A to B, B to A");
    part = whole;
    part.last_step = 20;
    assert_false(render_has(trace, &part, error, sizeof(error)));
    assert_string_equal(error, "the trace has no step 20; its last is 19");
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_shows_its_steps_and_no_others),
        cmocka_unit_test(only_those_named_are_shown),
        cmocka_unit_test(what_is_left_out_leaves_no_mark),
        cmocka_unit_test(what_is_not_there_is_named),
    };

    return cmocka_run_group_tests_name("parts of a run", tests, NULL, NULL);
}
