/* Paint: a scene as pixels, for pictures and the window. */
#ifndef RENDER_PAINT_H
#define RENDER_PAINT_H

#include "render/canvas.h"
#include "render/damage.h"
#include "render/scene.h"

struct painter;
struct render_options;
struct trace;

/* One painter at a time: cairo's caches, which hold on to the faces, are emptied when it is freed.
 *
 * A painter with the faces of fonts (borrowed).  NULL when out of memory. */
struct painter *painter_new(const struct fonts *fonts);
void painter_free(struct painter *painter);

/* Paint the scene, scaled, into pixels of 0xFFRRGGBB, stride bytes a row.  False: out of memory. */
bool painter_paint(struct painter *painter, const struct scene *scene, double scale,
                   unsigned char *pixels, int width, int height, int stride);

/* The same onto all of a canvas, on which the last scene that was updated still is: only what
 * differs from that is painted.  The pixels are those of the whole scene painted anew.
 *
 * Returns: how many areas have changed; -1: out of memory. */
int painter_update(struct painter *painter, const struct scene *scene, double scale,
                   struct canvas *canvas, struct area changed[DAMAGE_AREAS_MOST]);

/* The canvas of the next update is another one, or was touched by others. */
void painter_forget(struct painter *painter);

/* Write the report of a trace with a painter that is there already; complains on standard error. */
bool render_png_with(struct painter *painter, const struct fonts *fonts, const struct trace *trace,
                     const struct render_options *options, const char *path);

#endif
