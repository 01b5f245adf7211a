/* The side panel of the window: all about the step in focus. */
#include <inttypes.h>
#include <stdio.h>

#include "render/window_draw.h"

enum { SOURCE_LINES = 9 };

static void side_line(struct drawing *d, enum font_face face, uint32_t colour, const char *text)
{
    draw_fitted(d, face, 11, d->v->width - VIEW_SIDE + 12, d->y, VIEW_SIDE - 20, colour, text);
    d->y += 16;
}

static void side_source(struct drawing *d, const struct sim_site *site)
{
    const struct view *v = d->v;
    char text[FONT_TEXT_MAX];

    if (site == NULL)
        return;
    d->y += 8;
    (void)snprintf(text, sizeof(text), "%.120s:%d", site->file, site->line);
    side_line(d, FONT_BOLD, d->theme->ink, text);
    for (int line = site->line - SOURCE_LINES / 2; line <= site->line + SOURCE_LINES / 2; line++) {
        const char *code = v->options->source_line == NULL || line < 1
                               ? NULL
                               : v->options->source_line(v->options->source_arg, site->file, line);

        if (code == NULL)
            continue;
        if (line == site->line)
            scene_rect(d->scene, v->width - VIEW_SIDE + 4, d->y - 12, VIEW_SIDE - 8, 16,
                       d->theme->bug_tint);
        (void)snprintf(text, sizeof(text), "%3d %.400s", line, code);
        draw_fitted(d, FONT_MONO, 10, v->width - VIEW_SIDE + 8, d->y, VIEW_SIDE - 16, d->theme->ink,
                    text);
        d->y += 16;
    }
}

static void side_locks(struct drawing *d, uint32_t column)
{
    const struct timeline *t = d->v->timeline;
    char lock[REGISTRY_NAME_MAX];
    char actor[REGISTRY_NAME_MAX];
    char text[FONT_TEXT_MAX];
    int lines = 0;

    for (size_t i = 0; i < t->hold_count && lines < 8; i++) {
        const struct hold *hold = &t->holds[i];

        if (column < hold->from || column >= hold->to)
            continue;
        if (lines++ == 0) {
            d->y += 8;
            side_line(d, FONT_BOLD, d->theme->ink, "locks held here");
        }
        (void)snprintf(text, sizeof(text), "%s: %s",
                       registry_name(t->trace->registry, hold->object, lock),
                       registry_name(t->trace->registry, t->lanes[hold->lane].actor, actor));
        side_line(d, FONT_SANS, d->theme->ink, text);
    }
}

/* What else the step brought about: who was woken, what was chosen. */
static void side_consequences(struct drawing *d)
{
    const struct trace *trace = d->v->trace;
    char name[REGISTRY_NAME_MAX];
    char text[FONT_TEXT_MAX];

    for (size_t i = d->v->focus + 1;
         i < trace->event_count && trace->events[i].step == trace->events[d->v->focus].step; i++) {
        const struct sim_event *e = &trace->events[i];

        if (e->kind == SIM_EV_WAKE)
            (void)snprintf(text, sizeof(text), "wakes %s",
                           registry_name(trace->registry, e->object, name));
        else if (e->kind == SIM_EV_CHOICE)
            (void)snprintf(text, sizeof(text), "choice: option %" PRId64 " of %" PRId64,
                           (e->value >> 32) + 1, e->value & 0xFFFFFFFF);
        else
            continue;
        side_line(d, FONT_SANS, d->theme->ink2, text);
    }
}

void draw_side(struct drawing *d)
{
    const struct view *v = d->v;
    const struct trace *trace = v->trace;
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];
    char text[FONT_TEXT_MAX];

    scene_rect(d->scene, v->width - VIEW_SIDE, VIEW_TOP - 14, VIEW_SIDE, v->height,
               d->theme->panel);
    if (trace->event_count == 0)
        return;
    const struct sim_event *e = &trace->events[v->focus];

    d->y = VIEW_TOP + 8;
    (void)snprintf(text, sizeof(text), "step %u at %s", e->step, timeline_time(e->time_ns, label));
    side_line(d, FONT_BOLD, d->theme->ink, text);
    side_line(d, FONT_SANS, d->theme->ink,
              e->actor == 0 ? "the event loop" : registry_name(trace->registry, e->actor, name));
    side_line(d, FONT_SANS, d->theme->ink, timeline_op_label(v->timeline, v->focus, label));
    if (timeline_wait_label(v->timeline, v->focus, label)[0] != '\0')
        side_line(d, FONT_SANS, d->theme->ink2, label);
    side_consequences(d);
    side_locks(d, v->timeline->column_of[v->focus]);
    side_source(d, registry_site_at(trace->registry, e->site));
    for (int i = 0; trace->finding_count > 0 && i < trace->findings[0].step_count; i++) {
        if (i == 0) {
            d->y += 8;
            side_line(d, FONT_BOLD, d->theme->bug, sim_finding_badge(trace->findings[0].kind));
        }
        (void)snprintf(text, sizeof(text), "%d  step %u: %s", i + 1,
                       trace->findings[0].steps[i].step, trace->findings[0].steps[i].caption);
        side_line(d, FONT_SANS, d->theme->ink, text);
    }
}
