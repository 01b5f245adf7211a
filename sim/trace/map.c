#include "sim/trace/map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/trace/event.h"

/* ---- Texts. ---- */

static size_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 29);
}

static size_t text_place(const struct map_texts *texts, const char *text)
{
    size_t at = hash_text(text) & (texts->table_size - 1);

    while (texts->table[at] != 0 && strcmp(texts->at[texts->table[at]], text) != 0)
        at = (at + 1) & (texts->table_size - 1);
    return at;
}

/* Room for one more: the table is never more than half full. */
static bool make_text_room(struct map_texts *texts)
{
    if (!vec_reserve_zeroed(&texts->at, (size_t)texts->count + 2, &texts->capacity,
                            sizeof(*texts->at)))
        return false;
    if (2 * ((size_t)texts->count + 1) <= texts->table_size)
        return true;
    size_t size = texts->table_size == 0 ? 256 : 2 * texts->table_size;
    uint32_t *table = calloc(size, sizeof(*table));

    if (table == NULL)
        return false;
    free(texts->table);
    texts->table = table;
    texts->table_size = size;
    for (uint32_t id = 1; id <= texts->count; id++)
        table[text_place(texts, texts->at[id])] = id;
    return true;
}

uint32_t map_text(struct map *map, const char *text)
{
    struct map_texts *texts = &map->texts;

    if (!make_text_room(texts)) {
        map->out_of_memory = true;
        return 0;
    }
    size_t at = text_place(texts, text);

    if (texts->table[at] != 0)
        return texts->table[at];
    char *copy = strdup(text);

    if (copy == NULL) {
        map->out_of_memory = true;
        return 0;
    }
    texts->at[++texts->count] = copy;
    texts->table[at] = texts->count;
    return texts->count;
}

const char *map_text_at(const struct map *map, uint32_t id)
{
    return id == 0 || id > map->texts.count ? "" : map->texts.at[id];
}

/* ---- The map as a whole. ---- */

struct map *map_new(void)
{
    struct map *map = calloc(1, sizeof(*map));

    if (map == NULL)
        return NULL;
    map->depth = UINT32_MAX;
    if (!vec_reserve_zeroed(&map->nodes, 1, &map->node_capacity, sizeof(*map->nodes))) {
        free(map);
        return NULL;
    }
    map->node_count = 1;
    return map;
}

void map_free(struct map *map)
{
    if (map == NULL)
        return;
    for (uint32_t id = 1; id <= map->texts.count; id++)
        free(map->texts.at[id]);
    for (uint32_t i = 0; i < map->node_count; i++)
        schedule_free(&map->nodes[i].example);
    free(map->texts.at);
    free(map->texts.table);
    free(map->nodes);
    free(map->ops);
    free(map->pairs);
    free(map->pair_table);
    free(map);
}

void map_tally(struct map_tally *tally, uint64_t kinds)
{
    tally->executions++;
    tally->found += kinds != 0;
    tally->kinds |= kinds;
}

/* ---- The tree. ---- */

uint32_t map_child(const struct map *map, uint32_t node, uint32_t taken)
{
    uint32_t child = map->nodes[node].first;

    while (child != 0 && map->nodes[child].taken != taken)
        child = map->nodes[child].next;
    return child;
}

uint32_t map_add_child(struct map *map, uint32_t node, uint32_t taken, const char *label)
{
    uint32_t text = map_text(map, label);

    if (text == 0 || !vec_reserve(&map->nodes, (size_t)map->node_count + 1, &map->node_capacity,
                                  sizeof(*map->nodes))) {
        map->out_of_memory = true;
        return 0;
    }
    uint32_t child = map->node_count++;
    uint32_t *place = &map->nodes[node].first;

    while (*place != 0 && map->nodes[*place].taken < taken)
        place = &map->nodes[*place].next;
    map->nodes[child] =
        (struct map_node){.parent = node, .next = *place, .taken = taken, .label = text};
    *place = child;
    return child;
}

void map_set_example(struct map *map, uint32_t node, const struct schedule *schedule, bool found)
{
    struct map_node *at = &map->nodes[node];

    if (at->example_found || (!found && at->example.capacity > 0))
        return;
    map->example_sizes += schedule->count - at->example.count;
    at->example_found = found;
    map->out_of_memory |= !schedule_copy(&at->example, schedule);
}

/* Down to a leaf, where possible to one with a finding. */
static uint32_t leaf_below(const struct map *map, uint32_t node)
{
    while (!map->nodes[node].folded && map->nodes[node].first != 0) {
        bool wanted = map->nodes[node].tally.found > 0;
        uint32_t child = map->nodes[node].first;

        while (wanted && map->nodes[child].tally.found == 0 && map->nodes[child].next != 0)
            child = map->nodes[child].next;
        node = child;
    }
    return node;
}

bool map_example(const struct map *map, uint32_t node, struct schedule *schedule)
{
    uint32_t leaf = leaf_below(map, node);
    uint32_t length = 0;

    if (map->nodes[leaf].folded)
        return schedule_copy(schedule, &map->nodes[leaf].example);
    for (uint32_t at = leaf; at != 0; at = map->nodes[at].parent)
        length++;
    schedule->count = 0;
    if (!vec_reserve(&schedule->choices, length, &schedule->capacity, sizeof(*schedule->choices)))
        return false;
    schedule->count = length;
    for (uint32_t at = leaf; at != 0; at = map->nodes[at].parent)
        schedule->choices[--length] = map->nodes[at].taken;
    return true;
}

/* ---- Folding. ---- */

/* Depths of all nodes, whose parents stand before them; to be freed.  NULL when out of memory. */
static uint32_t *depths_of(const struct map *map, uint32_t *deepest)
{
    uint32_t *depths = calloc(map->node_count, sizeof(*depths));

    *deepest = 0;
    for (uint32_t i = 1; depths != NULL && i < map->node_count; i++) {
        depths[i] = depths[map->nodes[i].parent] + 1;
        *deepest = depths[i] > *deepest ? depths[i] : *deepest;
    }
    return depths;
}

/* Make this node a leaf that stands for all that was below it. */
static void fold_node(struct map *map, uint32_t node)
{
    struct map_node *at = &map->nodes[node];
    struct schedule example = {0};

    if (at->folded || at->first == 0)
        return;
    map->out_of_memory |= !map_example(map, node, &example);
    at->example = example;
    map->example_sizes += example.count;
    at->example_found = at->tally.found > 0;
    at->folded = true;
    at->first = 0;
}

/* Drop nodes deeper than the map's depth; the others keep their order. */
static void drop_deep(struct map *map, const uint32_t *depths)
{
    uint32_t *moved = calloc(map->node_count, sizeof(*moved));
    uint32_t count = 0;

    if (moved == NULL) {
        map->out_of_memory = true;
        return;
    }
    for (uint32_t i = 0; i < map->node_count; i++) {
        if (depths[i] <= map->depth) {
            moved[i] = count++;
        } else {
            map->example_sizes -= map->nodes[i].example.count;
            schedule_free(&map->nodes[i].example);
        }
    }
    for (uint32_t i = 0; i < map->node_count; i++) {
        struct map_node node = map->nodes[i];

        if (depths[i] > map->depth)
            continue;
        node.parent = moved[node.parent];
        node.first = moved[node.first];
        node.next = moved[node.next];
        map->nodes[moved[i]] = node;
    }
    map->node_count = count;
    free(moved);
}

void map_fold_below(struct map *map, uint32_t depth)
{
    uint32_t deepest = 0;
    uint32_t *depths = depths_of(map, &deepest);

    assert(map->node_count > 0); /* there is the root */
    map->out_of_memory |= depths == NULL;
    map->depth = depth < map->depth ? depth : map->depth;
    for (uint32_t i = 0; depths != NULL && i < map->node_count; i++)
        if (depths[i] == map->depth)
            fold_node(map, i);
    if (depths != NULL)
        drop_deep(map, depths);
    free(depths);
}

void map_fold(struct map *map)
{
    while (!map->out_of_memory &&
           (map->node_count > MAP_NODES_MAX || map->example_sizes > MAP_EXAMPLES_MAX)) {
        uint32_t deepest = 0;
        uint32_t *depths = depths_of(map, &deepest);

        free(depths);
        if (depths == NULL || deepest == 0) {
            map->out_of_memory |= depths == NULL;
            return;
        }
        map_fold_below(map, deepest - 1 - deepest / 16);
    }
}

/* ---- Operations and pairs. ---- */

static bool only_looks(uint8_t kind)
{
    return kind == SIM_EV_READ || kind == SIM_EV_ATOMIC_LOAD || kind == SIM_EV_COND_WAIT;
}

bool map_conflict(uint8_t a, uint8_t b)
{
    return !only_looks(a) || !only_looks(b);
}

uint32_t map_op(struct map *map, const struct map_op *op)
{
    for (uint32_t i = 0; i < map->op_count; i++) {
        const struct map_op *at = &map->ops[i];

        if (at->actor == op->actor && at->object == op->object && at->nth == op->nth &&
            at->kind == op->kind)
            return i;
    }
    if (map->op_count == MAP_OPS_MAX) {
        map->left_out = true;
        return MAP_OPS_MAX;
    }
    if (!vec_reserve(&map->ops, (size_t)map->op_count + 1, &map->op_capacity, sizeof(*map->ops))) {
        map->out_of_memory = true;
        return MAP_OPS_MAX;
    }
    map->ops[map->op_count] = *op;
    return map->op_count++;
}

static size_t pair_place(const struct map *map, uint32_t a, uint32_t b)
{
    uint64_t mixed = ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(mixed >> 32) & (map->pair_table_size - 1);

    while (map->pair_table[at] != 0) {
        const struct map_pair *pair = &map->pairs[map->pair_table[at] - 1];

        if (pair->op[0] == a && pair->op[1] == b)
            break;
        at = (at + 1) & (map->pair_table_size - 1);
    }
    return at;
}

static bool make_pair_room(struct map *map)
{
    if (!vec_reserve(&map->pairs, (size_t)map->pair_count + 1, &map->pair_capacity,
                     sizeof(*map->pairs)))
        return false;
    if (2 * ((size_t)map->pair_count + 1) <= map->pair_table_size)
        return true;
    size_t size = map->pair_table_size == 0 ? 256 : 2 * map->pair_table_size;

    while (size < 2 * ((size_t)map->pair_count + 1))
        size *= 2;
    uint32_t *table = calloc(size, sizeof(*table));

    if (table == NULL)
        return false;
    free(map->pair_table);
    map->pair_table = table;
    map->pair_table_size = size;
    for (uint32_t i = 0; i < map->pair_count; i++)
        table[pair_place(map, map->pairs[i].op[0], map->pairs[i].op[1])] = i + 1;
    return true;
}

struct map_pair *map_pair(struct map *map, uint32_t a, uint32_t b)
{
    if (!make_pair_room(map)) {
        map->out_of_memory = true;
        return NULL;
    }
    size_t at = pair_place(map, a, b);

    if (map->pair_table[at] != 0)
        return &map->pairs[map->pair_table[at] - 1];
    if (map->pair_count == MAP_PAIRS_MAX) {
        map->left_out = true;
        return NULL;
    }
    map->pairs[map->pair_count] = (struct map_pair){.op = {a, b}};
    map->pair_table[at] = ++map->pair_count;
    return &map->pairs[map->pair_count - 1];
}

void map_order(struct map *map, uint32_t first, uint32_t second, uint64_t kinds)
{
    bool turned = first > second;
    struct map_pair *pair = map_pair(map, turned ? second : first, turned ? first : second);

    if (pair != NULL)
        map_tally(&pair->order[turned], kinds);
}
