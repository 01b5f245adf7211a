/* The map of a search, as text, JSON and picture: its executions as a tree of choices, and which
 * order of what conflicts it has seen. */
#ifndef RENDER_MAP_H
#define RENDER_MAP_H

#include <stdbool.h>
#include <stdio.h>

#include "render/render.h"
#include "sim/trace/map.h"

struct fonts;
struct scene;

struct map_report {
    const struct map *map;
    const char *program;
    const char *command; /* that runs the program, to which options are added */
    const char *verdict; /* of the search, in a line */
    bool exhausted;      /* there are no other executions */
};

/* Parts of the tree that stand for all below them: choices without an alternative are passed over,
 * and what ends in the same way is one part. */
struct map_part {
    uint32_t node;    /* of the map */
    uint32_t parent;  /* part */
    uint32_t depth;   /* parts above it */
    uint32_t choices; /* taken up to it */
    uint32_t split;   /* node at whose choice its own parts begin */
    uint32_t parts;   /* that it is divided into; 0: it is a leaf */
    bool alike;       /* all below it ends in the same way */
    bool mixed;       /* a leaf below which some executions have findings and some have none */
};

struct map_view {
    struct map_part *parts; /* owned; each before what it is divided into, which follow in order */
    uint32_t count;
    size_t capacity;
};

/* At most so many leaves.  Returns false when out of memory. */
bool map_view_init(struct map_view *view, const struct map *map, uint32_t leaves);
void map_view_free(struct map_view *view);

/* Pairs in the order in which they matter: first those of which one order fails more often than the
 * other, then those of which one order was never seen.  To be freed; NULL when out of memory. */
uint32_t *map_ranking(const struct map *map);

/* "lost-update, data-race" */
char *map_kinds(uint64_t kinds, char *out, size_t size);

/* An operation as in run --order: "one.write(money)#2"; and an order that is to be tried. */
char *map_op_text(const struct map *map, const struct map_op *op, char *out, size_t size);

/* Each returns false when out of memory. */
bool render_map_text(const struct map_report *report, FILE *out);
bool render_map_json(const struct map_report *report, FILE *out);
bool render_map_scene(const struct map_report *report, const struct render_options *options,
                      const struct fonts *fonts, struct scene *scene);

/* How a map's file is written, by how its name ends: .txt, .json, .png or .svg. */
enum map_format { MAP_TEXT, MAP_JSON, MAP_PNG, MAP_SVG, MAP_UNKNOWN };
enum map_format map_format_of(const char *path);

/* Write the map to a file in the format of its name, all of it or nothing; of the options, width,
 * scale and theme count.  Returns false with what, where and why in error. */
bool render_map(const struct map_report *report, const struct render_options *options,
                const char *path, char *error, size_t error_size);

#endif
