/* Draws a view: head, axis, lanes, list, hint, help. */
#include "render/window_draw.h"
#include "render/window_branches.h"
#include "render/window_find.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { AXIS_TOP = VIEW_AXIS, TICK_LEAST = 70 };

void draw_fitted(struct drawing *d, enum font_face face, double size, double x, double y,
                 double width, uint32_t colour, const char *text)
{
    char fit[FONT_TEXT_MAX];

    scene_text(d->scene, face, size, x, y, colour,
               font_fit(d->v->fonts, face, size, text, width, fit));
}

static void draw_head(struct drawing *d)
{
    const struct view *v = d->v;
    const struct trace *trace = v->trace;
    struct report r = {.fonts = v->fonts,
                       .theme = d->theme,
                       .scene = d->scene,
                       .trace = trace,
                       .finding = view_finding(v)};
    bool found = r.finding != NULL;
    const char *badge = report_badge(&r);
    double w = font_width(v->fonts, FONT_BOLD, 12, badge) + 16;
    const struct sim_event *e = trace->event_count == 0 ? NULL : &trace->events[v->focus];
    double room = v->width - w - 40;
    double length = font_width(v->fonts, FONT_BOLD, 12, report_sentence(&r));
    char time[LABEL_MAX];
    char text[1024];

    scene_rect(d->scene, 0, 0, v->width, VIEW_TOP - 6, d->theme->panel);
    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = 10,
                             .y = 10,
                             .w = w,
                             .h = 22,
                             .radius = 4,
                             .fill = found ? d->theme->bug : d->theme->calm},
              NULL);
    scene_text(d->scene, FONT_BOLD, 12, 18, 26, found ? d->theme->bug_text : d->theme->background,
               badge);
    (void)report_wrap(&r,
                      &(struct paragraph){.face = FONT_BOLD,
                                          .size = 12,
                                          .x = 20 + w,
                                          .y = length > room ? 19 : 26,
                                          .step = 16,
                                          .width = room,
                                          .lines = 2,
                                          .colour = d->theme->ink},
                      report_sentence(&r));
    (void)snprintf(
        text, sizeof(text), "%s%s%s \xC2\xB7 %s \xC2\xB7 step %u of %u, %s%s", trace->program,
        trace->params[0] == '\0' ? "" : " ", trace->params, trace->policy, e == NULL ? 0 : e->step,
        e == NULL ? 0 : trace->events[trace->event_count - 1].step,
        timeline_time(e == NULL ? 0 : e->time_ns, time), v->playing ? " \xC2\xB7 playing" : "");
    draw_fitted(d, FONT_MONO, 11, 10, 54, v->width - 20, d->theme->ink2, text);
}

/* The least of 1, 2, 5, 10, 20, ... columns that is wide enough for a label. */
static uint32_t tick_stride(const struct view *v)
{
    static const uint32_t digits[] = {1, 2, 5};
    uint32_t power = 1;

    for (int i = 0; power < v->timeline->columns; i = (i + 1) % 3) {
        if (digits[i] * power * v->zoom >= TICK_LEAST)
            return digits[i] * power;
        if (i == 2)
            power *= 10;
    }
    return power;
}

/* Steps and virtual time above the lanes, as far apart as labels need. */
static void draw_axis(struct drawing *d)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    uint32_t stride = tick_stride(v);
    uint32_t column = (uint32_t)v->left / stride * stride;
    int64_t shown_ns = -1;
    char text[LABEL_MAX];

    scene_text(d->scene, FONT_SANS, 10, 10, AXIS_TOP + 9, d->theme->ink2, "step");
    scene_text(d->scene, FONT_SANS, 10, 10, AXIS_TOP + 22, d->theme->ink2, "virtual time");
    for (; column < t->columns && draw_x(v, column) < v->width - VIEW_SIDE - 20; column += stride) {
        bool exact = false;
        const struct sim_event *e = timeline_event_at(t, column, &exact);
        double x = draw_x(v, column);

        /* Between two steps there is only time. */
        if (x < VIEW_NAMES || !exact)
            continue;
        (void)snprintf(text, sizeof(text), "%u", e->step);
        scene_text(d->scene, FONT_SANS, 10, x + 3, AXIS_TOP + 9, d->theme->ink2, text);
        scene_line(d->scene, x, AXIS_TOP, x, AXIS_TOP + 26, 1, d->theme->ink2, false);
        if (e->time_ns != shown_ns)
            scene_text(d->scene, FONT_SANS, 10, x + 3, AXIS_TOP + 22, d->theme->ink2,
                       timeline_time(e->time_ns, text));
        shown_ns = e->time_ns;
    }
}

/* The last line: what is under the pointer, or what can be done; and what the colours mean. */
static void draw_hint(struct drawing *d)
{
    static const char *const names[] = {"created", "ready", "running", "awaiting", "blocked"};
    const struct view *v = d->v;
    double y = v->height - VIEW_HINT;
    double x = v->width;
    char text[VIEW_HINT_MAX];

    scene_rect(d->scene, 0, y, v->width, VIEW_HINT, d->theme->panel);
    for (int i = LANE_STATE_COUNT - 1; i >= 0; i--) {
        x -= font_width(v->fonts, FONT_SANS, 11, names[i]) + 44;
        report_span(d->scene, d->theme, (enum lane_state)i, x, y + 5, 22, 14);
        scene_text(d->scene, FONT_SANS, 11, x + 27, y + 16, d->theme->ink2, names[i]);
    }
    draw_fitted(d, FONT_SANS, 11, 10, y + 16, x - 24, d->theme->ink2, view_hint(v, text));
}

void view_draw(const struct view *v, struct scene *scene)
{
    const struct theme *theme = theme_of(v->theme);
    const struct theme faint = theme_faint(theme);
    struct drawing d = {.v = v,
                        .theme = theme,
                        .clear = theme,
                        .faint = find_wanted(v->find) != NULL ? &faint : NULL,
                        .scene = scene};
    bool tree = v->branches != NULL && branches_open(v->branches);

    scene->width = v->width;
    scene->height = v->height;
    scene->background = d.theme->background;
    if (v->hits != NULL)
        v->hits->count = 0;
    draw_panes(&d);
    draw_head(&d);
    draw_tools(&d);
    if (!tree) {
        draw_map(&d);
        draw_axis(&d);
    }
    draw_list(&d);
    draw_source(&d);
    if (tree)
        draw_tree(&d);
    else
        draw_graph(&d);
    draw_side(&d);
    draw_find(&d);
    draw_hint(&d);
    if (v->help)
        draw_help(&d);
}
