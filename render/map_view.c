#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/map.h"
#include "sim/base/vec.h"
#include "sim/trace/event.h"
#include "sim/trace/finding.h"
#include "sim/trace/registry.h"

void map_view_free(struct map_view *view)
{
    free(view->parts);
    *view = (struct map_view){0};
}

/* Do all executions below a node end alike?  As far as is known of those that were folded. */
static bool is_uniform(const struct map *map, uint32_t node, const uint64_t *common)
{
    const struct map_tally *tally = &map->nodes[node].tally;

    return tally->found == 0 || (tally->found == tally->executions && tally->kinds == common[node]);
}

/* By node: the kinds that all executions below it have; to be freed. */
static uint64_t *common_kinds(const struct map *map)
{
    uint64_t *common = malloc(map->node_count * sizeof(*common));

    for (uint32_t i = map->node_count; common != NULL && i-- > 0;) {
        const struct map_node *node = &map->nodes[i];

        if (node->first == 0) {
            common[i] = node->tally.found == node->tally.executions ? node->tally.kinds : 0;
            continue;
        }
        common[i] = UINT64_MAX;
        for (uint32_t child = node->first; child != 0; child = map->nodes[child].next)
            common[i] &= common[child];
    }
    return common;
}

/* Past all choices of which only one option was taken. */
static uint32_t split_of(const struct map *map, uint32_t node)
{
    while (map->nodes[node].first != 0 && map->nodes[map->nodes[node].first].next == 0)
        node = map->nodes[node].first;
    return node;
}

static uint32_t choices_before(const struct map *map, uint32_t node)
{
    uint32_t count = 0;

    for (; node != 0; node = map->nodes[node].parent)
        count++;
    return count;
}

static uint32_t count_children(const struct map *map, uint32_t node)
{
    uint32_t count = 0;

    for (uint32_t child = map->nodes[node].first; child != 0; child = map->nodes[child].next)
        count++;
    return count;
}

static bool add_part(struct map_view *view, const struct map *map, const uint64_t *common,
                     uint32_t node, uint32_t parent)
{
    const struct map_tally *tally = &map->nodes[node].tally;

    if (!vec_reserve(&view->parts, (size_t)view->count + 1, &view->capacity, sizeof(*view->parts)))
        return false;
    view->parts[view->count++] =
        (struct map_part){.node = node,
                          .parent = parent,
                          .depth = node == 0 ? 0 : view->parts[parent].depth + 1,
                          .choices = choices_before(map, node),
                          .split = split_of(map, node),
                          .alike = is_uniform(map, node, common),
                          .mixed = tally->found > 0 && tally->found < tally->executions};
    return true;
}

/* The undivided part with the most executions that could be divided; view->count: none. */
static uint32_t largest(const struct map_view *view, const struct map *map, uint32_t leaves)
{
    uint32_t best = view->count;
    uint64_t most = 0;

    for (uint32_t i = 0; i < view->count; i++) {
        const struct map_part *part = &view->parts[i];
        uint32_t children = part->parts > 0 || part->alike ? 0 : count_children(map, part->split);

        if (children == 0 || children > leaves || map->nodes[part->node].tally.executions <= most)
            continue;
        most = map->nodes[part->node].tally.executions;
        best = i;
    }
    return best;
}

/* Put what was added at the end behind what it belongs to: each part before its own parts. */
static bool order(struct map_view *view)
{
    size_t room = view->count + 1;
    struct map_part *sorted = malloc(room * sizeof(*sorted));
    uint32_t *stack = malloc(room * sizeof(*stack));
    uint32_t *moved = malloc(room * sizeof(*moved));
    bool ok = sorted != NULL && stack != NULL && moved != NULL;
    uint32_t depth = 0;
    uint32_t count = 0;

    if (ok)
        stack[depth++] = 0;
    while (ok && depth > 0) {
        uint32_t at = stack[--depth];

        moved[at] = count;
        sorted[count] = view->parts[at];
        sorted[count].parent = moved[view->parts[at].parent];
        count++;
        for (uint32_t i = view->count; i-- > 1;)
            if (view->parts[i].parent == at)
                stack[depth++] = i;
    }
    if (ok)
        memcpy(view->parts, sorted, view->count * sizeof(*sorted));
    free(sorted);
    free(stack);
    free(moved);
    return ok;
}

bool map_view_init(struct map_view *view, const struct map *map, uint32_t leaves)
{
    uint64_t *common = common_kinds(map);
    uint32_t have = 1;

    *view = (struct map_view){0};
    bool ok = common != NULL && add_part(view, map, common, 0, 0);

    for (uint32_t at = 0; ok && have < leaves && at < view->count;) {
        at = largest(view, map, leaves - have + 1);
        if (at == view->count)
            break;
        uint32_t split = view->parts[at].split;

        view->parts[at].parts = count_children(map, split);
        have += view->parts[at].parts - 1;
        for (uint32_t child = map->nodes[split].first; ok && child != 0;
             child = map->nodes[child].next)
            ok = add_part(view, map, common, child, at);
    }
    free(common);
    return ok && order(view);
}

/* ---- Pairs. ---- */

static double rate(const struct map_tally *tally)
{
    return tally->executions == 0 ? 0 : (double)tally->found / (double)tally->executions;
}

/* How much the order matters, as far as was seen; less than 0 if only one was. */
static double weight(const struct map_pair *pair)
{
    double difference = rate(&pair->order[0]) - rate(&pair->order[1]);

    if (pair->order[0].executions == 0 || pair->order[1].executions == 0)
        return -1;
    /* Where all fail, or as many, but not of the same. */
    double other = pair->order[0].kinds == pair->order[1].kinds ? 0 : 0.001;

    return (difference < 0 ? -difference : difference) + other;
}

uint32_t *map_ranking(const struct map *map)
{
    uint32_t *ranking = malloc(((size_t)map->pair_count + 1) * sizeof(*ranking));
    double *weights = malloc(((size_t)map->pair_count + 1) * sizeof(*weights));

    for (uint32_t i = 0; ranking != NULL && weights != NULL && i < map->pair_count; i++) {
        double own = weight(&map->pairs[i]);
        uint32_t at = i;

        for (; at > 0 && weights[at - 1] < own; at--) {
            weights[at] = weights[at - 1];
            ranking[at] = ranking[at - 1];
        }
        weights[at] = own;
        ranking[at] = i;
    }
    if (weights == NULL) {
        free(ranking);
        ranking = NULL;
    }
    free(weights);
    return ranking;
}

char *map_kinds(uint64_t kinds, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT && used < size; kind++)
        if ((kinds >> kind & 1) != 0)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     sim_finding_name(kind));
    return out;
}

/* A name as run --order reads it: in quotes if it has characters that mean something there. */
static const char *quoted(const char *name, char out[2 * REGISTRY_NAME_MAX + 4])
{
    size_t length = 0;

    if (strpbrk(name, ".,<()[]\"") == NULL)
        return name;
    out[length++] = '"';
    for (; *name != '\0' && length < 2 * (size_t)REGISTRY_NAME_MAX; name++) {
        if (*name == '"' || *name == '\\')
            out[length++] = '\\';
        out[length++] = *name;
    }
    out[length++] = '"';
    out[length] = '\0';
    return out;
}

char *map_op_text(const struct map *map, const struct map_op *op, char *out, size_t size)
{
    char actor[2 * REGISTRY_NAME_MAX + 4];
    char object[2 * REGISTRY_NAME_MAX + 4];
    char number[16] = "";

    if (op->nth > 1)
        (void)snprintf(number, sizeof(number), "[%u]", op->nth);
    (void)snprintf(out, size, "%s.%s(%s)%s", quoted(map_text_at(map, op->actor), actor),
                   sim_event_name(op->kind), quoted(map_text_at(map, op->object), object), number);
    return out;
}
