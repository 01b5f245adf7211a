#include "render/choice_tree.h"

#include <stdlib.h>

#include "sim/base/assert.h"
#include "sim/base/vec.h"
#include "sim/trace/schedule.h"

bool choice_tree_init(struct choice_tree *tree, size_t nodes_most, size_t choices_most)
{
    SIM_ASSERT(nodes_most > 0 && nodes_most < UINT32_MAX);
    *tree = (struct choice_tree){.most = nodes_most, .pool_most = choices_most};
    if (!vec_reserve(&tree->nodes, 1, &tree->capacity, sizeof(*tree->nodes)))
        return false;
    tree->nodes[tree->count++] = (struct choice_node){0};
    return true;
}

void choice_tree_free(struct choice_tree *tree)
{
    free(tree->nodes);
    free(tree->pool);
    *tree = (struct choice_tree){0};
}

uint32_t choice_tree_option(const struct choice_tree *tree, uint32_t node)
{
    return node == 0 ? 0 : tree->pool[tree->nodes[node].edge];
}

/* A node more, which is nowhere yet.  0: there is no room. */
static uint32_t new_node(struct choice_tree *tree)
{
    if (tree->count == tree->most ||
        !vec_reserve(&tree->nodes, tree->count + 1, &tree->capacity, sizeof(*tree->nodes)))
        return 0;
    tree->nodes[tree->count] = (struct choice_node){0};
    return (uint32_t)tree->count++;
}

/* Where the link to a child with this option is, or would be. */
static uint32_t *link_to(struct choice_tree *tree, uint32_t parent, uint32_t option)
{
    uint32_t *link = &tree->nodes[parent].child;

    while (*link != 0 && choice_tree_option(tree, *link) < option)
        link = &tree->nodes[*link].next;
    return link;
}

/* Cut a node in two behind so many of its choices.  Returns the upper part; 0: there is no room. */
static uint32_t split(struct choice_tree *tree, uint32_t node, uint32_t length)
{
    uint32_t upper = new_node(tree);

    if (upper == 0)
        return 0;
    struct choice_node *below = &tree->nodes[node];

    *link_to(tree, below->parent, tree->pool[below->edge]) = upper;
    tree->nodes[upper] = *below;
    tree->nodes[upper].length = length;
    tree->nodes[upper].child = node;
    tree->nodes[upper].folded = 0;
    tree->nodes[upper].ends = false;
    below->parent = upper;
    below->next = 0;
    below->edge += length;
    below->length -= length;
    below->depth += length;
    return upper;
}

static bool store(struct choice_tree *tree, const uint32_t *choices, size_t count)
{
    if (count > tree->pool_most - tree->pool_count ||
        !vec_reserve(&tree->pool, tree->pool_count + count, &tree->pool_capacity,
                     sizeof(*tree->pool)))
        return false;
    for (size_t i = 0; i < count; i++)
        tree->pool[tree->pool_count++] = choices[i];
    return true;
}

/* A child with the choices from depth on.  0: there is no room. */
static uint32_t new_leaf(struct choice_tree *tree, uint32_t parent, const struct schedule *schedule,
                         size_t depth)
{
    size_t edge = tree->pool_count;

    if (tree->count == tree->most ||
        !store(tree, schedule->choices + depth, schedule->count - depth))
        return 0;
    uint32_t leaf = new_node(tree);

    if (leaf == 0)
        return 0;
    uint32_t *link = link_to(tree, parent, schedule->choices[depth]);

    tree->nodes[leaf].parent = parent;
    tree->nodes[leaf].edge = edge;
    tree->nodes[leaf].length = (uint32_t)(schedule->count - depth);
    tree->nodes[leaf].depth = (uint32_t)depth;
    tree->nodes[leaf].next = *link;
    *link = leaf;
    return leaf;
}

/* How many of a node's choices are those of a schedule from depth on. */
static uint32_t agree(const struct choice_tree *tree, uint32_t node,
                      const struct schedule *schedule, size_t depth)
{
    const uint32_t *edge = tree->pool + tree->nodes[node].edge;
    uint32_t same = 0;

    while (same < tree->nodes[node].length && depth + same < schedule->count &&
           edge[same] == schedule->choices[depth + same])
        same++;
    return same;
}

/* The node in which a schedule ends, made if need be; else the last on its way, and not whole. */
static uint32_t way(struct choice_tree *tree, const struct schedule *schedule, bool *whole)
{
    uint32_t at = 0;
    size_t depth = 0;

    *whole = false;
    while (depth < schedule->count) {
        uint32_t next = *link_to(tree, at, schedule->choices[depth]);

        if (next == 0 || choice_tree_option(tree, next) != schedule->choices[depth]) {
            uint32_t leaf = new_leaf(tree, at, schedule, depth);

            *whole = leaf != 0;
            return leaf != 0 ? leaf : at;
        }
        uint32_t same = agree(tree, next, schedule, depth);

        if (same < tree->nodes[next].length) {
            uint32_t upper = split(tree, next, same);

            if (upper == 0)
                return at;
            next = upper;
        }
        at = next;
        depth += same;
    }
    *whole = true;
    return at;
}

bool choice_tree_add(struct choice_tree *tree, const struct schedule *schedule, uint64_t kinds,
                     bool failing)
{
    bool whole = false;
    uint32_t at = way(tree, schedule, &whole);
    bool room = tree->count < tree->most && tree->pool_count < tree->pool_most;

    if (whole && !tree->nodes[at].ends)
        tree->nodes[at].ends = true;
    else
        tree->nodes[at].folded++;
    for (uint32_t node = at;; node = tree->nodes[node].parent) {
        tree->nodes[node].runs++;
        tree->nodes[node].failing += failing;
        tree->nodes[node].kinds |= kinds;
        if (node == 0)
            break;
    }
    return whole || !room;
}

/* The choices that lead to a node, and its own. */
static bool push_path(const struct choice_tree *tree, uint32_t node, struct schedule *path)
{
    const struct choice_node *at = &tree->nodes[node];
    size_t count = (size_t)at->depth + at->length;

    if (!vec_reserve(&path->choices, count + 1, &path->capacity, sizeof(*path->choices)))
        return false;
    path->count = count;
    for (; node != 0; node = at->parent) {
        at = &tree->nodes[node];
        for (uint32_t i = 0; i < at->length; i++)
            path->choices[at->depth + i] = tree->pool[at->edge + i];
    }
    return true;
}

bool choice_tree_path(const struct choice_tree *tree, uint32_t node, bool to_end,
                      struct schedule *path)
{
    const struct choice_node *nodes = tree->nodes;

    while (to_end && !nodes[node].ends && nodes[node].child != 0) {
        uint32_t child = nodes[node].child;

        while (nodes[node].failing > 0 && nodes[child].failing == 0 && nodes[child].next != 0)
            child = nodes[child].next;
        node = child;
    }
    return push_path(tree, node, path);
}

uint32_t choice_tree_next_failing(const struct choice_tree *tree, uint32_t node)
{
    const struct choice_node *nodes = tree->nodes;
    uint32_t at = nodes[node].failing > 0 ? nodes[node].child : 0;

    for (;;) {
        /* Nothing below: on to the next beside it, or beside those above it. */
        while (at == 0) {
            if (node == 0)
                return 0;
            at = nodes[node].next;
            node = nodes[node].parent;
        }
        if (nodes[at].failing > 0)
            return at;
        node = at;
        at = 0;
    }
}
