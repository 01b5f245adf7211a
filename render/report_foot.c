/* The end of a report: what its signs mean, and how to see the run again. */
#include <stdio.h>
#include <string.h>

#include "render/report.h"
#include "sim/base/status.h"

static double legend_text(struct report *r, double x, const char *text)
{
    scene_text(r->scene, FONT_SANS, 11, x, r->y + 14, r->theme->ink, text);
    return x + font_width(r->fonts, FONT_SANS, 11, text) + 22;
}

/* Begin the next line where a sign with its words would leave the picture. */
static double legend_room(struct report *r, double x, double sign, const char *text)
{
    if (x + sign + font_width(r->fonts, FONT_SANS, 11, text) <= r->width - MARGIN || x <= MARGIN)
        return x;
    r->y += 22;
    return MARGIN;
}

static double legend_ends(struct report *r, double x)
{
    static const char *const names[] = {"done", "cancelled", "failed"};
    static const enum sim_status statuses[] = {SIM_OK, SIM_CANCELLED, SIM_VALUE_ERROR};

    for (int i = 0; i < 3; i++) {
        if (!r->ends[i])
            continue;
        x = legend_room(r, x, 18, names[i]);
        report_end_cap(r->scene, r->theme, statuses[i], x, r->y + 2, 16);
        x = legend_text(r, x + (i == 0 ? 9 : 18), names[i]);
    }
    return x;
}

static double legend_arrow(struct report *r, double x, const char *name, enum shape_kind kind,
                           bool dashed)
{
    uint32_t colour = kind == SHAPE_DOUBLE ? r->theme->bug
                      : dashed             ? r->theme->ink2
                                           : r->theme->ink;

    x = legend_room(r, x, 30, name);
    scene_add(r->scene,
              (struct shape){.kind = kind,
                             .x = x,
                             .y = r->y + 10,
                             .w = 24,
                             .edge = colour,
                             .edge_width = 1.4,
                             .dashed = dashed},
              NULL);
    return legend_text(r, x + 30, name);
}

static double legend_arrows(struct report *r, double x)
{
    bool wakes = false;

    for (int i = 0; i < LINK_COUNT; i++)
        wakes |= i != LINK_START && r->links[i];
    if (wakes)
        x = legend_arrow(r, x, "wakes, or hands over", SHAPE_ARROW, false);
    if (r->links[LINK_START])
        x = legend_arrow(r, x, "starts", SHAPE_ARROW, true);
    if (r->conflict)
        x = legend_arrow(r, x, "conflict", SHAPE_DOUBLE, false);
    if (!r->heard)
        return x;
    x = legend_room(r, x, 34, "nobody hears it");
    scene_line(r->scene, x, r->y + 10, x + 20, r->y + 10, 2, r->theme->bug, true);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = x + 24,
                             .y = r->y + 10,
                             .w = 4,
                             .fill = r->theme->background,
                             .edge = r->theme->bug,
                             .edge_width = 2},
              NULL);
    return legend_text(r, x + 34, "nobody hears it");
}

static double legend_rows(struct report *r, double x)
{
    if (r->holds) {
        x = legend_room(r, x, 32, "lock held");
        scene_rect(r->scene, x, r->y + 9, 26, 3, r->theme->hold);
        scene_rect(r->scene, x, r->y + 6, 1.5, 8, r->theme->hold);
        scene_rect(r->scene, x + 24.5, r->y + 6, 1.5, 8, r->theme->hold);
        x = legend_text(r, x + 32, "lock held");
    }
    if (r->reads) {
        x = legend_room(r, x, 9, "read");
        scene_add(
            r->scene,
            (struct shape){
                .kind = SHAPE_DISC, .x = x + 2, .y = r->y + 11, .w = 2, .fill = r->theme->ink},
            NULL);
        x = legend_text(r, x + 9, "read");
    }
    if (r->briefs) {
        x = legend_room(r, x, 0, "R 1, W 2: reads 1, writes 2");
        x = legend_text(r, x, "R 1, W 2: reads 1, writes 2");
    }
    return x;
}

static double legend_explored(struct report *r, double x)
{
    static const char *const names[EXPLORED_COUNT] = {
        [EXPLORED_EARLY] = "deadline passes before its turn",
        [EXPLORED_CANCEL] = "cancelled from outside, as a trial",
        [EXPLORED_WAKE] = "wakes for no reason",
    };

    for (int i = EXPLORED_NOTHING + 1; i < EXPLORED_COUNT; i++) {
        if (!r->explored[i])
            continue;
        x = legend_room(r, x, 18, names[i]);
        x = legend_text(r, report_explored_legend(r, x, (enum explored)i), names[i]);
    }
    return x;
}

/* How many steps are left out. */
static uint32_t count_folded(const struct report *r)
{
    uint32_t shown = 0;
    uint32_t last = 0;

    for (int i = 0; i < r->axis.count; i++) {
        bool exact = false;
        const struct sim_event *e = timeline_event_at(r->timeline, r->axis.slots[i].column, &exact);

        shown += e != NULL && exact;
    }
    if (r->trace->event_count > 0)
        last = r->trace->events[r->trace->event_count - 1].step;
    return last > shown ? last - shown : 0;
}

static double legend_folds(struct report *r, double x)
{
    bool steps = false;
    bool times = false;
    char text[LABEL_MAX];

    for (int i = 0; i < r->axis.count; i++) {
        steps |= r->axis.slots[i].folded;
        times |= !r->axis.slots[i].folded && r->axis.slots[i].squeezed;
    }
    if (!steps && !times)
        return x;
    (void)snprintf(text, sizeof(text), "%u step%s left out", count_folded(r),
                   count_folded(r) == 1 ? "" : "s");
    if (!steps)
        (void)snprintf(text, sizeof(text), "time left out");
    else if (times)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), ", or time");
    x = legend_room(r, x, 18, text);
    report_fold_mark(r, x + 6, r->y + 8);
    return legend_text(r, x + 18, text);
}

void report_legend(struct report *r)
{
    static const char *const names[] = {"created", "ready", "running", "awaiting",
                                        "blocked on a lock"};
    double x = MARGIN;

    r->y += 12;
    for (int i = 0; i < LANE_STATE_COUNT; i++) {
        if (!r->states[i])
            continue;
        x = legend_room(r, x, 32, names[i]);
        report_span(r->scene, r->theme, (enum lane_state)i, x, r->y, 26, 20);
        x = legend_text(r, x + 32, names[i]);
    }
    x = legend_ends(r, x);
    x = legend_rows(r, x);
    x = legend_arrows(r, x);
    x = legend_explored(r, x);
    (void)legend_folds(r, x);
    r->y += 28;
}

void report_foot(struct report *r)
{
    char text[FONT_TEXT_MAX];
    char fitted[FONT_TEXT_MAX];

    if (r->options->replay == NULL)
        return;
    (void)snprintf(text, sizeof(text), "replay:  %.480s", r->options->replay);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = MARGIN,
                             .y = r->y,
                             .w = r->width - 2 * MARGIN,
                             .h = 22,
                             .radius = 3,
                             .fill = r->theme->panel},
              NULL);
    scene_text(r->scene, FONT_MONO, 10.5, MARGIN + 8, r->y + 15, r->theme->ink,
               font_fit(r->fonts, FONT_MONO, 10.5, text, r->width - 2 * MARGIN - 16, fitted));
    r->y += 26;
}
