/* Paint: a scene on a cairo surface.  The only place that knows cairo, for pictures and the window.
 */
#ifndef RENDER_PAINT_H
#define RENDER_PAINT_H

#include "render/scene.h"

struct painter;

/* A painter with the faces of fonts (borrowed).  NULL when out of memory. */
struct painter *painter_new(const struct fonts *fonts);
void painter_free(struct painter *painter);

/* Paint the scene, scaled, into pixels of 0x00RRGGBB, stride bytes a row. */
bool painter_paint(struct painter *painter, const struct scene *scene, double scale,
                   unsigned char *pixels, int width, int height, int stride);

#endif
