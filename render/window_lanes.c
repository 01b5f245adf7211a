/* The lanes of the window, and what lies over them. */
#include "render/story.h"
#include "render/window_differ.h"
#include "render/window_draw.h"
#include "render/window_find.h"

#include <math.h>

#include "sim/base/status.h"

/* Pixels that a span has at least, to be drawn by itself. */
enum { SMALL_WIDTH = 3 };

double draw_x(const struct view *v, double column)
{
    return VIEW_NAMES + (column - v->left) * v->zoom;
}

double draw_bar(const struct view *v, uint32_t lane)
{
    return view_lane_y(v, lane) + view_look(v)->above;
}

/* The drawing of something on a lane: as the lane's, or clearer if its own words are wanted. */
static struct drawing clearer(const struct drawing *d, const char *words)
{
    struct drawing clear = *d;

    if (d->theme != d->clear && find_has(d->v->find, words))
        clear.theme = d->clear;
    return clear;
}

/* What somebody waits for, on its span. */
static void draw_wait(struct drawing *d, const struct span *span, double x, double y, double w)
{
    const struct view *v = d->v;
    const struct view_look *look = view_look(v);
    double size = look->letters;
    bool blocked = span->state == LANE_BLOCKED;
    char label[LABEL_MAX];
    char fit[FONT_TEXT_MAX];

    (void)report_fit_part(v->fonts, FONT_SANS, size,
                          timeline_wait_label(v->timeline, span->event, label), w - 12, fit);
    if (fit[0] == '\0')
        return;
    scene_rect(d->scene, x + 4, y + look->bar / 2 - 0.6 * size,
               font_width(v->fonts, FONT_SANS, size, fit) + 6, 1.2 * size,
               blocked ? d->theme->states[LANE_BLOCKED].fill : d->theme->background);
    scene_text(d->scene, FONT_SANS, size, x + 7, y + look->bar / 2 + 0.4 * size,
               blocked ? d->theme->states[LANE_BLOCKED].text : d->theme->ink2, fit);
}

/* What is to be seen of several spans that have too little room each: what matters most. */
static enum lane_state foremost(unsigned states)
{
    static const enum lane_state order[] = {LANE_BLOCKED, LANE_RUNNING, LANE_READY, LANE_CREATED};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if ((states & 1U << order[i]) != 0)
            return order[i];
    return LANE_AWAITING;
}

/* A stretch in which several spans have the room of one. */
struct stretch {
    double x;
    double to;
    enum lane_state state;
};

static void end_stretch(struct drawing *d, struct stretch *stretch, double y)
{
    static const double heights[] = {[LANE_CREATED] = 0.35,
                                     [LANE_READY] = 0.45,
                                     [LANE_RUNNING] = 1.0,
                                     [LANE_AWAITING] = 0.2,
                                     [LANE_BLOCKED] = 0.7};
    const struct state_colours *colours = &d->theme->states[stretch->state];
    bool dense = d->v->look == LOOK_DENSE;
    double bar = view_look(d->v)->bar;
    double h = dense ? bar : round(bar * heights[stretch->state]);

    if (stretch->to <= stretch->x)
        return;
    scene_rect(d->scene, stretch->x, y + floor((bar - h) / 2), stretch->to - stretch->x, h,
               stretch->state == LANE_CREATED ? colours->edge : colours->fill);
    /* There is more than can be seen. */
    if (!dense)
        scene_rect(d->scene, stretch->x, y + bar + 1, stretch->to - stretch->x, 1, d->theme->ink2);
    stretch->to = stretch->x;
}

/* Several spans from x to a limit.  Returns the first span behind them. */
static uint32_t draw_small(struct drawing *d, uint32_t lane, uint32_t first, double x,
                           struct stretch *stretch)
{
    const struct view *v = d->v;

    x = floor(x); /* so small, it is to be seen clearly */
    double limit = x + SMALL_WIDTH;
    uint32_t next = index_span(v->index, lane, first, v->left + (limit - VIEW_NAMES) / v->zoom);
    uint32_t end = v->timeline->lanes[lane].first_span + v->timeline->lanes[lane].span_count;

    next = next == first ? first + 1 : next;
    enum lane_state state = foremost(index_states(v->index, first, next < end ? next : end));

    if (stretch->to < x - 0.5 || stretch->state != state) {
        end_stretch(d, stretch, draw_bar(v, lane));
        *stretch = (struct stretch){.x = x, .state = state};
    }
    stretch->to = limit;
    return next;
}

/* Where lanes are as low as they can be, there is room for a colour and no more. */
static void draw_span(struct drawing *lane, const struct span *span, double x, double y, double w)
{
    const struct view_look *look = view_look(lane->v);
    bool waits = span->state >= LANE_AWAITING;
    char label[LABEL_MAX];
    struct drawing d =
        waits && lane->theme != lane->clear
            ? clearer(lane, timeline_wait_label(lane->v->timeline, span->event, label))
            : *lane;
    const struct state_colours *colours = &d.theme->states[span->state];

    if (d.v->look == LOOK_DENSE)
        scene_rect(d.scene, x, y, w, look->bar,
                   span->state == LANE_CREATED ? d.theme->grid : colours->fill);
    else
        report_span(d.scene, d.theme, (enum lane_state)span->state, x, y, w, look->bar);
    if (waits && w > 50 && look->letters > 0)
        draw_wait(&d, span, x, y, w);
}

static void draw_lane(struct drawing *d, uint32_t index)
{
    const struct view *v = d->v;
    const struct lane *lane = &v->timeline->lanes[index];
    double right = v->width - VIEW_SIDE;
    double y = draw_bar(v, index);
    struct stretch stretch = {0};
    uint32_t i = index_span(v->index, index, lane->first_span, v->left);

    while (i < lane->first_span + lane->span_count) {
        const struct span *span = &v->timeline->spans[i];
        double x = draw_x(v, span->from);
        double to = draw_x(v, span->to);

        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        x = stretch.to > x ? stretch.to : x;
        if (x > right)
            break;
        if (to - x < SMALL_WIDTH) {
            i = draw_small(d, index, i, x, &stretch);
            continue;
        }
        end_stretch(d, &stretch, y);
        to = to > right ? right : to;
        draw_span(d, span, x, y, to - x);
        i++;
    }
    end_stretch(d, &stretch, y);
    double end = draw_x(v, lane->ended);

    if (lane->ended != UINT32_MAX && end >= VIEW_NAMES && end <= right && v->look != LOOK_DENSE)
        report_end_cap(d->scene, d->theme, lane->status, end, y, view_look(v)->bar);
}

/* An operation that the other run does not have there, or with another value. */
static void draw_differs(struct drawing *d, size_t op, double x, double y)
{
    const struct view *v = d->v;

    if (v->differ == NULL || v->differ[op] == DIFFER_NOT || v->zoom < 5)
        return;
    scene_text(d->scene, FONT_SANS, 9, x + v->zoom / 2 - 4, y - 1, d->theme->ink,
               v->differ[op] == DIFFER_VALUE ? "\xE2\x97\x87" : "\xE2\x97\x86");
}

/* Where an operation begins, and its words; where its lane is faint and its words are wanted, on
 * their own ground. */
static void draw_op(struct drawing *d, const struct op *op, double x)
{
    const struct view *v = d->v;
    const struct view_look *look = view_look(v);
    double y = draw_bar(v, op->lane);
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];
    char fit[FONT_TEXT_MAX];
    struct drawing of = *d;

    if (d->faint != NULL &&
        !find_has(v->find,
                  registry_name(v->trace->registry, v->timeline->lanes[op->lane].actor, name))) {
        of.theme = d->faint;
        of = clearer(&of, timeline_op_label(v->timeline, op->event, label));
        if (of.theme == d->clear)
            scene_rect(d->scene, x, y, v->zoom, look->bar, d->theme->states[LANE_RUNNING].fill);
    }
    const struct state_colours *colours = &of.theme->states[LANE_RUNNING];

    scene_line(d->scene, x, y, x, y + look->bar, 1, colours->edge, false);
    if (look->letters > 0)
        scene_text(
            d->scene, FONT_SANS, look->letters, x + 3, y + look->bar / 2 + 0.4 * look->letters,
            colours->text,
            report_fit_op(v->fonts, look->letters, v->timeline, op->event, v->zoom - 5, fit));
}

static void draw_ops(struct drawing *d)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    double right = v->left + (v->width - VIEW_SIDE - VIEW_NAMES) / v->zoom;
    size_t low = 0;
    size_t high = t->op_count;

    if (v->look == LOOK_DENSE || (v->zoom < 14 && (v->differ == NULL || v->zoom < 5)))
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

        if (!view_sees(v, op->lane) || x < VIEW_NAMES - v->zoom)
            continue;
        draw_differs(d, i, x, draw_bar(v, op->lane));
        if (v->zoom < 14 || x < VIEW_NAMES)
            continue;
        draw_op(d, op, x);
    }
}

/* The name of a lock on the line that says that it is held. */
static void name_hold(struct drawing *d, const struct hold *hold, double x, double to, double y)
{
    const struct view *v = d->v;
    char name[REGISTRY_NAME_MAX];
    char fit[FONT_TEXT_MAX];

    if (hold->row != 0 || to - x <= 60 || view_look(v)->letters <= 0)
        return;
    (void)font_fit(v->fonts, FONT_SANS, 9, registry_name(v->trace->registry, hold->object, name),
                   to - x - 20, fit);
    scene_rect(d->scene, x + 6, y - 3, font_width(v->fonts, FONT_SANS, 9, fit) + 6, 9,
               hold->lane == view_lane(v) ? d->theme->panel : d->theme->background);
    scene_text(d->scene, FONT_SANS, 9, x + 9, y + 4, d->theme->ink, fit);
}

static void draw_holds(struct drawing *d, uint32_t lane)
{
    const struct view *v = d->v;
    double right = v->width - VIEW_SIDE;
    uint32_t column = (uint32_t)v->left;
    size_t end = 0;
    size_t i = index_hold(v->index, lane, column, &end);
    const struct view_look *look = view_look(v);
    double gap = look->letters > 0 ? 4 : 1;

    if (v->look == LOOK_DENSE)
        return;
    while (i < end) {
        const struct hold *hold = &v->timeline->holds[i];
        double x = draw_x(v, hold->from);
        double to = draw_x(v, hold->to);

        if (x > right)
            return;
        x = x < VIEW_NAMES ? VIEW_NAMES : x;
        to = to > right ? right : to;
        double y = draw_bar(v, lane) + look->bar + gap + 3 * (double)hold->row;

        if (to > VIEW_NAMES) {
            char name[REGISTRY_NAME_MAX];
            struct drawing of = clearer(d, registry_name(v->trace->registry, hold->object, name));

            scene_rect(d->scene, x, y, to - x < 1 ? 1 : to - x, 2, of.theme->hold);
            name_hold(&of, hold, x, to, y);
        }
        i++;
        /* Those that end in the same pixel could not be told apart. */
        column = (uint32_t)(v->left + (x + 1 - VIEW_NAMES) / v->zoom);
        if (to - x < 1) {
            size_t next = index_hold(v->index, lane, column, &end);

            i = next > i ? next : i;
        }
    }
}

/* Where lanes are very low, some have their names, and the one in focus if that leaves it room. */
static bool has_name(const struct view *v, uint32_t lane, uint32_t row)
{
    enum { NAMED = 4 };
    uint32_t focus = view_lane(v);

    if (v->look != LOOK_DENSE || lane == focus)
        return true;
    uint32_t at = focus == UINT32_MAX || v->rows == NULL ? focus : v->rows->row_of[focus];

    return row % NAMED == 0 && (at == UINT32_MAX || row + NAMED <= at || row >= at + NAMED);
}

/* Its name, and what can be done with the lane where the pointer is. */
static void draw_name(struct drawing *d, uint32_t lane, uint32_t row)
{
    const struct view *v = d->v;
    const struct view_look *look = view_look(v);
    bool dense = v->look == LOOK_DENSE;
    double middle = draw_bar(v, lane) + look->bar / 2;
    double y = middle + 4 * look->name / 11;
    bool pinned = v->rows != NULL && v->rows->mark[lane] == ROW_PINNED;
    bool here =
        v->rows != NULL && v->x < VIEW_NAMES && !dense && view_lane_at(v, v->x, v->y) == lane;
    double room = VIEW_NAMES - 18 - (here ? 58 : pinned && !dense ? 28 : 0);
    char name[REGISTRY_NAME_MAX];

    bool plain = dense && lane != view_lane(v);

    if (!has_name(v, lane, row))
        return;
    draw_fitted(d, plain ? FONT_SANS : FONT_BOLD, look->name, 10, y, room,
                plain ? d->theme->ink2 : d->theme->ink,
                registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name));
    if (here || (pinned && !dense)) {
        struct box box = {VIEW_NAMES - 34, middle - 8, 24, HIT_HEIGHT};

        scene_text(d->scene, pinned ? FONT_BOLD : FONT_SANS, 10, box.x + 3, middle + 4,
                   pinned ? d->theme->ink : d->theme->ink2, "pin");
        draw_hit(d, &box, HIT_PIN, lane);
    }
    if (here) {
        struct box box = {VIEW_NAMES - 62, middle - 8, 27, HIT_HEIGHT};

        scene_text(d->scene, FONT_SANS, 10, box.x + 2, middle + 4, d->theme->ink2, "hide");
        draw_hit(d, &box, HIT_HIDE, lane);
    }
}

/* The ground of the lane in focus, below all that is drawn. */
static void draw_ground(struct drawing *d, bool pinned)
{
    const struct view *v = d->v;
    uint32_t lane = view_lane(v);

    if (lane != UINT32_MAX && view_sees(v, lane) &&
        (v->rows != NULL && v->rows->row_of[lane] < view_pins(v)) == pinned)
        scene_rect(d->scene, 0, view_lane_y(v, lane), v->width - VIEW_SIDE, view_look(v)->pitch,
                   d->theme->panel);
}

static void draw_row(struct drawing *d, uint32_t row)
{
    const struct view *v = d->v;
    uint32_t lane = view_row_lane(v, row);
    struct drawing of = *d;
    char name[REGISTRY_NAME_MAX];

    if (!view_sees(v, lane))
        return;
    if (d->faint != NULL &&
        !find_has(v->find, registry_name(v->trace->registry, v->timeline->lanes[lane].actor, name)))
        of.theme = d->faint;
    draw_name(&of, lane, row);
    draw_lane(&of, lane);
    draw_holds(&of, lane);
}

void draw_lanes(struct drawing *d)
{
    const struct view *v = d->v;
    double pitch = view_look(v)->pitch;
    uint32_t pins = view_pins(v);
    uint32_t first = pins + (uint32_t)(v->scroll / pitch);
    uint32_t last = first + (uint32_t)((view_bottom(v) - view_top(v)) / pitch) + 1;
    double top = view_top(v);

    draw_ground(d, false);
    for (uint32_t row = first; row <= last && row < view_rows(v); row++)
        draw_row(d, row);
    if (pins > 0) {
        scene_rect(d->scene, 0, top, v->width - VIEW_SIDE, pins * pitch, d->theme->background);
        draw_ground(d, true);
        for (uint32_t row = 0; row < pins; row++)
            draw_row(d, row);
        scene_rect(d->scene, 0, top + pins * pitch - 1, v->width - VIEW_SIDE, 1, d->theme->ink2);
    }
    draw_ops(d);
}

/* Who is woken or started by the step in focus. */
static void draw_arrows(struct drawing *d, uint32_t column)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    double x = draw_x(v, column) + (v->zoom > 6 ? v->zoom - 3 : v->zoom / 2);
    double top = view_top(v);
    double bottom = view_bottom(v);
    double bar = view_look(v)->bar;

    for (size_t i = timeline_arrow_at(t, column);
         i < t->arrow_count && t->arrows[i].column == column; i++) {
        const struct arrow *arrow = &t->arrows[i];
        bool down = arrow->to_lane > arrow->from_lane;
        double from = draw_bar(v, arrow->from_lane) + (down ? bar : 0);
        double inside = bar < 8 ? bar / 2 : 4;
        double to = draw_bar(v, arrow->to_lane) + (down ? inside : bar - inside);

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
    if (lane == UINT32_MAX || !view_sees(v, lane)) {
        scene_line(d->scene, middle, view_top(v), middle, view_bottom(v), 1.5, d->theme->ink,
                   false);
        return;
    }
    scene_line(d->scene, middle, view_top(v), middle, draw_bar(v, lane) - 2, 1, d->theme->ink,
               false);
    scene_line(d->scene, middle, draw_bar(v, lane) + view_look(v)->bar + 2, middle, view_bottom(v),
               1, d->theme->ink, false);
    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = middle - w / 2 - 1,
                             .y = draw_bar(v, lane) - 2,
                             .w = w + 2,
                             .h = view_look(v)->bar + 4,
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
        uint32_t lane = story_lane(v->timeline, step);
        double at = draw_x(v, timeline_column_of_step(v->timeline, step->step)) +
                    story_beside(v->timeline, finding, i) * REPORT_NUMBER_WIDTH;

        if (lane != UINT32_MAX && at >= VIEW_NAMES && at <= v->width - VIEW_SIDE &&
            draw_bar(v, lane) > view_top(v) - 6 && draw_bar(v, lane) < view_bottom(v) &&
            view_sees(v, lane))
            report_disc(&r, at, draw_bar(v, lane), i + 1);
    }
}
