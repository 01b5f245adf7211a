#include "render/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool report_has_lane(const struct report *r, uint32_t lane)
{
    for (int i = 0; i < r->involved_count; i++)
        if (r->involved[i] == lane)
            return true;
    return false;
}

static void involve(struct report *r, uint32_t actor)
{
    uint32_t lane = actor == 0 ? UINT32_MAX : r->timeline->lane_of[actor - 1];

    if (lane == UINT32_MAX || r->involved_count == INVOLVED_MAX || report_has_lane(r, lane))
        return;
    r->involved[r->involved_count++] = lane;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Those whom the finding names; without one, or among few, everybody. */
static void choose_lanes(struct report *r)
{
    const struct sim_finding *f = r->finding;

    for (int i = 0; f != NULL && i < f->step_count; i++)
        involve(r, f->steps[i].actor);
    for (int i = 0; f != NULL && i < f->edge_count; i++) {
        involve(r, f->edges[i].waiter);
        involve(r, f->edges[i].holder);
    }
    if (f == NULL || r->timeline->lane_count <= 6)
        for (uint32_t lane = 0; lane < r->timeline->lane_count; lane++)
            involve(r, r->timeline->lanes[lane].actor);
    qsort(r->involved, (size_t)r->involved_count, sizeof(r->involved[0]), compare);
}

bool report_begin(struct report *r, const struct trace *trace, const struct render_options *options)
{
    *r = (struct report){
        .trace = trace,
        .options = options,
        .theme = theme_of(options->theme),
        .timeline = timeline_new(trace),
        .finding = trace->finding_count > 0 ? &trace->findings[0] : NULL,
        .width = options->width,
        .y = MARGIN,
    };
    if (r->timeline == NULL)
        return false;
    choose_lanes(r);
    axis_choose(&r->axis, r->timeline, r->finding);
    return true;
}

void report_end(struct report *r)
{
    timeline_free(r->timeline);
}

bool render_report(const struct trace *trace, const struct render_options *options,
                   const struct fonts *fonts, struct scene *scene)
{
    struct report r;

    if (!report_begin(&r, trace, options))
        return false;
    r.fonts = fonts;
    r.scene = scene;
    scene->width = r.width;
    scene->background = r.theme->background;
    for (int i = 0; i < r.involved_count; i++)
        axis_want(&r.axis, r.timeline, fonts, r.involved[i], 11);
    if (trace->outcome == SIM_OUTCOME_STUCK)
        axis_want_end(&r.axis);
    axis_place(&r.axis, MARGIN + LANE_NAMES, r.width - MARGIN);
    report_head(&r);
    report_overview(&r);
    report_axis(&r);
    report_lanes(&r);
    report_marks(&r);
    report_others(&r);
    report_source(&r);
    report_legend(&r);
    report_foot(&r);
    scene->height = r.y + MARGIN - 8;
    report_end(&r);
    return !scene->out_of_memory;
}
