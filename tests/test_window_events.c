/* The real window, on SDL's dummy screen: events go in, and what is shown is asked for. */
#include "tests/window_hands.h"

#include <string.h>

#include "scenarios/scenarios.h"

static int open_shown(void **state)
{
    *state = open_on(record_run(&deadlock_abba, SIM_LEVEL_FIFO));
    return 0;
}

static void keys_step_through_the_run(void **state)
{
    struct shown *shown = *state;

    press(shown, SDLK_HOME, 0);
    uint32_t first = step_of(shown);

    press(shown, SDLK_RIGHT, 0);
    press(shown, SDLK_RIGHT, 0);
    assert_int_equal(step_of(shown), first + 2);
    press(shown, SDLK_LEFT, 0);
    assert_int_equal(step_of(shown), first + 1);
    press(shown, SDLK_END, 0);
    assert_int_equal(step_of(shown), shown->trace->events[shown->trace->event_count - 1].step);
}

static void n_visits_the_steps_of_the_finding(void **state)
{
    struct shown *shown = *state;
    const struct sim_finding *finding = &shown->trace->findings[0];

    assert_int_equal(finding->step_count, 2);
    press(shown, SDLK_HOME, 0);
    press(shown, SDLK_n, 0);
    assert_int_equal(step_of(shown), finding->steps[0].step);
    press(shown, SDLK_n, 0);
    assert_int_equal(step_of(shown), finding->steps[1].step);
    press(shown, SDLK_n, 0);
    assert_int_equal(step_of(shown), finding->steps[1].step);
    press(shown, SDLK_n, KMOD_LSHIFT);
    assert_int_equal(step_of(shown), finding->steps[0].step);
}

static void n_goes_on_to_the_next_finding(void **state)
{
    struct shown *shown = *state;
    struct sim_finding second = shown->trace->findings[0];
    uint32_t last = second.steps[1].step;

    second.step_count = 1;
    second.steps[0].step = 5;
    assert_true(trace_add_finding(shown->trace, &second));
    press(shown, SDLK_END, 0);
    press(shown, SDLK_n, 0);
    assert_int_equal(step_of(shown), 5);
    assert_int_equal(shown->window.view.finding, 1);
    press(shown, SDLK_n, 0);
    assert_int_equal(step_of(shown), 5);
    press(shown, SDLK_n, KMOD_LSHIFT);
    assert_int_equal(step_of(shown), last);
    assert_int_equal(shown->window.view.finding, 0);
}

/* deadlock_abba: the loop starts Task-1, which runs to step 5, then A to B, B to A, and both again.
 */
static void shift_goes_from_task_to_task(void **state)
{
    static const uint32_t switches[] = {2, 6, 10, 14, 17};
    struct shown *shown = *state;

    press(shown, SDLK_HOME, 0);
    for (int i = 0; i < 5; i++) {
        press(shown, SDLK_RIGHT, KMOD_LSHIFT);
        assert_int_equal(step_of(shown), switches[i]);
    }
    press(shown, SDLK_RIGHT, KMOD_LSHIFT);
    assert_int_equal(step_of(shown), switches[4]);
    for (int i = 3; i >= 0; i--) {
        press(shown, SDLK_LEFT, KMOD_LSHIFT);
        assert_int_equal(step_of(shown), switches[i]);
    }
    press(shown, SDLK_RIGHT, KMOD_LCTRL);
    assert_int_equal(step_of(shown), 3);
}

static void the_state_tells_how_the_world_is_at_the_step(void **state)
{
    struct shown *shown = *state;

    press(shown, SDLK_END, 0);
    char *text = written_state(shown);

    assert_non_null(strstr(text, "\nwaiting: A to B: waits for lock B, held by B to A\n"));
    assert_non_null(
        strstr(text, "\nlocks and the like: lock A: held by A to B; waiting: B to A\n"));
    free(text);
    for (int i = 0; i < 3; i++)
        press(shown, SDLK_LEFT, 0);
    text = written_state(shown);
    assert_non_null(strstr(text, "\nready to run, in order: B to A\n"));
    assert_non_null(strstr(text, "\nlocks and the like: lock A: held by A to B\n"));
    free(text);
}

static void the_wheel_zooms_where_the_pointer_is(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;
    SDL_Event wheel = {.wheel = {.type = SDL_MOUSEWHEEL, .y = 1}};

    press(shown, SDLK_f, 0);
    double fitting = v->zoom;

    move(shown, 500, 300);
    double column = v->left + (500 - VIEW_NAMES) / v->zoom;

    send(shown, wheel);
    send(shown, wheel);
    assert_true(v->zoom > 1.5 * fitting);
    double after = v->left + (500 - VIEW_NAMES) / v->zoom;

    assert_true(after > column - 0.01 && after < column + 0.01);
    wheel.wheel.y = -1;
    for (int i = 0; i < 5; i++)
        send(shown, wheel);
    assert_true(v->zoom == fitting);
}

static void w_zooms_where_the_cursor_is(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;

    press(shown, SDLK_END, 0);
    press(shown, SDLK_f, 0);
    double x = view_cursor(v);

    for (int i = 0; i < 4; i++)
        press(shown, SDLK_w, 0);
    assert_true(v->left > 0);
    assert_true(view_cursor(v) > x - 40 && view_cursor(v) < x + 40);
}

static void a_drag_pans_and_does_not_select(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;

    press(shown, SDLK_f, 0);
    press(shown, SDLK_w, 0);
    press(shown, SDLK_w, 0);
    size_t focus = v->focus;
    double left = v->left;

    move(shown, 500, 200);
    button(shown, SDL_MOUSEBUTTONDOWN);
    move(shown, 450, 200);
    button(shown, SDL_MOUSEBUTTONUP);
    assert_true(v->left > left);
    assert_int_equal(v->focus, focus);
    left = v->left;
    move(shown, 400, 200);
    assert_true(v->left == left);
}

static void a_click_selects_in_lanes_and_in_the_list(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;

    press(shown, SDLK_f, 0);
    click(shown, VIEW_NAMES + 400, VIEW_TOP + VIEW_PITCH / 2);
    assert_int_equal(view_lane(v), 0);
    click(shown, VIEW_NAMES + 400, VIEW_TOP + VIEW_PITCH + VIEW_PITCH / 2);
    assert_int_equal(view_lane(v), 1);
    press(shown, SDLK_HOME, 0);
    uint32_t first = step_of(shown);

    click(shown, 300, (int)v->height - VIEW_BOTTOM + 10 + 17 * 4 + 5);
    assert_int_equal(step_of(shown), first + 4);
    press(shown, SDLK_END, 0);
    uint32_t last = step_of(shown);

    click(shown, 300, (int)v->height - VIEW_BOTTOM + 10 + 5);
    assert_int_equal(step_of(shown), last - VIEW_ROWS + 1);
}

static void the_pointer_is_told_what_it_is_on(void **state)
{
    struct shown *shown = *state;
    const struct view *v = &shown->window.view;
    char text[VIEW_HINT_MAX];

    press(shown, SDLK_f, 0);
    move(shown, (int)v->width - VIEW_SIDE - 5, VIEW_TOP + 5 + VIEW_PITCH);
    assert_string_equal(view_hint(v, text),
                        "A to B: waits for lock B, held by B to A, from step 16");
    move(shown, (int)v->width - 5, VIEW_TOP + 5);
    assert_non_null(strstr(view_hint(v, text), "shows all keys"));
}

static void the_picture_follows_the_size_of_the_window(void **state)
{
    struct shown *shown = *state;
    struct view *v = &shown->window.view;

    SDL_SetWindowSize(shown->window.window, 1100, 700);
    send(shown, (SDL_Event){.window = {.type = SDL_WINDOWEVENT, .event = SDL_WINDOWEVENT_RESIZED}});
    assert_true(v->width == 1100 && v->height == 700);
    assert_int_equal(shown->window.screen.width, 1100);
    assert_int_equal(shown->window.screen.height, 700);
}

static void escape_closes_help_before_the_window(void **state)
{
    struct shown *shown = *state;

    type(shown, "?");
    assert_true(shown->window.view.help);
    press(shown, SDLK_ESCAPE, 0);
    assert_false(shown->window.view.help);
    assert_false(shown->window.quit);
    press(shown, SDLK_ESCAPE, 0);
    assert_true(shown->window.quit);
    shown->window.quit = false;
    send(shown, (SDL_Event){.type = SDL_QUIT});
    assert_true(shown->window.quit);
}

static void the_state_names_what_is_shown(void **state)
{
    struct shown *shown = *state;
    char *text = NULL;
    size_t length = 0;

    press(shown, SDLK_HOME, 0);
    press(shown, SDLK_f, 0);
    press(shown, SDLK_t, 0);
    press(shown, SDLK_SPACE, 0);
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    window_write_state(&shown->window, out);
    (void)fclose(out);
    assert_ptr_equal(strstr(text, "step 1\nactor \nleft 0.000\nzoom "), text);
    assert_non_null(
        strstr(text, "\nscroll 0.0\nscale 1.000\nheight 30\nsize 1280 800\ntheme dark\nfull 0\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define WITH_WINDOW(test) cmocka_unit_test_setup_teardown(test, open_shown, close_shown)
        WITH_WINDOW(keys_step_through_the_run),
        WITH_WINDOW(n_visits_the_steps_of_the_finding),
        WITH_WINDOW(n_goes_on_to_the_next_finding),
        WITH_WINDOW(shift_goes_from_task_to_task),
        WITH_WINDOW(the_state_tells_how_the_world_is_at_the_step),
        WITH_WINDOW(the_wheel_zooms_where_the_pointer_is),
        WITH_WINDOW(w_zooms_where_the_cursor_is),
        WITH_WINDOW(a_drag_pans_and_does_not_select),
        WITH_WINDOW(a_click_selects_in_lanes_and_in_the_list),
        WITH_WINDOW(the_pointer_is_told_what_it_is_on),
        WITH_WINDOW(the_picture_follows_the_size_of_the_window),
        WITH_WINDOW(escape_closes_help_before_the_window),
        WITH_WINDOW(the_state_names_what_is_shown),
    };

    return cmocka_run_group_tests_name("window events", tests, NULL, NULL);
}
