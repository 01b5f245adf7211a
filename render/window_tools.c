/* Above the lanes: buttons, and the map of the whole run. */
#include <math.h>
#include <stdio.h>

#include "render/window_draw.h"
#include "render/window_keys.h"

enum { BUTTON_HEIGHT = 20, BUTTON_GAP = 4 };

void draw_hit(struct drawing *d, const struct box *box, enum view_hit what, size_t index)
{
    struct view_hits *hits = d->v->hits;

    if (hits == NULL || hits->count == HITS_MAX)
        return;
    hits->list[hits->count].x = box->x;
    hits->list[hits->count].y = box->y;
    hits->list[hits->count].w = box->w;
    hits->list[hits->count].h = box->h;
    hits->list[hits->count].what = what;
    hits->list[hits->count++].index = index;
}

static bool points_at(const struct view *v, const struct box *box)
{
    return v->x >= box->x && v->x < box->x + box->w && v->y >= box->y && v->y < box->y + box->h;
}

/* Whether there is anything for a button to do. */
static bool is_useful(const struct view *v, enum command command)
{
    switch ((int)command) {
    case COMMAND_MARK:
        return v->trace->finding_count > 0;
    case COMMAND_TREE:
        return v->branches != NULL;
    case COMMAND_UNHIDE:
        return v->rows != NULL && v->rows->count < v->rows->lanes;
    default:
        return true;
    }
}

static double draw_button(struct drawing *d, const struct button *button, double x)
{
    const struct view *v = d->v;
    bool on = button->command == COMMAND_PLAY && v->playing;
    const char *label = on ? "pause" : button->label;
    struct box box = {x, VIEW_TOOLS, font_width(v->fonts, FONT_SANS, 11, label) + 12,
                      BUTTON_HEIGHT};
    bool useful = is_useful(v, button->command);

    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = box.x,
                             .y = box.y,
                             .w = box.w,
                             .h = box.h,
                             .radius = 3,
                             .fill = on                             ? d->theme->ink
                                     : useful && points_at(v, &box) ? d->theme->grid
                                                                    : d->theme->background,
                             .edge = d->theme->grid,
                             .edge_width = 1},
              NULL);
    scene_text(d->scene, FONT_SANS, 11, x + 6, VIEW_TOOLS + 14,
               on       ? d->theme->background
               : useful ? d->theme->ink
                        : d->theme->ink2,
               label);
    if (useful)
        draw_hit(d, &box, HIT_COMMAND, button->command);
    return x + box.w + BUTTON_GAP;
}

void draw_tools(struct drawing *d)
{
    const struct view *v = d->v;
    double x = 10;
    struct button button;
    char text[32];

    for (size_t i = 0; help_button(i, &button); i++) {
        if (!is_useful(v, button.command) && button.command == COMMAND_UNHIDE)
            continue;
        if (x + font_width(v->fonts, FONT_SANS, 11, button.label) + 12 > v->width - BUTTON_GAP)
            break;
        x = draw_button(d, &button, x);
        if (button.command != COMMAND_SLOWER)
            continue;
        (void)snprintf(text, sizeof(text), "%d step%s/s", 1 << v->speed, v->speed == 0 ? "" : "s");
        scene_text(d->scene, FONT_SANS, 11, x, VIEW_TOOLS + 14, d->theme->ink2, text);
        x += 78;
    }
}

/* What the lanes do in some places of the run, as a stack of states. */
static void draw_places(struct drawing *d, uint32_t first, uint32_t last, double x, double w)
{
    static const enum lane_state order[] = {LANE_RUNNING, LANE_READY, LANE_CREATED, LANE_BLOCKED,
                                            LANE_AWAITING};
    double bottom = VIEW_MAP + VIEW_MAP_HEIGHT;

    for (int i = 0; i < LANE_STATE_COUNT; i++) {
        double sum = 0;

        for (uint32_t place = first; place <= last; place++)
            sum += (double)d->v->index->density[(size_t)place * LANE_STATE_COUNT + order[i]];
        double height = VIEW_MAP_HEIGHT * sum / (last - first + 1);

        /* Who runs is seen, even if he is one of very many. */
        if (order[i] == LANE_RUNNING && sum > 0 && height < 1.5)
            height = 1.5;
        if (height < 0.3)
            continue;
        bottom -= height;
        scene_rect(d->scene, x, bottom < VIEW_MAP ? VIEW_MAP : bottom, w,
                   bottom < VIEW_MAP ? height - (VIEW_MAP - bottom) : height,
                   order[i] == LANE_CREATED ? d->theme->grid : d->theme->states[order[i]].fill);
    }
}

/* Each place, or those that share a pixel, on whole pixels: there are no seams between them. */
static void draw_states(struct drawing *d, double scale)
{
    uint32_t places = d->v->index->places;

    for (uint32_t place = 0; place < places;) {
        double from = floor(scale * place);
        uint32_t next = place + 1;

        while (next < places && floor(scale * next) <= from)
            next++;
        draw_places(d, place, next - 1, VIEW_NAMES + from,
                    next < places ? floor(scale * next) - from : ceil(scale * next) - from);
        place = next;
    }
}

/* Where findings are, the focus, and what part is shown. */
static void draw_map_marks(struct drawing *d, double w)
{
    const struct view *v = d->v;
    const struct index *index = v->index;
    double shown = (v->width - VIEW_SIDE - VIEW_NAMES) / v->zoom / v->columns;
    double scale = w * v->timeline->columns / v->columns;

    for (uint32_t i = 0; i < index->places; i++)
        if (index->found[i] != 0)
            scene_rect(d->scene, VIEW_NAMES + scale * i / index->places, VIEW_MAP - 4, 3, 4,
                       d->theme->bug);
    if (v->trace->event_count > 0)
        scene_rect(d->scene, VIEW_NAMES + w * v->timeline->column_of[v->focus] / v->columns,
                   VIEW_MAP - 4, 1.5, VIEW_MAP_HEIGHT + 6, d->theme->ink);
    scene_add(d->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = VIEW_NAMES + w * v->left / v->columns - 1,
                             .y = VIEW_MAP - 2,
                             .w = (shown > 1       ? w
                                   : w * shown < 4 ? 4
                                                   : w * shown) +
                                  2,
                             .h = VIEW_MAP_HEIGHT + 4,
                             .fill = UINT32_MAX,
                             .edge = d->theme->ink,
                             .edge_width = 1.5},
              NULL);
}

void draw_map(struct drawing *d)
{
    const struct view *v = d->v;
    double w = v->width - VIEW_SIDE - VIEW_NAMES;
    double scale = w * v->timeline->columns / v->columns / v->index->places;
    uint32_t hidden = v->timeline->lane_count - view_rows(v);
    char text[LABEL_MAX];

    if (hidden > 0)
        (void)snprintf(text, sizeof(text), "%u lanes, %u hidden", v->timeline->lane_count, hidden);
    else
        (void)snprintf(text, sizeof(text), "%u lane%s", v->timeline->lane_count,
                       v->timeline->lane_count == 1 ? "" : "s");
    scene_text(d->scene, FONT_SANS, 10, 10, VIEW_MAP + 11, d->theme->ink2, text);
    scene_text(d->scene, FONT_SANS, 10, 10, VIEW_MAP + 24, d->theme->ink2, "by state, whole run");
    scene_rect(d->scene, VIEW_NAMES, VIEW_MAP, w, VIEW_MAP_HEIGHT, d->theme->background);
    if (v->timeline->lane_count > 0)
        draw_states(d, scale);
    draw_map_marks(d, w);
}
