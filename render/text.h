/* Text: a trace as lines of characters, for a terminal.  Needs no font. */
#ifndef RENDER_TEXT_H
#define RENDER_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"

enum { RENDER_TEXT_LEAST = 40, RENDER_TEXT_MOST = 400 };

/* Write the report of a trace: what is said, and the timeline.
 *
 * options: the width is in characters, RENDER_TEXT_LEAST to RENDER_TEXT_MOST; scale, theme and
 *          source are not used
 * ascii:   only characters that every terminal has
 * Returns: false when out of memory.  Whether all could be written, out itself says. */
bool render_text(const struct trace *trace, const struct render_options *options, bool ascii,
                 FILE *out);

#endif
