/* Scene: a picture as a list of shapes, in logical pixels.  Only what paints it knows a library. */
#ifndef RENDER_SCENE_H
#define RENDER_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "render/font.h"

enum shape_kind {
    SHAPE_RECT,   /* filled, with an edge if edge_width > 0 */
    SHAPE_HATCH,  /* a rect with diagonal stripes of the edge colour */
    SHAPE_LINE,   /* from x, y to x + w, y + h */
    SHAPE_ARROW,  /* a line with a head at its end */
    SHAPE_DOUBLE, /* a line with a head at both ends */
    SHAPE_DISC,   /* centre x, y, radius w */
    SHAPE_TEXT,   /* baseline at x, y */
    SHAPE_TIP,    /* a rect that is not seen, and says something to whoever points at it */
};

struct shape {
    enum shape_kind kind;
    double x;
    double y;
    double w;
    double h;
    double radius; /* of a rect's corners */
    double edge_width;
    double size; /* of text */
    uint32_t fill;
    uint32_t edge;
    enum font_face face;
    bool dashed;
    char *text; /* of a SHAPE_TEXT or SHAPE_TIP; elsewhere NULL; owned */
};

struct scene {
    double width;
    double height;
    uint32_t background;
    char *title;          /* owned */
    char *description;    /* the story in words; owned */
    struct shape *shapes; /* owned */
    size_t count;
    size_t capacity;
    bool out_of_memory;
};

void scene_free(struct scene *scene);

/* Add a shape; text is copied, as clean UTF-8.  When out of memory, the scene says so. */
void scene_add(struct scene *scene, struct shape shape, const char *text);

void scene_rect(struct scene *scene, double x, double y, double w, double h, uint32_t fill);
void scene_line(struct scene *scene, double x1, double y1, double x2, double y2, double width,
                uint32_t colour, bool dashed);
void scene_text(struct scene *scene, enum font_face face, double size, double x, double y,
                uint32_t colour, const char *text);

/* A tip: lines of any text, which the SVG makes clean. */
void scene_tip(struct scene *scene, double x, double y, double w, double h, const char *text);

/* The list as text, one shape a line: for tests. */
void scene_dump(const struct scene *scene, FILE *out);

#endif
