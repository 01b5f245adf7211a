/* The window on SDL's dummy screen, and hands for it: keys and a mouse. */
#ifndef TESTS_WINDOW_HANDS_H
#define TESTS_WINDOW_HANDS_H

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/what_if.h"
#include "render/timeline.h"
#include "render/window_inside.h"
#include "sim/explore/run.h"

struct shown {
    struct trace *trace;
    struct render_options options;
    struct window_wishes wishes;
    struct what_if what_if;
    struct window window;
};

/* A window on a trace, which it takes over. */
static inline struct shown *open_on(struct trace *trace)
{
    static struct shown shown;
    char error[256] = "";

    (void)setenv("SDL_VIDEODRIVER", "dummy", 1);
    assert_non_null(trace);
    shown = (struct shown){.trace = trace, .options = {.width = 960, .scale = 1}};
    what_if_init(&shown.what_if, 0, 0);
    shown.wishes = (struct window_wishes){.options = &shown.options, .lab = &shown.what_if.window};
    if (!window_open(&shown.window, trace, &shown.wishes, error, sizeof(error)))
        fail_msg("%s", error);
    return &shown;
}

/* A run of a scenario whose choices are recorded, all of them the first. */
static inline struct trace *record_run(const struct sim_scenario *scenario, enum sim_level level)
{
    struct run_request request;
    struct schedule none = {0};
    char error[256] = "";

    run_request_init(&request, scenario);
    request.level = level;
    request.policy = RUN_GUIDED;
    request.schedule = &none;
    request.max_steps = 20000;
    return run_record(&request, error, sizeof(error));
}

static inline int close_shown(void **state)
{
    struct shown *shown = *state;

    window_close(&shown->window);
    trace_free(shown->trace);
    return 0;
}

/* Through SDL's queue, as from a person; then the window is painted. */
static inline void send(struct shown *shown, SDL_Event event)
{
    SDL_Event next;

    SDL_FlushEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
    assert_int_equal(SDL_PushEvent(&event), 1);
    while (SDL_PollEvent(&next) != 0)
        window_handle(&shown->window, &next);
    assert_true(window_paint(&shown->window));
}

static inline void press(struct shown *shown, SDL_Keycode key, Uint16 mod)
{
    send(shown, (SDL_Event){.key = {.type = SDL_KEYDOWN, .keysym = {.sym = key, .mod = mod}}});
}

/* A character, on whatever key it is. */
static inline void type(struct shown *shown, const char *text)
{
    SDL_Event event = {.text = {.type = SDL_TEXTINPUT}};

    (void)snprintf(event.text.text, sizeof(event.text.text), "%s", text);
    send(shown, event);
}

static inline void move(struct shown *shown, int x, int y)
{
    const struct view *v = &shown->window.view;

    send(shown, (SDL_Event){.motion = {.type = SDL_MOUSEMOTION,
                                       .x = x,
                                       .y = y,
                                       .xrel = x - (int)(v->x * shown->window.scale),
                                       .yrel = y - (int)(v->y * shown->window.scale)}});
}

static inline void button_of(struct shown *shown, Uint32 kind, Uint8 clicks)
{
    const struct view *v = &shown->window.view;

    send(shown, (SDL_Event){.button = {.type = kind,
                                       .button = SDL_BUTTON_LEFT,
                                       .clicks = clicks,
                                       .x = (int)(v->x * shown->window.scale),
                                       .y = (int)(v->y * shown->window.scale)}});
}

static inline void button(struct shown *shown, Uint32 kind)
{
    button_of(shown, kind, 1);
}

static inline void click(struct shown *shown, int x, int y)
{
    move(shown, x, y);
    button(shown, SDL_MOUSEBUTTONDOWN);
    button(shown, SDL_MOUSEBUTTONUP);
}

static inline void double_click(struct shown *shown, int x, int y)
{
    click(shown, x, y);
    button_of(shown, SDL_MOUSEBUTTONDOWN, 2);
    button_of(shown, SDL_MOUSEBUTTONUP, 2);
}

/* The middle of what does this. */
static inline void click_hit(struct shown *shown, enum view_hit what, size_t index)
{
    const struct view_hits *hits = &shown->window.hits;

    for (int i = 0; i < hits->count; i++)
        if (hits->list[i].what == what && hits->list[i].index == index) {
            click(shown, (int)(hits->list[i].x + hits->list[i].w / 2),
                  (int)(hits->list[i].y + hits->list[i].h / 2));
            return;
        }
    fail_msg("nothing to click for %d, %zu", (int)what, index);
}

static inline uint32_t step_of(const struct shown *shown)
{
    return shown->window.view.trace->events[shown->window.view.focus].step;
}

static inline char *written_state(const struct shown *shown)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    assert_non_null(out);
    window_write_state(&shown->window, out);
    (void)fclose(out);
    return text;
}

#endif
