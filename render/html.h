/* HTML: a page that holds everything there is to say of a run, and asks for nothing else. */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"

/* Write one page: the picture, which says more of what one points at; every finding in words, with
 * its steps; and the command that shows the run again.  There is no script in it, and nothing is
 * fetched.  The page is light or dark as its reader likes; the picture is as the options say.
 *
 * options: scale is not used
 * Returns: false with a reason in error: out of memory, or a font is missing.  Whether all could be
 *          written, out itself says. */
bool render_html(const struct trace *trace, const struct render_options *options, FILE *out,
                 char *error, size_t error_size);

#endif
