/* The list below the lanes: the steps around the focus. */
#include "render/window_draw.h"
#include "render/window_runs.h"
#include "render/window_walk.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { ROW = 17, BEFORE = 3, NARROW = 420 };

/* The events of the rows, as many as there are; returns how many. */
static int list(const struct view *v, size_t rows[VIEW_ROWS])
{
    const struct trace *trace = v->trace;
    size_t first = v->focus;
    int count = 0;
    int after = 0;

    if (trace->event_count == 0)
        return 0;
    for (size_t at = v->focus; after < VIEW_ROWS && at != SIZE_MAX; after++)
        at = view_step_beside(trace, at, 1);
    for (int i = 0; i < VIEW_ROWS - 1 && (i < BEFORE || i < VIEW_ROWS - after); i++) {
        size_t at = view_step_beside(trace, first, -1);

        if (at == SIZE_MAX)
            break;
        first = at;
    }
    for (size_t at = first; count < VIEW_ROWS && at != SIZE_MAX;
         at = view_step_beside(trace, at, 1))
        rows[count++] = at;
    return count;
}

size_t view_row(const struct view *v, double y)
{
    size_t rows[VIEW_ROWS];
    double row = (y - (v->height - VIEW_BOTTOM + 10)) / ROW;
    int count = list(v, rows);

    return row < 0 || (int)row >= count ? SIZE_MAX : rows[(int)row];
}

static void draw_row(struct drawing *d, size_t event, double y)
{
    const struct view *v = d->v;
    const struct trace *trace = v->trace;
    const struct sim_event *e = &trace->events[event];
    const struct sim_finding *f = view_finding(v);
    struct report r = {.fonts = v->fonts, .theme = d->theme, .scene = d->scene};
    double w = draw_list_width(v);
    char text[FONT_TEXT_MAX];
    char name[REGISTRY_NAME_MAX];

    if (e->step == trace->events[v->focus].step)
        scene_rect(d->scene, 0, y, w, ROW, d->theme->grid);
    for (int i = 0; f != NULL && i < f->step_count; i++)
        if (f->steps[i].step == e->step)
            report_disc(&r, 14, y + 8.5, i + 1);
    (void)snprintf(text, sizeof(text), "%u", e->step);
    draw_fitted(d, FONT_MONO, 11, 30, y + 13, 56, d->theme->ink2, text);
    double left = w < NARROW ? 88 : 168; /* the axis has the time, too */

    if (w >= NARROW)
        draw_fitted(d, FONT_MONO, 11, 88, y + 13, 76, d->theme->ink2,
                    timeline_time(e->time_ns, text));
    draw_fitted(d, FONT_BOLD, 11, left, y + 13, 130, d->theme->ink,
                e->actor == 0 ? "the event loop" : registry_name(trace->registry, e->actor, name));
    if (timeline_wait_label(v->timeline, event, text)[0] == '\0')
        (void)timeline_op_label(v->timeline, event, text);
    bool choice = v->runs != NULL && runs_has_choice(&v->runs->list[v->runs->at], event);

    draw_fitted(d, FONT_SANS, 11, left + 136, y + 13, w - left - 144 - (choice ? 46 : 0),
                d->theme->ink, text);
    if (choice)
        scene_text(d->scene, FONT_BOLD, 10, w - 44, y + 13, d->theme->ink2, "choice");
}

double draw_list_width(const struct view *v)
{
    return floor((v->width - VIEW_SIDE) * 0.56);
}

void draw_list(struct drawing *d)
{
    const struct view *v = d->v;
    double y = v->height - VIEW_BOTTOM;
    size_t rows[VIEW_ROWS];
    int count = list(v, rows);

    scene_rect(d->scene, 0, y, v->width, VIEW_BOTTOM, d->theme->background);
    scene_rect(d->scene, 0, y, v->width, 1, d->theme->grid);
    for (int i = 0; i < count; i++)
        draw_row(d, rows[i], y + 10 + ROW * i);
}
