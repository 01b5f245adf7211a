/* The side panel of the window: all about the step in focus, and how everything stands after it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/window_draw.h"
#include "render/window_walk.h"
#include "render/world.h"

enum { LINE = SIDE_LINE, GAP = SIDE_GAP, ARROWS_MOST = 3 };

void side_line(struct drawing *d, enum font_face face, uint32_t colour, const char *text)
{
    draw_fitted(d, face, 11, d->v->width - VIEW_SIDE + 12, d->y, VIEW_SIDE - 20, colour, text);
    d->y += LINE;
}

void side_hit(struct drawing *d, enum view_hit what, size_t index)
{
    draw_hit(d, &(struct box){d->v->width - VIEW_SIDE, d->y - 12, VIEW_SIDE, HIT_HEIGHT}, what,
             index);
}

/* Who woke the one in focus, or started him, so that he came here; whom this step wakes. */
static void side_arrows(struct drawing *d)
{
    const struct view *v = d->v;
    const struct timeline *t = v->timeline;
    uint32_t lane = view_lane(v);
    uint32_t column = t->column_of[v->focus];
    const struct arrow *arrow =
        lane == UINT32_MAX || column == 0 ? NULL : index_arrow_to(v->index, lane, column - 1);
    char name[REGISTRY_NAME_MAX];
    char text[FONT_TEXT_MAX];

    if (arrow != NULL) {
        size_t event = view_arrow_event(v, arrow);

        (void)snprintf(text, sizeof(text), "%s by %s at step %u  [",
                       arrow->kind == ARROW_SPAWN ? "started" : "last woken",
                       registry_name(v->trace->registry, t->lanes[arrow->from_lane].actor, name),
                       v->trace->events[event].step);
        side_hit(d, HIT_EVENT, event);
        side_line(d, FONT_SANS, d->theme->ink2, text);
    }
    int count = 0;

    for (size_t i = timeline_arrow_at(t, column);
         i < t->arrow_count && t->arrows[i].column == column; i++) {
        if (t->arrows[i].from_lane != lane || count++ >= ARROWS_MOST)
            continue;
        size_t event = index_event_beside(v->index, t->arrows[i].to_lane, v->focus, 1);

        (void)snprintf(
            text, sizeof(text), "%s %s  ]", t->arrows[i].kind == ARROW_SPAWN ? "starts" : "wakes",
            registry_name(v->trace->registry, t->lanes[t->arrows[i].to_lane].actor, name));
        if (event != SIZE_MAX)
            side_hit(d, HIT_EVENT, event);
        side_line(d, FONT_SANS, d->theme->ink2, text);
    }
    if (count > ARROWS_MOST) {
        (void)snprintf(text, sizeof(text), "and %d more", count - ARROWS_MOST);
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
    if (d->y > d->v->height - VIEW_HINT - 4)
        return;
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

/* The numbered steps of the finding, in two lines each where one is too short. */
static void side_finding(struct drawing *d)
{
    const struct view *v = d->v;
    const struct sim_finding *finding = view_finding(v);
    struct report r = {.fonts = v->fonts, .theme = d->theme, .scene = d->scene};
    char text[FONT_TEXT_MAX];

    for (int i = 0; finding != NULL && i < finding->step_count; i++) {
        if (i == 0) {
            d->y += GAP;
            (void)snprintf(text, sizeof(text), "%s (%zu of %zu)", sim_finding_badge(finding->kind),
                           v->finding + 1, v->trace->finding_count);
            side_line(d, FONT_BOLD, d->theme->bug, text);
        }
        (void)snprintf(text, sizeof(text), "%d", i + 1);
        scene_text(d->scene, FONT_BOLD, 11, v->width - VIEW_SIDE + 12, d->y, d->theme->bug, text);
        (void)snprintf(text, sizeof(text), "step %u: %s", finding->steps[i].step,
                       finding->steps[i].caption);
        side_hit(d, HIT_EVENT, timeline_event_of_step(v->timeline, finding->steps[i].step));
        d->y += LINE * report_wrap(&r,
                                   &(struct paragraph){.face = FONT_SANS,
                                                       .size = 11,
                                                       .x = v->width - VIEW_SIDE + 26,
                                                       .y = d->y,
                                                       .step = LINE - 2,
                                                       .width = VIEW_SIDE - 36,
                                                       .lines = 2,
                                                       .colour = d->theme->ink},
                                   text);
    }
}

static void side_step(struct drawing *d, const struct sim_event *e)
{
    const struct view *v = d->v;
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];
    char text[FONT_TEXT_MAX];

    const struct sim_site *site = registry_site_at(v->trace->registry, e->site);

    const char *slash = site == NULL ? NULL : strrchr(site->file, '/');

    (void)snprintf(text, sizeof(text), "step %u at %s", e->step, timeline_time(e->time_ns, label));
    if (site != NULL) {
        size_t length = strlen(text);

        (void)snprintf(text + length, sizeof(text) - length, " \xC2\xB7 %.120s:%d",
                       slash == NULL ? site->file : slash + 1, site->line);
    }
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

    scene_rect(d->scene, v->width - VIEW_SIDE, VIEW_TOP - 32, VIEW_SIDE, v->height,
               d->theme->panel);
    if (trace->event_count == 0)
        return;
    const struct sim_event *e = &trace->events[v->focus];
    double bottom = v->height - VIEW_HINT - GAP;

    d->y = VIEW_TOP - 8;
    side_step(d, e);
    side_arrows(d);
    side_choices(d, (bottom - d->y) / 3);
    side_runs(d, (bottom - d->y) / 3);
    side_finding(d);
    side_world(d, bottom - d->y);
}
