/* Lanes that are pinned, hidden, searched, zoomed to; the map; arrows that are followed. */
#include "tests/window_hands.h"

#include <math.h>
#include <string.h>

#include "scenarios/scenarios.h"

static int open_tasks(void **state)
{
    *state = open_on(record_run(&deadlock_abba, SIM_LEVEL_FIFO));
    return 0;
}

/* More lanes than there is room for. */
static int open_crowd(void **state)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, &counter_race);
    assert_true(run_request_set(&request, "tasks=3000", error, sizeof(error)));
    *state = open_on(run_record(&request, error, sizeof(error)));
    return 0;
}

static void pinned_lanes_stay_at_the_top(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_END, 0);
    uint32_t lane = view_lane(v);

    while (lane == UINT32_MAX || lane < 100) {
        press(shown, SDLK_LEFT, 0);
        lane = view_lane(v);
    }
    press(shown, SDLK_i, 0);
    assert_int_equal(v->rows->pinned, 1);
    for (int i = 0; i < 5; i++) {
        press(shown, SDLK_PAGEDOWN, 0);
        assert_true(view_sees(v, lane));
        assert_true(view_lane_y(v, lane) == view_top(v));
        assert_int_equal(view_lane_at(v, 300, view_top(v) + 5), lane);
    }
    click_hit(shown, HIT_PIN, lane);
    assert_int_equal(v->rows->pinned, 0);
    /* However many are pinned, half of the room is for the others. */
    for (uint32_t i = 0; i < 100; i++)
        window_mark_lane(&shown->window, i, ROW_PINNED);
    press(shown, SDLK_HOME, 0);
    assert_true(view_pins(v) * VIEW_PITCH <= (view_bottom(v) - view_top(v)) / 2);
    press(shown, SDLK_i, KMOD_LSHIFT);
    assert_int_equal(v->rows->pinned, 0);
}

static void hidden_lanes_are_nowhere_and_the_last_stays(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_END, 0);
    press(shown, SDLK_LEFT, 0);
    uint32_t lane = view_lane(v);

    press(shown, SDLK_h, 0);
    assert_int_equal(view_rows(v), 2);
    assert_false(view_sees(v, lane));
    for (double y = view_top(v); y < view_bottom(v); y += 7)
        assert_int_not_equal(view_lane_at(v, 300, y), lane);
    /* Its steps are still walked. */
    press(shown, SDLK_LEFT, 0);
    press(shown, SDLK_RIGHT, 0);
    assert_int_equal(view_lane(v), lane);
    for (uint32_t i = 0; i < 3; i++)
        if (i != lane)
            window_mark_lane(&shown->window, i, ROW_HIDDEN);
    assert_int_equal(view_rows(v), 1);
    assert_string_equal(v->message, "This is the last lane that is shown.");
    click_hit(shown, HIT_COMMAND, COMMAND_UNHIDE);
    assert_int_equal(view_rows(v), 3);
}

static void what_is_typed_is_found(void **state)
{
    struct shown *shown = *state;
    const struct find *f = &shown->window.find;

    type(shown, "/");
    assert_true(f->open);
    type(shown, "TASK-29");
    while (window_work(&shown->window))
        ;
    assert_int_equal(f->count, FOUND_MOST);
    assert_string_equal(f->list[0].words, "task Task-29");
    assert_true(f->more > 100);
    press(shown, SDLK_BACKSPACE, 0);
    type(shown, "999: wri");
    assert_int_equal(f->count, 0);
    while (window_work(&shown->window))
        ;
    assert_int_equal(f->count, 1);
    assert_non_null(strstr(f->list[0].words, "Task-2999: write counter = 1"));
    press(shown, SDLK_RETURN, 0);
    assert_false(f->open);
    char name[REGISTRY_NAME_MAX];
    const struct view *v = &shown->window.view;

    assert_string_equal(registry_name(v->trace->registry, v->trace->events[v->focus].actor, name),
                        "Task-2999");
    assert_true(view_sees(v, view_lane(v)));
    press(shown, SDLK_F3, 0);
    assert_string_equal(v->message, "No other event has that.");
    type(shown, "/");
    press(shown, SDLK_ESCAPE, 0);
    assert_false(f->open);
    assert_false(shown->window.quit);
}

static void letters_are_typed_and_do_nothing_else(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;
    double zoom = v->zoom;

    type(shown, "/");
    press(shown, SDLK_w, 0);
    type(shown, "w");
    press(shown, SDLK_q, 0);
    type(shown, "\xD1\x8F");
    assert_string_equal(shown->window.find.text, "w\xD1\x8F");
    press(shown, SDLK_BACKSPACE, 0);
    assert_string_equal(shown->window.find.text, "w");
    for (int i = 0; i < FIND_TEXT_MAX; i++)
        type(shown, "x");
    assert_int_equal(strlen(shown->window.find.text), FIND_TEXT_MAX - 1);
    assert_true(v->zoom == zoom);
    assert_false(shown->window.quit);
}

static void two_clicks_zoom_to_the_span(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_f, 0);
    int x = (int)v->width - VIEW_SIDE - 60;
    int y = VIEW_TOP + VIEW_PITCH + VIEW_PITCH / 2;
    const struct span *span = view_span_at(v, x, y);

    assert_non_null(span);
    double length = (double)span->to - span->from;

    double_click(shown, x, y);
    double share = length * v->zoom / (v->width - VIEW_NAMES - VIEW_SIDE);

    assert_true(share > 0.5 && share <= 1);
}

static void the_map_shows_where_it_is_pressed(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_f, 0);
    move(shown, 500, 300);
    for (int i = 0; i < 12; i++)
        send(shown, (SDL_Event){.wheel = {.type = SDL_MOUSEWHEEL, .y = 1}});
    double shown_columns = (v->width - VIEW_NAMES - VIEW_SIDE) / v->zoom;
    size_t focus = v->focus;

    for (int part = 1; part < 4; part++) {
        double middle = v->columns * part / 4;

        move(shown, VIEW_NAMES + (int)((v->width - VIEW_NAMES - VIEW_SIDE) * part / 4),
             VIEW_MAP + 5);
        button(shown, SDL_MOUSEBUTTONDOWN);
        assert_true(fabs(v->left + shown_columns / 2 - middle) < v->columns / 100);
        button(shown, SDL_MOUSEBUTTONUP);
    }
    /* Held, it follows the pointer. */
    button(shown, SDL_MOUSEBUTTONDOWN);
    move(shown, VIEW_NAMES, VIEW_MAP + 40);
    assert_true(v->left == 0);
    button(shown, SDL_MOUSEBUTTONUP);
    assert_int_equal(v->focus, focus);
}

/* deadlock_abba: Task-1 starts A to B in step 3, and B to A in step 4. */
static void arrows_are_followed_there_and_back(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_HOME, 0);
    press(shown, SDLK_RIGHT, 0);
    press(shown, SDLK_RIGHT, 0);
    assert_int_equal(step_of(shown), 3);
    type(shown, "]");
    assert_int_equal(view_lane(v), 1);
    assert_int_equal(step_of(shown), 6);
    type(shown, "[");
    assert_int_equal(view_lane(v), 0);
    assert_int_equal(step_of(shown), 3);
    type(shown, "[");
    assert_string_equal(v->message, "Nobody woke it before this step.");
    assert_int_equal(step_of(shown), 3);
    press(shown, SDLK_END, 0);
    type(shown, "]");
    assert_string_equal(v->message, "From here on it wakes and starts nobody.");
}

static void speed_changes_by_doubling_within_bounds(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    assert_int_equal(1 << v->speed, 4);
    type(shown, "+");
    assert_int_equal(1 << v->speed, 8);
    for (int i = 0; i < 20; i++)
        type(shown, "-");
    assert_int_equal(1 << v->speed, 1);
    for (int i = 0; i < 20; i++)
        type(shown, "=");
    assert_int_equal(1 << v->speed, 4096);
}

/* Other letters on the same keys. */
static void keys_have_their_places_on_every_keyboard(void **state)
{
    struct shown *shown = *state;
    SDL_Event event = {
        .key = {.type = SDL_KEYDOWN, .keysym = {.sym = 0x435, .scancode = SDL_SCANCODE_T}}};

    send(shown, event);
    assert_int_equal(shown->window.view.theme, RENDER_DARK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_TASKS(test) cmocka_unit_test_setup_teardown(test, open_tasks, close_shown)
#define WITH_CROWD(test) cmocka_unit_test_setup_teardown(test, open_crowd, close_shown)
        WITH_CROWD(pinned_lanes_stay_at_the_top),
        WITH_TASKS(hidden_lanes_are_nowhere_and_the_last_stays),
        WITH_CROWD(what_is_typed_is_found),
        WITH_TASKS(letters_are_typed_and_do_nothing_else),
        WITH_TASKS(two_clicks_zoom_to_the_span),
        WITH_TASKS(the_map_shows_where_it_is_pressed),
        WITH_TASKS(arrows_are_followed_there_and_back),
        WITH_TASKS(speed_changes_by_doubling_within_bounds),
        WITH_TASKS(keys_have_their_places_on_every_keyboard),
    };

    return cmocka_run_group_tests_name("window lanes", tests, NULL, NULL);
}
