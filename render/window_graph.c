/* Who waits for whom in the finding, over the lanes. */
#include <math.h>

#include "render/window_draw.h"

enum { FRAME = 10 };

/* Draw the graph between two sides; returns its bottom. */
static double draw_between(const struct view *v, const struct theme *theme, struct scene *scene,
                           double right, double top)
{
    struct report r = {.trace = v->trace,
                       .fonts = v->fonts,
                       .theme = theme,
                       .scene = scene,
                       .finding = view_finding(v),
                       .width = right + MARGIN};

    return report_graph(&r, top);
}

/* The panel: at the lower right of the lanes. */
static struct box place(const struct view *v)
{
    struct box box = {.w = REPORT_GRAPH_WIDTH + 2 * FRAME};
    struct scene scene = {0};

    box.h = draw_between(v, theme_of(v->theme), &scene, 0, 0) + 2 * FRAME;
    scene_free(&scene);
    box.x = v->width - VIEW_SIDE - box.w - FRAME;
    box.y = v->height - VIEW_BOTTOM - box.h - FRAME;
    return box;
}

bool view_shows_graph(const struct view *v)
{
    const struct sim_finding *finding = view_finding(v);

    if (finding == NULL || finding->edge_count == 0 || v->graph == GRAPH_HIDDEN)
        return false;
    struct box box = place(v);
    double lanes = view_rows(v) * view_look(v)->pitch - v->scroll;

    return v->graph == GRAPH_SHOWN ||
           (v->pane == VIEW_WHOLE && view_top(v) + lanes + FRAME < box.y);
}

void draw_graph(struct drawing *d)
{
    const struct view *v = d->v;

    if (!view_shows_graph(v))
        return;
    struct box box = place(v);

    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = box.x,
                             .y = box.y,
                             .w = box.w,
                             .h = box.h,
                             .radius = 6,
                             .fill = d->theme->background,
                             .edge = d->theme->grid,
                             .edge_width = 1},
              NULL);
    (void)draw_between(v, d->theme, d->scene, box.x + box.w - FRAME, box.y + FRAME);
}
