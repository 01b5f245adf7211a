/* Canvas: pixels that are filled with boxes, stripes and masks, within a rectangle.
 *
 * What a pixel becomes depends on what is drawn and on what the pixel was, and not on the
 * rectangle: a picture that is painted in parts is the same as one that is painted at once.  Boxes
 * and masks give the pixels that cairo's image surfaces would. */
#ifndef RENDER_CANVAS_H
#define RENDER_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

/* Whole pixels, from x0, y0 up to, not including, x1, y1. */
struct area {
    int x0;
    int y0;
    int x1;
    int y1;
};

struct area area_common(struct area a, struct area b);
bool area_is_empty(struct area area);

struct canvas {
    unsigned char *pixels; /* of 0xFFRRGGBB */
    int stride;            /* bytes a row */
    struct area clip;      /* lies within the pixels; nothing else is touched */
};

/* In 256ths of a pixel, as cairo counts. */
struct fine_box {
    int x0;
    int y0;
    int x1;
    int y1;
};

/* A number of pixels in 256ths, as cairo rounds it. */
int fine_of(double pixels);

/* The pixels that a box touches. */
struct area fine_area(const struct fine_box *box);

void canvas_box(struct canvas *canvas, const struct fine_box *box, uint32_t rgb);

/* What is in a box and not in another, which lies within it. */
void canvas_frame(struct canvas *canvas, const struct fine_box *outer, const struct fine_box *inner,
                  uint32_t rgb);

/* Stripes from lower left to upper right over a box: one begins at its upper left corner, and the
 * next is a period to the right of it.  Period and width (along x) are in pixels. */
struct stripes {
    double period;
    double width;
};
void canvas_stripes(struct canvas *canvas, const struct fine_box *box, struct stripes stripes,
                    uint32_t rgb);

/* How much of each pixel something covers, from 0 to 255. */
struct mask {
    struct area area; /* of the pixels it tells of */
    int stride;
    unsigned char *bytes; /* NULL: it covers nothing */
};

/* Fill what a mask covers when it is moved by dx, dy. */
void canvas_mask(struct canvas *canvas, const struct mask *mask, int dx, int dy, uint32_t rgb);

#endif
