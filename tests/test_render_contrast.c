/* Text can be read: each word of each picture, in both themes, on what it really stands on. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "render/font.h"
#include "render/render.h"
#include "render/scene.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"

#define LEAST 4.5 /* WCAG 2.2, 1.4.3, for text of any size */

static struct trace *record(const struct sim_scenario *scenario, enum run_policy policy)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario);
    request.policy = policy;
    request.seed = 1;
    if (strcmp(scenario->name, "counter_race") == 0 || strcmp(scenario->name, "counter_lock") == 0)
        request.params[0] = 30;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    return trace;
}

static bool covers(const struct shape *s, double x, double y)
{
    if (s->kind == SHAPE_RECT || s->kind == SHAPE_HATCH)
        return s->fill != UINT32_MAX && x >= s->x && x <= s->x + s->w && y >= s->y &&
               y <= s->y + s->h;
    return s->kind == SHAPE_DISC &&
           (x - s->x) * (x - s->x) + (y - s->y) * (y - s->y) <= s->w * s->w;
}

/* The least contrast of a text to what it stands on at x: the last shape painted there before. */
static double contrast_at(const struct scene *scene, size_t text, double x)
{
    const struct shape *s = &scene->shapes[text];
    double y = s->y - 0.35 * s->size;

    for (size_t i = text; i-- > 0;) {
        const struct shape *under = &scene->shapes[i];

        if (!covers(under, x, y))
            continue;
        double contrast = theme_contrast(s->fill, under->fill);
        double stripes = theme_contrast(s->fill, under->edge);

        return under->kind == SHAPE_HATCH && stripes < contrast ? stripes : contrast;
    }
    return theme_contrast(s->fill, scene->background);
}

static void check_scene(const struct scene *scene, const struct fonts *fonts, const char *name,
                        int theme, size_t *words)
{
    enum { POINTS = 16 };

    for (size_t i = 0; i < scene->count; i++) {
        const struct shape *s = &scene->shapes[i];

        if (s->kind != SHAPE_TEXT)
            continue;
        double width = font_width(fonts, s->face, s->size, s->text);

        ++*words;
        for (int k = 0; k <= POINTS; k++) {
            double contrast = contrast_at(scene, i, s->x + width * k / POINTS);

            if (contrast < LEAST)
                fail_msg("%s, theme %d: '%s' at %.1f,%.1f has a contrast of %.2f", name, theme,
                         s->text, s->x + width * k / POINTS, s->y, contrast);
        }
    }
}

static void every_word_has_enough_contrast(void **state)
{
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    size_t words = 0;

    (void)state;
    assert_non_null(fonts);
    for (int i = 0; scenarios[i] != NULL; i++) {
        for (int k = 0; k < 4; k++) {
            struct trace *trace = record(scenarios[i], k < 2 ? RUN_FIFO : RUN_RANDOM);
            struct render_options options = {.width = 960, .scale = 1, .replay = "pickglass run x"};
            struct scene scene = {0};

            options.theme = k % 2 == 0 ? RENDER_LIGHT : RENDER_DARK;
            assert_true(render_report(trace, &options, fonts, &scene));
            check_scene(&scene, fonts, scenarios[i]->name, k % 2, &words);
            scene_free(&scene);
            trace_free(trace);
        }
    }
    assert_true(words > 10000);
    fonts_free(fonts);
}

/* The measure itself: the values that WCAG's own examples have. */
static void contrast_is_as_defined(void **state)
{
    (void)state;
    assert_true(theme_contrast(0x000000, 0xFFFFFF) > 20.99);
    assert_true(theme_contrast(0xFFFFFF, 0x000000) > 20.99);
    assert_true(theme_contrast(0x777777, 0x777777) < 1.01);
    assert_true(theme_contrast(0x777777, 0xFFFFFF) > 4.47);
    assert_true(theme_contrast(0x777777, 0xFFFFFF) < 4.48);
    assert_true(theme_contrast(0x767676, 0xFFFFFF) > 4.54);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_has_enough_contrast),
        cmocka_unit_test(contrast_is_as_defined),
    };

    return cmocka_run_group_tests_name("contrast", tests, NULL, NULL);
}
