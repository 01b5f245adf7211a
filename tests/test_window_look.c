/* How the window looks at what it shows: heights of lanes, what is searched beside what is faint,
 * who waits for whom, and all of it larger. */
#include "tests/window_hands.h"

#include <string.h>

#include "render/paint.h"
#include "render/window_draw.h"
#include "scenarios/scenarios.h"

static int open_crowd(void **state)
{
    *state = open_on(record_run(&counter_race, SIM_LEVEL_FIFO));
    return 0;
}

static int open_philosophers(void **state)
{
    *state = open_on(record_run(&dining_philosophers, SIM_LEVEL_FIFO));
    return 0;
}

/* How many lanes are in sight; each is found where it is drawn. */
static uint32_t lanes_in_sight(const struct view *v)
{
    uint32_t count = 0;

    for (uint32_t lane = 0; lane < v->timeline->lane_count; lane++) {
        double y = view_lane_y(v, lane);

        if (!view_sees(v, lane))
            continue;
        count++;
        if (y >= view_top(v) && y + view_look(v)->pitch <= view_bottom(v)) {
            assert_int_equal(view_lane_at(v, 300, y + 0.5), lane);
            assert_int_equal(view_lane_at(v, 300, y + view_look(v)->pitch - 0.5), lane);
        }
    }
    return count;
}

static void lower_lanes_show_more_of_them(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;
    uint32_t before = 0;

    press(shown, SDLK_r, KMOD_LSHIFT);
    assert_int_equal(v->look, LOOK_HIGH);
    press(shown, SDLK_r, KMOD_LSHIFT);
    assert_int_equal(v->look, LOOK_HIGH);
    for (int look = LOOK_HIGH; look >= 0; look--) {
        uint32_t count = lanes_in_sight(v);

        assert_int_equal(v->look, look);
        assert_true(count > before + before / 2);
        before = count;
        press(shown, SDLK_r, 0);
    }
    assert_int_equal(v->look, LOOK_DENSE);
    assert_true(before >= 100);
}

static void the_lane_at_the_pointer_stays_where_it_is(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;

    for (int i = 0; i < 9; i++)
        press(shown, SDLK_PAGEDOWN, 0);
    move(shown, 400, VIEW_TOP + 200);
    uint32_t lane = view_lane_at(v, v->x, v->y);

    assert_int_not_equal(lane, UINT32_MAX);
    for (int i = 0; i < 6; i++) {
        view_change_look(v, i < 3 ? -1 : 1, v->y);
        assert_int_equal(view_lane_at(v, v->x, v->y), lane);
    }
}

static void nothing_of_a_lane_is_drawn_over_the_bars_of_others(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;

    press(shown, SDLK_HOME, 0);
    v->finding = SIZE_MAX; /* its numbers hang over, and shall */
    for (v->look = 0; v->look < LOOK_COUNT; v->look++) {
        struct scene scene = {0};
        struct drawing d = {
            .v = v, .theme = theme_of(v->theme), .clear = theme_of(v->theme), .scene = &scene};
        double pitch = view_look(v)->pitch;

        draw_lanes(&d);
        assert_true(scene.count > 0);
        for (size_t i = 0; i < scene.count; i++) {
            const struct shape *s = &scene.shapes[i];
            double lane = (s->y - view_top(v)) / pitch;
            double top = view_top(v) + pitch * (double)(long)lane;

            if (s->kind == SHAPE_RECT && s->x >= VIEW_NAMES)
                assert_true(s->y + s->h <= top + pitch + view_look(v)->above + 0.001);
        }
        scene_free(&scene);
    }
    v->look = LOOK_PLAIN;
}

/* Texts on the lanes in a colour. */
static int count_texts(const struct view *v, const char *text, uint32_t colour)
{
    struct scene scene = {0};
    int count = 0;

    view_draw(v, &scene);
    for (size_t i = 0; i < scene.count; i++) {
        const struct shape *s = &scene.shapes[i];

        count += s->kind == SHAPE_TEXT && s->x < v->width - VIEW_SIDE && s->y > VIEW_TOP &&
                 s->y < view_bottom(v) && s->fill == colour && strstr(s->text, text) != NULL;
    }
    scene_free(&scene);
    return count;
}

static void what_does_not_have_the_text_is_faint(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;
    const struct theme *theme = theme_of(RENDER_DARK);
    struct theme faint = theme_faint(theme);

    press(shown, SDLK_t, 0);
    press(shown, SDLK_g, 0);
    assert_int_equal(count_texts(v, "philosopher", theme->ink), 5);
    assert_int_equal(count_texts(v, "philosopher", faint.ink), 0);
    type(shown, "/");
    type(shown, "philosopher 2");
    press(shown, SDLK_RETURN, 0);
    assert_false(shown->window.find.open);
    assert_int_equal(count_texts(v, "philosopher 2", theme->ink), 1);
    assert_int_equal(count_texts(v, "philosopher", theme->ink), 1);
    assert_int_equal(count_texts(v, "philosopher", faint.ink), 4);
    /* So are its own wait, and that of who waits for it. */
    assert_int_equal(count_texts(v, "waits for fork 2", theme->states[LANE_BLOCKED].text), 1);
    assert_int_equal(count_texts(v, "waits for", theme->states[LANE_BLOCKED].text), 2);
    assert_true(count_texts(v, "waits for", faint.states[LANE_BLOCKED].text) > 0);
    press(shown, SDLK_ESCAPE, 0);
    assert_false(shown->window.quit);
    assert_int_equal(count_texts(v, "philosopher", theme->ink), 5);
    press(shown, SDLK_ESCAPE, 0);
    assert_true(shown->window.quit);
}

static void who_waits_for_whom_is_shown_where_no_lanes_are(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    assert_true(view_shows_graph(v));
    assert_int_equal(count_texts(v, "wait-for graph", theme_of(v->theme)->ink2), 1);
    press(shown, SDLK_r, KMOD_LSHIFT);
    assert_false(view_shows_graph(v));
    press(shown, SDLK_g, 0);
    assert_true(view_shows_graph(v));
    press(shown, SDLK_r, 0);
    press(shown, SDLK_g, 0);
    assert_false(view_shows_graph(v));
}

/* The pixels are those of the same picture painted at that scale: nothing is drawn small and blown
 * up; and the mouse meets what is seen. */
static void all_is_larger_and_where_it_is_seen(void **state)
{
    static const double scales[] = {1.25, 1.5, 2};
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    SDL_SetWindowSize(shown->window.window, 2560, 1600);
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        unsigned char *pixels = calloc(2560 * (size_t)1600, 4);
        struct scene scene = {0};

        press(shown, SDLK_EQUALS, KMOD_LCTRL | KMOD_LSHIFT);
        type(shown, "+"); /* which the key writes, too, and which plays faster without Ctrl */
        assert_int_equal(v->speed, SPEED_FIRST);
        assert_true(shown->window.scale == scales[i]);
        assert_true(v->width == 2560 / scales[i] && v->height == 1600 / scales[i]);
        assert_int_equal(shown->window.screen.width, 2560);
        view_draw(v, &scene);
        assert_true(
            painter_paint(shown->window.painter, &scene, scales[i], pixels, 2560, 1600, 4 * 2560));
        assert_memory_equal(pixels, shown->window.screen.pixels, 2560 * (size_t)1600 * 4);
        scene_free(&scene);
        free(pixels);
    }
    assert_int_equal((int)v->width, 1280);
    click(shown, 2 * 700, 2 * (int)(view_lane_y(v, 3) + 15));
    assert_true(v->x == 700);
    assert_int_equal(view_lane(v), 3);
    press(shown, SDLK_MINUS, KMOD_LCTRL);
    assert_true(shown->window.scale == 1.5);
    press(shown, SDLK_0, KMOD_LCTRL);
    assert_true(shown->window.scale == 1 && v->width == 2560);
}

static void there_is_no_larger_than_the_screen(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    for (int i = 0; i < 12; i++) {
        press(shown, SDLK_PLUS, KMOD_LCTRL);
        assert_true(v->width >= 960 && v->height >= 600);
    }
    assert_non_null(v->message);
    assert_non_null(strstr(v->message, "no room"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_CROWD(test) cmocka_unit_test_setup_teardown(test, open_crowd, close_shown)
#define WITH_PHILOSOPHERS(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, open_philosophers, close_shown)
        WITH_CROWD(lower_lanes_show_more_of_them),
        WITH_CROWD(the_lane_at_the_pointer_stays_where_it_is),
        WITH_PHILOSOPHERS(nothing_of_a_lane_is_drawn_over_the_bars_of_others),
        WITH_PHILOSOPHERS(what_does_not_have_the_text_is_faint),
        WITH_PHILOSOPHERS(who_waits_for_whom_is_shown_where_no_lanes_are),
        WITH_PHILOSOPHERS(all_is_larger_and_where_it_is_seen),
        WITH_PHILOSOPHERS(there_is_no_larger_than_the_screen),
    };

    return cmocka_run_group_tests_name("window look", tests, NULL, NULL);
}
