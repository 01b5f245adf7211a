#include "render/window_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/window_keys.h"
#include "render/window_walk.h"

static double lanes_width(const struct view *v)
{
    return v->width - VIEW_NAMES - VIEW_SIDE;
}

double view_top(const struct view *v)
{
    double middle = (VIEW_TOP + v->height - VIEW_BOTTOM) / 2;

    return v->pane == VIEW_WHOLE   ? VIEW_TOP
           : v->pane == VIEW_UPPER ? VIEW_TOP + VIEW_TITLE + VIEW_GAP
                                   : middle + VIEW_TITLE + VIEW_GAP;
}

double view_bottom(const struct view *v)
{
    return v->pane == VIEW_UPPER ? (VIEW_TOP + v->height - VIEW_BOTTOM) / 2
                                 : v->height - VIEW_BOTTOM;
}

const struct view_look *view_look(const struct view *v)
{
    static const struct view_look looks[LOOK_COUNT] = {
        [LOOK_DENSE] = {.pitch = 4, .bar = 3, .name = 10},
        [LOOK_LOW] = {.pitch = 15, .above = 2, .bar = 10, .name = 10},
        [LOOK_PLAIN] = {.pitch = VIEW_PITCH, .above = 5, .bar = 18, .letters = 10, .name = 11},
        [LOOK_HIGH] = {.pitch = 54, .above = 10, .bar = 32, .letters = 13, .name = 13},
    };

    return &looks[v->look];
}

/* Pins are always at the top; of the others, the row at y stays where it is. */
void view_change_look(struct view *v, int by, double y)
{
    double pitch = view_look(v)->pitch;
    double top = view_top(v) + view_pins(v) * pitch;
    double row = ((y < top ? 0 : y - top) + v->scroll) / pitch;

    v->look = v->look + by < 0 ? 0 : v->look + by >= LOOK_COUNT ? LOOK_COUNT - 1 : v->look + by;
    pitch = view_look(v)->pitch;
    top = view_top(v) + view_pins(v) * pitch;
    v->scroll = row * pitch - (y < top ? 0 : y - top);
    view_clamp(v);
}

uint32_t view_rows(const struct view *v)
{
    return v->rows == NULL ? v->timeline->lane_count : v->rows->count;
}

/* At most half of what there is room for: the others must be reached. */
uint32_t view_pins(const struct view *v)
{
    uint32_t room = (uint32_t)((view_bottom(v) - view_top(v)) / view_look(v)->pitch / 2);

    return v->rows == NULL ? 0 : v->rows->pinned < room ? v->rows->pinned : room;
}

uint32_t view_row_lane(const struct view *v, uint32_t row)
{
    return v->rows == NULL ? row : v->rows->lane_at[row];
}

double view_lane_y(const struct view *v, uint32_t lane)
{
    uint32_t row = v->rows == NULL ? lane : v->rows->row_of[lane];

    if (row == UINT32_MAX)
        return -1e9;
    return view_top(v) + (double)row * view_look(v)->pitch - (row < view_pins(v) ? 0 : v->scroll);
}

bool view_sees(const struct view *v, uint32_t lane)
{
    double y = view_lane_y(v, lane);
    uint32_t row = v->rows == NULL ? lane : v->rows->row_of[lane];
    double top = view_top(v) + (row < view_pins(v) ? 0 : view_pins(v)) * view_look(v)->pitch;

    if (v->pane == VIEW_WHOLE)
        return y > top - view_look(v)->pitch && y < view_bottom(v);
    return y >= top && y + view_look(v)->pitch <= view_bottom(v);
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

void view_resize(struct view *v, double width, double height)
{
    bool whole = v->zoom <= view_least_zoom(v) * 1.0001;

    v->width = width;
    v->height = height;
    if (whole)
        v->zoom = view_least_zoom(v);
    view_clamp(v);
}

void view_show(struct view *v, double from, double to)
{
    v->zoom = lanes_width(v) / (to - from < 1 ? 1 : to - from);
    v->left = from;
    view_clamp(v);
    /* A run that is shorter than that stands in the middle. */
    v->left = (from + to) / 2 - lanes_width(v) / v->zoom / 2;
    view_clamp(v);
}

void view_init(struct view *v, const struct index *index, const struct fonts *fonts,
               const struct render_options *options)
{
    const struct timeline *timeline = index->timeline;
    const struct trace *trace = timeline->trace;

    *v = (struct view){.trace = trace,
                       .timeline = timeline,
                       .index = index,
                       .fonts = fonts,
                       .options = options,
                       .theme = options->theme,
                       .columns = timeline->columns,
                       .width = 1280,
                       .height = 800,
                       .look = LOOK_PLAIN,
                       .speed = SPEED_FIRST};
    view_fit(v);
    if (trace->finding_count > 0 && trace->findings[0].step_count > 0) {
        const struct sim_finding *f = &trace->findings[0];

        view_focus(v, timeline_event_of_step(timeline, f->steps[f->step_count - 1].step));
    }
    if (options->first_step == 0 && options->last_step == 0)
        return;
    double from = timeline_column_of_step(timeline, options->first_step);
    double to = options->last_step == 0 ? v->columns
                                        : timeline_column_of_step(timeline, options->last_step) + 1;
    double here = trace->event_count == 0 ? from : timeline->column_of[v->focus];

    if (here < from || here >= to)
        view_focus(v, timeline_event_of_step(timeline, options->first_step));
    view_show(v, from, to);
}

void view_clamp(struct view *v)
{
    double least = view_least_zoom(v);
    double tall = (double)view_rows(v) * view_look(v)->pitch;
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

void view_go(struct view *v, double x)
{
    double column = (x - VIEW_NAMES) / lanes_width(v) * v->columns;

    v->left = column - lanes_width(v) / v->zoom / 2;
    view_clamp(v);
}

double view_cursor(const struct view *v)
{
    double column = v->trace->event_count == 0 ? 0 : v->timeline->column_of[v->focus];
    double x = VIEW_NAMES + (column + 0.5 - v->left) * v->zoom;

    return x >= VIEW_NAMES && x <= v->width - VIEW_SIDE ? x : VIEW_NAMES + lanes_width(v) / 2;
}

uint32_t view_lane(const struct view *v)
{
    uint32_t actor = v->trace->event_count == 0 ? 0 : v->trace->events[v->focus].actor;

    return timeline_lane(v->timeline, actor);
}

uint32_t view_lane_at(const struct view *v, double x, double y)
{
    double below = y - view_top(v);
    double pitch = view_look(v)->pitch;

    if (x > v->width - VIEW_SIDE || below < 0 || y >= view_bottom(v))
        return UINT32_MAX;
    double row = floor((below < view_pins(v) * pitch ? below : below + v->scroll) / pitch);

    return row < (double)view_rows(v) ? view_row_lane(v, (uint32_t)row) : UINT32_MAX;
}

const struct span *view_span_at(const struct view *v, double x, double y)
{
    const struct timeline *t = v->timeline;
    uint32_t lane = x < VIEW_NAMES ? UINT32_MAX : view_lane_at(v, x, y);
    double column = v->left + (x - VIEW_NAMES) / v->zoom;

    if (lane == UINT32_MAX)
        return NULL;
    uint32_t first = t->lanes[lane].first_span;
    uint32_t at = index_span(v->index, lane, first, column);

    return at < first + t->lanes[lane].span_count && (double)t->spans[at].from <= column
               ? &t->spans[at]
               : NULL;
}

const struct sim_finding *view_finding(const struct view *v)
{
    return v->finding < v->trace->finding_count ? &v->trace->findings[v->finding] : NULL;
}

/* What the button under the pointer does. */
static const char *button_hint(const struct view *v)
{
    for (int i = 0; v->hits != NULL && i < v->hits->count; i++) {
        double x = v->x - v->hits->list[i].x;
        double y = v->y - v->hits->list[i].y;

        if (v->hits->list[i].what == HIT_COMMAND && x >= 0 && x < v->hits->list[i].w && y >= 0 &&
            y < v->hits->list[i].h)
            return command_hint((enum command)v->hits->list[i].index);
    }
    return NULL;
}

const char *view_hint(const struct view *v, char text[VIEW_HINT_MAX])
{
    static const char *const states[] = {"created, not yet run", "ready to run", "running",
                                         "awaiting", "blocked"};
    const struct span *span = view_span_at(v, v->x, v->y);
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];

    if (v->message != NULL && v->message[0] != '\0')
        return v->message;
    if (span != NULL) {
        (void)timeline_wait_label(v->timeline, span->event, label);
        (void)snprintf(
            text, VIEW_HINT_MAX, "%.80s: %s, from step %u",
            registry_name(v->trace->registry, v->timeline->lanes[span->lane].actor, name),
            label[0] != '\0' && span->state >= LANE_AWAITING ? label : states[span->state],
            v->trace->events[span->event].step);
        return text;
    }
    const char *button = button_hint(v);

    return button != NULL ? button
                          : "Left and Right step \xC2\xB7 wheel zooms \xC2\xB7 drag pans "
                            "\xC2\xB7 Space plays \xC2\xB7 / searches \xC2\xB7 ? shows all keys";
}
