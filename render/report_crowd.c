/* Lanes by number: the overview of a whole run, and those that no finding names, folded. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"

enum { OVERVIEW_HEIGHT = 44, BUCKETS = 480, SMALL_PITCH = REPORT_SMALL_PITCH };

/* How many lanes are in each state, by place: counts[place * LANE_STATE_COUNT + state]. */
struct density {
    int32_t *counts;
    uint32_t places;
};

static bool density_init(struct density *d, uint32_t places)
{
    d->places = places;
    d->counts = calloc(((size_t)places + 1) * LANE_STATE_COUNT, sizeof(*d->counts));
    return d->counts != NULL;
}

static void density_add(struct density *d, uint32_t from, uint32_t to, unsigned state)
{
    if (to > from && from < d->places) {
        d->counts[(size_t)from * LANE_STATE_COUNT + state]++;
        d->counts[(size_t)(to < d->places ? to : d->places) * LANE_STATE_COUNT + state]--;
    }
}

static void density_sum(struct density *d)
{
    for (size_t i = LANE_STATE_COUNT; i < (size_t)d->places * LANE_STATE_COUNT; i++)
        d->counts[i] += d->counts[i - LANE_STATE_COUNT];
}

/* One place as a stack of states, running at the bottom. */
static void density_column(struct report *r, const struct density *d, uint32_t place, double x,
                           double y, double w, double h, uint32_t total)
{
    static const enum lane_state order[] = {LANE_RUNNING, LANE_READY, LANE_CREATED, LANE_BLOCKED,
                                            LANE_AWAITING};
    double bottom = y + h;

    for (int i = 0; i < LANE_STATE_COUNT; i++) {
        int32_t count = d->counts[(size_t)place * LANE_STATE_COUNT + order[i]];
        double height = h * (double)count / (double)total;

        if (count <= 0)
            continue;
        if (order[i] == LANE_RUNNING && height < 1.5)
            height = 1.5;
        r->states[order[i]] |= height >= 0.5;
        bottom -= height;
        scene_rect(r->scene, x, bottom, w, height, r->theme->states[order[i]].fill);
    }
}

/* How many places from this one on look the same. */
static uint32_t same_places(const struct density *d, uint32_t place)
{
    uint32_t count = 1;

    while (place + count < d->places &&
           memcmp(&d->counts[(size_t)place * LANE_STATE_COUNT],
                  &d->counts[(size_t)(place + count) * LANE_STATE_COUNT],
                  LANE_STATE_COUNT * sizeof(*d->counts)) == 0)
        count++;
    return count;
}

static void overview_frame(struct report *r, double x0, double x1)
{
    double scale = (x1 - x0) / (double)r->timeline->columns;
    uint32_t colour = r->finding != NULL ? r->theme->bug : r->theme->ink;
    int i = 0;

    while (i < r->axis.count) {
        int first = i++;

        while (i < r->axis.count && !r->axis.slots[i].folded)
            i++;
        double x = x0 + scale * r->axis.slots[first].column;
        double w = scale * (double)(r->axis.slots[i - 1].column + 1 - r->axis.slots[first].column);

        scene_add(r->scene,
                  (struct shape){.kind = SHAPE_RECT,
                                 .x = x - 1,
                                 .y = r->y - 2,
                                 .w = (w < 3 ? 3 : w) + 2,
                                 .h = OVERVIEW_HEIGHT + 4,
                                 .fill = UINT32_MAX,
                                 .edge = colour,
                                 .edge_width = 1.5},
                  NULL);
    }
}

void report_overview(struct report *r)
{
    const struct timeline *t = r->timeline;
    double x0 = MARGIN + LANE_NAMES;
    double x1 = r->width - MARGIN;
    struct density d;
    char text[LABEL_MAX];

    if ((r->axis.whole && t->lane_count <= 60) || t->lane_count == 0)
        return;
    if (!density_init(&d, BUCKETS)) {
        r->scene->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < t->span_count; i++)
        density_add(&d, (uint32_t)((uint64_t)t->spans[i].from * BUCKETS / t->columns),
                    (uint32_t)((uint64_t)t->spans[i].to * BUCKETS / t->columns), t->spans[i].state);
    density_sum(&d);
    (void)snprintf(text, sizeof(text), "all %u lanes", t->lane_count);
    scene_text(r->scene, FONT_BOLD, 11, MARGIN, r->y + 12, r->theme->ink2, text);
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 27, r->theme->ink2, "by state, whole run;");
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 40, r->theme->ink2, "framed: shown below");
    scene_rect(r->scene, x0, r->y, x1 - x0, OVERVIEW_HEIGHT, r->theme->panel);
    for (uint32_t i = 0, same = 0; i < BUCKETS; i += same) {
        same = same_places(&d, i);
        density_column(r, &d, i, x0 + (x1 - x0) * i / BUCKETS, r->y,
                       (x1 - x0) * same / BUCKETS + (i + same < BUCKETS ? 0.3 : 0), OVERVIEW_HEIGHT,
                       t->lane_count);
    }
    overview_frame(r, x0, x1);
    free(d.counts);
    r->y += OVERVIEW_HEIGHT + 14;
}

/* Draw a lane that looks as `like` does, and stands for all from it to `last`. */
static void small_lane(struct report *r, uint32_t like, uint32_t last)
{
    const struct timeline *t = r->timeline;
    const struct lane *lane = &t->lanes[like];
    char first_name[REGISTRY_NAME_MAX];
    char last_name[REGISTRY_NAME_MAX];
    char text[2 * REGISTRY_NAME_MAX + 8];
    char fitted[FONT_TEXT_MAX];

    (void)registry_name(t->trace->registry, lane->actor, first_name);
    (void)registry_name(t->trace->registry, t->lanes[last].actor, last_name);
    (void)snprintf(text, sizeof(text), "%s%s%s", first_name, like == last ? "" : " \xE2\x80\x93 ",
                   like == last ? "" : last_name);
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 9, r->theme->ink2,
               font_fit(r->fonts, FONT_SANS, 10, text, LANE_NAMES - 12, fitted));
    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &t->spans[lane->first_span + i];
        double x = axis_x(&r->axis, span->from);
        double w = axis_x(&r->axis, span->to) - x;

        if (w <= 0.5)
            continue;
        r->states[span->state] = true;
        report_span(r->scene, r->theme, span->state, x, r->y, w, 12);
    }
    for (int i = 0; i < r->axis.count; i++)
        if (report_fold(r, i) >= 0)
            scene_rect(r->scene, report_fold(r, i) - 3, r->y - 1, 6, 14, r->theme->background);
    r->y += SMALL_PITCH;
}

/* The next span of a lane that is seen, from index i on; NULL: there is none. */
static const struct span *next_seen(const struct report *r, const struct lane *lane, uint32_t *i)
{
    while (*i < lane->span_count) {
        const struct span *span = &r->timeline->spans[lane->first_span + (*i)++];

        if (axis_x(&r->axis, span->to) - axis_x(&r->axis, span->from) > 0.5)
            return span;
    }
    return NULL;
}

bool report_look_alike(const struct report *r, uint32_t a, uint32_t b)
{
    const struct lane *x = &r->timeline->lanes[a];
    const struct lane *y = &r->timeline->lanes[b];
    uint32_t i = 0;
    uint32_t k = 0;

    for (;;) {
        const struct span *p = next_seen(r, x, &i);
        const struct span *q = next_seen(r, y, &k);

        if (p == NULL || q == NULL)
            return p == q;
        if (p->state != q->state || axis_x(&r->axis, p->from) != axis_x(&r->axis, q->from) ||
            axis_x(&r->axis, p->to) != axis_x(&r->axis, q->to))
            return false;
    }
}

/* The name without digits at its end: what lanes of one kind share. */
static void group_name(const struct report *r, uint32_t lane, char out[REGISTRY_NAME_MAX])
{
    size_t length = 0;

    (void)registry_name(r->trace->registry, r->timeline->lanes[lane].actor, out);
    length = strlen(out);
    while (length > 0 && isdigit((unsigned char)out[length - 1]))
        length--;
    while (length > 1 && (out[length - 1] == '-' || out[length - 1] == ' '))
        length--;
    out[length] = '\0';
}

struct group {
    char name[REGISTRY_NAME_MAX];
    uint32_t count;
    struct density density;
};

static struct group *group_of(struct report *r, struct group *groups, int *count, uint32_t lane)
{
    char name[REGISTRY_NAME_MAX];

    group_name(r, lane, name);
    for (int i = 0; i < *count; i++)
        if (strcmp(groups[i].name, name) == 0)
            return &groups[i];
    if (*count == GROUPS_MAX)
        return &groups[GROUPS_MAX - 1];
    struct group *group = &groups[(*count)++];

    if (*count == GROUPS_MAX)
        (void)snprintf(group->name, sizeof(group->name), "others");
    else
        memcpy(group->name, name, sizeof(name));
    if (!density_init(&group->density, (uint32_t)r->axis.count)) {
        r->scene->out_of_memory = true;
        --*count;
        return NULL;
    }
    return group;
}

static void draw_group(struct report *r, struct group *group)
{
    char text[REGISTRY_NAME_MAX + 32];
    char fitted[FONT_TEXT_MAX];

    density_sum(&group->density);
    (void)snprintf(text, sizeof(text), "%.80s \xC3\x97 %u", group->name, group->count);
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 13, r->theme->ink2,
               font_fit(r->fonts, FONT_SANS, 10, text, LANE_NAMES - 12, fitted));
    for (int i = 0, same = 0; i < r->axis.count; i += same) {
        const struct slot *slot = &r->axis.slots[i];

        same = 1;
        while (same < (int)same_places(&group->density, (uint32_t)i) && !slot[same].folded)
            same++;
        density_column(r, &group->density, (uint32_t)i, slot->x, r->y,
                       slot[same - 1].x + slot[same - 1].width - slot->x, 20, group->count);
    }
    r->y += 28;
}

static void fold_others(struct report *r)
{
    const struct timeline *t = r->timeline;
    struct group groups[GROUPS_MAX] = {0};
    int count = 0;

    for (uint32_t lane = 0; lane < t->lane_count && !r->scene->out_of_memory; lane++) {
        struct group *group = report_has_lane(r, lane) ? NULL : group_of(r, groups, &count, lane);

        for (uint32_t i = 0; group != NULL && i < t->lanes[lane].span_count; i++) {
            const struct span *span = &t->spans[t->lanes[lane].first_span + i];

            density_add(&group->density, (uint32_t)axis_slot(&r->axis, span->from),
                        (uint32_t)axis_slot(&r->axis, span->to), span->state);
        }
        if (group != NULL)
            group->count++;
    }
    for (int i = 0; i < count; i++) {
        draw_group(r, &groups[i]);
        free(groups[i].density.counts);
    }
}

char *report_count_others(const struct report *r, char out[LABEL_MAX])
{
    uint32_t others = r->timeline->lane_count - (uint32_t)r->involved_count;

    (void)snprintf(out, LABEL_MAX, "%u other%s%s", others, others == 1 ? "" : "s",
                   r->options->only_count > 0 ? ", left out"
                   : r->finding != NULL       ? ", not part of the finding"
                                              : "");
    return out;
}

uint32_t report_next_small(const struct report *r, uint32_t from, uint32_t *last)
{
    const uint32_t count = r->timeline->lane_count;

    while (from < count && (report_has_lane(r, from) || !report_is_alive(r, from)))
        from++;
    *last = from;
    for (uint32_t next = from; next + 1 < count; *last = ++next)
        if (report_has_lane(r, next + 1) || !report_look_alike(r, from, next + 1))
            break;
    return from;
}

/* Lanes one by one, or several that look alike in one; those that are not alive in what is shown
 * are only counted. */
static void list_others(struct report *r)
{
    uint32_t idle = 0;
    uint32_t last = 0;
    char text[LABEL_MAX];

    r->others_top = r->y;
    for (uint32_t lane = report_next_small(r, 0, &last); lane < r->timeline->lane_count;
         lane = report_next_small(r, last + 1, &last))
        small_lane(r, lane, last);
    for (uint32_t lane = 0; lane < r->timeline->lane_count; lane++)
        idle += !report_has_lane(r, lane) && !report_is_alive(r, lane);
    if (idle == 0)
        return;
    (void)snprintf(text, sizeof(text), "+ %u more, not alive in the steps shown", idle);
    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 9, r->theme->ink2, text);
    r->y += SMALL_PITCH;
}

void report_others(struct report *r)
{
    uint32_t others = r->timeline->lane_count - (uint32_t)r->involved_count;
    char text[LABEL_MAX];

    if (others == 0)
        return;
    scene_text(r->scene, FONT_BOLD, 10, MARGIN, r->y + 10, r->theme->ink2,
               report_count_others(r, text));
    r->y += 18;
    if (r->options->only_count > 0)
        return;
    if (others > SMALL_MAX)
        fold_others(r);
    else
        list_others(r);
}
