/* The window from inside: for its loop, and for tests that press its keys. */
#ifndef RENDER_WINDOW_INSIDE_H
#define RENDER_WINDOW_INSIDE_H

#include <SDL.h>
#include <stdio.h>

#include "render/window.h"
#include "render/window_branches.h"
#include "render/window_find.h"
#include "render/window_keys.h"
#include "render/window_runs.h"
#include "render/window_view.h"

struct painter;

/* The pixels of the window, as they were painted last. */
struct screen {
    unsigned char *pixels; /* owned */
    int width;
    int height;
    bool stale; /* on the screen may be something else */
};

/* What the button of the mouse that is down has hold of. */
enum grip { GRIP_NOTHING, GRIP_LANES, GRIP_MAP };

struct window {
    SDL_Window *window;
    struct screen screen;
    struct fonts *fonts;
    struct painter *painter;
    const char *state_path; /* NULL: nowhere */
    struct runs runs;
    struct find find;
    struct branches branches;
    struct view_hits hits;
    struct view view; /* of the run that is walked */
    double scale;     /* how much larger than usual all is */
    unsigned held;    /* modifiers of the last key */
    char message[320];
    enum grip grip;
    bool moved;         /* since the button went down */
    uint32_t played_ms; /* when the last step was played */
    uint32_t shown_ms;  /* when the window was last painted */
    bool quit;
};

/* Open a window on a trace (borrowed, as are the wishes).  To be closed with window_close, also
 * after false, when error says why. */
bool window_open(struct window *window, const struct trace *trace,
                 const struct window_wishes *wishes, char *error, size_t error_size);
void window_close(struct window *window);

/* Do what one event asks for; quit is set when it asks to close. */
void window_handle(struct window *window, const SDL_Event *event);
void window_do(struct window *window, enum command command);

/* Say something in the line at the bottom, until the next key. */
void window_say(struct window *window, const char *words);

/* Try an option of the choice in focus; show a run, if there is one with that number; the run of
 * the branch that is picked. */
void window_try(struct window *window, size_t row);
void window_show_run(struct window *window, int run);
void window_open_branch(struct window *window);

/* Show all so much larger than usual, if there is room for it; the window grows where it must. */
void window_scale(struct window *window, double scale);

/* Pin or hide a lane; UINT32_MAX is none. */
void window_mark_lane(struct window *window, uint32_t lane, enum row_mark mark);

/* Search on, or explore.  Returns whether there is more to do. */
bool window_work(struct window *window);

/* Show the view as it is now, at the size that the window has.  False: SDL_GetError says why. */
bool window_paint(struct window *window);

/* Write what P writes: the report of a run, or the two runs as they are shown.  The view says what
 * came of it. */
void window_write_picture(struct window *window);

/* What is shown, a line a fact: "step 12", "zoom 3.500". */
void window_write_state(const struct window *window, FILE *out);

/* Paint, and write that to the file that was asked for. */
bool window_save_state(struct window *window, char *error, size_t error_size);

#endif
