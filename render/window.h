/* Window: a run to walk through. */
#ifndef RENDER_WINDOW_H
#define RENDER_WINDOW_H

#include <stddef.h>

#include "render/render.h"

/* Show the trace in a window until it is closed.
 *
 * state_path: where to write, at the end, what was shown: the step in focus, zoom, size and the
 *             like, a line each; NULL: nowhere
 * Returns:    0; -1 with the reason in error (no display, no fonts, out of memory, a state that
 *             cannot be written). */
int window_show(const struct trace *trace, const struct render_options *options,
                const char *state_path, char *error, size_t error_size);

#endif
