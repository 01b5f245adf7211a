/* The map of a search as JSON; described in docs/map-format.md. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/map.h"
#include "sim/trace/event.h"
#include "sim/trace/finding.h"

enum { LEAVES = 1000 };

static void put_string(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            (void)fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            (void)fprintf(out, "\\u%04x", c);
        else
            (void)fputc(c, out);
    }
    (void)fputc('"', out);
}

static void put_tally(FILE *out, const struct map_tally *tally)
{
    const char *comma = "";

    (void)fprintf(out, "\"executions\": %" PRIu64 ", \"found\": %" PRIu64 ", \"kinds\": [",
                  tally->executions, tally->found);
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        if ((tally->kinds >> kind & 1) == 0)
            continue;
        (void)fputs(comma, out);
        put_string(out, sim_finding_name(kind));
        comma = ", ";
    }
    (void)fputc(']', out);
}

static bool put_part(const struct map_report *report, const struct map_view *view, uint32_t i,
                     FILE *out)
{
    const struct map_part *part = &view->parts[i];
    const struct map_node *node = &report->map->nodes[part->node];
    struct schedule schedule = {0};
    char *text =
        map_example(report->map, part->node, &schedule) ? schedule_format(&schedule) : NULL;

    (void)fprintf(out, "%s\n    {\"id\": %u, \"parent\": ", i == 0 ? "" : ",", i);
    if (i == 0)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "%u", part->parent);
    (void)fprintf(out, ", \"choices\": %u, \"label\": ", part->choices);
    put_string(out, map_text_at(report->map, node->label));
    (void)fputs(", ", out);
    put_tally(out, &node->tally);
    (void)fprintf(out, ", \"leaf\": %s, \"schedule\": ", part->parts == 0 ? "true" : "false");
    put_string(out, text == NULL ? "" : text);
    (void)fputc('}', out);
    schedule_free(&schedule);
    free(text);
    return text != NULL;
}

static void put_op(const struct map *map, const char *name, const struct map_op *op, FILE *out)
{
    char text[640];

    (void)fprintf(out, "\"%s\": {\"actor\": ", name);
    put_string(out, map_text_at(map, op->actor));
    (void)fputs(", \"operation\": ", out);
    put_string(out, sim_event_name(op->kind));
    (void)fputs(", \"object\": ", out);
    put_string(out, map_text_at(map, op->object));
    (void)fprintf(out, ", \"nth\": %u, \"place\": ", op->nth);
    put_string(out, map_text_at(map, op->place));
    (void)fputs(", \"text\": ", out);
    put_string(out, map_op_text(map, op, text, sizeof(text)));
    (void)fputs("}", out);
}

static void put_pair(const struct map *map, const struct map_pair *pair, FILE *out)
{
    (void)fputs("\n    {", out);
    put_op(map, "a", &map->ops[pair->op[0]], out);
    (void)fputs(",\n     ", out);
    put_op(map, "b", &map->ops[pair->op[1]], out);
    (void)fputs(",\n     \"a_first\": {", out);
    put_tally(out, &pair->order[0]);
    (void)fputs("}, \"b_first\": {", out);
    put_tally(out, &pair->order[1]);
    (void)fputs("}}", out);
}

bool render_map_json(const struct map_report *report, FILE *out)
{
    const struct map *map = report->map;
    struct map_view view;
    uint32_t *ranking = map_ranking(map);
    bool ok = map_view_init(&view, map, LEAVES) && ranking != NULL;

    (void)fputs("{\"format\": \"pickglass-map\", \"version\": 1,\n  \"program\": ", out);
    put_string(out, report->program);
    (void)fputs(",\n  \"command\": ", out);
    put_string(out, report->command);
    (void)fputs(",\n  \"verdict\": ", out);
    put_string(out, report->verdict);
    (void)fprintf(out, ",\n  \"exhausted\": %s, \"left_out\": %s, \"depth\": ",
                  report->exhausted ? "true" : "false", map->left_out ? "true" : "false");
    if (map->depth == UINT32_MAX)
        (void)fputs("null", out);
    else
        (void)fprintf(out, "%u", map->depth);
    (void)fputs(",\n  \"tree\": [", out);
    for (uint32_t i = 0; ok && i < view.count; i++)
        ok = put_part(report, &view, i, out);
    (void)fputs("\n  ],\n  \"pairs\": [", out);
    for (uint32_t i = 0; ok && i < map->pair_count; i++) {
        (void)fputs(i == 0 ? "" : ",", out);
        put_pair(map, &map->pairs[ranking[i]], out);
    }
    (void)fputs("\n  ]}\n", out);
    map_view_free(&view);
    free(ranking);
    return ok;
}
