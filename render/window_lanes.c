/* The lanes of the window, and what lies over them. */
#include "render/window_draw.h"

#include "sim/base/status.h"

double draw_x(const struct view *v, double column)
{
    return VIEW_NAMES + (column - v->left) * v->zoom;
}

double draw_bar(const struct view *v, uint32_t lane)
{
    return view_top(v) + (double)lane * VIEW_PITCH - v->scroll + 5;
}

/* What somebody waits for, on its span. */
static void draw_wait(struct drawing *d, const struct span *span, double x, double y, double w)
{
    const struct view *v = d->v;
    bool blocked = span->state == LANE_BLOCKED;
    char label[LABEL_MAX];
    char fit[FONT_TEXT_MAX];

    (void)report_fit_part(v->fonts, FONT_SANS, 10,
                          timeline_wait_label(v->timeline, span->event, label), w - 12, fit);
    if (fit[0] == '\0')
        return;
    scene_rect(d->scene, x + 4, y + 3, font_width(v->fonts, FONT_SANS, 10, fit) + 6, 12,
               blocked ? d->theme->states[LANE_BLOCKED].fill : d->theme->background);
    scene_text(d->scene, FONT_SANS, 10, x + 7, y + 13,
               blocked ? d->theme->states[LANE_BLOCKED].text : d->theme->ink2, fit);
}

/* The first span of a lane that ends behind the left edge. */
static uint32_t first_span(const struct view *v, const struct lane *lane)
{
    uint32_t low = lane->first_span;
    uint32_t high = lane->first_span + lane->span_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if ((double)v->timeline->spans[middle].to <= v->left)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void draw_lane(struct drawing *d, uint32_t index)
{
    const struct view *v = d->v;
    const struct lane *lane = &v->timeline->lanes[index];
    double right = v->width - VIEW_SIDE;
    double y = draw_bar(v, index);
    double drawn = 0;

    for (uint32_t i = first_span(v, lane); i < lane->first_span + lane->span_count; i++) {
        const struct span *span = &v->timeline->spans[i];
        double x = draw_x(v, span->from);
        double to = draw_x(v, span->to);

        if (x > right)
            break;
        /* Less than a pixel behind the last: it could not be seen. */
        if (to < drawn + 0.7)
            continue;
        drawn = to;
        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        to = to > right ? right : to;
        report_span(d->scene, d->theme, span->state, x, y, to - x, BAR_HEIGHT);
        if (span->state >= LANE_AWAITING && to - x > 50)
            draw_wait(d, span, x, y, to - x);
    }
    double end = draw_x(v, lane->ended);

    if (lane->ended != UINT32_MAX && end >= VIEW_NAMES && end <= right)
        report_end_cap(d->scene, d->theme, lane->status, end, y, BAR_HEIGHT);
}

static void draw_ops(struct drawing *d, uint32_t first, uint32_t last)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    double right = v->left + (v->width - VIEW_SIDE - VIEW_NAMES) / v->zoom;
    size_t low = 0;
    size_t high = t->op_count;
    char fit[FONT_TEXT_MAX];

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
        double x = draw_x(v, op->column);

        if (op->lane < first || op->lane > last)
            continue;
        scene_line(d->scene, x, draw_bar(v, op->lane), x, draw_bar(v, op->lane) + BAR_HEIGHT, 1,
                   d->theme->states[LANE_RUNNING].edge, false);
        scene_text(d->scene, FONT_SANS, 10, x + 3, draw_bar(v, op->lane) + 13,
                   d->theme->states[LANE_RUNNING].text,
                   report_fit_op(v->fonts, 10, t, op->event, v->zoom - 5, fit));
    }
}

static void draw_holds(struct drawing *d, uint32_t first, uint32_t last)
{
    const struct view *v = d->v;
    double right = v->width - VIEW_SIDE;
    char name[REGISTRY_NAME_MAX];
    char fit[FONT_TEXT_MAX];

    for (size_t i = 0; i < v->timeline->hold_count; i++) {
        const struct hold *hold = &v->timeline->holds[i];
        double x = draw_x(v, hold->from);
        double to = draw_x(v, hold->to);

        if (hold->lane < first || hold->lane > last || to < VIEW_NAMES || x > right || to - x < 1)
            continue;
        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        to = to > right ? right : to;
        double y = draw_bar(v, hold->lane) + BAR_HEIGHT + 4 + 3 * (double)hold->row;

        scene_rect(d->scene, x, y, to - x, 2, d->theme->hold);
        if (hold->row == 0 && to - x > 60) {
            (void)font_fit(v->fonts, FONT_SANS, 9,
                           registry_name(v->trace->registry, hold->object, name), to - x - 20, fit);
            scene_rect(d->scene, x + 6, y - 3, font_width(v->fonts, FONT_SANS, 9, fit) + 6, 9,
                       hold->lane == view_lane(v) ? d->theme->panel : d->theme->background);
            scene_text(d->scene, FONT_SANS, 9, x + 9, y + 4, d->theme->ink, fit);
        }
    }
}

/* Is all of a lane in sight?  Where two runs are shown, nothing covers what hangs over. */
static bool in_sight(const struct view *v, uint32_t lane)
{
    return v->pane == VIEW_WHOLE || (draw_bar(v, lane) >= view_top(v) &&
                                     draw_bar(v, lane) + BAR_HEIGHT + 6 < view_bottom(v));
}

void draw_lanes(struct drawing *d)
{
    const struct view *v = d->v;
    uint32_t first = (uint32_t)(v->scroll / VIEW_PITCH);
    uint32_t last = first + (uint32_t)((view_bottom(v) - view_top(v)) / VIEW_PITCH) + 1;
    char name[REGISTRY_NAME_MAX];

    if (v->timeline->lane_count == 0)
        return;
    if (last >= v->timeline->lane_count)
        last = v->timeline->lane_count - 1;
    while (first < last && !in_sight(v, first))
        first++;
    while (last > first && !in_sight(v, last))
        last--;
    for (uint32_t lane = first; lane <= last; lane++) {
        if (lane == view_lane(v))
            scene_rect(d->scene, 0, draw_bar(v, lane) - 5, v->width - VIEW_SIDE, VIEW_PITCH,
                       d->theme->panel);
        draw_fitted(d, FONT_BOLD, 11, 10, draw_bar(v, lane) + 13, VIEW_NAMES - 18, d->theme->ink,
                    registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name));
        draw_lane(d, lane);
    }
    draw_ops(d, first, last);
    draw_holds(d, first, last);
}

/* Who is woken or started by the step in focus. */
static void draw_arrows(struct drawing *d, uint32_t column)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    double x = draw_x(v, column) + (v->zoom > 6 ? v->zoom - 3 : v->zoom / 2);
    double top = view_top(v);
    double bottom = view_bottom(v);

    for (size_t i = timeline_arrow_at(t, column);
         i < t->arrow_count && t->arrows[i].column == column; i++) {
        const struct arrow *arrow = &t->arrows[i];
        bool down = arrow->to_lane > arrow->from_lane;
        double from = draw_bar(v, arrow->from_lane) + (down ? BAR_HEIGHT : 0);
        double to = draw_bar(v, arrow->to_lane) + (down ? 4 : BAR_HEIGHT - 4);

        from = from < top ? top : from > bottom ? bottom : from;
        to = to < top ? top : to > bottom ? bottom : to;
        if (from != to)
            scene_add(d->scene,
                      (struct shape){.kind = SHAPE_ARROW,
                                     .x = x,
                                     .y = from,
                                     .h = to - from,
                                     .edge = d->theme->ink,
                                     .edge_width = 1.4,
                                     .dashed = arrow->kind == ARROW_SPAWN},
                      NULL);
    }
}

/* A line at the column in focus, and a frame around what happens there. */
static void draw_cursor(struct drawing *d)
{
    const struct view *v = d->v;
    uint32_t column = v->timeline->column_of[v->focus];
    double x = draw_x(v, column);
    double middle = x + v->zoom / 2;
    double w = v->zoom < 6 ? 6 : v->zoom;
    uint32_t lane = view_lane(v);

    if (middle < VIEW_NAMES || middle > v->width - VIEW_SIDE)
        return;
    if (lane == UINT32_MAX || !in_sight(v, lane)) {
        scene_line(d->scene, middle, view_top(v), middle, view_bottom(v), 1.5, d->theme->ink,
                   false);
        return;
    }
    scene_line(d->scene, middle, view_top(v), middle, draw_bar(v, lane) - 2, 1, d->theme->ink,
               false);
    scene_line(d->scene, middle, draw_bar(v, lane) + BAR_HEIGHT + 2, middle, view_bottom(v), 1,
               d->theme->ink, false);
    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = middle - w / 2 - 1,
                             .y = draw_bar(v, lane) - 2,
                             .w = w + 2,
                             .h = BAR_HEIGHT + 4,
                             .fill = UINT32_MAX,
                             .edge = d->theme->ink,
                             .edge_width = 2},
              NULL);
    draw_arrows(d, column);
}

void draw_marks(struct drawing *d)
{
    const struct view *v = d->v;
    struct report r = {.fonts = v->fonts, .theme = d->theme, .scene = d->scene};

    if (v->trace->event_count == 0)
        return;
    draw_cursor(d);
    const struct sim_finding *finding = view_finding(v);

    for (int i = 0; finding != NULL && i < finding->step_count; i++) {
        const struct finding_step *step = &finding->steps[i];
        uint32_t lane = step->actor == 0 ? UINT32_MAX : v->timeline->lane_of[step->actor - 1];
        double at = draw_x(v, timeline_column_of_step(v->timeline, step->step));

        if (lane != UINT32_MAX && at >= VIEW_NAMES && at <= v->width - VIEW_SIDE &&
            draw_bar(v, lane) > view_top(v) - 6 && draw_bar(v, lane) < view_bottom(v) &&
            in_sight(v, lane))
            report_disc(&r, at, draw_bar(v, lane), i + 1);
    }
}
