/* The axis of a report: steps, virtual time, and where some of either is left out. */
#include <inttypes.h>
#include <stdio.h>

#include "render/report.h"

enum { APART = 10, FOLD_HALF = 6 };

/* What has been written in a row, so that nothing is written over it. */
struct written {
    double from[2 * AXIS_SLOTS_MAX];
    double to[2 * AXIS_SLOTS_MAX];
    int count;
};

static bool is_free(const struct written *row, double from, double to)
{
    for (int i = 0; i < row->count; i++)
        if (from < row->to[i] && to > row->from[i])
            return false;
    return true;
}

static void take(struct written *row, double from, double to)
{
    row->from[row->count] = from;
    row->to[row->count++] = to;
}

static void zigzag(struct report *r, double x, double y)
{
    x -= FOLD_HALF;
    for (int i = 0; i < 4; i++)
        scene_line(r->scene, x + 3 * i, y + (i % 2 == 0 ? 0 : 5), x + 3 * i + 3,
                   y + (i % 2 == 0 ? 5 : 0), 1.2, r->theme->ink2, false);
}

double report_fold(const struct report *r, int slot)
{
    const struct slot *at = &r->axis.slots[slot];
    int last = slot;

    if (at->folded)
        return at->x - AXIS_FOLD / 2.0;
    if (!at->squeezed)
        return -1;
    while (last + 1 < r->axis.count && r->axis.slots[last + 1].ns == at->ns)
        last++;
    return (at->x + r->axis.slots[last].x + r->axis.slots[last].width) / 2;
}

void report_fold_mark(struct report *r, double x, double y)
{
    zigzag(r, x, y);
}

/* A label at a slot, moved in from the picture's edge, if there is room. */
static bool put_label(struct report *r, struct written *row, double x, double y, const char *text)
{
    double w = font_width(r->fonts, FONT_SANS, 10, text);

    if (x + w > r->width - 8)
        x = r->width - 8 - w;
    if (!is_free(row, x, x + w))
        return false;
    take(row, x - APART, x + w + APART);
    scene_text(r->scene, FONT_SANS, 10, x, y, r->theme->ink2, text);
    return true;
}

/* The first event in a slot; NULL if it stands for time alone. */
static const struct sim_event *step_at(const struct report *r, int slot)
{
    bool exact = false;
    const struct sim_event *e = timeline_event_at(r->timeline, r->axis.slots[slot].column, &exact);

    return exact ? e : NULL;
}

static bool is_in(const uint32_t *steps, int count, uint32_t step)
{
    for (int i = 0; i < count; i++)
        if (steps[i] == step)
            return true;
    return false;
}

/* Steps of the story come first, then what has room. */
static void put_steps(struct report *r, double y)
{
    struct written row = {.count = 0};
    uint32_t shown[AXIS_SLOTS_MAX];
    int count = 0;
    char text[LABEL_MAX];

    scene_text(r->scene, FONT_SANS, 10, MARGIN, y, r->theme->ink2, "step");
    for (int i = 0; i < r->axis.count; i++) {
        double x = report_fold(r, i);

        if (x < 0)
            continue;
        zigzag(r, x, y - 6);
        take(&row, x - FOLD_HALF - 2, x + FOLD_HALF + 2);
        r->folds = true;
    }
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < r->axis.count; i++) {
            const struct sim_event *e = step_at(r, i);

            if (e == NULL || r->axis.slots[i].key != (pass == 0) || is_in(shown, count, e->step))
                continue;
            (void)snprintf(text, sizeof(text), "%u", e->step);
            if (put_label(r, &row, r->axis.slots[i].x, y, text))
                shown[count++] = e->step;
        }
    }
}

static void put_times(struct report *r, double y)
{
    struct written row = {.count = 0};
    int64_t shown_ns = -1;
    char text[LABEL_MAX];

    scene_text(r->scene, FONT_SANS, 10, MARGIN, y, r->theme->ink2, "virtual time");
    for (int i = 0; i < r->axis.count; i++) {
        const struct sim_event *e = step_at(r, i);

        if (e != NULL && e->time_ns != shown_ns &&
            put_label(r, &row, r->axis.slots[i].x, y, timeline_time(e->time_ns, text)))
            shown_ns = e->time_ns;
    }
}

void report_axis(struct report *r)
{
    const struct trace *trace = r->trace;

    put_steps(r, r->y + 10);
    r->y += 20;
    if (trace->event_count > 0 && trace->events[trace->event_count - 1].time_ns > 0) {
        put_times(r, r->y + 4);
        r->y += 14;
    }
    r->lanes_top = r->y;
}
