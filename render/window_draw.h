/* What the parts of the window's picture share while they are drawn. */
#ifndef RENDER_WINDOW_DRAW_H
#define RENDER_WINDOW_DRAW_H

#include "render/report.h"
#include "render/window_view.h"

enum { SIDE_LINE = 16, SIDE_GAP = 8 };

struct drawing {
    const struct view *v;
    const struct theme *theme;
    const struct theme *clear; /* of what is meant, where something is searched */
    const struct theme *faint; /* of all else; NULL: nothing is searched */
    struct scene *scene;
    double y; /* next line of the side panel */
};

struct box {
    double x;
    double y;
    double w;
    double h;
};

/* Note what a click on a place does. */
void draw_hit(struct drawing *d, const struct box *box, enum view_hit what, size_t index);

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

/* A line of the side panel at d->y, which moves down; one that does something when clicked. */
void side_line(struct drawing *d, enum font_face face, uint32_t colour, const char *text);
void side_hit(struct drawing *d, enum view_hit what, size_t index);

/* What could be otherwise at the step, and the runs that were tried; at most so high. */
void side_choices(struct drawing *d, double room);
void side_runs(struct drawing *d, double room);

/* The lanes of the run that is walked and of the other one, if there is one, with their titles and
 * the line at which they part. */
void draw_panes(struct drawing *d);

/* The steps around the focus, in the order of time; the source beside them. */
void draw_list(struct drawing *d);
void draw_source(struct drawing *d);
double draw_list_width(const struct view *v);

/* Buttons; the whole run, small. */
void draw_tools(struct drawing *d);
void draw_map(struct drawing *d);

/* Over the lanes: who waits for whom. */
void draw_graph(struct drawing *d);

/* Over all else: what was searched and found; keys. */
void draw_find(struct drawing *d);
void draw_help(struct drawing *d);

/* In the place of the lanes: the tree of choices. */
void draw_tree(struct drawing *d);

#endif
