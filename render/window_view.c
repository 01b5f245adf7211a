#include "render/window_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double lanes_width(const struct view *v)
{
    return v->width - VIEW_NAMES - VIEW_SIDE;
}

double view_top(const struct view *v)
{
    double middle = (VIEW_TOP + v->height - VIEW_BOTTOM) / 2;

    return v->pane == VIEW_WHOLE   ? VIEW_TOP
           : v->pane == VIEW_UPPER ? VIEW_TOP + VIEW_TITLE
                                   : middle + VIEW_TITLE;
}

double view_bottom(const struct view *v)
{
    return v->pane == VIEW_UPPER ? (VIEW_TOP + v->height - VIEW_BOTTOM) / 2
                                 : v->height - VIEW_BOTTOM;
}

double view_least_zoom(const struct view *v)
{
    return lanes_width(v) / v->columns;
}

void view_fit(struct view *v)
{
    v->left = 0;
    v->zoom = view_least_zoom(v);
    v->scroll = 0;
    view_clamp(v);
}

void view_init(struct view *v, const struct trace *trace, const struct timeline *timeline,
               const struct fonts *fonts, const struct render_options *options)
{
    *v = (struct view){.trace = trace,
                       .timeline = timeline,
                       .fonts = fonts,
                       .options = options,
                       .theme = options->theme,
                       .columns = timeline->columns,
                       .width = 1280,
                       .height = 800};
    view_fit(v);
    if (trace->finding_count > 0 && trace->findings[0].step_count > 0) {
        const struct sim_finding *f = &trace->findings[0];

        view_focus(v, timeline_event_of_step(timeline, f->steps[f->step_count - 1].step));
    }
}

void view_clamp(struct view *v)
{
    double least = view_least_zoom(v);
    double tall = (double)v->timeline->lane_count * VIEW_PITCH;
    double room = view_bottom(v) - view_top(v);

    v->zoom = v->zoom < least ? least : v->zoom > 200 ? 200 : v->zoom;
    double most = v->columns - lanes_width(v) / v->zoom;

    v->left = v->left > most ? most : v->left;
    v->left = v->left < 0 ? 0 : v->left;
    v->scroll = v->scroll > tall - room ? tall - room : v->scroll;
    v->scroll = v->scroll < 0 ? 0 : v->scroll;
}

void view_zoom(struct view *v, double factor, double x)
{
    double at = v->left + (x - VIEW_NAMES) / v->zoom;

    v->zoom *= factor;
    view_clamp(v);
    v->left = at - (x - VIEW_NAMES) / v->zoom;
    view_clamp(v);
}

double view_cursor(const struct view *v)
{
    double column = v->trace->event_count == 0 ? 0 : v->timeline->column_of[v->focus];
    double x = VIEW_NAMES + (column + 0.5 - v->left) * v->zoom;

    return x >= VIEW_NAMES && x <= v->width - VIEW_SIDE ? x : VIEW_NAMES + lanes_width(v) / 2;
}

static uint32_t lane_of_event(const struct view *v, size_t event)
{
    uint32_t actor = v->trace->events[event].actor;

    return actor == 0 ? UINT32_MAX : v->timeline->lane_of[actor - 1];
}

uint32_t view_lane(const struct view *v)
{
    return v->trace->event_count == 0 ? UINT32_MAX : lane_of_event(v, v->focus);
}

void view_focus(struct view *v, size_t event)
{
    if (event >= v->trace->event_count)
        return;
    double column = v->timeline->column_of[event];
    uint32_t lane = lane_of_event(v, event);
    double shown = lanes_width(v) / v->zoom;

    v->focus = event;
    if (column < v->left + 1 || column > v->left + shown - 2)
        v->left = column - shown / 2;
    if (lane != UINT32_MAX) {
        double y = (double)lane * VIEW_PITCH;
        double room = view_bottom(v) - view_top(v);

        if (y < v->scroll || y + VIEW_PITCH > v->scroll + room)
            v->scroll = y - room / 2;
    }
    view_clamp(v);
}

void view_step(struct view *v, int direction, bool same_lane)
{
    const struct trace *trace = v->trace;
    uint32_t step = trace->event_count == 0 ? 0 : trace->events[v->focus].step;
    uint32_t actor = trace->event_count == 0 ? 0 : trace->events[v->focus].actor;
    size_t at = v->focus;

    while (direction > 0 ? at + 1 < trace->event_count : at > 0) {
        at = direction > 0 ? at + 1 : at - 1;
        const struct sim_event *e = &trace->events[at];

        /* The operation is the first event of its step. */
        bool first = at == 0 || trace->events[at - 1].step != e->step;

        if (first && e->step != step && (!same_lane || e->actor == actor)) {
            view_focus(v, at);
            return;
        }
    }
}

/* The first event of the step next to that of an event; SIZE_MAX at the end. */
static size_t step_beside(const struct trace *trace, size_t at, int direction)
{
    uint32_t step = trace->events[at].step;

    while (direction > 0 ? at + 1 < trace->event_count : at > 0) {
        at = direction > 0 ? at + 1 : at - 1;
        if (trace->events[at].step != step &&
            (at == 0 || trace->events[at - 1].step != trace->events[at].step))
            return at;
    }
    return SIZE_MAX;
}

void view_switch(struct view *v, int direction)
{
    const struct trace *trace = v->trace;

    if (trace->event_count == 0)
        return;
    for (size_t at = step_beside(trace, v->focus, direction); at != SIZE_MAX;
         at = step_beside(trace, at, direction)) {
        size_t before = step_beside(trace, at, -1);

        if (before == SIZE_MAX || trace->events[before].actor != trace->events[at].actor) {
            view_focus(v, at);
            return;
        }
    }
}

const struct sim_finding *view_finding(const struct view *v)
{
    return v->finding < v->trace->finding_count ? &v->trace->findings[v->finding] : NULL;
}

/* The nearest step of a finding behind, or before, a step; 0: there is none. */
static uint32_t mark_beside(const struct sim_finding *f, uint32_t here, int direction)
{
    uint32_t best = 0;

    for (int i = 0; i < f->step_count; i++) {
        uint32_t step = f->steps[i].step;

        if (direction > 0 ? step > here && (best == 0 || step < best) : step < here && step > best)
            best = step;
    }
    return best;
}

void view_mark(struct view *v, int direction)
{
    const struct trace *trace = v->trace;
    uint32_t here = trace->event_count == 0 ? 0 : trace->events[v->focus].step;
    size_t finding = v->finding;

    while (finding < trace->finding_count) {
        uint32_t best = mark_beside(&trace->findings[finding], here, direction);

        if (best != 0) {
            v->finding = finding;
            view_focus(v, timeline_event_of_step(v->timeline, best));
            return;
        }
        /* The next finding is walked from its beginning, the previous from its end. */
        finding = direction > 0 ? finding + 1 : finding - 1;
        here = direction > 0 ? 0 : UINT32_MAX;
    }
}

/* The lane at a place; UINT32_MAX if there is none. */
static uint32_t lane_at(const struct view *v, double x, double y)
{
    double lane = floor((y - view_top(v) + v->scroll) / VIEW_PITCH);

    if (x < VIEW_NAMES || x > v->width - VIEW_SIDE || y < view_top(v) || y >= view_bottom(v) ||
        lane < 0 || lane >= (double)v->timeline->lane_count)
        return UINT32_MAX;
    return (uint32_t)lane;
}

void view_click(struct view *v, double x, double y)
{
    uint32_t lane = lane_at(v, x, y);
    double column = v->left + (x - VIEW_NAMES) / v->zoom;

    if (y >= v->height - VIEW_BOTTOM && x < v->width - VIEW_SIDE)
        view_focus(v, view_row(v, y));
    if (lane == UINT32_MAX)
        return;
    uint32_t actor = v->timeline->lanes[lane].actor;
    size_t best = v->focus;

    /* The actor's last event at or before the place: what it was doing there. */
    for (size_t i = 0; i < v->trace->event_count; i++) {
        if ((double)v->timeline->column_of[i] > column)
            break;
        if (v->trace->events[i].actor == actor)
            best = i;
    }
    /* The step is named by its operation, not by what followed from it. */
    size_t begin = v->trace->event_count == 0
                       ? best
                       : timeline_event_of_step(v->timeline, v->trace->events[best].step);

    v->focus =
        begin < v->trace->event_count && v->trace->events[begin].actor == actor ? begin : best;
}

const char *view_hint(const struct view *v, char text[VIEW_HINT_MAX])
{
    static const char *const states[] = {"created, not yet run", "ready to run", "running",
                                         "awaiting", "blocked"};
    const struct timeline *t = v->timeline;
    uint32_t index = lane_at(v, v->x, v->y);
    double column = v->left + (v->x - VIEW_NAMES) / v->zoom;
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];

    if (v->message != NULL && v->message[0] != '\0')
        return v->message;
    for (uint32_t i = 0; index != UINT32_MAX && i < t->lanes[index].span_count; i++) {
        const struct span *span = &t->spans[t->lanes[index].first_span + i];

        if (column < span->from || column >= span->to)
            continue;
        (void)timeline_wait_label(t, span->event, label);
        (void)snprintf(text, VIEW_HINT_MAX, "%.80s: %s, from step %u",
                       registry_name(v->trace->registry, t->lanes[index].actor, name),
                       label[0] != '\0' && span->state >= LANE_AWAITING ? label
                                                                        : states[span->state],
                       v->trace->events[span->event].step);
        return text;
    }
    return "Left and Right step \xC2\xB7 wheel zooms \xC2\xB7 drag pans \xC2\xB7 Space plays "
           "\xC2\xB7 ? shows all keys";
}
