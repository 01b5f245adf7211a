/* The middle of a report: axis, lanes, marks and arrows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/report.h"
#include "sim/base/status.h"

enum {
    BAR = REPORT_BAR,
    LANE_PITCH = 34,
    GROUP_PITCH = 16,
    HOLD_PITCH = REPORT_HOLD_PITCH,
    ARROWS_MAX = 24,
    PART_LEAST = 70,
    FEWEST = 12
};

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

/* What somebody waits for, with who holds it if that fits, too. */
static char *fit_wait(struct report *r, const struct span *span, double w, char out[FONT_TEXT_MAX])
{
    char label[LABEL_MAX];
    char *holder = NULL;

    (void)font_clean(timeline_wait_label(r->timeline, span->event, label), out);
    /* Who held it when the wait began says nothing of later. */
    bool begins = axis_has(&r->axis, span->from);

    if (begins && font_width(r->fonts, FONT_SANS, 11, out) <= w)
        return out;
    holder = strstr(label, ", held by ");
    if (holder != NULL)
        *holder = '\0';
    return report_fit_part(r->fonts, FONT_SANS, 11, label, w, out);
}

/* The words on a span, and from where to where they stand; "" if there are none. */
static char *fit_label(struct report *r, const struct span *span, double *from, double *to,
                       char out[FONT_TEXT_MAX])
{
    double x = axis_x(&r->axis, span->from);
    double w = axis_x(&r->axis, span->to) - x;

    out[0] = '\0';
    if (w > 12)
        (void)fit_wait(r, span, w - 12, out);
    *from = x + 5;
    *to = x + 11 + font_width(r->fonts, FONT_SANS, 11, out);
    return out;
}

static void span_label(struct report *r, const struct span *span, double y)
{
    const struct state_colours *colours = &r->theme->states[span->state];
    bool rail = span->state == LANE_AWAITING;
    double from = 0;
    double to = 0;
    char fitted[FONT_TEXT_MAX];

    if (fit_label(r, span, &from, &to, fitted)[0] == '\0')
        return;
    scene_rect(r->scene, from, y + BAR / 2.0 - 7, to - from, 14,
               rail ? r->theme->background : colours->fill);
    scene_text(r->scene, FONT_SANS, 11, from + 3, y + BAR / 2.0 + 4,
               rail ? r->theme->ink2 : colours->text, fitted);
}

/* Whether there are words on a lane at x. */
static bool has_label(struct report *r, const struct lane *lane, double x)
{
    char fitted[FONT_TEXT_MAX];
    double from = 0;
    double to = 0;

    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &r->timeline->spans[lane->first_span + i];

        if (axis_x(&r->axis, span->from) < x && axis_x(&r->axis, span->to) > x &&
            fit_label(r, span, &from, &to, fitted)[0] != '\0' && from < x + 6 && to > x - 6)
            return true;
    }
    return false;
}

/* A bar is broken where columns are left out. */
static void lane_breaks(struct report *r, const struct lane *lane, double y)
{
    for (int i = 0; i < r->axis.count; i++) {
        double x = report_fold(r, i);
        uint32_t column = r->axis.slots[i].column;

        if (x < 0 || lane->span_count == 0 || column <= lane->born || column > lane->ended ||
            has_label(r, lane, x))
            continue;
        scene_rect(r->scene, x - 3, y - 1, 6, BAR + 2, r->theme->background);
        scene_line(r->scene, x - 5, y + BAR + 1, x - 1, y - 1, 1, r->theme->ink2, false);
        scene_line(r->scene, x + 1, y + BAR + 1, x + 5, y - 1, 1, r->theme->ink2, false);
    }
}

static void lane_spans(struct report *r, const struct lane *lane, double y)
{
    const struct span *spans = &r->timeline->spans[lane->first_span];

    for (uint32_t i = 0; i < lane->span_count; i++) {
        double x = axis_x(&r->axis, spans[i].from);
        double w = axis_x(&r->axis, spans[i].to) - x;

        if (w <= 0.5)
            continue;
        r->states[spans[i].state] = true;
        report_span(r->scene, r->theme, spans[i].state, x, y, w, BAR);
    }
    lane_breaks(r, lane, y);
    for (uint32_t i = 0; i < lane->span_count; i++)
        span_label(r, &spans[i], y);
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
    /* The beginning of what was printed says more than that something is. */
    if (t->trace->events[event].kind == SIM_EV_PRINT && width >= PART_LEAST)
        return font_fit(fonts, FONT_SANS, size, label, width, out);
    (void)font_clean(timeline_op_short(t, event, label), out);
    if (font_width(fonts, FONT_SANS, size, out) > width)
        (void)font_clean(timeline_op_brief(t, event, label), out);
    if (font_width(fonts, FONT_SANS, size, out) > width)
        out[0] = '\0';
    return out;
}

/* What a lane does in a column; running if it has no span there. */
static enum lane_state state_at(const struct timeline *t, const struct lane *lane, uint32_t column)
{
    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &t->spans[lane->first_span + i];

        if (span->from <= column && column < span->to)
            return (enum lane_state)span->state;
    }
    return LANE_RUNNING;
}

static void draw_op(struct report *r, const struct op *op, const struct slot *slot, double y)
{
    const struct timeline *t = r->timeline;
    const struct state_colours *colours =
        &r->theme->states[state_at(t, &t->lanes[op->lane], op->column)];
    char fitted[FONT_TEXT_MAX];
    char brief[LABEL_MAX];

    scene_line(r->scene, slot->x, y, slot->x, y + BAR, 1, r->theme->states[LANE_RUNNING].edge,
               false);
    if (report_fit_op(r->fonts, 11, t, op->event, slot->width - 4, fitted)[0] == '\0')
        return;
    r->briefs |= strcmp(fitted, timeline_op_brief(t, op->event, brief)) == 0;
    /* A bar that is lower than words is not crossed by them. */
    if (colours != &r->theme->states[LANE_RUNNING])
        scene_rect(r->scene, slot->x + 1, y + BAR / 2.0 - 7,
                   font_width(r->fonts, FONT_SANS, 11, fitted) + 4, 14, colours->fill);
    scene_text(r->scene, FONT_SANS, 11, slot->x + 3, y + BAR / 2.0 + 4, colours->text, fitted);
}

/* The operations of a lane, each with as much room as there is until the next; of several in one
 * step the first is told. */
static void lane_ops(struct report *r, uint32_t lane, double y)
{
    const struct timeline *t = r->timeline;
    uint32_t last = UINT32_MAX;

    for (size_t i = 0; i < t->op_count; i++) {
        const struct op *op = &t->ops[i];

        if (op->lane != lane || op->column == last || !axis_has(&r->axis, op->column))
            continue;
        last = op->column;
        draw_op(r, op, &r->axis.slots[axis_slot(&r->axis, op->column)], y);
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
        bool whole = font_width(r->fonts, FONT_BOLD, 10, text) <= w - 20;

        if (report_fit_part(r->fonts, FONT_BOLD, 10, whole ? text : name, w - 20, fitted)[0] ==
            '\0')
            continue;
        scene_rect(r->scene, x + 6, at - 6, font_width(r->fonts, FONT_BOLD, 10, fitted) + 8, 12,
                   r->theme->background);
        scene_text(r->scene, FONT_BOLD, 10, x + 10, at + 3.6, r->theme->ink, fitted);
    }
}

/* "main process", "process echo 1001"; one without a name is called "process-1" anyway. */
static void name_process(const struct report *r, uint32_t process, char out[LABEL_MAX])
{
    const struct sim_object *object = registry_object(r->trace->registry, process);
    char name[REGISTRY_NAME_MAX];

    if (object == NULL)
        (void)snprintf(out, LABEL_MAX, "main process");
    else
        (void)snprintf(out, LABEL_MAX, "%s%.60s", object->number == 0 ? "process " : "",
                       registry_name(r->trace->registry, process, name));
}

static uint32_t process_at(const struct report *r, int i)
{
    return i < 0 || i >= r->involved_count ? 0 : report_process_of(r, r->involved[i]);
}

/* Is this lane the only one of its process, which is not the first? */
static bool is_alone(const struct report *r, int i)
{
    uint32_t process = process_at(r, i);

    return process != 0 && process_at(r, i - 1) != process && process_at(r, i + 1) != process;
}

char *report_group(const struct report *r, int i, char out[LABEL_MAX])
{
    char name[REGISTRY_NAME_MAX];
    uint32_t loop = report_loop_of(r, r->involved[i]);
    uint32_t process = process_at(r, i);
    /* Processes of one lane each, as the workers of a pool, share their words. */
    bool alike = is_alone(r, i) && (is_alone(r, i - 1) || is_alone(r, i + 1));
    bool new_process = r->by_process && (i == 0 || process_at(r, i - 1) != process) &&
                       !(alike && is_alone(r, i - 1));
    bool new_loop = r->by_loop && !alike &&
                    (i == 0 || new_process || report_loop_of(r, r->involved[i - 1]) != loop);

    out[0] = '\0';
    if (new_process && alike)
        (void)snprintf(out, LABEL_MAX, "processes of one thread each");
    else if (new_process)
        name_process(r, process, out);
    /* Threads of their own need no word but that of their process. */
    if (!new_loop || (new_process && loop == 0))
        return out;
    size_t length = strlen(out);

    if (loop == 0)
        (void)snprintf(out + length, LABEL_MAX - length, "threads without a loop");
    else
        (void)snprintf(out + length, LABEL_MAX - length, "%sloop of %.60s", length > 0 ? ", " : "",
                       registry_name(r->trace->registry, loop, name));
    return out;
}

/* The words over a group of lanes. */
static void group_heading(struct report *r, int i)
{
    char text[LABEL_MAX];

    if (report_group(r, i, text)[0] == '\0')
        return;
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 2, r->theme->ink2, text);
    r->y += GROUP_PITCH;
}

void report_lanes(struct report *r)
{
    const struct timeline *t = r->timeline;
    double height = 10;
    char name[REGISTRY_NAME_MAX];
    char fitted[FONT_TEXT_MAX];

    for (int i = 0; i < r->involved_count; i++)
        height += LANE_PITCH + HOLD_PITCH * t->lanes[r->involved[i]].hold_rows +
                  (report_group(r, i, name)[0] != '\0' ? GROUP_PITCH : 0);
    for (int i = 0; i < r->axis.count; i++)
        if (r->axis.slots[i].ns == 0 && (r->axis.slots[i].width > 16 || i % 4 == 0))
            scene_line(r->scene, r->axis.slots[i].x, r->y - 2, r->axis.slots[i].x, r->y + height, 1,
                       r->theme->grid, false);
    r->y += 10;
    for (int i = 0; i < r->involved_count; i++) {
        const struct lane *lane = &t->lanes[r->involved[i]];

        group_heading(r, i);
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
