/* The rest of a report: overview, folded lanes, source, legend, replay line. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/report.h"

enum { OVERVIEW_HEIGHT = 44, BUCKETS = 480, SMALL_PITCH = 18, PANELS_MAX = 3, PANEL_LINES = 7 };

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
        r->states[order[i]] = true;
        bottom -= height;
        /* White on white would look like nobody. */
        scene_rect(r->scene, x, bottom, w, height,
                   order[i] == LANE_CREATED ? r->theme->grid : r->theme->states[order[i]].fill);
    }
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
    for (uint32_t i = 0; i < BUCKETS; i++)
        density_column(r, &d, i, x0 + (x1 - x0) * i / BUCKETS, r->y, (x1 - x0) / BUCKETS + 0.3,
                       OVERVIEW_HEIGHT, t->lane_count);
    overview_frame(r, x0, x1);
    free(d.counts);
    r->y += OVERVIEW_HEIGHT + 14;
}

static bool is_involved(const struct report *r, uint32_t lane)
{
    for (int i = 0; i < r->involved_count; i++)
        if (r->involved[i] == lane)
            return true;
    return false;
}

static void small_lane(struct report *r, uint32_t index)
{
    const struct timeline *t = r->timeline;
    const struct lane *lane = &t->lanes[index];
    char name[REGISTRY_NAME_MAX];
    char fitted[FONT_TEXT_MAX];

    scene_text(r->scene, FONT_SANS, 10, MARGIN, r->y + 9, r->theme->ink2,
               font_fit(r->fonts, FONT_SANS, 10,
                        registry_name(t->trace->registry, lane->actor, name), LANE_NAMES - 12,
                        fitted));
    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &t->spans[lane->first_span + i];
        double x = axis_x(&r->axis, span->from);
        double w = axis_x(&r->axis, span->to) - x;

        if (w <= 0.5)
            continue;
        r->states[span->state] = true;
        report_span(r->scene, r->theme, span->state, x, r->y, w, 12);
    }
    r->y += SMALL_PITCH;
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
    for (int i = 0; i < r->axis.count; i++)
        density_column(r, &group->density, (uint32_t)i, r->axis.slots[i].x, r->y,
                       r->axis.slots[i].width + 0.3, 20, group->count);
    r->y += 28;
}

static void fold_others(struct report *r)
{
    const struct timeline *t = r->timeline;
    struct group groups[GROUPS_MAX] = {0};
    int count = 0;

    for (uint32_t lane = 0; lane < t->lane_count && !r->scene->out_of_memory; lane++) {
        struct group *group = is_involved(r, lane) ? NULL : group_of(r, groups, &count, lane);

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

void report_others(struct report *r)
{
    uint32_t others = r->timeline->lane_count - (uint32_t)r->involved_count;
    char text[LABEL_MAX];

    if (others == 0)
        return;
    (void)snprintf(text, sizeof(text), "%u other%s%s", others, others == 1 ? "" : "s",
                   r->finding != NULL ? ", not part of the finding" : "");
    scene_text(r->scene, FONT_BOLD, 10, MARGIN, r->y + 10, r->theme->ink2, text);
    r->y += 18;
    if (others > OTHERS_MAX) {
        fold_others(r);
    } else {
        for (uint32_t lane = 0; lane < r->timeline->lane_count; lane++)
            if (!is_involved(r, lane))
                small_lane(r, lane);
    }
}

/* Lines of one function that the story passes. */
struct panel {
    const struct sim_site *site;
    int first;
    int last;
};

static int collect_panels(const struct report *r, struct panel panels[PANELS_MAX])
{
    int count = 0;

    for (int i = 0; i < r->finding->step_count; i++) {
        const struct sim_site *site =
            registry_site_at(r->trace->registry, r->finding->steps[i].site);
        int at = 0;

        if (site == NULL)
            continue;
        while (at < count && (strcmp(panels[at].site->file, site->file) != 0 ||
                              strcmp(panels[at].site->func, site->func) != 0 ||
                              site->line > panels[at].first + PANEL_LINES - 3 ||
                              site->line < panels[at].last - PANEL_LINES + 3))
            at++;
        if (at == count && count == PANELS_MAX)
            continue;
        if (at == count) {
            panels[count++] = (struct panel){.site = site, .first = site->line, .last = site->line};
            continue;
        }
        if (site->line < panels[at].first)
            panels[at].first = site->line;
        if (site->line > panels[at].last)
            panels[at].last = site->line;
    }
    return count;
}

static bool is_marked(const struct report *r, const char *file, int line)
{
    for (int i = 0; i < r->finding->step_count; i++) {
        const struct sim_site *site =
            registry_site_at(r->trace->registry, r->finding->steps[i].site);

        if (site != NULL && site->line == line && strcmp(site->file, file) == 0)
            return true;
    }
    return false;
}

static double draw_panel(struct report *r, const struct panel *panel, double x, double w)
{
    const char *slash = strrchr(panel->site->file, '/');
    int first = panel->first > 2 ? panel->first - 2 : 1;
    int last = panel->last + 1;
    double height = 26 + 16.0 * (double)(last - first + 1);
    double y = r->y + 18;
    char text[FONT_TEXT_MAX];
    char fitted[FONT_TEXT_MAX];

    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = x,
                             .y = r->y,
                             .w = w,
                             .h = height,
                             .radius = 3,
                             .fill = r->theme->panel},
              NULL);
    (void)snprintf(text, sizeof(text), "%.80s \xE2\x80\x94 %.80s",
                   slash == NULL ? panel->site->file : slash + 1, panel->site->func);
    scene_text(r->scene, FONT_BOLD, 11, x + 8, y, r->theme->ink, text);
    for (int line = first; line <= last; line++) {
        const char *code = r->options->source_line(r->options->source_arg, panel->site->file, line);

        y += 16;
        if (is_marked(r, panel->site->file, line)) {
            scene_rect(r->scene, x, y - 12, w, 16, r->theme->bug_tint);
            scene_rect(r->scene, x, y - 12, 3, 16, r->theme->bug);
        }
        (void)snprintf(text, sizeof(text), "%4d  %.400s", line, code == NULL ? "" : code);
        scene_text(r->scene, FONT_MONO, 10.5, x + 6, y, r->theme->ink,
                   font_fit(r->fonts, FONT_MONO, 10.5, text, w - 12, fitted));
    }
    return height;
}

void report_source(struct report *r)
{
    struct panel panels[PANELS_MAX];
    double tallest = 0;

    if (r->finding == NULL || r->options->source_line == NULL)
        return;
    int count = collect_panels(r, panels);
    int known = 0;

    for (int i = 0; i < count; i++)
        if (r->options->source_line(r->options->source_arg, panels[i].site->file,
                                    panels[i].first) != NULL)
            panels[known++] = panels[i];
    if (known == 0)
        return;
    double w = (r->width - 2 * MARGIN - 12.0 * (known - 1)) / known;

    r->y += 8;
    for (int i = 0; i < known; i++) {
        double height = draw_panel(r, &panels[i], MARGIN + (w + 12) * i, w);

        tallest = height > tallest ? height : tallest;
    }
    r->y += tallest + 4;
}

static double legend_text(struct report *r, double x, const char *text)
{
    scene_text(r->scene, FONT_SANS, 11, x, r->y + 14, r->theme->ink, text);
    return x + font_width(r->fonts, FONT_SANS, 11, text) + 22;
}

static double legend_ends(struct report *r, double x)
{
    static const char *const names[] = {"done", "cancelled", "failed"};
    const struct state_colours *colours[] = {&r->theme->done, &r->theme->cancelled,
                                             &r->theme->failed};

    for (int i = 0; i < 3; i++) {
        if (!r->ends[i])
            continue;
        scene_add(r->scene,
                  (struct shape){.kind = i == 1 ? SHAPE_DISC : SHAPE_RECT,
                                 .x = i == 1 ? x + 6 : x,
                                 .y = r->y + (i == 1   ? 10
                                              : i == 0 ? 2
                                                       : 4),
                                 .w = i == 0   ? 3
                                      : i == 1 ? 6
                                               : 12,
                                 .h = i == 0 ? 16 : 12,
                                 .fill = i == 0 ? colours[i]->edge : colours[i]->fill,
                                 .edge = colours[i]->edge,
                                 .edge_width = 1},
                  NULL);
        x = legend_text(r, x + (i == 0 ? 9 : 18), names[i]);
    }
    return x;
}

static void legend_arrow(struct report *r, double *x, bool present, const char *name,
                         enum shape_kind kind, uint32_t colour, bool dashed)
{
    if (!present)
        return;
    scene_add(r->scene,
              (struct shape){.kind = kind,
                             .x = *x,
                             .y = r->y + 10,
                             .w = 24,
                             .edge = colour,
                             .edge_width = 1.4,
                             .dashed = dashed},
              NULL);
    *x = legend_text(r, *x + 30, name);
}

void report_legend(struct report *r)
{
    static const char *const names[] = {"created", "ready", "running", "awaiting",
                                        "blocked on a lock"};
    double x = MARGIN;

    r->y += 12;
    for (int i = 0; i < LANE_STATE_COUNT; i++) {
        if (!r->states[i])
            continue;
        report_span(r->scene, r->theme, (enum lane_state)i, x, r->y, 26, 20);
        x = legend_text(r, x + 32, names[i]);
    }
    x = legend_ends(r, x);
    if (x > r->width - 330) {
        x = MARGIN;
        r->y += 22;
    }
    if (r->holds) {
        scene_rect(r->scene, x, r->y + 9, 26, 3, r->theme->hold);
        scene_rect(r->scene, x, r->y + 6, 1.5, 8, r->theme->hold);
        scene_rect(r->scene, x + 24.5, r->y + 6, 1.5, 8, r->theme->hold);
        x = legend_text(r, x + 32, "lock held");
    }
    legend_arrow(r, &x, r->wakes, "wakes", SHAPE_ARROW, r->theme->ink, false);
    legend_arrow(r, &x, r->spawns, "starts", SHAPE_ARROW, r->theme->ink2, true);
    legend_arrow(r, &x, r->conflict, "conflict", SHAPE_DOUBLE, r->theme->bug, false);
    r->y += 28;
}

void report_foot(struct report *r)
{
    char text[FONT_TEXT_MAX];
    char fitted[FONT_TEXT_MAX];

    if (r->options->replay == NULL)
        return;
    (void)snprintf(text, sizeof(text), "replay:  %.480s", r->options->replay);
    scene_add(r->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = MARGIN,
                             .y = r->y,
                             .w = r->width - 2 * MARGIN,
                             .h = 22,
                             .radius = 3,
                             .fill = r->theme->panel},
              NULL);
    scene_text(r->scene, FONT_MONO, 10.5, MARGIN + 8, r->y + 15, r->theme->ink,
               font_fit(r->fonts, FONT_MONO, 10.5, text, r->width - 2 * MARGIN - 16, fitted));
    r->y += 26;
}
