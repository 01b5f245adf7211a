/* What was explored, in a report: a line for each above the lanes, and a sign where it happens. */
#include <stdio.h>

#include "render/explored.h"
#include "render/report.h"

enum { SIGN = 5 };

/* A clock, for a deadline before its turn; its middle is at x, y. */
static void clock_sign(const struct report *r, double x, double y)
{
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_DISC,
                             .x = x,
                             .y = y,
                             .w = SIGN,
                             .fill = r->theme->background,
                             .edge = r->theme->ink,
                             .edge_width = 1.5},
              NULL);
    scene_line(r->scene, x, y - 3, x, y, 1.5, r->theme->ink, false);
    scene_line(r->scene, x, y, x + 2.5, y, 1.5, r->theme->ink, false);
}

/* A square with a slash, or a question mark. */
static void square_sign(const struct report *r, double x, double y, enum explored kind)
{
    bool cancel = kind == EXPLORED_CANCEL;
    const struct state_colours *c = cancel ? &r->theme->cancelled : &r->theme->states[LANE_CREATED];

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = x - SIGN,
                             .y = y - SIGN,
                             .w = 2 * SIGN,
                             .h = 2 * SIGN,
                             .radius = 2,
                             .fill = c->fill,
                             .edge = c->edge,
                             .edge_width = 1.5},
              NULL);
    if (cancel)
        scene_line(r->scene, x - 2.5, y + 2.5, x + 2.5, y - 2.5, 2, c->text, false);
    else
        scene_text(r->scene, FONT_BOLD, 10, x - 3, y + 3.6, c->text, "?");
}

static void sign(const struct report *r, enum explored kind, double x, double y)
{
    if (kind == EXPLORED_EARLY)
        clock_sign(r, x, y);
    else
        square_sign(r, x, y, kind);
}

void report_explored_lines(struct report *r, double width)
{
    const struct trace *trace = r->trace;
    char text[EXPLORED_WORDS_MAX + 32];
    char words[EXPLORED_WORDS_MAX];
    char fitted[FONT_TEXT_MAX];
    size_t told = 0;
    size_t more = 0;

    for (size_t i = explored_next(trace, 0); i < trace->event_count;
         i = explored_next(trace, i + 1)) {
        if (told == EXPLORED_TOLD_MOST) {
            more++;
            continue;
        }
        told++;
        (void)snprintf(text, sizeof(text), "Tried at %s.",
                       explored_words(trace, &trace->events[i], words));
        scene_text(r->scene, FONT_SANS, 11, MARGIN, r->y + 12, r->theme->ink2,
                   font_fit(r->fonts, FONT_SANS, 11, text, width, fitted));
        r->y += 19;
    }
    if (more == 0)
        return;
    (void)snprintf(text, sizeof(text), "And %zu more that was tried.", more);
    scene_text(r->scene, FONT_SANS, 11, MARGIN, r->y + 12, r->theme->ink2, text);
    r->y += 19;
}

void report_explored_marks(struct report *r)
{
    const struct trace *trace = r->trace;

    for (size_t i = explored_next(trace, 0); i < trace->event_count;
         i = explored_next(trace, i + 1)) {
        const struct sim_event *e = &trace->events[i];
        enum explored kind = explored_kind(e);
        uint32_t column = r->timeline->column_of[i];
        uint32_t actor = kind == EXPLORED_CANCEL ? e->object : e->actor;
        double x = axis_x(&r->axis, column) + SIGN + 2;
        double y = r->lanes_top + SIGN - 1;

        if (!axis_has(&r->axis, column))
            continue;
        if (kind == EXPLORED_EARLY)
            scene_line(r->scene, x, y, x, r->lanes_bottom, 1.2, r->theme->ink2, true);
        else
            y = actor == 0 ? -1 : report_bar_of(r, timeline_lane(r->timeline, actor));
        if (y < 0)
            continue;
        sign(r, kind, x, y);
        r->explored[kind] = true;
    }
}

double report_explored_legend(struct report *r, double x, enum explored kind)
{
    sign(r, kind, x + SIGN, r->y + 10);
    return x + 2 * SIGN + 6;
}
