/* The source beside the list: where the one in focus is. */
#include <stdio.h>
#include <string.h>

#include "render/window_draw.h"

enum { LINES = 9, LINE = 14, NEAR = 64 };

/* The nearest place that the lane in focus tells, before the focus or behind it. */
static const struct sim_site *nearest(const struct view *v, uint32_t lane, int direction)
{
    const struct sim_site *site = NULL;
    size_t at = v->focus;

    for (int i = 0; i < NEAR && site == NULL; i++) {
        at = index_event_beside(v->index, lane, at, direction);
        if (at == SIZE_MAX)
            break;
        site = registry_site_at(v->trace->registry, v->trace->events[at].site);
    }
    return site;
}

/* Where the lane in focus stands: at the step; if that says nothing, where it last was, or where it
 * begins. */
static const struct sim_site *site_in_focus(const struct view *v)
{
    const struct sim_site *site =
        registry_site_at(v->trace->registry, v->trace->events[v->focus].site);
    uint32_t lane = view_lane(v);

    if (site == NULL && lane != UINT32_MAX)
        site = nearest(v, lane, -1);
    return site != NULL || lane == UINT32_MAX ? site : nearest(v, lane, 1);
}

static const char *line_of(const struct view *v, const struct sim_site *site, int line)
{
    return v->options->source_line == NULL || line < 1
               ? NULL
               : v->options->source_line(v->options->source_arg, site->file, line);
}

static void draw_line(struct drawing *d, const struct sim_site *site, int line, double y)
{
    const struct view *v = d->v;
    double x = draw_list_width(v);
    double right = v->width - VIEW_SIDE;
    const char *code = line_of(v, site, line);
    char text[FONT_TEXT_MAX];

    if (code == NULL)
        return;
    if (line == site->line) {
        scene_rect(d->scene, x + 6, y - 10.5, right - x - 10, LINE, d->theme->bug_tint);
        scene_rect(d->scene, x + 6, y - 10.5, 3, LINE, d->theme->ink);
    }
    (void)snprintf(text, sizeof(text), "%d", line);
    scene_text(d->scene, FONT_MONO, 10, x + 38 - font_width(v->fonts, FONT_MONO, 10, text), y,
               d->theme->ink2, text);
    draw_fitted(d, FONT_MONO, 10, x + 46, y, right - x - 54, d->theme->ink, code);
}

void draw_source(struct drawing *d)
{
    const struct view *v = d->v;
    const struct sim_site *site = v->trace->event_count == 0 ? NULL : site_in_focus(v);
    double x = draw_list_width(v);
    double y = v->height - VIEW_BOTTOM + 18;
    char text[FONT_TEXT_MAX];

    scene_rect(d->scene, x, v->height - VIEW_BOTTOM + 1, v->width - VIEW_SIDE - x, VIEW_BOTTOM,
               d->theme->panel);
    if (site == NULL) {
        scene_text(d->scene, FONT_SANS, 11, x + 10, y, d->theme->ink2,
                   "the event loop is nowhere in the source");
        return;
    }
    bool known = line_of(v, site, site->line) != NULL;

    (void)snprintf(text, sizeof(text), "%.160s:%d, in %.80s%s", site->file, site->line, site->func,
                   known ? "" : " (its text is not at hand)");
    draw_fitted(d, FONT_BOLD, 11, x + 10, y, v->width - VIEW_SIDE - x - 20, d->theme->ink, text);
    for (int i = 0; known && i < LINES; i++)
        draw_line(d, site, site->line - LINES / 2 + i, y + 4 + LINE * (i + 1));
}
