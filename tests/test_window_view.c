/* What the window's keys and mouse do to the view; no window is opened. */
#include "tests/test.h"

#include <math.h>

#include "render/font.h"
#include "render/scene.h"
#include "render/timeline.h"
#include "render/window_walk.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"

struct shown {
    struct trace *trace;
    struct timeline *timeline;
    struct index *index;
    struct fonts *fonts;
    struct render_options options;
    struct view view;
};

static int open_view(void **state)
{
    static struct shown shown;
    struct run_request request;
    char error[256];

    run_request_init(&request, &counter_race);
    request.params[0] = 100;
    shown.trace = run_record(&request, error, sizeof(error));
    assert_non_null(shown.trace);
    shown.timeline = timeline_new(shown.trace);
    shown.index = index_new(shown.timeline);
    assert_non_null(shown.index);
    shown.fonts = fonts_new(error, sizeof(error));
    shown.options = (struct render_options){.width = 960, .scale = 1};
    assert_non_null(shown.timeline);
    assert_non_null(shown.fonts);
    view_init(&shown.view, shown.index, shown.fonts, &shown.options);
    *state = &shown;
    return 0;
}

static int close_view(void **state)
{
    struct shown *shown = *state;

    index_free(shown->index);
    timeline_free(shown->timeline);
    fonts_free(shown->fonts);
    trace_free(shown->trace);
    return 0;
}

static uint32_t step_of(const struct shown *shown)
{
    return shown->trace->events[shown->view.focus].step;
}

static void it_opens_on_the_last_step_of_the_finding(void **state)
{
    const struct shown *shown = *state;
    const struct sim_finding *finding = &shown->trace->findings[0];

    assert_int_equal(finding->kind, SIM_FINDING_LOST_UPDATE);
    assert_int_equal(step_of(shown), finding->steps[finding->step_count - 1].step);
}

static void stepping_there_and_back_ends_where_it_began(void **state)
{
    struct shown *shown = *state;

    view_focus(&shown->view, 0);
    uint32_t last = step_of(shown);

    for (int i = 0; i < 50; i++) {
        view_step(&shown->view, 1, false);
        assert_int_equal(step_of(shown), last + 1);
        last = step_of(shown);
    }
    for (int i = 0; i < 50; i++)
        view_step(&shown->view, -1, false);
    assert_int_equal(step_of(shown), last - 50);
    view_step(&shown->view, -1, false);
    assert_true(step_of(shown) <= last - 50);
}

static void a_lane_s_steps_are_its_own(void **state)
{
    struct shown *shown = *state;

    view_focus(&shown->view, shown->trace->event_count / 2);
    uint32_t actor = shown->trace->events[shown->view.focus].actor;
    uint32_t before = step_of(shown);

    view_step(&shown->view, -1, true);
    assert_true(step_of(shown) < before);
    assert_int_equal(shown->trace->events[shown->view.focus].actor, actor);
}

static void zooming_keeps_what_is_at_the_pointer(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->view;
    const double x = 500;

    view_fit(v);
    double at = v->left + (x - VIEW_NAMES) / v->zoom;

    for (int i = 0; i < 6; i++)
        view_zoom(v, 1.25, x);
    assert_true(fabs(v->left + (x - VIEW_NAMES) / v->zoom - at) < 0.01);
    for (int i = 0; i < 60; i++)
        view_zoom(v, 0.8, x);
    assert_true(v->left >= 0);
    assert_true(v->zoom * shown->timeline->columns >= v->width - VIEW_NAMES - VIEW_SIDE - 1);
}

static void the_view_never_leaves_the_run(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->view;

    view_zoom(v, 8, 400);
    v->left = 1e9;
    v->scroll = 1e9;
    view_clamp(v);
    assert_true(v->left < shown->timeline->columns);
    assert_true(v->scroll < (double)shown->timeline->lane_count * VIEW_PITCH);
    v->left = -1e9;
    v->scroll = -1e9;
    view_clamp(v);
    assert_true(v->left == 0 && v->scroll == 0);
}

static void a_click_selects_what_the_lane_did_there(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->view;

    view_fit(v);
    view_click(v, VIEW_NAMES + 300, VIEW_TOP + 1.5 * VIEW_PITCH);
    const struct sim_event *event = &shown->trace->events[v->focus];

    assert_int_equal(event->actor, shown->timeline->lanes[1].actor);
    assert_true(shown->timeline->column_of[v->focus] <= v->left + 300 / v->zoom);
    size_t before = v->focus;

    view_click(v, 10, 10);
    assert_int_equal(v->focus, before);
}

static void drawing_stays_proportional_to_pixels(void **state)
{
    struct shown *shown = *state;
    struct scene scene = {0};

    view_fit(&shown->view);
    view_draw(&shown->view, &scene);
    assert_true(scene.count > 20);
    assert_true(scene.count < 20000);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_opens_on_the_last_step_of_the_finding),
        cmocka_unit_test(stepping_there_and_back_ends_where_it_began),
        cmocka_unit_test(a_lane_s_steps_are_its_own),
        cmocka_unit_test(zooming_keeps_what_is_at_the_pointer),
        cmocka_unit_test(the_view_never_leaves_the_run),
        cmocka_unit_test(a_click_selects_what_the_lane_did_there),
        cmocka_unit_test(drawing_stays_proportional_to_pixels),
    };

    return cmocka_run_group_tests_name("window view", tests, open_view, close_view);
}
