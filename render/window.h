/* Window: a run to walk through. */
#ifndef RENDER_WINDOW_H
#define RENDER_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "render/render.h"

/* One thing that could have come next at a choice. */
struct window_option {
    uint32_t actor;  /* 0: a callback of the loop */
    uint32_t object; /* that its operation is on; 0: none */
    uint8_t op;      /* enum sim_event_kind announced */
};

/* Who can run the program of a trace again, otherwise. */
struct window_lab {
    void *arg;

    /* List the options of a choice, counted from 0.
     *
     * Returns: how many there are, of which the first `most` go to options; 0 with the reason in
     *          error. */
    size_t (*options)(void *arg, const struct trace *trace, size_t choice,
                      struct window_option *options, size_t most, char *error, size_t error_size);

    /* Run it with the choices of the trace up to this one, then this option, and then as asyncio
     * would.
     *
     * Returns: the new trace, which the window frees; NULL with the reason in error. */
    struct trace *(*again)(void *arg, const struct trace *trace, size_t choice, uint32_t option,
                           char *error, size_t error_size);
};

/* Show the trace in a window until it is closed.
 *
 * lab:        runs what the user wants to see otherwise; NULL: nobody can
 * state_path: where to write, at the end, what was shown: the step in focus, zoom, size and the
 *             like, a line each; NULL: nowhere
 * Returns:    0; -1 with the reason in error (no display, no fonts, out of memory, a state that
 *             cannot be written). */
int window_show(const struct trace *trace, const struct render_options *options,
                const struct window_lab *lab, const char *state_path, char *error,
                size_t error_size);

#endif
