/* Mermaid: a finding as a diagram in the language of Mermaid, which many sites draw in place. */
#ifndef RENDER_MERMAID_H
#define RENDER_MERMAID_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"

/* Write a flowchart of who waits for whom, if a finding of the trace has a wait-for graph; else a
 * sequence diagram of the steps of the first finding's story; without any finding, of who starts
 * and wakes whom, as far as a reader can follow.
 *
 * options: not used
 * Returns: false when out of memory.  Whether all could be written, out itself says. */
bool render_mermaid(const struct trace *trace, const struct render_options *options, FILE *out);

/* Write a page of Markdown: what was found, in words; the sequence diagram, and the flowchart if
 * there is one, as blocks of Mermaid; and how to see the run again (options->replay).
 *
 * Returns: as above */
bool render_markdown(const struct trace *trace, const struct render_options *options, FILE *out);

#endif
