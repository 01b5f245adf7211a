/* The map of a search as text, for a terminal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/map.h"

enum { LEAVES = 24, PAIRS = 20, KINDS_MAX = 256, OP_MAX = 640 };

/* "20 executions, 3 with findings: lost-update"; the kinds only if they are asked for. */
static void put_tally(const struct map_tally *tally, bool kinds, FILE *out)
{
    char text[KINDS_MAX];

    (void)fprintf(out, "%" PRIu64 " execution%s, ", tally->executions,
                  tally->executions == 1 ? "" : "s");
    if (tally->found == 0) {
        (void)fputs("no finding", out);
        return;
    }
    if (tally->found == tally->executions)
        (void)fputs(tally->executions == 1 ? "with findings" : "all with findings", out);
    else
        (void)fprintf(out, "%" PRIu64 " with findings", tally->found);
    if (kinds)
        (void)fprintf(out, ": %s", map_kinds(tally->kinds, text, sizeof(text)));
}

/* The lines that join a part with those above it. */
static void put_branches(const struct map_view *view, uint32_t part, FILE *out)
{
    uint32_t path[LEAVES + 2] = {0};
    uint32_t depth = view->parts[part].depth;

    for (uint32_t at = part; at != 0; at = view->parts[at].parent)
        path[view->parts[at].depth] = at;
    for (uint32_t level = 1; level <= depth; level++) {
        bool more = false;

        for (uint32_t i = path[level] + 1; i < view->count && !more; i++)
            more = view->parts[i].parent == view->parts[path[level]].parent;
        if (level < depth)
            (void)fputs(more ? "|  " : "   ", out);
        else
            (void)fputs(more ? "|- " : "`- ", out);
    }
}

/* An execution that ends as this part says. */
static bool put_example(const struct map_report *report, const struct map_part *part, FILE *out)
{
    struct schedule schedule = {0};
    bool ok = map_example(report->map, part->node, &schedule);
    char *text = ok ? schedule_format(&schedule) : NULL;

    if (text != NULL)
        (void)fprintf(out, "  %s", text);
    schedule_free(&schedule);
    free(text);
    return text != NULL;
}

static bool put_part(const struct map_report *report, const struct map_view *view, uint32_t i,
                     FILE *out)
{
    const struct map *map = report->map;
    const struct map_part *part = &view->parts[i];
    const struct map_node *node = &map->nodes[part->node];
    uint64_t all = map->nodes[0].tally.executions;
    double share = all == 0 ? 0 : 100 * (double)node->tally.executions / (double)all;

    (void)fputs("  ", out);
    put_branches(view, i, out);
    if (i == 0)
        (void)fputs("the beginning", out);
    else
        (void)fprintf(out, "choice %u: %s", part->choices, map_text_at(map, node->label));
    (void)fprintf(out, ": %.3g %%, ", share);
    put_tally(&node->tally, part->parts == 0, out);
    if (part->parts == 0 && part->mixed)
        (void)fputs("; not divided further", out);
    bool ok = part->parts > 0 || put_example(report, part, out);

    (void)fputc('\n', out);
    return ok;
}

static bool put_tree(const struct map_report *report, FILE *out)
{
    struct map_view view;
    bool ok = map_view_init(&view, report->map, LEAVES);

    (void)fputs("\nchoices, down to where it is decided how an execution ends, each with one that "
                "does\n",
                out);
    for (uint32_t i = 0; ok && i < view.count; i++)
        ok = put_part(report, &view, i, out);
    if (report->map->depth != UINT32_MAX)
        (void)fprintf(out,
                      "  (the tree was too large: choices after the first %u are not told "
                      "apart)\n",
                      report->map->depth);
    map_view_free(&view);
    return ok;
}

static void put_order(const struct map_report *report, const struct map_pair *pair, int first,
                      FILE *out)
{
    const struct map *map = report->map;
    const struct map_tally *tally = &pair->order[first];
    char before[OP_MAX];
    char after[OP_MAX];

    (void)fprintf(out, "    %s before %s: ", first == 0 ? "A" : "B", first == 0 ? "B" : "A");
    if (tally->executions > 0) {
        put_tally(tally, true, out);
        (void)fputc('\n', out);
        return;
    }
    if (report->exhausted) {
        (void)fputs("never, and there are no other executions\n", out);
        return;
    }
    (void)fprintf(out, "never seen; to try it: %s --order '%s < %s'\n", report->command,
                  map_op_text(map, &map->ops[pair->op[first]], before, sizeof(before)),
                  map_op_text(map, &map->ops[pair->op[1 - first]], after, sizeof(after)));
}

static void put_pair(const struct map_report *report, const struct map_pair *pair, FILE *out)
{
    const struct map *map = report->map;
    char text[OP_MAX];

    for (int i = 0; i < 2; i++) {
        const struct map_op *op = &map->ops[pair->op[i]];
        const char *place = map_text_at(map, op->place);

        (void)fprintf(out, "  %c = %s%s%s%s\n", "AB"[i], map_op_text(map, op, text, sizeof(text)),
                      place[0] == '\0' ? "" : " (", place, place[0] == '\0' ? "" : ")");
    }
    put_order(report, pair, 0, out);
    put_order(report, pair, 1, out);
}

static bool put_pairs(const struct map_report *report, FILE *out)
{
    const struct map *map = report->map;
    uint32_t *ranking = map_ranking(map);
    uint32_t shown = map->pair_count < PAIRS ? map->pair_count : PAIRS;

    if (ranking == NULL)
        return false;
    (void)fprintf(out, "\norders of what conflicts%s\n",
                  map->pair_count == 0 ? ": nothing does" : "");
    for (uint32_t i = 0; i < shown; i++)
        put_pair(report, &map->pairs[ranking[i]], out);
    if (shown < map->pair_count)
        (void)fprintf(out, "  and %u more pairs, which --map FILE.json lists\n",
                      map->pair_count - shown);
    if (map->left_out)
        (void)fputs("  (there were too many: some operations and pairs are left out)\n", out);
    free(ranking);
    return true;
}

bool render_map_text(const struct map_report *report, FILE *out)
{
    (void)fprintf(out, "map of %s\n%s\n", report->program, report->verdict);
    return put_tree(report, out) && put_pairs(report, out);
}
