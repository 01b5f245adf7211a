/* Paint: a scene on a cairo surface.  The only place that knows cairo, for pictures and the window.
 */
#ifndef RENDER_PAINT_H
#define RENDER_PAINT_H

#include "render/scene.h"

struct painter;
struct render_options;
struct trace;

/* One painter at a time: cairo's caches, which hold on to the faces, are emptied when it is freed.
 *
 * A painter with the faces of fonts (borrowed).  NULL when out of memory. */
struct painter *painter_new(const struct fonts *fonts);
void painter_free(struct painter *painter);

/* Paint the scene, scaled, into pixels of 0x00RRGGBB, stride bytes a row. */
bool painter_paint(struct painter *painter, const struct scene *scene, double scale,
                   unsigned char *pixels, int width, int height, int stride);

/* Write the report of a trace with a painter that is there already; complains on standard error. */
bool render_png_with(struct painter *painter, const struct fonts *fonts, const struct trace *trace,
                     const struct render_options *options, const char *path);

#endif
