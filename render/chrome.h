/* Chrome: a trace in the format of Chrome's trace viewer, which Perfetto (ui.perfetto.dev) opens.
 *
 * As: "Trace Event Format" of the Chromium project, the JSON object form. */
#ifndef RENDER_CHROME_H
#define RENDER_CHROME_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"

/* Write the whole trace: a track for each task and thread, together with those of its loop; on it
 * what it was doing, and within that its operations; locks held; an arrow for each wake-up and each
 * start; findings and the steps of their stories as instants.
 *
 * The clock is virtual time, in microseconds.  Where it stands still each step takes one, so that
 * what follows may be late by as much; virtual_time_ns of each slice is exact.
 *
 * options: the width, scale, theme, axis and source are not used
 * Returns: false when out of memory.  Whether all could be written, out itself says. */
bool render_chrome(const struct trace *trace, const struct render_options *options, FILE *out);

#endif
