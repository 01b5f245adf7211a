/* Draws a view: head, lanes, help. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/report.h"
#include "render/window_draw.h"

enum { BAR_HEIGHT = 18 };

static double x_of(const struct view *v, double column)
{
    return VIEW_NAMES + (column - v->left) * v->zoom;
}

static double bar_top(const struct view *v, uint32_t lane)
{
    return VIEW_TOP + (double)lane * VIEW_PITCH - v->scroll + 5;
}

void draw_fitted(struct drawing *d, enum font_face face, double size, double x, double y,
                 double width, uint32_t colour, const char *text)
{
    char fit[FONT_TEXT_MAX];

    scene_text(d->scene, face, size, x, y, colour,
               font_fit(d->v->fonts, face, size, text, width, fit));
}

static void draw_lane(struct drawing *d, uint32_t index)
{
    const struct view *v = d->v;
    const struct lane *lane = &v->timeline->lanes[index];
    double right = v->width - VIEW_SIDE;
    double y = bar_top(v, index);
    uint32_t low = lane->first_span;
    uint32_t high = lane->first_span + lane->span_count;

    /* Spans are in order: begin with the first that ends behind the left edge. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if ((double)v->timeline->spans[middle].to <= v->left)
            low = middle + 1;
        else
            high = middle;
    }
    double drawn = 0;

    for (uint32_t i = low; i < lane->first_span + lane->span_count; i++) {
        const struct span *span = &v->timeline->spans[i];
        double x = x_of(v, span->from);
        double to = x_of(v, span->to);
        char label[LABEL_MAX];

        if (x > right)
            break;
        /* Less than a pixel behind the last: it could not be seen. */
        if (to < drawn + 0.7)
            continue;
        drawn = to;
        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        to = to > right ? right : to;
        report_span(d->scene, d->theme, span->state, x, y, to - x, BAR_HEIGHT);
        if (span->state >= LANE_AWAITING && to - x > 50) {
            char fit[FONT_TEXT_MAX];

            (void)font_fit(v->fonts, FONT_SANS, 10,
                           timeline_wait_label(v->timeline, span->event, label), to - x - 12, fit);
            if (fit[0] != '\0') {
                bool blocked = span->state == LANE_BLOCKED;

                scene_rect(d->scene, x + 4, y + 3, font_width(v->fonts, FONT_SANS, 10, fit) + 6, 12,
                           blocked ? d->theme->states[LANE_BLOCKED].fill : d->theme->background);
                scene_text(d->scene, FONT_SANS, 10, x + 7, y + 13,
                           blocked ? d->theme->states[LANE_BLOCKED].text : d->theme->ink2, fit);
            }
        }
    }
}

static void draw_ops(struct drawing *d, uint32_t first, uint32_t last)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    double right = v->left + (v->width - VIEW_SIDE - VIEW_NAMES) / v->zoom;
    size_t low = 0;
    size_t high = t->op_count;
    char label[LABEL_MAX];

    if (v->zoom < 14)
        return;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((double)t->ops[middle].column < v->left)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < t->op_count && (double)t->ops[i].column + 1 < right; i++) {
        const struct op *op = &t->ops[i];
        double x = x_of(v, op->column);

        if (op->lane < first || op->lane > last)
            continue;
        scene_line(d->scene, x, bar_top(v, op->lane), x, bar_top(v, op->lane) + BAR_HEIGHT, 1,
                   d->theme->states[LANE_RUNNING].edge, false);
        draw_fitted(d, FONT_SANS, 10, x + 3, bar_top(v, op->lane) + 13, v->zoom - 5,
                    d->theme->states[LANE_RUNNING].text, timeline_op_label(t, op->event, label));
    }
}

static void draw_holds(struct drawing *d, uint32_t first, uint32_t last)
{
    const struct view *v = d->v;
    double right = v->width - VIEW_SIDE;

    for (size_t i = 0; i < v->timeline->hold_count; i++) {
        const struct hold *hold = &v->timeline->holds[i];
        double x = x_of(v, hold->from);
        double to = x_of(v, hold->to);

        if (hold->lane < first || hold->lane > last || to < VIEW_NAMES || x > right || to - x < 1)
            continue;
        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        to = to > right ? right : to;
        scene_rect(d->scene, x, bar_top(v, hold->lane) + BAR_HEIGHT + 2 + 3 * hold->row, to - x, 2,
                   d->theme->hold);
    }
}

static void draw_lanes(struct drawing *d)
{
    const struct view *v = d->v;
    double bottom = v->height - VIEW_BOTTOM;
    uint32_t first = (uint32_t)(v->scroll / VIEW_PITCH);
    uint32_t last = first + (uint32_t)((bottom - VIEW_TOP) / VIEW_PITCH) + 1;
    char name[REGISTRY_NAME_MAX];

    if (v->timeline->lane_count == 0)
        return;
    if (last >= v->timeline->lane_count)
        last = v->timeline->lane_count - 1;
    for (uint32_t lane = first; lane <= last; lane++) {
        draw_fitted(d, FONT_BOLD, 11, 10, bar_top(v, lane) + 13, VIEW_NAMES - 18, d->theme->ink,
                    registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name));
        draw_lane(d, lane);
    }
    draw_ops(d, first, last);
    draw_holds(d, first, last);
}

/* The numbered steps of the finding, and the cursor. */
static void draw_marks(struct drawing *d)
{
    const struct view *v = d->v;
    double bottom = v->height - VIEW_BOTTOM;
    struct report r = {.fonts = v->fonts, .theme = d->theme, .scene = d->scene};

    if (v->trace->event_count == 0)
        return;
    double x = x_of(v, v->timeline->column_of[v->focus]) + v->zoom / 2;

    if (x >= VIEW_NAMES && x <= v->width - VIEW_SIDE)
        scene_line(d->scene, x, VIEW_TOP - 10, x, bottom, 1.5, d->theme->ink, false);
    for (int i = 0; v->trace->finding_count > 0 && i < v->trace->findings[0].step_count; i++) {
        const struct finding_step *step = &v->trace->findings[0].steps[i];
        uint32_t lane = step->actor == 0 ? UINT32_MAX : v->timeline->lane_of[step->actor - 1];
        double at = x_of(v, timeline_column_of_step(v->timeline, step->step));

        if (lane != UINT32_MAX && at >= VIEW_NAMES && at <= v->width - VIEW_SIDE &&
            bar_top(v, lane) > VIEW_TOP - 6 && bar_top(v, lane) < bottom)
            report_disc(&r, at, bar_top(v, lane), i + 1);
    }
}

static void draw_head(struct drawing *d)
{
    const struct view *v = d->v;
    const struct trace *trace = v->trace;
    bool found = trace->finding_count > 0;
    const char *badge = found ? sim_finding_badge(trace->findings[0].kind) : "FINISHED";
    double w = font_width(v->fonts, FONT_BOLD, 12, badge) + 16;
    const struct sim_event *e = trace->event_count == 0 ? NULL : &trace->events[v->focus];
    char time[LABEL_MAX];
    char text[1024];

    scene_rect(d->scene, 0, 0, v->width, VIEW_TOP - 14, d->theme->panel);
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
    draw_fitted(d, FONT_BOLD, 13, 20 + w, 26, v->width - w - 40, d->theme->ink,
                found ? trace->findings[0].sentence : "Nothing was found in this run.");
    (void)snprintf(text, sizeof(text), "%s %s \xC2\xB7 %s \xC2\xB7 step %u of %u, %s%s",
                   trace->program, trace->params, trace->policy, e == NULL ? 0 : e->step,
                   e == NULL ? 0 : trace->events[trace->event_count - 1].step,
                   timeline_time(e == NULL ? 0 : e->time_ns, time),
                   v->playing ? " \xC2\xB7 playing" : "");
    draw_fitted(d, FONT_MONO, 11, 10, 52, v->width - 20, d->theme->ink2, text);
}

/* Where the visible part stands in the run. */
static void draw_scrollbar(struct drawing *d)
{
    const struct view *v = d->v;
    double x0 = VIEW_NAMES;
    double w = v->width - VIEW_SIDE - VIEW_NAMES;
    double shown = w / v->zoom / (double)v->timeline->columns;

    scene_rect(d->scene, x0, 64, w, 8, d->theme->grid);
    scene_rect(d->scene, x0 + w * v->left / (double)v->timeline->columns, 64,
               shown > 1 ? w : w * shown, 8, d->theme->ink2);
}

static void draw_help(struct drawing *d)
{
    static const char *const lines[] = {
        "Left, Right          one step back, forward",
        "Shift+Left, Right    one step of the same lane",
        "Home, End            first step, last step",
        "n, N                 next, previous step of the finding",
        "Space                play, pause",
        "wheel                zoom at the pointer; Shift: pan; Ctrl: scroll lanes",
        "W, S                 zoom in, out",
        "A, D                 pan left, right",
        "Up, Down             scroll lanes",
        "drag                 pan",
        "click                select what is there",
        "F                    fit the whole run",
        "T                    light, dark",
        "P                    write the picture to pickglass.png",
        "F11                  full screen",
        "?                    this",
        "Esc, Q               close",
    };
    const struct view *v = d->v;
    const size_t line_count = sizeof(lines) / sizeof(lines[0]);
    double count = (double)line_count;
    double x = v->width / 2 - 290;
    double y = v->height / 2 - count * 10 - 20;

    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = x,
                             .y = y,
                             .w = 580,
                             .h = count * 20 + 30,
                             .radius = 6,
                             .fill = d->theme->panel,
                             .edge = d->theme->ink2,
                             .edge_width = 1},
              NULL);
    for (int i = 0; i < (int)count; i++)
        scene_text(d->scene, FONT_MONO, 12, x + 18, y + 30 + 20 * i, d->theme->ink, lines[i]);
}

void view_draw(const struct view *v, struct scene *scene)
{
    struct drawing d = {.v = v, .theme = theme_of(v->theme), .scene = scene};

    scene->width = v->width;
    scene->height = v->height;
    scene->background = d.theme->background;
    draw_lanes(&d);
    draw_marks(&d);
    draw_head(&d);
    draw_scrollbar(&d);
    draw_side(&d);
    scene_rect(scene, 0, v->height - VIEW_BOTTOM, v->width, VIEW_BOTTOM, d.theme->panel);
    scene_text(scene, FONT_SANS, 11, 10, v->height - 8, d.theme->ink2,
               "Left and Right step \xC2\xB7 wheel zooms \xC2\xB7 drag pans \xC2\xB7 Space plays "
               "\xC2\xB7 ? shows all keys");
    if (v->help)
        draw_help(&d);
}
