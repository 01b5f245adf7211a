#include "render/window_walk.h"

#include "render/window_draw.h"

void view_focus(struct view *v, size_t event)
{
    if (event >= v->trace->event_count)
        return;
    v->focus = event;

    double column = v->timeline->column_of[event];
    double shown = (v->width - VIEW_NAMES - VIEW_SIDE) / v->zoom;
    uint32_t lane = view_lane(v);

    if (column < v->left + 1 || column > v->left + shown - 2)
        v->left = column - shown / 2;
    if (lane != UINT32_MAX && view_lane_y(v, lane) > -1e8) {
        double top = view_top(v) + view_pins(v) * view_look(v)->pitch;
        double y = view_lane_y(v, lane);

        /* Those that are pinned are always in sight. */
        if (y + view_look(v)->pitch > view_bottom(v) || (y < top && !view_sees(v, lane)) ||
            (y < top && v->rows != NULL && v->rows->row_of[lane] >= view_pins(v)))
            v->scroll += y - (top + view_bottom(v)) / 2;
    }
    view_clamp(v);
}

size_t view_step_beside(const struct trace *trace, size_t at, int direction)
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

/* The same among the steps of the lane in focus: the operation is the first event of its step. */
static size_t own_step_beside(const struct view *v, int direction)
{
    const struct sim_event *events = v->trace->events;
    uint32_t lane = view_lane(v);
    size_t at = v->focus;

    do
        at = lane == UINT32_MAX ? view_step_beside(v->trace, at, direction)
                                : index_event_beside(v->index, lane, at, direction);
    while (at != SIZE_MAX && (events[at].step == events[v->focus].step ||
                              events[at].actor != events[v->focus].actor ||
                              (at > 0 && events[at - 1].step == events[at].step)));
    return at;
}

void view_step(struct view *v, int direction, bool same_lane)
{
    if (v->trace->event_count == 0)
        return;
    view_focus(v, same_lane ? own_step_beside(v, direction)
                            : view_step_beside(v->trace, v->focus, direction));
}

void view_switch(struct view *v, int direction)
{
    const struct trace *trace = v->trace;

    if (trace->event_count == 0)
        return;
    for (size_t at = view_step_beside(trace, v->focus, direction); at != SIZE_MAX;
         at = view_step_beside(trace, at, direction)) {
        size_t before = view_step_beside(trace, at, -1);

        if (before == SIZE_MAX || trace->events[before].actor != trace->events[at].actor) {
            view_focus(v, at);
            return;
        }
    }
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

bool view_mark(struct view *v, int direction)
{
    const struct trace *trace = v->trace;
    uint32_t here = trace->event_count == 0 ? 0 : trace->events[v->focus].step;
    size_t finding = v->finding;

    while (finding < trace->finding_count) {
        uint32_t best = mark_beside(&trace->findings[finding], here, direction);

        if (best != 0) {
            v->finding = finding;
            view_focus(v, timeline_event_of_step(v->timeline, best));
            return true;
        }
        /* The next finding is walked from its beginning, the previous from its end. */
        finding = direction > 0 ? finding + 1 : finding - 1;
        here = direction > 0 ? 0 : UINT32_MAX;
    }
    return false;
}

/* The step of an event of a lane is named by its operation, not by what followed from it. */
static size_t operation_of(const struct view *v, uint32_t lane, size_t event)
{
    size_t begin = timeline_event_of_step(v->timeline, v->trace->events[event].step);

    return v->trace->events[begin].actor == v->timeline->lanes[lane].actor ? begin : event;
}

size_t view_arrow_event(const struct view *v, const struct arrow *arrow)
{
    return operation_of(v, arrow->from_lane,
                        index_event_at(v->index, arrow->from_lane, arrow->column));
}

bool view_follow(struct view *v, int direction)
{
    const struct timeline *t = v->timeline;
    uint32_t lane = view_lane(v);

    if (lane == UINT32_MAX)
        return false;
    uint32_t column = t->column_of[v->focus];

    if (direction < 0) {
        /* What the focus stands on in its own column cannot have been woken in it. */
        const struct arrow *arrow = column == 0 ? NULL : index_arrow_to(v->index, lane, column - 1);

        if (arrow == NULL)
            return false;
        view_focus(v, view_arrow_event(v, arrow));
        return true;
    }
    const struct arrow *arrow = index_arrow_from(v->index, lane, column);

    if (arrow == NULL)
        return false;
    /* Who was woken goes on at its first event behind the arrow; perhaps it never does. */
    size_t from = view_arrow_event(v, arrow);
    size_t to = index_event_beside(v->index, arrow->to_lane, from, 1);

    view_focus(v, to == SIZE_MAX ? from : to);
    return to != SIZE_MAX;
}

void view_click(struct view *v, double x, double y)
{
    uint32_t lane = x < VIEW_NAMES ? UINT32_MAX : view_lane_at(v, x, y);
    double column = v->left + (x - VIEW_NAMES) / v->zoom;

    if (y >= v->height - VIEW_BOTTOM && x < draw_list_width(v))
        view_focus(v, view_row(v, y));
    if (lane == UINT32_MAX)
        return;
    /* The actor's last event at or before the place: what it was doing there. */
    size_t event = index_event_at(v->index, lane, (uint32_t)column);

    if (event != SIZE_MAX)
        v->focus = operation_of(v, lane, event);
}

bool view_enlarge(struct view *v, double x, double y)
{
    const struct span *span = view_span_at(v, x, y);

    if (span == NULL)
        return false;
    double length = (double)span->to - span->from;
    double margin = length * 0.15 < 1 ? 1 : length * 0.15;

    view_show(v, span->from - margin, span->to + margin);
    return true;
}
