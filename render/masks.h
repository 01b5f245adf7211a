/* Masks: what cairo and FreeType are asked for: glyphs, and shapes that are no upright boxes.  Each
 * is drawn once, kept, and filled where it is needed. */
#ifndef RENDER_MASKS_H
#define RENDER_MASKS_H

#include "render/canvas.h"
#include "render/scene.h"

struct masks;

/* With the faces of fonts (borrowed).  NULL when out of memory. */
struct masks *masks_new(const struct fonts *fonts);
void masks_free(struct masks *masks);

/* A code point at size pixels, with its origin at 0, 0; kept until masks_free.  NULL when out of
 * memory. */
const struct mask *masks_glyph(struct masks *masks, enum font_face face, double size, int32_t code);

/* What of a shape is meant. */
enum mask_part {
    MASK_INSIDE, /* of a rect or a disc */
    MASK_EDGE,   /* of a rect, disc or line */
    MASK_HEAD,   /* of an arrow, at its end */
    MASK_TAIL,   /* of an arrow with two, at its beginning */
};

/* A part of a shape, with its x and y at dx, dy: to be moved by them.  Valid until the next one is
 * asked for.  NULL when out of memory. */
const struct mask *masks_shape(struct masks *masks, const struct shape *shape, enum mask_part part,
                               double scale, int *dx, int *dy);

/* The pixels that such a mask may touch, moved already. */
struct area masks_shape_area(const struct shape *shape, double scale);

#endif
