/* The side panel of the window: all about the step in focus, and how everything stands after it. */
#include <inttypes.h>
#include <stdio.h>

#include "render/window_draw.h"
#include "render/world.h"

enum { SOURCE_LINES = 9, LINE = SIDE_LINE, GAP = SIDE_GAP };

void side_line(struct drawing *d, enum font_face face, uint32_t colour, const char *text)
{
    draw_fitted(d, face, 11, d->v->width - VIEW_SIDE + 12, d->y, VIEW_SIDE - 20, colour, text);
    d->y += LINE;
}

void side_hit(struct drawing *d, enum view_hit what, size_t index)
{
    struct view_hits *hits = d->v->hits;

    if (hits == NULL || hits->count == HITS_MAX)
        return;
    hits->list[hits->count].y = d->y - 12;
    hits->list[hits->count].what = what;
    hits->list[hits->count++].index = index;
}

static void side_source(struct drawing *d, const struct sim_site *site)
{
    const struct view *v = d->v;
    char text[FONT_TEXT_MAX];

    if (site == NULL)
        return;
    d->y += GAP;
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
        d->y += LINE;
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
        else if (e->kind == SIM_EV_CHOICE && d->v->runs == NULL)
            (void)snprintf(text, sizeof(text), "choice: option %" PRId64 " of %" PRId64,
                           (e->value >> 32) + 1, e->value & 0xFFFFFFFF);
        else
            continue;
        side_line(d, FONT_SANS, d->theme->ink2, text);
    }
}

/* How many lines each part of a world has: of one that is longer than was asked for, one more. */
enum { PARTS_MAX = 16, LINES_MOST = 24 };

struct parts {
    int lines[PARTS_MAX];
    int count;
};

static void count_line(void *arg, enum world_words kind, uint32_t object, const char *text)
{
    struct parts *parts = arg;

    (void)object;
    (void)text;
    if (kind == WORLD_HEAD && parts->count < PARTS_MAX)
        parts->lines[parts->count++] = 0;
    else
        parts->lines[parts->count - 1]++;
}

/* The height with so many lines of each part at most. */
static double height_of(const struct parts *parts, int most)
{
    double height = 0;

    for (int i = 0; i < parts->count; i++)
        height += LINE + GAP + LINE * (parts->lines[i] > most ? most + 1 : parts->lines[i]);
    return height;
}

static void draw_line(void *arg, enum world_words kind, uint32_t object, const char *text)
{
    struct drawing *d = arg;
    const struct sim_event *e = &d->v->trace->events[d->v->focus];

    if (kind == WORLD_HEAD)
        d->y += GAP;
    if (kind == WORLD_WORDS && object != 0 && object == e->actor)
        scene_rect(d->scene, d->v->width - VIEW_SIDE + 4, d->y - 12, VIEW_SIDE - 8, LINE,
                   d->theme->grid);
    side_line(d, kind == WORLD_HEAD ? FONT_BOLD : FONT_SANS,
              kind == WORLD_MORE ? d->theme->ink2 : d->theme->ink, text);
}

/* As many lines of each part as there is room for. */
static void side_world(struct drawing *d, double room)
{
    struct world *world = d->v->world;
    struct parts parts = {.count = 0};
    int most = LINES_MOST;

    if (world == NULL)
        return;
    world_seek(world, world_after(d->v->trace, d->v->focus));
    world_tell(world, &(struct world_teller){count_line, &parts, LINES_MOST});
    while (most > 1 && height_of(&parts, most) > room)
        most--;
    world_tell(world, &(struct world_teller){draw_line, d, (size_t)most});
}

static void side_finding(struct drawing *d)
{
    const struct sim_finding *finding = view_finding(d->v);
    char text[FONT_TEXT_MAX];

    for (int i = 0; finding != NULL && i < finding->step_count; i++) {
        if (i == 0) {
            d->y += GAP;
            (void)snprintf(text, sizeof(text), "%s (%zu of %zu)", sim_finding_badge(finding->kind),
                           d->v->finding + 1, d->v->trace->finding_count);
            side_line(d, FONT_BOLD, d->theme->bug, text);
        }
        (void)snprintf(text, sizeof(text), "%d  step %u: %s", i + 1, finding->steps[i].step,
                       finding->steps[i].caption);
        side_line(d, FONT_SANS, d->theme->ink, text);
    }
}

static void side_step(struct drawing *d, const struct sim_event *e)
{
    const struct view *v = d->v;
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];
    char text[FONT_TEXT_MAX];

    (void)snprintf(text, sizeof(text), "step %u at %s", e->step, timeline_time(e->time_ns, label));
    side_line(d, FONT_BOLD, d->theme->ink, text);
    (void)snprintf(text, sizeof(text), "%s: %s",
                   e->actor == 0 ? "the event loop"
                                 : registry_name(v->trace->registry, e->actor, name),
                   timeline_op_label(v->timeline, v->focus, label));
    side_line(d, FONT_SANS, d->theme->ink, text);
    if (timeline_wait_label(v->timeline, v->focus, label)[0] != '\0')
        side_line(d, FONT_SANS, d->theme->ink2, label);
}

void draw_side(struct drawing *d)
{
    const struct view *v = d->v;
    const struct trace *trace = v->trace;
    double source = (SOURCE_LINES + 1) * LINE + 2 * GAP;

    scene_rect(d->scene, v->width - VIEW_SIDE, VIEW_TOP - 14, VIEW_SIDE, v->height,
               d->theme->panel);
    if (trace->event_count == 0)
        return;
    const struct sim_event *e = &trace->events[v->focus];
    double bottom = v->height - VIEW_HINT - GAP;

    d->y = VIEW_TOP + 8;
    side_step(d, e);
    side_consequences(d);
    side_choices(d, (bottom - d->y) / 3);
    side_runs(d, (bottom - d->y) / 3);
    side_finding(d);
    side_world(d, bottom - source - d->y);
    if (d->y + source <= bottom + LINE) {
        d->y = bottom - source;
        side_source(d, registry_site_at(trace->registry, e->site));
    }
}
