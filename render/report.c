#include "render/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/story.h"

/* So many lanes are shown at full size, whether a finding names them or not. */
enum { FEW = 6 };

bool report_is_stuck(const struct report *r)
{
    return r->trace->outcome == SIM_OUTCOME_STUCK && axis_has_end(&r->axis, r->timeline);
}

bool report_has_lane(const struct report *r, uint32_t lane)
{
    for (int i = 0; i < r->involved_count; i++)
        if (r->involved[i] == lane)
            return true;
    return false;
}

bool report_is_alive(const struct report *r, uint32_t lane)
{
    const struct lane *l = &r->timeline->lanes[lane];

    for (uint32_t i = 0; i < l->span_count; i++) {
        const struct span *span = &r->timeline->spans[l->first_span + i];

        if (axis_x(&r->axis, span->to) - axis_x(&r->axis, span->from) > 0.5)
            return true;
    }
    return false;
}

static void involve_lane(struct report *r, uint32_t lane)
{
    if (lane == UINT32_MAX || r->involved_count == INVOLVED_MAX || report_has_lane(r, lane))
        return;
    r->involved[r->involved_count++] = lane;
}

static void involve(struct report *r, uint32_t actor)
{
    involve_lane(r, timeline_lane(r->timeline, actor));
}

uint32_t report_loop_of(const struct report *r, uint32_t lane)
{
    uint32_t actor = r->timeline->lanes[lane].actor;
    const struct sim_object *object = registry_object(r->trace->registry, actor);

    if (object->kind == SIM_OBJ_TASK)
        return object->parent;
    for (uint32_t other = 0; other < r->timeline->lane_count; other++) {
        const struct sim_object *task =
            registry_object(r->trace->registry, r->timeline->lanes[other].actor);

        if (task->kind == SIM_OBJ_TASK && task->parent == actor)
            return actor;
    }
    return 0;
}

uint32_t report_process_of(const struct report *r, uint32_t lane)
{
    const struct registry *registry = r->trace->registry;
    uint32_t actor = r->timeline->lanes[lane].actor;

    /* A thread belongs to the process of its creator, unless it is the first of one. */
    for (const struct sim_object *at = registry_object(registry, actor);
         at != NULL && (at->kind == SIM_OBJ_TASK || at->kind == SIM_OBJ_THREAD);
         actor = at->parent, at = registry_object(registry, actor)) {
        for (uint32_t id = 1; id <= registry_count(registry); id++) {
            const struct sim_object *process = registry_object(registry, id);

            if (process->kind == SIM_OBJ_PROCESS && process->parent == actor)
                return id;
        }
        if (at->parent >= actor)
            return 0;
    }
    return 0;
}

/* Where a lane stands among the others: the first process comes first; who belongs to no loop, last
 * in its process. */
struct place {
    uint32_t lane;
    uint32_t process;
    uint32_t loop;
};

static bool stands_after(const struct place *a, const struct place *b)
{
    if (a->process != b->process)
        return a->process > b->process;
    return b->loop != 0 && (a->loop == 0 || a->loop > b->loop);
}

/* Lanes of one process follow each other, if there are several, and in it those of one loop. */
static void group_lanes(struct report *r)
{
    struct place places[INVOLVED_MAX];
    uint32_t loop = 0;

    for (int i = 0; i < r->involved_count; i++) {
        uint32_t lane = r->involved[i];

        places[i] = (struct place){lane, report_process_of(r, lane), report_loop_of(r, lane)};
        r->by_process |= places[i].process != places[0].process;
        r->by_loop |= loop != 0 && places[i].loop != 0 && places[i].loop != loop;
        loop = loop == 0 ? places[i].loop : loop;
    }
    for (int i = 1; (r->by_process || r->by_loop) && i < r->involved_count; i++) {
        struct place place = places[i];
        int at = i;

        /* Insertion keeps the order within a loop. */
        for (; at > 0 && stands_after(&places[at - 1], &place); at--)
            places[at] = places[at - 1];
        places[at] = place;
    }
    for (int i = 0; i < r->involved_count; i++)
        r->involved[i] = places[i].lane;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Those who do something in what is shown. */
static void choose_active(struct report *r)
{
    const struct timeline *t = r->timeline;

    for (size_t i = 0; i < t->op_count && r->involved_count < INVOLVED_MAX; i++)
        if (axis_has(&r->axis, t->ops[i].column))
            involve(r, t->lanes[t->ops[i].lane].actor);
}

static void choose_named(struct report *r)
{
    const struct timeline *t = r->timeline;

    for (uint32_t lane = 0; lane < t->lane_count; lane++)
        if (report_is_named(r->trace, r->options, t->lanes[lane].actor))
            involve_lane(r, lane);
}

/* Those whom the finding names; without one, those who do something in what is shown; among few,
 * everybody. */
static void choose_lanes(struct report *r)
{
    const struct sim_finding *f = r->finding;
    const struct timeline *t = r->timeline;

    if (r->options->only_count > 0) {
        choose_named(r);
        return;
    }
    for (int i = 0; f != NULL && i < f->step_count; i++)
        involve_lane(r, story_lane(t, &f->steps[i]));
    for (int i = 0; f != NULL && i < f->edge_count; i++) {
        involve(r, f->edges[i].waiter);
        involve(r, f->edges[i].holder);
    }
    if (f == NULL || r->options->first_step > 0 || r->options->last_step > 0)
        choose_active(r);
    if (t->lane_count <= (f == NULL ? INVOLVED_MAX : FEW))
        for (uint32_t lane = 0; lane < t->lane_count; lane++)
            involve_lane(r, lane);
    qsort(r->involved, (size_t)r->involved_count, sizeof(r->involved[0]), compare);
}

/* Whether the picture is by time if nothing else is asked for. */
static bool is_about_time(const struct report *r)
{
    const struct trace *trace = r->trace;
    const struct sim_finding *f = r->finding;

    return trace->event_count > 0 && trace->events[trace->event_count - 1].time_ns > 0 &&
           (f == NULL || f->kind == SIM_FINDING_SLOW_CALLBACK ||
            f->kind == SIM_FINDING_TIMEOUT_RACE);
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
    r->axis.by_time =
        options->axis == RENDER_TIME || (options->axis == RENDER_AXIS_AUTO && is_about_time(r));
    if (options->first_step > 0)
        r->axis.from = timeline_column_of_step(r->timeline, options->first_step);
    if (options->last_step > 0 && options->last_step < UINT32_MAX)
        r->axis.until = timeline_column_of_step(r->timeline, options->last_step + 1);
    axis_choose(&r->axis, r->timeline, r->finding);
    choose_lanes(r);
    group_lanes(r);
    return true;
}

void report_end(struct report *r)
{
    timeline_free(r->timeline);
}

void report_lay_out(struct report *r, const struct fonts *fonts, struct scene *scene)
{
    r->fonts = fonts;
    r->scene = scene;
    scene->width = r->width;
    scene->background = r->theme->background;
    for (int i = 0; i < r->involved_count; i++)
        axis_want(&r->axis, r->timeline, fonts, r->involved[i], 11);
    if (report_is_stuck(r))
        axis_want_end(&r->axis);
    axis_place(&r->axis, MARGIN + LANE_NAMES, r->width - MARGIN);
    report_head(r);
    report_overview(r);
    report_fate(r);
    report_axis(r);
    report_lanes(r);
    report_marks(r);
    report_rows(r);
    report_others(r);
    report_source(r);
    report_legend(r);
    report_foot(r);
    if (r->options->tips)
        report_tips(r);
    scene->height = r->y + MARGIN - 8;
}

bool render_report(const struct trace *trace, const struct render_options *options,
                   const struct fonts *fonts, struct scene *scene)
{
    struct report r;

    if (!report_begin(&r, trace, options))
        return false;
    report_lay_out(&r, fonts, scene);
    report_end(&r);
    return !scene->out_of_memory;
}
