/* The fate of a failing run: from each of its choices on, the share of continuations that fail,
 * too. Where it reaches all of them is the point of no return. */
#include <stdio.h>

#include "render/report.h"

enum { HEIGHT = 36 };

size_t report_no_return(const struct render_options *options)
{
    size_t first = options->fate_count;

    while (first > 0 && options->fate[first - 1].share > 0.9999)
        first--;
    return first;
}

double report_fate_x(const struct report *r, size_t point)
{
    const struct render_fate *fate = &r->options->fate[point];

    if (point == 0)
        return r->axis.x0;
    return axis_x(&r->axis, timeline_column_of_step(r->timeline, fate->step) + 1);
}

static void curve(struct report *r, double top)
{
    const struct render_options *o = r->options;
    double last = top + HEIGHT;

    for (size_t i = 0; i < o->fate_count; i++) {
        double from = report_fate_x(r, i);
        double to = i + 1 < o->fate_count ? report_fate_x(r, i + 1) : r->axis.x1;
        double y = top + HEIGHT * (1 - o->fate[i].share);

        if (to > from)
            scene_rect(r->scene, from, y, to - from, top + HEIGHT - y, r->theme->bug_tint);
        if (i > 0 && y != last)
            scene_line(r->scene, from, last, from, y, 2, r->theme->bug, false);
        if (to > from)
            scene_line(r->scene, from, y, to, y, 2, r->theme->bug, false);
        last = y;
    }
}

/* A flag at the point of no return. */
static void flag(struct report *r, double top)
{
    size_t point = report_no_return(r->options);
    const char *text = point == 0 ? "not to be escaped from the beginning" : "point of no return";

    if (point == r->options->fate_count)
        return;
    double x = report_fate_x(r, point);
    double w = font_width(r->fonts, FONT_BOLD, 10, text);
    double at = x + 6 + w > r->width - MARGIN ? x - 6 - w : x + 6;

    scene_line(r->scene, x, top - 14, x, top + HEIGHT, 1.5, r->theme->bug, true);
    scene_text(r->scene, FONT_BOLD, 10, at, top - 6, r->theme->ink, text);
}

void report_fate(struct report *r)
{
    double top = r->y + 18;
    char text[LABEL_MAX];

    if (r->options->fate_count == 0 || r->axis.count == 0)
        return;
    scene_text(r->scene, FONT_BOLD, 11, MARGIN, top + 10, r->theme->ink2, "fate");
    scene_text(r->scene, FONT_SANS, 10, MARGIN, top + 23, r->theme->ink2, "continuations that");
    scene_text(r->scene, FONT_SANS, 10, MARGIN, top + 35, r->theme->ink2, "fail as this run did");
    for (int i = 0; i < 2; i++) {
        (void)snprintf(text, sizeof(text), "%d %%", i == 0 ? 100 : 0);
        scene_line(r->scene, r->axis.x0, top + HEIGHT * i, r->axis.x1, top + HEIGHT * i, 1,
                   r->theme->grid, false);
        scene_text(r->scene, FONT_SANS, 10,
                   r->axis.x0 - 6 - font_width(r->fonts, FONT_SANS, 10, text),
                   top + HEIGHT * i + 3.6, r->theme->ink2, text);
    }
    curve(r, top);
    flag(r, top);
    r->y = top + HEIGHT + 12;
}
