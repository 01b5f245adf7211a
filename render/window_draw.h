/* What the parts of the window's picture share while they are drawn. */
#ifndef RENDER_WINDOW_DRAW_H
#define RENDER_WINDOW_DRAW_H

#include "render/report.h"
#include "render/window_view.h"

enum { BAR_HEIGHT = 18 };

struct drawing {
    const struct view *v;
    const struct theme *theme;
    struct scene *scene;
    double y; /* next line of the side panel */
};

/* Where a column begins, and where the bar of a lane does. */
double draw_x(const struct view *v, double column);
double draw_bar(const struct view *v, uint32_t lane);

/* A text that is shortened to the width. */
void draw_fitted(struct drawing *d, enum font_face face, double size, double x, double y,
                 double width, uint32_t colour, const char *text);

/* Lanes with their names; then what lies over them: cursor, arrows and numbers. */
void draw_lanes(struct drawing *d);
void draw_marks(struct drawing *d);

void draw_side(struct drawing *d);

/* The steps around the focus, in the order of time. */
void draw_list(struct drawing *d);

#endif
