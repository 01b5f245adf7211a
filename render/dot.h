/* Dot: a finding as a graph in the language of Graphviz. */
#ifndef RENDER_DOT_H
#define RENDER_DOT_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"

/* Write who waits for whom, if a finding of the trace has a wait-for graph; else which steps of the
 * first finding's story happened before which; without any finding, who started and woke whom.
 *
 * options: of these only the theme is used
 * Returns: false when out of memory.  Whether all could be written, out itself says. */
bool render_dot(const struct trace *trace, const struct render_options *options, FILE *out);

#endif
