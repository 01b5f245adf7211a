/* The end of a report: what its signs mean, and how to see the run again. */
#include <stdio.h>

#include "render/report.h"
#include "sim/base/status.h"

static double legend_text(struct report *r, double x, const char *text)
{
    scene_text(r->scene, FONT_SANS, 11, x, r->y + 14, r->theme->ink, text);
    return x + font_width(r->fonts, FONT_SANS, 11, text) + 22;
}

static double legend_ends(struct report *r, double x)
{
    static const char *const names[] = {"done", "cancelled", "failed"};
    static const enum sim_status statuses[] = {SIM_OK, SIM_CANCELLED, SIM_VALUE_ERROR};

    for (int i = 0; i < 3; i++) {
        if (!r->ends[i])
            continue;
        report_end_cap(r->scene, r->theme, statuses[i], x, r->y + 2, 16);
        x = legend_text(r, x + (i == 0 ? 9 : 18), names[i]);
    }
    return x;
}

static void legend_arrow(struct report *r, double *x, bool present, const char *name,
                         enum shape_kind kind, uint32_t colour, bool dashed)
{
    if (!present)
        return;
    scene_add(r->scene,
              (struct shape){.kind = kind,
                             .x = *x,
                             .y = r->y + 10,
                             .w = 24,
                             .edge = colour,
                             .edge_width = 1.4,
                             .dashed = dashed},
              NULL);
    *x = legend_text(r, *x + 30, name);
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
        report_span(r->scene, r->theme, (enum lane_state)i, x, r->y, 26, 20);
        x = legend_text(r, x + 32, names[i]);
    }
    x = legend_ends(r, x);
    if (x > r->width - 330) {
        x = MARGIN;
        r->y += 22;
    }
    if (r->holds) {
        scene_rect(r->scene, x, r->y + 9, 26, 3, r->theme->hold);
        scene_rect(r->scene, x, r->y + 6, 1.5, 8, r->theme->hold);
        scene_rect(r->scene, x + 24.5, r->y + 6, 1.5, 8, r->theme->hold);
        x = legend_text(r, x + 32, "lock held");
    }
    legend_arrow(r, &x, r->wakes, "wakes", SHAPE_ARROW, r->theme->ink, false);
    legend_arrow(r, &x, r->spawns, "starts", SHAPE_ARROW, r->theme->ink2, true);
    legend_arrow(r, &x, r->conflict, "conflict", SHAPE_DOUBLE, r->theme->bug, false);
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
