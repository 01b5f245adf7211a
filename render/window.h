/* Window: a run to walk through. */
#ifndef RENDER_WINDOW_H
#define RENDER_WINDOW_H

#include <stddef.h>

#include "render/render.h"

/* Show the trace in a window until it is closed.
 *
 * Returns: 0; -1 with the reason in error (no display, no fonts, out of memory). */
int window_show(const struct trace *trace, const struct render_options *options, char *error,
                size_t error_size);

#endif
