/* Maps as lines of a file, and one map put into another. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/trace/event.h"
#include "sim/trace/finding.h"
#include "sim/trace/map.h"
#include "sim/trace/reader.h"
#include "sim/trace/schedule.h"

/* ---- Writing. ---- */

static void put_text(FILE *out, const char *text)
{
    (void)fputs("t ", out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '\\')
            (void)fputs("\\\\", out);
        else if (c < 0x20 || c == 0x7f)
            (void)fprintf(out, "\\x%02x", c);
        else
            (void)fputc(c, out);
    }
    (void)fputc('\n', out);
}

static void put_tally(FILE *out, const struct map_tally *tally)
{
    (void)fprintf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64, tally->executions, tally->found,
                  tally->kinds);
}

static void put_node(FILE *out, const struct map_node *node)
{
    char *example = node->folded ? schedule_format(&node->example) : NULL;

    (void)fprintf(out, "n %u %u %u %u", node->parent, node->taken, node->offered, node->label);
    put_tally(out, &node->tally);
    (void)fprintf(out, " %d %s\n", node->folded ? 1 + node->example_found : 0,
                  example == NULL ? "s1:" : example);
    free(example);
}

void map_put(const struct map *map, FILE *out)
{
    (void)fprintf(out, "map %u %d\ntexts %u\n", map->depth, map->left_out, map->texts.count);
    for (uint32_t i = 1; i <= map->texts.count; i++)
        put_text(out, map->texts.at[i]);
    (void)fprintf(out, "nodes %u\n", map->node_count);
    for (uint32_t i = 0; i < map->node_count; i++)
        put_node(out, &map->nodes[i]);
    (void)fprintf(out, "operations %u\n", map->op_count);
    for (uint32_t i = 0; i < map->op_count; i++)
        (void)fprintf(out, "o %u %s %u %u %u\n", map->ops[i].actor,
                      sim_event_name(map->ops[i].kind), map->ops[i].object, map->ops[i].nth,
                      map->ops[i].place);
    (void)fprintf(out, "pairs %u\n", map->pair_count);
    for (uint32_t i = 0; i < map->pair_count; i++) {
        (void)fprintf(out, "p %u %u", map->pairs[i].op[0], map->pairs[i].op[1]);
        put_tally(out, &map->pairs[i].order[0]);
        put_tally(out, &map->pairs[i].order[1]);
        (void)fputc('\n', out);
    }
}

/* ---- Reading. ---- */

static bool read_tally(struct reader *in, struct map_tally *tally)
{
    int64_t executions = 0;
    int64_t found = 0;
    int64_t kinds = 0;
    const int64_t most = (INT64_C(1) << SIM_FINDING_COUNT) - 1;

    if (!reader_number(in, 0, INT64_MAX / 4096, &executions) ||
        !reader_number(in, 0, executions, &found) || !reader_number(in, 0, most, &kinds))
        return false;
    if ((found == 0) != (kinds == 0))
        return reader_fail(in, "findings of no kind, or kinds without one");
    *tally = (struct map_tally){(uint64_t)executions, (uint64_t)found, (uint64_t)kinds};
    return true;
}

static bool read_text(struct map *map, struct reader *in, uint32_t id)
{
    char *text = reader_key(in, "t") && reader_space(in) ? reader_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    uint32_t got = map_text(map, text);

    free(text);
    return got == id || reader_fail(in, "%s", got == 0 ? "out of memory" : "a text is there twice");
}

static bool read_texts(struct map *map, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_key(in, "texts") || !reader_u32(in, UINT32_MAX - 1, &count) || !reader_end(in))
        return false;
    for (uint32_t id = 1; id <= count; id++)
        if (!read_text(map, in, id))
            return false;
    return true;
}

static bool read_node(struct map *map, struct reader *in, uint32_t number)
{
    struct map_node node = {0};
    struct schedule example = {0};
    uint32_t folded = 0;
    uint32_t most = number == 0 ? 0 : number - 1;

    if (!reader_key(in, "n") || !reader_u32(in, most, &node.parent) ||
        !reader_u32(in, UINT32_MAX - 1, &node.taken) ||
        !reader_u32(in, UINT32_MAX, &node.offered) ||
        !reader_u32(in, map->texts.count, &node.label) || !read_tally(in, &node.tally) ||
        !reader_u32(in, 2, &folded) || !reader_schedule(in, &example))
        return false;
    uint32_t at = number;

    if (number > 0 && map_child(map, node.parent, node.taken) == 0)
        at = map_add_child(map, node.parent, node.taken, map_text_at(map, node.label));
    else if (number > 0)
        at = 0;
    if (at != number || (number > 0 && node.label == 0) || map->nodes[node.parent].folded ||
        (folded == 0 && example.count > 0)) {
        schedule_free(&example);
        return reader_fail(in, "a node of the tree that cannot be");
    }
    struct map_node *to = &map->nodes[at];

    to->offered = node.offered;
    to->tally = node.tally;
    to->folded = folded > 0;
    to->example_found = folded == 2;
    to->example = example;
    map->example_sizes += example.count;
    return true;
}

static bool read_nodes(struct map *map, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_key(in, "nodes") || !reader_u32(in, MAP_NODES_MAX, &count) || !reader_end(in))
        return false;
    if (count == 0)
        return reader_fail(in, "a tree without a beginning");
    for (uint32_t i = 0; i < count; i++)
        if (!read_node(map, in, i))
            return false;
    return true;
}

static bool read_op(struct map *map, struct reader *in, uint32_t number)
{
    struct map_op op = {0};

    if (!reader_key(in, "o") || !reader_u32(in, map->texts.count, &op.actor) ||
        !reader_name(in, sim_event_name, SIM_EVENT_COUNT, &op.kind) ||
        !reader_u32(in, map->texts.count, &op.object) || !reader_u32(in, MAP_NTH_MAX, &op.nth) ||
        !reader_u32(in, map->texts.count, &op.place) || !reader_end(in))
        return false;
    return map_op(map, &op) == number || reader_fail(in, "an operation that is there twice");
}

static bool read_pair(struct map *map, struct reader *in, uint32_t number)
{
    struct map_pair pair = {0};

    if (!reader_key(in, "p") || !reader_u32(in, map->op_count, &pair.op[0]) ||
        !reader_u32(in, map->op_count, &pair.op[1]) || !read_tally(in, &pair.order[0]) ||
        !read_tally(in, &pair.order[1]) || !reader_end(in))
        return false;
    if (pair.op[0] >= pair.op[1] || pair.op[1] >= map->op_count)
        return reader_fail(in, "a pair of operations that is none");
    map_order(map, pair.op[0], pair.op[1], 0);
    if (map->pair_count != number + 1)
        return reader_fail(in, "a pair of operations that is there twice");
    map->pairs[number] = pair;
    return true;
}

bool map_read(struct map *map, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_key(in, "map") || !reader_u32(in, UINT32_MAX, &map->depth) ||
        !reader_flag(in, &map->left_out) || !reader_end(in) || !read_texts(map, in) ||
        !read_nodes(map, in) || !reader_key(in, "operations") ||
        !reader_u32(in, MAP_OPS_MAX, &count) || !reader_end(in))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_op(map, in, i))
            return false;
    if (!reader_key(in, "pairs") || !reader_u32(in, MAP_PAIRS_MAX, &count) || !reader_end(in))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_pair(map, in, i))
            return false;
    return true;
}

/* ---- One into another. ---- */

static void add_tally(struct map_tally *to, const struct map_tally *from)
{
    to->executions += from->executions;
    to->found += from->found;
    to->kinds |= from->kinds;
}

/* Nodes of the other map, each after its parent, to nodes of this one. */
static void merge_nodes(struct map *map, const struct map *other, uint32_t *to)
{
    for (uint32_t i = 0; i < other->node_count && !map->out_of_memory; i++) {
        const struct map_node *from = &other->nodes[i];
        uint32_t parent = i == 0 ? 0 : to[from->parent];
        uint32_t child = i == 0 ? 0 : map_child(map, parent, from->taken);

        /* What is folded in either is folded. */
        if (i > 0 && map->nodes[parent].folded)
            child = parent;
        else if (i > 0 && child == 0)
            child = map_add_child(map, parent, from->taken, map_text_at(other, from->label));
        to[i] = child;
        if (map->out_of_memory)
            return;
        if (i > 0 && child == parent && map->nodes[parent].folded) {
            if (from->folded)
                map_set_example(map, child, &from->example, from->example_found);
            continue;
        }
        struct map_node *node = &map->nodes[child];

        add_tally(&node->tally, &from->tally);
        node->offered = from->offered > node->offered ? from->offered : node->offered;
        if (!from->folded)
            continue;
        node->folded = true;
        map_set_example(map, child, &from->example, from->example_found);
    }
}

static void merge_pairs(struct map *map, const struct map *other, const uint32_t *ops)
{
    for (uint32_t i = 0; i < other->pair_count && !map->out_of_memory; i++) {
        const struct map_pair *from = &other->pairs[i];
        uint32_t a = ops[from->op[0]];
        uint32_t b = ops[from->op[1]];

        if (a == MAP_OPS_MAX || b == MAP_OPS_MAX)
            continue;
        struct map_pair *pair = map_pair(map, a < b ? a : b, a < b ? b : a);

        if (pair == NULL)
            continue;
        add_tally(&pair->order[0], &from->order[a > b]);
        add_tally(&pair->order[1], &from->order[a < b]);
    }
}

void map_merge(struct map *map, const struct map *other)
{
    size_t count = other->node_count > other->op_count ? other->node_count : other->op_count;
    uint32_t *to = calloc(count, sizeof(*to));

    if (to == NULL) {
        map->out_of_memory = true;
        return;
    }
    map->left_out |= other->left_out;
    if (other->depth < map->depth)
        map_fold_below(map, other->depth);
    merge_nodes(map, other, to);
    for (uint32_t i = 0; i < other->op_count; i++) {
        struct map_op op = other->ops[i];

        op.actor = map_text(map, map_text_at(other, op.actor));
        op.object = map_text(map, map_text_at(other, op.object));
        op.place = map_text(map, map_text_at(other, op.place));
        to[i] = map_op(map, &op);
    }
    merge_pairs(map, other, to);
    free(to);
    if (map->depth != UINT32_MAX)
        map_fold_below(map, map->depth);
    map_fold(map);
}
