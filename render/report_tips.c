/* Tips: what a picture says of the place that one points at. */
#include <stdio.h>

#include "render/report.h"

enum { TIP_MAX = 1024 };

/* "step 9, at 10 ms" of the event at a column, or "the end". */
static char *moment(const struct report *r, uint32_t column, char out[LABEL_MAX])
{
    bool exact = false;
    const struct sim_event *e = timeline_event_at(r->timeline, column, &exact);
    char time[LABEL_MAX];

    if (e == NULL)
        (void)snprintf(out, LABEL_MAX, "the end");
    else
        (void)snprintf(out, LABEL_MAX, "step %u, at %.60s", e->step,
                       timeline_time(e->time_ns, time));
    return out;
}

/* A line with the place of an event in the source; "" if that is not known. */
static char *place(const struct report *r, const struct sim_event *e, char out[LABEL_MAX])
{
    const struct sim_site *site = registry_site_at(r->trace->registry, e->site);

    out[0] = '\0';
    if (site != NULL)
        (void)snprintf(out, LABEL_MAX, "\n%.72s:%d", site->file, site->line);
    return out;
}

static void span_tip(struct report *r, const struct span *span, double y, double h)
{
    const struct timeline *t = r->timeline;
    const struct sim_event *e = &r->trace->events[span->event];
    double x = axis_x(&r->axis, span->from);
    double w = axis_x(&r->axis, span->to) - x;
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];
    char from[LABEL_MAX];
    char to[LABEL_MAX];
    char where[LABEL_MAX];
    char text[TIP_MAX];

    if (w <= 0.5)
        return;
    (void)timeline_wait_label(t, span->event, label);
    (void)snprintf(text, sizeof(text), "%s: %s%s%s\n%s to %s%s",
                   registry_name(r->trace->registry, t->lanes[span->lane].actor, name),
                   timeline_state_name((enum lane_state)span->state), label[0] != '\0' ? ", " : "",
                   label, moment(r, span->from, from), moment(r, span->to, to),
                   span->state == LANE_RUNNING ? "" : place(r, e, where));
    scene_tip(r->scene, x, y, w, h, text);
}

static void span_tips(struct report *r, uint32_t index, double y, double h)
{
    const struct lane *lane = &r->timeline->lanes[index];

    for (uint32_t i = 0; i < lane->span_count; i++)
        span_tip(r, &r->timeline->spans[lane->first_span + i], y, h);
}

/* Over the spans: an operation is part of one. */
static void op_tips(struct report *r, uint32_t lane, double y)
{
    const struct timeline *t = r->timeline;

    for (size_t i = 0; i < t->op_count; i++) {
        const struct op *op = &t->ops[i];
        int at = axis_slot(&r->axis, op->column);
        char name[REGISTRY_NAME_MAX];
        char label[LABEL_MAX];
        char when[LABEL_MAX];
        char where[LABEL_MAX];
        char text[TIP_MAX];

        if (op->lane != lane || at == r->axis.count || r->axis.slots[at].column != op->column)
            continue;
        (void)snprintf(text, sizeof(text), "%s: %s\n%s%s",
                       registry_name(r->trace->registry, t->lanes[lane].actor, name),
                       timeline_op_label(t, op->event, label), moment(r, op->column, when),
                       place(r, &r->trace->events[op->event], where));
        scene_tip(r->scene, r->axis.slots[at].x, y, r->axis.slots[at].width, REPORT_BAR, text);
    }
}

static void hold_tips(struct report *r, uint32_t lane, double y)
{
    const struct timeline *t = r->timeline;

    for (size_t i = 0; i < t->hold_count; i++) {
        const struct hold *hold = &t->holds[i];
        double x = axis_x(&r->axis, hold->from);
        double w = axis_x(&r->axis, hold->to) - x;
        char object[REGISTRY_NAME_MAX];
        char name[REGISTRY_NAME_MAX];
        char from[LABEL_MAX];
        char to[LABEL_MAX];
        char text[TIP_MAX];

        if (hold->lane != lane || w < 2)
            continue;
        (void)snprintf(text, sizeof(text), "%s holds %s\nfrom %s to %s",
                       registry_name(r->trace->registry, t->lanes[lane].actor, name),
                       registry_name(r->trace->registry, hold->object, object),
                       moment(r, hold->from, from), moment(r, hold->to, to));
        scene_tip(r->scene, x, y + REPORT_BAR + 1 + REPORT_HOLD_PITCH * (double)hold->row, w,
                  REPORT_HOLD_PITCH, text);
    }
}

/* The numbered steps of the story, where the discs are. */
static void story_tips(struct report *r)
{
    const struct sim_finding *f = r->finding;

    for (int i = 0; f != NULL && i < f->step_count; i++) {
        const struct finding_step *step = &f->steps[i];
        uint32_t column = 0;
        double y = 0;
        char text[TIP_MAX];

        if (!report_place_step(r, i, &y, &column))
            continue;
        double x = report_number_x(r, i, column);

        (void)snprintf(text, sizeof(text), "%d. %s\nstep %u", i + 1, step->caption, step->step);
        scene_tip(r->scene, x - 8, y - 9, 16, 16, text);
    }
}

void report_tips(struct report *r)
{
    double y = r->others_top;

    for (int i = 0; i < r->involved_count; i++) {
        uint32_t lane = r->involved[i];

        span_tips(r, lane, r->lane_top[i], REPORT_BAR);
        op_tips(r, lane, r->lane_top[i]);
        hold_tips(r, lane, r->lane_top[i]);
    }
    story_tips(r);
    if (y <= 0)
        return;
    uint32_t last = 0;

    for (uint32_t lane = report_next_small(r, 0, &last); lane < r->timeline->lane_count;
         lane = report_next_small(r, last + 1, &last)) {
        span_tips(r, lane, y, 12);
        y += REPORT_SMALL_PITCH;
    }
}
