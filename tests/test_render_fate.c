/* The curve of a failing run's fate: where it is drawn, and where the point of no return stands. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"
#include "render/text.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"

struct drawn {
    struct report report;
    struct scene scene;
    const struct shape *flag; /* its words; NULL: there is none */
    double no_return;         /* x of the dashed line at it */
};

static struct trace *record(void)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario_find("counter_race"));
    request.params[0] = 3;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    return trace;
}

static void draw(struct drawn *d, const struct trace *trace, const struct render_options *options,
                 const struct fonts *fonts)
{
    *d = (struct drawn){.no_return = -1};
    assert_true(report_begin(&d->report, trace, options));
    report_lay_out(&d->report, fonts, &d->scene);
    assert_false(d->scene.out_of_memory);
    for (size_t i = 0; i < d->scene.count; i++) {
        const struct shape *s = &d->scene.shapes[i];

        if (s->kind == SHAPE_TEXT && (strcmp(s->text, "point of no return") == 0 ||
                                      strncmp(s->text, "not to be escaped", 17) == 0)) {
            d->flag = s;
            d->no_return = s[-1].x;
        }
    }
}

static void end(struct drawn *d)
{
    report_end(&d->report);
    scene_free(&d->scene);
}

static void the_curve_stands_over_its_steps(void **state)
{
    const struct render_fate fate[] = {{0, 0.25}, {6, 0.5}, {9, 1}, {12, 1}};
    const struct render_fate lucky[] = {{0, 0.25}, {6, 1}, {9, 0.75}};
    const struct render_fate doomed[] = {{0, 1}, {6, 1}};
    struct render_options options = {.width = 960, .scale = 1, .fate = fate, .fate_count = 4};
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    struct trace *trace = record();
    struct drawn d;

    (void)state;
    assert_non_null(fonts);
    draw(&d, trace, &options, fonts);
    assert_non_null(d.flag);
    double expected = axis_x(&d.report.axis, timeline_column_of_step(d.report.timeline, 9) + 1);

    assert_true(fabs(d.no_return - expected) < 0.01);
    end(&d);
    options.fate = lucky;
    options.fate_count = 3;
    draw(&d, trace, &options, fonts);
    assert_null(d.flag);
    end(&d);
    options.fate = doomed;
    options.fate_count = 2;
    draw(&d, trace, &options, fonts);
    assert_non_null(d.flag);
    assert_true(fabs(d.no_return - d.report.axis.x0) < 0.01);
    end(&d);
    trace_free(trace);
    fonts_free(fonts);
}

/* Areas are as high as shares are large. */
static void areas_are_as_high_as_shares(void **state)
{
    const struct render_fate fate[] = {{0, 0.25}, {6, 0.5}};
    struct render_options options = {.width = 960, .scale = 1, .fate = fate, .fate_count = 2};
    char error[256];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    struct trace *trace = record();
    double heights[2] = {0};
    int count = 0;
    struct drawn d;

    (void)state;
    assert_non_null(fonts);
    draw(&d, trace, &options, fonts);
    for (size_t i = 0; i < d.scene.count && count < 2; i++)
        if (d.scene.shapes[i].kind == SHAPE_RECT &&
            d.scene.shapes[i].fill == d.report.theme->bug_tint &&
            d.scene.shapes[i].y < d.report.lanes_top)
            heights[count++] = d.scene.shapes[i].h;
    assert_int_equal(count, 2);
    assert_true(heights[0] > 5 && fabs(heights[1] - 2 * heights[0]) < 0.01);
    end(&d);
    trace_free(trace);
    fonts_free(fonts);
}

/* In a terminal it is a row of blocks, from step to step, and says the same in words. */
static void a_terminal_shows_it_in_blocks(void **state)
{
    const struct render_fate fate[] = {{0, 0.25}, {6, 0.5}, {9, 0}, {12, 0.95}, {15, 1}};
    struct render_options options = {.width = 300, .fate = fate, .fate_count = 5};
    struct trace *trace = record();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    char levels[8] = "";
    int count = 0;

    (void)state;
    assert_non_null(out);
    assert_true(render_text(trace, &options, true, out));
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "from the first on 25.0 %"));
    assert_non_null(strstr(text, "the point of no return is after step 15"));
    const char *row = strstr(text, "\nfate ");

    assert_non_null(row);
    for (row += strlen("\nfate"); *row != '\n'; row++)
        if (*row != ' ' && (count == 0 || levels[count - 1] != *row)) {
            assert_true(count < 7);
            levels[count++] = *row;
        }
    assert_string_equal(levels, "2509!");
    free(text);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_stands_over_its_steps),
        cmocka_unit_test(areas_are_as_high_as_shares),
        cmocka_unit_test(a_terminal_shows_it_in_blocks),
    };

    return cmocka_run_group_tests_name("fate", tests, NULL, NULL);
}
