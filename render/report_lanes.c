/* The middle of a report: axis, lanes, marks and arrows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/report.h"
#include "sim/base/status.h"

enum {
    BAR = REPORT_BAR,
    LANE_PITCH = 34,
    HOLD_PITCH = REPORT_HOLD_PITCH,
    ARROWS_MAX = 24,
    PART_LEAST = 70,
    FEWEST = 12
};

void report_disc(struct report *r, double x, double y, int number)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%d", number);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = x,
                             .y = y,
                             .w = 8,
                             .fill = r->theme->bug,
                             .edge = r->theme->background,
                             .edge_width = 1.5},
              NULL);
    scene_text(r->scene, FONT_BOLD, 10, x - font_width(r->fonts, FONT_BOLD, 10, text) / 2, y + 3.6,
               r->theme->bug_text, text);
}

void report_span(struct scene *scene, const struct theme *theme, enum lane_state state, double x,
                 double y, double w, double h)
{
    static const double heights[] = {[LANE_CREATED] = 0.35,
                                     [LANE_READY] = 0.45,
                                     [LANE_RUNNING] = 1.0,
                                     [LANE_AWAITING] = 0.2,
                                     [LANE_BLOCKED] = 0.7};
    double height = h * heights[state];

    scene_add(scene,
              (struct shape){.kind = state == LANE_BLOCKED ? SHAPE_HATCH : SHAPE_RECT,
                             .x = x,
                             .y = y + (h - height) / 2,
                             .w = w,
                             .h = height,
                             .fill = theme->states[state].fill,
                             .edge = theme->states[state].edge,
                             .edge_width = 1,
                             .dashed = state == LANE_CREATED},
              NULL);
}

static void fold_mark(struct report *r, const struct slot *slot, double y)
{
    double x = slot->x - AXIS_FOLD / 2.0 - 6;

    for (int i = 0; i < 4; i++)
        scene_line(r->scene, x + 3 * i, y + (i % 2 == 0 ? 0 : 5), x + 3 * i + 3,
                   y + (i % 2 == 0 ? 5 : 0), 1.2, r->theme->ink2, false);
}

/* Where the next fold mark begins, which labels must leave free; else the picture's edge. */
static double next_fold(const struct axis *axis, int slot, double width)
{
    for (int i = slot + 1; i < axis->count; i++)
        if (axis->slots[i].folded)
            return axis->slots[i].x - AXIS_FOLD + 4;
    return width - 8;
}

void report_axis(struct report *r)
{
    double next = 0;
    double next_time = 0;
    uint32_t shown_step = 0;
    int64_t shown_ns = -1;
    char text[LABEL_MAX];

    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 10, r->theme->ink2, "step");
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 24, r->theme->ink2, "virtual time");
    for (int i = 0; i < r->axis.count; i++) {
        const struct slot *slot = &r->axis.slots[i];
        bool exact = false;
        const struct sim_event *e = timeline_event_at(r->timeline, slot->column, &exact);

        if (slot->folded)
            fold_mark(r, slot, r->y + 4);
        if (e == NULL || !exact)
            continue;
        (void)snprintf(text, sizeof(text), "%u", e->step);
        double fold = next_fold(&r->axis, i, r->width);

        if (e->step != shown_step && slot->x >= next &&
            slot->x + font_width(r->fonts, FONT_SANS, 10, text) < fold) {
            scene_text(r->scene, FONT_SANS, 10, slot->x, r->y + 10, r->theme->ink2, text);
            next = slot->x + font_width(r->fonts, FONT_SANS, 10, text) + 10;
        }
        shown_step = e->step;
        (void)timeline_time(e->time_ns, text);
        double end = slot->x + font_width(r->fonts, FONT_SANS, 10, text);

        if (e->time_ns != shown_ns && slot->x >= next_time && end < r->width - 8) {
            scene_text(r->scene, FONT_SANS, 10, slot->x, r->y + 24, r->theme->ink2, text);
            next_time = end + 10;
            shown_ns = e->time_ns;
        }
    }
    r->y += 34;
    r->lanes_top = r->y;
}

static void lane_spans(struct report *r, const struct lane *lane, double y)
{
    const struct timeline *t = r->timeline;

    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &t->spans[lane->first_span + i];
        double x = axis_x(&r->axis, span->from);
        double w = axis_x(&r->axis, span->to) - x;
        char label[LABEL_MAX];
        char fitted[FONT_TEXT_MAX];

        if (w <= 0.5)
            continue;
        r->states[span->state] = true;
        report_span(r->scene, r->theme, span->state, x, y, w, BAR);
        if (span->state != LANE_AWAITING && span->state != LANE_BLOCKED)
            continue;
        if (report_fit_part(r->fonts, FONT_SANS, 11, timeline_wait_label(t, span->event, label),
                            w - 12, fitted)[0] == '\0')
            continue;
        double tw = font_width(r->fonts, FONT_SANS, 11, fitted);
        bool blocked = span->state == LANE_BLOCKED;

        scene_rect(r->scene, x + 5, y + BAR / 2.0 - 7, tw + 6, 14,
                   blocked ? r->theme->states[LANE_BLOCKED].fill : r->theme->background);
        scene_text(r->scene, FONT_SANS, 11, x + 8, y + BAR / 2.0 + 4,
                   blocked ? r->theme->states[LANE_BLOCKED].text : r->theme->ink2, fitted);
    }
}

char *report_fit_part(const struct fonts *fonts, enum font_face face, double size, const char *text,
                      double width, char out[FONT_TEXT_MAX])
{
    char whole[FONT_TEXT_MAX];

    (void)font_fit(fonts, face, size, font_clean(text, whole), width, out);
    if (strcmp(out, whole) != 0 && font_length(out) < FEWEST)
        out[0] = '\0';
    return out;
}

char *report_fit_op(const struct fonts *fonts, double size, const struct timeline *t, size_t event,
                    double width, char out[FONT_TEXT_MAX])
{
    char label[LABEL_MAX];

    (void)font_clean(timeline_op_label(t, event, label), out);
    if (font_width(fonts, FONT_SANS, size, out) <= width)
        return out;
    /* Of what is printed, a part says more than that something is. */
    if (t->trace->events[event].kind == SIM_EV_PRINT && width >= PART_LEAST)
        return font_fit(fonts, FONT_SANS, size, label, width, out);
    (void)font_clean(timeline_op_short(t, event, label), out);
    if (font_width(fonts, FONT_SANS, size, out) > width)
        out[0] = '\0';
    return out;
}

/* The operations of a lane, each with as much room as there is until the next. */
static void lane_ops(struct report *r, uint32_t lane, double y)
{
    const struct timeline *t = r->timeline;

    for (size_t i = 0; i < t->op_count; i++) {
        const struct op *op = &t->ops[i];
        int at = axis_slot(&r->axis, op->column);
        char fitted[FONT_TEXT_MAX];

        if (op->lane != lane || at == r->axis.count || r->axis.slots[at].column != op->column)
            continue;
        const struct slot *slot = &r->axis.slots[at];

        scene_line(r->scene, slot->x, y, slot->x, y + BAR, 1, r->theme->states[LANE_RUNNING].edge,
                   false);
        scene_text(r->scene, FONT_SANS, 11, slot->x + 3, y + BAR / 2.0 + 4,
                   r->theme->states[LANE_RUNNING].text,
                   report_fit_op(r->fonts, 11, t, op->event, slot->width - 4, fitted));
    }
}

void report_end_cap(struct scene *scene, const struct theme *theme, unsigned status, double x,
                    double y, double h)
{
    bool cancelled = status == SIM_CANCELLED;
    const struct state_colours *colours = status == SIM_OK ? &theme->done
                                          : cancelled      ? &theme->cancelled
                                                           : &theme->failed;
    double middle = y + h / 2;

    if (status == SIM_OK) {
        scene_rect(scene, x, y - 2, 3, h + 4, colours->edge);
        return;
    }
    scene_add(scene,
              (struct shape){.kind = cancelled ? SHAPE_DISC : SHAPE_RECT,
                             .x = cancelled ? x + 6 : x,
                             .y = cancelled ? middle : middle - 6,
                             .w = cancelled ? 6 : 12,
                             .h = 12,
                             .fill = colours->fill,
                             .edge = colours->edge,
                             .edge_width = 1},
              NULL);
    scene_line(scene, x + 3, middle + 3, x + 9, middle - 3, 1.5, colours->text, false);
    if (!cancelled)
        scene_line(scene, x + 3, middle - 3, x + 9, middle + 3, 1.5, colours->text, false);
}

static void lane_end(struct report *r, const struct lane *lane, double y)
{
    if (lane->ended == UINT32_MAX || r->axis.count == 0 ||
        lane->ended > r->axis.slots[r->axis.count - 1].column + 1)
        return;
    r->ends[lane->status == SIM_OK ? 0 : lane->status == SIM_CANCELLED ? 1 : 2] = true;
    report_end_cap(r->scene, r->theme, lane->status, axis_x(&r->axis, lane->ended), y, BAR);
}

static void lane_holds(struct report *r, uint32_t lane, double y)
{
    const struct timeline *t = r->timeline;
    char name[REGISTRY_NAME_MAX];
    char text[REGISTRY_NAME_MAX + 16];
    char fitted[FONT_TEXT_MAX];

    for (size_t i = 0; i < t->hold_count; i++) {
        const struct hold *hold = &t->holds[i];
        double x = axis_x(&r->axis, hold->from);
        double w = axis_x(&r->axis, hold->to) - x;
        double at = y + BAR + 7 + HOLD_PITCH * (double)hold->row;

        if (hold->lane != lane || w < 2)
            continue;
        r->holds = true;
        scene_rect(r->scene, x, at - 1.5, w, 3, r->theme->hold);
        scene_rect(r->scene, x, at - 4, 1.5, 8, r->theme->hold);
        scene_rect(r->scene, x + w - 1.5, at - 4, 1.5, 8, r->theme->hold);
        (void)registry_name(t->trace->registry, hold->object, name);
        (void)snprintf(text, sizeof(text), "holds %s", name);
        if (report_fit_part(r->fonts, FONT_BOLD, 10, text, w - 20, fitted)[0] == '\0' &&
            report_fit_part(r->fonts, FONT_BOLD, 10, name, w - 20, fitted)[0] == '\0')
            continue;
        scene_rect(r->scene, x + 6, at - 6, font_width(r->fonts, FONT_BOLD, 10, fitted) + 8, 12,
                   r->theme->background);
        scene_text(r->scene, FONT_BOLD, 10, x + 10, at + 3.6, r->theme->ink, fitted);
    }
}

void report_lanes(struct report *r)
{
    const struct timeline *t = r->timeline;
    double height = 10;
    char name[REGISTRY_NAME_MAX];
    char fitted[FONT_TEXT_MAX];

    for (int i = 0; i < r->involved_count; i++)
        height += LANE_PITCH + HOLD_PITCH * t->lanes[r->involved[i]].hold_rows;
    for (int i = 0; i < r->axis.count; i++)
        if (r->axis.slots[i].ns == 0 && (r->axis.slots[i].width > 16 || i % 4 == 0))
            scene_line(r->scene, r->axis.slots[i].x, r->y - 2, r->axis.slots[i].x, r->y + height, 1,
                       r->theme->grid, false);
    r->y += 10;
    for (int i = 0; i < r->involved_count; i++) {
        const struct lane *lane = &t->lanes[r->involved[i]];

        r->lane_top[i] = r->y;
        scene_text(r->scene, FONT_BOLD, 12, MARGIN, r->y + 14, r->theme->ink,
                   font_fit(r->fonts, FONT_BOLD, 12,
                            registry_name(t->trace->registry, lane->actor, name), LANE_NAMES - 12,
                            fitted));
        lane_spans(r, lane, r->y);
        lane_ops(r, r->involved[i], r->y);
        lane_end(r, lane, r->y);
        lane_holds(r, r->involved[i], r->y);
        r->y += LANE_PITCH + HOLD_PITCH * lane->hold_rows;
    }
    r->lanes_bottom = r->y - 6;
}

static double bar_of(const struct report *r, uint32_t lane)
{
    for (int i = 0; i < r->involved_count; i++)
        if (r->involved[i] == lane)
            return r->lane_top[i];
    return -1;
}

static void arrows(struct report *r)
{
    int drawn = 0;

    for (size_t i = 0; i < r->timeline->arrow_count && drawn < ARROWS_MAX; i++) {
        const struct arrow *arrow = &r->timeline->arrows[i];
        int at = axis_slot(&r->axis, arrow->column);
        double from = bar_of(r, arrow->from_lane);
        double to = bar_of(r, arrow->to_lane);

        if (from < 0 || to < 0 || at == r->axis.count || r->axis.slots[at].column != arrow->column)
            continue;
        double x = r->axis.slots[at].x + r->axis.slots[at].width - 2;
        double y = to > from ? from + BAR : from;
        bool spawn = arrow->kind == ARROW_SPAWN;

        scene_add(r->scene,
                  (struct shape){.kind = SHAPE_ARROW,
                                 .x = x,
                                 .y = y,
                                 .h = (to > from ? to + 4 : to + BAR - 4) - y,
                                 .edge = spawn ? r->theme->ink2 : r->theme->ink,
                                 .edge_width = 1.2,
                                 .dashed = spawn},
                  NULL);
        *(spawn ? &r->spawns : &r->wakes) = true;
        drawn++;
    }
}

/* The two accesses that conflict: the last two steps of the story. */
static void conflict(struct report *r)
{
    const struct sim_finding *f = r->finding;

    if (f == NULL || f->step_count < 2 ||
        (f->kind != SIM_FINDING_LOST_UPDATE && f->kind != SIM_FINDING_DATA_RACE))
        return;
    const struct finding_step *a = &f->steps[f->step_count - 2];
    const struct finding_step *b = &f->steps[f->step_count - 1];
    uint32_t lane_a = a->actor == 0 ? UINT32_MAX : r->timeline->lane_of[a->actor - 1];
    uint32_t lane_b = b->actor == 0 ? UINT32_MAX : r->timeline->lane_of[b->actor - 1];
    double ya = bar_of(r, lane_a);
    double yb = bar_of(r, lane_b);

    if (ya < 0 || yb < 0 || lane_a == lane_b)
        return;
    uint32_t column_a = timeline_column_of_step(r->timeline, a->step);
    uint32_t column_b = timeline_column_of_step(r->timeline, b->step);
    double xa = axis_x(&r->axis, column_a) + 14;
    double xb = axis_x(&r->axis, column_b) + 14;

    if (!axis_has(&r->axis, column_a) || !axis_has(&r->axis, column_b))
        return;

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DOUBLE,
                             .x = xa,
                             .y = ya < yb ? ya + BAR : ya,
                             .w = xb - xa,
                             .h = (ya < yb ? yb : yb + BAR) - (ya < yb ? ya + BAR : ya),
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    r->conflict = true;
}

void report_marks(struct report *r)
{
    const struct sim_finding *f = r->finding;

    arrows(r);
    conflict(r);
    if (report_is_stuck(r))
        scene_line(r->scene, r->axis.x1, r->lanes_top - 4, r->axis.x1, r->lanes_bottom, 2,
                   r->theme->bug, true);
    for (int i = 0; f != NULL && i < f->step_count; i++) {
        uint32_t actor = f->steps[i].actor;
        double y = actor == 0 ? -1 : bar_of(r, r->timeline->lane_of[actor - 1]);
        uint32_t column = timeline_column_of_step(r->timeline, f->steps[i].step);

        if (y >= 0 && axis_has(&r->axis, column))
            report_disc(r, axis_x(&r->axis, column), y - 1, i + 1);
    }
}
