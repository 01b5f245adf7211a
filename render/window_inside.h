/* The window from inside: for its loop, and for tests that press its keys. */
#ifndef RENDER_WINDOW_INSIDE_H
#define RENDER_WINDOW_INSIDE_H

#include <SDL.h>
#include <stdio.h>

#include "render/window.h"
#include "render/window_runs.h"
#include "render/window_view.h"

struct painter;

struct window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    int texture_width;
    int texture_height;
    struct fonts *fonts;
    struct painter *painter;
    struct runs runs;
    struct view_hits hits;
    struct view view; /* of the run that is walked */
    bool dragging;
    bool moved; /* since the button went down */
    bool quit;
};

/* Open a window on a trace (borrowed, as options and lab, which may be NULL).  To be closed with
 * window_close, also after false, when error says why. */
bool window_open(struct window *window, const struct trace *trace,
                 const struct render_options *options, const struct window_lab *lab, char *error,
                 size_t error_size);
void window_close(struct window *window);

/* Do what one event asks for; quit is set when it asks to close. */
void window_handle(struct window *window, const SDL_Event *event);

/* Show the view as it is now, at the size that the window has.  False: SDL_GetError says why. */
bool window_paint(struct window *window);

/* Write what P writes: the report of a run, or the two runs as they are shown.  The view says what
 * came of it. */
void window_write_picture(struct window *window);

/* What is shown, a line a fact: "step 12", "zoom 3.500". */
void window_write_state(const struct window *window, FILE *out);

#endif
