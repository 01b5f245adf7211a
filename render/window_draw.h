/* What the parts of the window's picture share while they are drawn. */
#ifndef RENDER_WINDOW_DRAW_H
#define RENDER_WINDOW_DRAW_H

#include "render/window_view.h"

struct drawing {
    const struct view *v;
    const struct theme *theme;
    struct scene *scene;
    double y; /* next line of the side panel */
};

/* A text that is cut where the width ends. */
void draw_fitted(struct drawing *d, enum font_face face, double size, double x, double y,
                 double width, uint32_t colour, const char *text);

void draw_side(struct drawing *d);

#endif
