/* Pictures: the same bytes for the same trace, nothing outside its lane, text that can be read. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "render/axis.h"
#include "render/font.h"
#include "render/render.h"
#include "render/scene.h"
#include "render/timeline.h"
#include "scenarios/scenarios.h"
#include "sim/base/prng.h"
#include "sim/explore/run.h"

static const struct render_options options = {
    .width = 960, .scale = 1, .replay = "pickglass run x"};

static struct trace *record(const char *name, enum run_policy policy, uint64_t seed)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario_find(name));
    request.policy = policy;
    request.seed = seed;
    if (strcmp(name, "counter_race") == 0)
        request.params[0] = 300;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    return trace;
}

static void the_same_trace_gives_the_same_bytes(void **state)
{
    char error[256];

    (void)state;
    for (int i = 0; scenarios[i] != NULL; i++) {
        struct trace *trace = record(scenarios[i]->name, RUN_FIFO, 0);
        unsigned char *bytes[4] = {NULL};
        size_t length[4] = {0};

        for (int k = 0; k < 4; k++)
            assert_true((k < 2 ? render_png_memory : render_svg_memory)(
                trace, &options, &bytes[k], &length[k], error, sizeof(error)));
        assert_int_equal(length[0], length[1]);
        assert_memory_equal(bytes[0], bytes[1], length[0]);
        assert_int_equal(length[2], length[3]);
        assert_memory_equal(bytes[2], bytes[3], length[2]);
        for (int k = 0; k < 4; k++)
            free(bytes[k]);
        trace_free(trace);
    }
}

/* Every element that is opened is closed, in order. */
static void svg_is_well_formed(void **state)
{
    struct trace *trace = record("deadlock_abba", RUN_FIFO, 0);
    unsigned char *bytes = NULL;
    size_t length = 0;
    char error[256];
    char open[8][16];
    int depth = 0;

    (void)state;
    (void)snprintf(trace->program, sizeof(trace->program), "<&\">\xff\x01");
    assert_true(render_svg_memory(trace, &options, &bytes, &length, error, sizeof(error)));
    for (const char *at = (char *)bytes; (at = strchr(at, '<')) != NULL; at++) {
        const char *close = strchr(at, '>');
        char name[16] = "";

        assert_non_null(close);
        if (at[1] == '/') {
            (void)sscanf(at + 2, "%15[a-z]", name);
            assert_true(depth > 0);
            assert_string_equal(name, open[--depth]);
        } else if (close[-1] != '/') {
            (void)sscanf(at + 1, "%15[a-z]", name);
            assert_true(depth < 8);
            memcpy(open[depth++], name, sizeof(name));
        }
    }
    assert_int_equal(depth, 0);
    assert_null(memchr(bytes, 1, length));
    free(bytes);
    trace_free(trace);
}

/* Spans of a lane follow each other, within its life; arrows join lanes. */
static void check_timeline(const struct trace *trace)
{
    struct timeline *t = timeline_new(trace);

    assert_non_null(t);
    for (uint32_t i = 0; i < t->lane_count; i++) {
        const struct lane *lane = &t->lanes[i];
        uint32_t at = lane->born;

        for (uint32_t k = 0; k < lane->span_count; k++) {
            const struct span *span = &t->spans[lane->first_span + k];

            assert_int_equal(span->lane, i);
            assert_true(span->from >= at && span->to > span->from);
            assert_true(span->to <= lane->ended && span->to <= t->columns);
            at = span->to;
        }
    }
    for (size_t i = 0; i < t->arrow_count; i++) {
        assert_true(t->arrows[i].from_lane < t->lane_count);
        assert_true(t->arrows[i].to_lane < t->lane_count);
    }
    timeline_free(t);
}

static void timelines_of_random_runs_hold_together(void **state)
{
    (void)state;
    for (int i = 0; scenarios[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct trace *trace = record(scenarios[i]->name, RUN_RANDOM, seed);

            check_timeline(trace);
            trace_free(trace);
        }
    }
}

/* A trace that no program made: whatever the reader lets pass must be drawn without harm. */
static struct trace *nonsense(uint64_t seed)
{
    struct trace *trace = trace_new();
    struct prng prng;
    uint32_t objects = 0;
    uint32_t step = 0;
    int64_t time = 0;

    prng_seed(&prng, seed);
    objects = 2 + prng_below(&prng, 20);
    for (uint32_t i = 0; i < objects; i++)
        (void)registry_add(
            trace->registry, (enum sim_object_kind)prng_below(&prng, SIM_OBJECT_COUNT),
            prng_below(&prng, 2) == 0 ? NULL : "\xd0\x96\xff \xe4\xb8\xad name of many words",
            i == 0 ? 0 : prng_below(&prng, i), 0);
    for (int i = 0; i < 400; i++) {
        step += prng_below(&prng, 3);
        time += prng_below(&prng, 5) == 0 ? (int64_t)prng_next(&prng) & 0xFFFFFFFF : 0;
        struct sim_event event = {.time_ns = time,
                                  .step = step,
                                  .actor = prng_below(&prng, objects + 1),
                                  .object = prng_below(&prng, objects + 1),
                                  .kind = (uint8_t)prng_below(&prng, SIM_EV_END),
                                  .value = (int64_t)prng_below(&prng, objects)};

        event.aux = (uint8_t)prng_below(&prng, SIM_WAIT_COUNT);
        assert_true(trace_add_event(trace, &event));
    }
    struct sim_finding finding = {
        .kind = (uint8_t)prng_below(&prng, SIM_FINDING_COUNT), .step_count = 5, .edge_count = 7};

    memset(finding.sentence, 'w', sizeof(finding.sentence) - 1);
    for (int i = 0; i < 5; i++)
        finding.steps[i].step = prng_below(&prng, step + 9);
    for (int i = 0; i < 7; i++) {
        finding.edges[i].waiter = 1 + prng_below(&prng, objects);
        finding.edges[i].object = prng_below(&prng, objects + 1);
        finding.edges[i].holder = prng_below(&prng, objects + 1);
    }
    assert_true(trace_add_finding(trace, &finding));
    return trace;
}

static void nonsense_is_drawn_without_harm(void **state)
{
    char error[256];

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct trace *trace = nonsense(seed);
        unsigned char *bytes = NULL;
        size_t length = 0;

        assert_true(render_svg_memory(trace, &options, &bytes, &length, error, sizeof(error)));
        assert_true(length > 500);
        free(bytes);
        trace_free(trace);
    }
}

static void shapes_stay_within_the_picture(void **state)
{
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));

    (void)state;
    assert_non_null(fonts);
    for (int i = 0; scenarios[i / 2] != NULL; i++) {
        struct trace *trace = record(scenarios[i / 2]->name, RUN_FIFO, 0);
        struct scene scene = {0};
        struct render_options either = options;

        either.axis = i % 2 == 0 ? RENDER_STEPS : RENDER_TIME;
        assert_true(render_report(trace, &either, fonts, &scene));
        for (size_t k = 0; k < scene.count; k++) {
            const struct shape *s = &scene.shapes[k];
            double right = s->kind == SHAPE_TEXT
                               ? s->x + font_width(fonts, s->face, s->size, s->text)
                               : s->x + (s->w > 0 ? s->w : 0);

            if (s->x < 0 || s->y < 0 || right > scene.width + 0.5 || s->y > scene.height)
                fail_msg("%s: shape %zu at %.1f,%.1f reaches %.1f of %.1f, %.1f: '%s'",
                         scenarios[i / 2]->name, k, s->x, s->y, right, scene.width, scene.height,
                         s->text == NULL ? "" : s->text);
        }
        scene_free(&scene);
        trace_free(trace);
    }
    fonts_free(fonts);
}

/* Two seconds are twice as wide as one, whatever stands around them. */
static void waits_are_as_wide_as_they_are_long(void **state)
{
    struct trace *trace = record("say_after", RUN_FIFO, 0);
    struct timeline *timeline = timeline_new(trace);
    struct axis axis = {.by_time = true};
    double width[2] = {0};
    int sleeps = 0;

    (void)state;
    assert_non_null(timeline);
    axis_choose(&axis, timeline, NULL);
    assert_true(axis.whole);
    axis_place(&axis, 100, 900);
    assert_true(axis.x1 > 899 && axis.x1 < 901);
    for (size_t i = 0; i < timeline->span_count && sleeps < 2; i++) {
        const struct span *span = &timeline->spans[i];

        if (span->lane == 0 && span->state == LANE_AWAITING)
            width[sleeps++] = axis_x(&axis, span->to) - axis_x(&axis, span->from);
    }
    assert_int_equal(sleeps, 2);
    assert_true(width[0] > 60);
    assert_true(width[1] > 1.9 * width[0] && width[1] < 2.1 * width[0]);
    timeline_free(timeline);
    trace_free(trace);
}

static void a_run_without_a_finding_shows_its_ends(void **state)
{
    struct trace *trace = record("counter_lock", RUN_FIFO, 0);
    struct timeline *timeline = timeline_new(trace);
    struct axis axis = {0};

    (void)state;
    assert_non_null(timeline);
    assert_int_equal(trace->finding_count, 0);
    axis_choose(&axis, timeline, NULL);
    assert_false(axis.whole);
    assert_int_equal(axis.slots[0].column, 1);
    assert_int_equal(axis.slots[axis.count - 1].column, timeline->columns - 1);
    timeline_free(timeline);
    trace_free(trace);
}

static void text_has_enough_contrast(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct theme *t = theme_of((enum render_theme)i);
        const uint32_t pairs[][2] = {
            {t->ink, t->background},
            {t->ink2, t->background},
            {t->ink, t->panel},
            {t->ink2, t->panel},
            {t->bug_text, t->bug},
            {t->ink, t->bug_tint},
            {t->background, t->calm},
            {t->done.text, t->done.fill},
            {t->failed.text, t->failed.fill},
            {t->cancelled.text, t->cancelled.fill},
        };

        for (size_t k = 0; k < sizeof(pairs) / sizeof(pairs[0]); k++)
            if (theme_contrast(pairs[k][0], pairs[k][1]) < 4.5)
                fail_msg("theme %d, pair %zu: %.2f", i, k,
                         theme_contrast(pairs[k][0], pairs[k][1]));
        for (int k = 0; k < LANE_STATE_COUNT; k++)
            assert_true(theme_contrast(t->states[k].text, t->states[k].fill) >= 4.5);
    }
}

static void a_picture_that_cannot_be_written_leaves_nothing(void **state)
{
    struct trace *trace = record("deadlock_self", RUN_FIFO, 0);
    char error[256] = "";

    (void)state;
    assert_false(render_png(trace, &options, "/nonexistent/a.png", error, sizeof(error)));
    assert_non_null(strstr(error, "/nonexistent/a.png: cannot write"));
    trace_free(trace);
}

static void names_are_shortened_in_the_middle_and_cleaned(void **state)
{
    char error[256];
    char out[FONT_TEXT_MAX];
    struct fonts *fonts = fonts_new(error, sizeof(error));

    (void)state;
    assert_non_null(fonts);
    assert_string_equal(font_fit(fonts, FONT_SANS, 12, "short", 100, out), "short");
    (void)font_fit(fonts, FONT_SANS, 12, "beginning of a long name and its end", 100, out);
    assert_non_null(strstr(out, "\xE2\x80\xA6"));
    assert_int_equal(strncmp(out, "begin", 5), 0);
    assert_true(font_width(fonts, FONT_SANS, 12, out) <= 100);
    assert_string_equal(font_fit(fonts, FONT_SANS, 12, "anything", 1, out), "");
    assert_string_equal(font_clean("a\xff"
                                   "b\n",
                                   out),
                        "a\xEF\xBF\xBD"
                        "b\xEF\xBF\xBD");
    assert_string_equal(font_clean("\xd0\x96\xf0\x9f\x98\x80", out), "\xd0\x96\xf0\x9f\x98\x80");
    fonts_free(fonts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_trace_gives_the_same_bytes),
        cmocka_unit_test(svg_is_well_formed),
        cmocka_unit_test(timelines_of_random_runs_hold_together),
        cmocka_unit_test(nonsense_is_drawn_without_harm),
        cmocka_unit_test(shapes_stay_within_the_picture),
        cmocka_unit_test(waits_are_as_wide_as_they_are_long),
        cmocka_unit_test(a_run_without_a_finding_shows_its_ends),
        cmocka_unit_test(text_has_enough_contrast),
        cmocka_unit_test(a_picture_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(names_are_shortened_in_the_middle_and_cleaned),
    };

    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
