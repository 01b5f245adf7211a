/* The map of a search as a picture: rows of a tree with bars, and a bar for each order of a pair.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/font.h"
#include "render/map.h"
#include "render/paint.h"
#include "render/png.h"
#include "render/scene.h"
#include "render/svg.h"
#include "sim/base/file.h"

enum {
    MARGIN = 24,
    ROW = 20,
    BAR = 12,
    INDENT = 16,
    NUMBERS = 190,
    COLUMN = 96,
    LEAVES = 24,
    PAIRS = 12
};

struct picture {
    const struct map_report *report;
    const struct theme *theme;
    const struct fonts *fonts;
    struct scene *scene;
    double width;
    double bar_x; /* where bars begin */
    double bar_w; /* of all executions */
    double y;
};

static void text_at(struct picture *p, enum font_face face, double size, double x, double room,
                    uint32_t colour, const char *text)
{
    char fit[FONT_TEXT_MAX];

    if (room > 0)
        scene_text(p->scene, face, size, x, p->y, colour,
                   font_fit(p->fonts, face, size, text, room, fit));
}

static void put_head(struct picture *p)
{
    char title[FONT_TEXT_MAX];
    double badge = font_width(p->fonts, FONT_BOLD, 12, "MAP") + 16;

    scene_add(p->scene,
              (struct shape){.kind = SHAPE_RECT,
                             .x = MARGIN,
                             .y = p->y,
                             .w = badge,
                             .h = 24,
                             .radius = 4,
                             .fill = p->theme->calm},
              NULL);
    p->y += 17;
    text_at(p, FONT_BOLD, 12, MARGIN + 8, badge, p->theme->background, "MAP");
    (void)snprintf(title, sizeof(title), "What the search of %s has seen", p->report->program);
    text_at(p, FONT_BOLD, 16, MARGIN + badge + 12, p->width - 2 * MARGIN - badge - 12,
            p->theme->ink, title);
    p->y += 26;
    text_at(p, FONT_SANS, 12, MARGIN, p->width - 2 * MARGIN, p->theme->ink, p->report->verdict);
    p->y += 12;
}

/* A heading, and what the bars and the numbers beside them count. */
static void put_section(struct picture *p, const char *text, const char *of_bars)
{
    double x = p->bar_x + p->bar_w + 12;

    p->y += 26;
    text_at(p, FONT_BOLD, 12, MARGIN, p->bar_x - MARGIN - 16, p->theme->ink, text);
    text_at(p, FONT_SANS, 11, p->bar_x, p->bar_w, p->theme->ink2, of_bars);
    text_at(p, FONT_SANS, 11, x, COLUMN - 8, p->theme->ink2, "executions");
    text_at(p, FONT_SANS, 11, x + COLUMN, NUMBERS - COLUMN, p->theme->ink2, "with findings");
    p->y += 8;
    scene_line(p->scene, MARGIN, p->y, p->width - MARGIN, p->y, 1, p->theme->grid, false);
}

/* How many executions, and beside them in the colour of the bug how many of them have a finding. */
static void put_bar(struct picture *p, const struct map_tally *tally)
{
    const struct theme *t = p->theme;
    uint64_t all = p->report->map->nodes[0].tally.executions;
    double scale = all == 0 ? 0 : p->bar_w / (double)all;
    double width = fmax((double)tally->executions * scale, 2);
    double bad = tally->found == 0 ? 0 : fmax((double)tally->found * scale, 2);
    double top = p->y - BAR + 2;
    char text[96];

    if (bad < width)
        scene_add(p->scene,
                  (struct shape){.kind = SHAPE_RECT,
                                 .x = p->bar_x + bad,
                                 .y = top,
                                 .w = width - bad,
                                 .h = BAR,
                                 .fill = t->states[LANE_AWAITING].fill,
                                 .edge = t->states[LANE_AWAITING].edge,
                                 .edge_width = 1},
                  NULL);
    if (bad > 0)
        scene_add(p->scene,
                  (struct shape){.kind = SHAPE_HATCH,
                                 .x = p->bar_x,
                                 .y = top,
                                 .w = bad,
                                 .h = BAR,
                                 .fill = t->failed.fill,
                                 .edge = t->failed.edge,
                                 .edge_width = 1},
                  NULL);
    (void)snprintf(text, sizeof(text), "%" PRIu64, tally->executions);
    double x = p->bar_x + p->bar_w + 12;

    text_at(p, FONT_SANS, 11, x, COLUMN - 8, t->ink, text);
    if (tally->found == 0)
        (void)snprintf(text, sizeof(text), "none");
    else if (tally->found == tally->executions)
        (void)snprintf(text, sizeof(text), "all");
    else
        (void)snprintf(text, sizeof(text), "%" PRIu64, tally->found);
    text_at(p, tally->found == 0 ? FONT_SANS : FONT_BOLD, 11, x + COLUMN, NUMBERS - COLUMN,
            tally->found == 0 ? t->ink2 : t->bug, text);
}

/* The lines that join a part with those above it. */
static void put_branches(struct picture *p, const struct map_view *view, uint32_t i, double top)
{
    const struct map_part *part = &view->parts[i];
    double x = MARGIN + INDENT * (part->depth - 1.0) + 4;
    uint32_t last = i;

    if (i == 0)
        return;
    scene_line(p->scene, x, p->y - 4, x + INDENT - 6, p->y - 4, 1, p->theme->ink2, false);
    /* Down from the one above to the last of its parts, once. */
    for (uint32_t at = i + 1; at < view->count; at++)
        if (view->parts[at].parent == part->parent)
            last = at;
    if (part->parent + 1 == i)
        scene_line(p->scene, x, top, x, p->y - 4 + ROW * (double)(last - i), 1, p->theme->ink2,
                   false);
}

static void put_part(struct picture *p, const struct map_view *view, uint32_t i)
{
    const struct map *map = p->report->map;
    const struct map_part *part = &view->parts[i];
    const struct map_node *node = &map->nodes[part->node];
    double x = MARGIN + INDENT * (double)part->depth;
    char kinds[256];
    char text[FONT_TEXT_MAX];

    p->y += ROW;
    put_branches(p, view, i, p->y - ROW + 2);
    if (i == 0)
        (void)snprintf(text, sizeof(text), "the beginning");
    else
        (void)snprintf(text, sizeof(text), "%s", map_text_at(map, node->label));
    if (part->parts == 0 && node->tally.found > 0) {
        size_t used = strlen(text);

        (void)snprintf(text + used, sizeof(text) - used, ": %s",
                       map_kinds(node->tally.kinds, kinds, sizeof(kinds)));
    }
    text_at(p, part->parts == 0 ? FONT_SANS : FONT_BOLD, 11, x, p->bar_x - x - 12, p->theme->ink,
            text);
    put_bar(p, &node->tally);
}

static bool put_tree(struct picture *p)
{
    struct map_view view;
    bool ok = map_view_init(&view, p->report->map, LEAVES);
    char text[160];

    put_section(p, "Who went on, down to where it was decided how it ends",
                "hatched: with findings");
    for (uint32_t i = 0; ok && i < view.count; i++)
        put_part(p, &view, i);
    if (p->report->map->depth != UINT32_MAX) {
        (void)snprintf(text, sizeof(text),
                       "The tree was too large: choices after the first %u are not told apart.",
                       p->report->map->depth);
        p->y += ROW;
        text_at(p, FONT_SANS, 11, MARGIN, p->width - 2 * MARGIN, p->theme->ink2, text);
    }
    map_view_free(&view);
    return ok;
}

/* One operation of a pair, with the bar of the executions in which it was the first. */
static void put_order(struct picture *p, const struct map_pair *pair, int first)
{
    const struct map *map = p->report->map;
    const struct map_op *op = &map->ops[pair->op[first]];
    char text[640];
    char line[FONT_TEXT_MAX];
    const char *place = map_text_at(map, op->place);

    p->y += ROW;
    (void)snprintf(line, sizeof(line), "%s%s%s", map_op_text(map, op, text, sizeof(text)),
                   place[0] == '\0' ? "" : "   ", place);
    text_at(p, FONT_MONO, 11, MARGIN, p->bar_x - MARGIN - 12, p->theme->ink, line);
    if (pair->order[first].executions > 0)
        put_bar(p, &pair->order[first]);
    else
        text_at(p, FONT_BOLD, 11, p->bar_x, p->width - MARGIN - p->bar_x, p->theme->ink,
                p->report->exhausted ? "never first, and there are no other executions"
                                     : "never seen as the first");
}

static bool put_pairs(struct picture *p)
{
    const struct map *map = p->report->map;
    uint32_t *ranking = map_ranking(map);
    char text[160];

    put_section(p, "Two operations that conflict: which came first", "in which it was first");
    for (uint32_t i = 0; ranking != NULL && i < map->pair_count && i < PAIRS; i++) {
        put_order(p, &map->pairs[ranking[i]], 0);
        put_order(p, &map->pairs[ranking[i]], 1);
        p->y += 8;
        scene_line(p->scene, MARGIN, p->y, p->width - MARGIN, p->y, 1, p->theme->grid, false);
    }
    text[0] = '\0';
    if (map->pair_count == 0)
        (void)snprintf(text, sizeof(text), "Nothing conflicts.");
    else if (map->pair_count > PAIRS)
        (void)snprintf(text, sizeof(text), "And %u more pairs, which the JSON form lists%s.",
                       map->pair_count - PAIRS,
                       map->left_out ? "; there were too many, and some are left out" : "");
    if (text[0] != '\0')
        p->y += ROW;
    text_at(p, FONT_SANS, 11, MARGIN, p->width - 2 * MARGIN, p->theme->ink2, text);
    free(ranking);
    return ranking != NULL;
}

bool render_map_scene(const struct map_report *report, const struct render_options *options,
                      const struct fonts *fonts, struct scene *scene)
{
    double width = options->width;
    struct picture p = {.report = report,
                        .theme = theme_of(options->theme),
                        .fonts = fonts,
                        .scene = scene,
                        .width = width,
                        .y = MARGIN};
    size_t size = 0;
    FILE *out = open_memstream(&scene->description, &size);
    bool ok = out != NULL && render_map_text(report, out);

    if (out != NULL)
        ok = fclose(out) == 0 && ok;
    p.bar_w = (width - 2 * MARGIN) / 5;
    p.bar_x = width - MARGIN - NUMBERS - 12 - p.bar_w;
    scene->width = width;
    scene->background = p.theme->background;
    scene->title = strdup(report->program);
    put_head(&p);
    ok = put_tree(&p) && ok;
    ok = put_pairs(&p) && ok;
    scene->height = p.y + MARGIN;
    return ok && scene->title != NULL && !scene->out_of_memory;
}

/* ---- As a file. ---- */

struct bytes {
    char *at; /* owned */
    size_t length;
};

static bool encode(const struct scene *scene, const struct fonts *fonts, double scale,
                   struct bytes *bytes)
{
    int width = (int)ceil(scene->width * scale);
    int height = (int)ceil(scene->height * scale);
    int stride = 4 * width;
    unsigned char *pixels = calloc((size_t)height, (size_t)stride);
    struct painter *painter = painter_new(fonts);
    unsigned char *png = NULL;
    bool ok = pixels != NULL && painter != NULL &&
              painter_paint(painter, scene, scale, pixels, width, height, stride) &&
              png_encode(pixels, width, height, stride, scene->description, &png, &bytes->length);

    bytes->at = (char *)png;
    painter_free(painter);
    free(pixels);
    return ok;
}

/* Returns false with a reason in error if there is more to say than that memory ran out. */
static bool draw(const struct map_report *report, const struct render_options *options, bool png,
                 struct bytes *bytes, char error[256])
{
    struct fonts *fonts = fonts_new(error, 256);
    struct scene scene = {0};
    unsigned char *svg = NULL;

    if (fonts == NULL)
        return false;
    bool ok = render_map_scene(report, options, fonts, &scene);

    if (png) {
        ok = ok && encode(&scene, fonts, options->scale, bytes);
    } else {
        ok = ok && svg_encode(&scene, fonts, &svg, &bytes->length);
        bytes->at = (char *)svg;
    }
    scene_free(&scene);
    fonts_free(fonts);
    return ok;
}

static bool write_words(const struct map_report *report, bool json, struct bytes *bytes)
{
    FILE *out = open_memstream(&bytes->at, &bytes->length);
    bool ok = out != NULL && (json ? render_map_json(report, out) : render_map_text(report, out));

    return out != NULL && fclose(out) == 0 && ok;
}

enum map_format map_format_of(const char *path)
{
    static const char *const ends[] = {
        [MAP_TEXT] = ".txt", [MAP_JSON] = ".json", [MAP_PNG] = ".png", [MAP_SVG] = ".svg"};
    size_t length = strlen(path);
    unsigned format = MAP_TEXT;

    while (format < MAP_UNKNOWN &&
           (length <= strlen(ends[format]) ||
            strcmp(path + length - strlen(ends[format]), ends[format]) != 0))
        format++;
    return (enum map_format)format;
}

bool render_map(const struct map_report *report, const struct render_options *options,
                const char *path, char *error, size_t error_size)
{
    enum map_format format = map_format_of(path);
    struct bytes bytes = {0};
    char why[256] = "out of memory";
    bool ok = format == MAP_PNG || format == MAP_SVG
                  ? draw(report, options, format == MAP_PNG, &bytes, why)
                  : write_words(report, format == MAP_JSON, &bytes);

    if (!ok)
        (void)snprintf(error, error_size, "%s: %s", path, why);
    ok = ok && file_replace(path, bytes.at, bytes.length, error, error_size);
    free(bytes.at);
    return ok;
}
