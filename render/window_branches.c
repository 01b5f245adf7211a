#include "render/window_branches.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/trace/schedule.h"

bool branches_init(struct branches *b, const struct trace *trace, const struct window_lab *lab)
{
    *b = (struct branches){.lab = lab, .trace = trace};
    return choice_tree_init(&b->tree, CHOICE_TREE_NODES, CHOICE_TREE_CHOICES);
}

void branches_close(struct branches *b)
{
    for (size_t i = 0; i < b->room; i++)
        free(b->words[i]);
    free(b->words);
    free(b->open);
    free(b->rows);
    choice_tree_free(&b->tree);
    *b = (struct branches){0};
}

bool branches_open(const struct branches *b)
{
    return b->shown;
}

double branches_top(void)
{
    return VIEW_MAP + 44;
}

/* Room for what is noted of each node. */
static bool make_room(struct branches *b)
{
    size_t count = b->tree.count;

    if (count <= b->room)
        return true;
    size_t room = 2 * count;
    bool *open = realloc(b->open, room * sizeof(*open));

    b->open = open != NULL ? open : b->open;
    char **words = realloc(b->words, room * sizeof(*words));

    b->words = words != NULL ? words : b->words;
    if (open == NULL || words == NULL)
        return false;
    memset(open + b->room, 0, (room - b->room) * sizeof(*open));
    memset(words + b->room, 0, (room - b->room) * sizeof(*words));
    if (b->room == 0)
        open[0] = true;
    b->room = room;
    return true;
}

void branches_add(struct branches *b, const struct schedule *schedule, uint64_t kinds, bool failing)
{
    size_t before = b->tree.count;

    b->out_of_memory |= !choice_tree_add(&b->tree, schedule, kinds, failing) || !make_room(b);
    /* A node that was cut in two begins with other choices now. */
    for (size_t i = before; i < b->tree.count && i < b->room; i++) {
        uint32_t below = b->tree.nodes[i].child;

        if (below != 0 && b->words[below] != NULL) {
            b->words[i] = b->words[below];
            b->words[below] = NULL;
        }
    }
}

/* One more row, and those below it if it is open. */
static bool list_node(struct branches *b, uint32_t node, uint32_t level)
{
    if (!vec_reserve(&b->rows, b->row_count + 1, &b->row_capacity, sizeof(*b->rows)))
        return false;
    b->rows[b->row_count++] = (struct branch_row){node, level};
    return true;
}

/* In order, without recursion: a tree may be as deep as a run has choices. */
static void list_all(struct branches *b)
{
    const struct choice_node *nodes = b->tree.nodes;
    uint32_t node = 0;
    uint32_t level = 0;

    b->row_count = 0;
    for (;;) {
        if (!list_node(b, node, level))
            return;
        if (b->open[node] && nodes[node].child != 0) {
            node = nodes[node].child;
            level++;
            continue;
        }
        while (node != 0 && nodes[node].next == 0) {
            node = nodes[node].parent;
            level--;
        }
        if (node == 0)
            return;
        node = nodes[node].next;
    }
}

static void find_words(struct branches *b, uint32_t node)
{
    struct schedule path = {0};
    char words[BRANCH_WORDS_MAX];

    if (node == 0 || b->words[node] != NULL || b->lab == NULL)
        return;
    bool ok = choice_tree_path(&b->tree, node, false, &path);

    /* Its first choice is what tells it from those beside it. */
    path.count = ok ? (size_t)b->tree.nodes[node].depth + 1 : 0;
    ok = ok && b->lab->describe(b->lab->arg, b->trace, &path, words, sizeof(words));
    if (!ok)
        (void)snprintf(words, sizeof(words), "choice %u: option %u", b->tree.nodes[node].depth + 1,
                       choice_tree_option(&b->tree, node) + 1);
    b->words[node] = strdup(words);
    schedule_free(&path);
}

static size_t rows_in_sight(const struct view *v)
{
    double room = v->height - VIEW_BOTTOM - branches_top();

    return room < BRANCH_PITCH ? 1 : (size_t)(room / BRANCH_PITCH);
}

void branches_list(struct branches *b, const struct view *v)
{
    uint32_t node = b->picked < b->row_count ? b->rows[b->picked].node : 0;
    size_t sight = rows_in_sight(v);

    if (!b->shown || !make_room(b))
        return;
    list_all(b);
    /* The picked node stays picked, wherever it is now. */
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].node == node)
            b->picked = i;
    /* As long as nobody picks for himself, it is the first that fails; nodes are still cut. */
    if (!b->walked && b->tree.nodes[0].failing > 0) {
        b->picked = 0;
        (void)branches_next_failing(b, v);
        b->walked = b->searched;
    }
    b->picked = b->picked < b->row_count ? b->picked : b->row_count - 1;
    double most = ((double)b->row_count - (double)sight) * BRANCH_PITCH;

    b->scroll = b->scroll > most ? most : b->scroll;
    b->scroll = b->scroll < 0 ? 0 : b->scroll;
    size_t first = (size_t)(b->scroll / BRANCH_PITCH);

    for (size_t i = first; i < b->row_count && i <= first + sight; i++)
        find_words(b, b->rows[i].node);
}

/* Scroll until the picked row is in sight. */
static void show_picked(struct branches *b, const struct view *v)
{
    double y = (double)b->picked * BRANCH_PITCH;
    double room = (double)rows_in_sight(v) * BRANCH_PITCH;

    if (y < b->scroll)
        b->scroll = y;
    else if (y + BRANCH_PITCH > b->scroll + room)
        b->scroll = y + BRANCH_PITCH - room;
}

void branches_move(struct branches *b, const struct view *v, int64_t rows)
{
    int64_t at = (int64_t)b->picked + rows;

    b->walked = true;
    at = at >= (int64_t)b->row_count ? (int64_t)b->row_count - 1 : at;
    b->picked = at < 0 ? 0 : (size_t)at;
    show_picked(b, v);
}

/* Pick the row of a node, whose parents are open. */
static void pick_node(struct branches *b, const struct view *v, uint32_t node)
{
    list_all(b);
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].node == node)
            b->picked = i;
    show_picked(b, v);
}

void branches_out(struct branches *b, const struct view *v)
{
    if (b->picked >= b->row_count)
        return;
    uint32_t node = b->rows[b->picked].node;

    b->walked = true;
    if (b->open[node] && b->tree.nodes[node].child != 0)
        b->open[node] = false;
    else
        node = b->tree.nodes[node].parent;
    pick_node(b, v, node);
}

void branches_in(struct branches *b, const struct view *v)
{
    if (b->picked >= b->row_count)
        return;
    uint32_t node = b->rows[b->picked].node;

    b->walked = true;
    if (b->tree.nodes[node].child == 0)
        return;
    if (b->open[node])
        node = b->tree.nodes[node].child;
    b->open[b->rows[b->picked].node] = true;
    pick_node(b, v, node);
}

bool branches_next_failing(struct branches *b, const struct view *v)
{
    const struct choice_node *nodes = b->tree.nodes;
    uint32_t node = b->picked < b->row_count ? b->rows[b->picked].node : 0;

    do
        node = choice_tree_next_failing(&b->tree, node);
    while (node != 0 && !nodes[node].ends && nodes[node].child != 0);
    if (node == 0)
        return false;
    for (uint32_t above = node; above != 0;) {
        above = nodes[above].parent;
        b->open[above] = true;
    }
    pick_node(b, v, node);
    return true;
}

void branches_pick(struct branches *b, size_t row)
{
    b->walked = true;
    if (row < b->row_count)
        b->picked = row;
}

void branches_toggle(struct branches *b, size_t row)
{
    branches_pick(b, row);
    if (row < b->row_count)
        b->open[b->rows[row].node] = !b->open[b->rows[row].node];
}

struct trace *branches_run(const struct branches *b, char words[BRANCH_WORDS_MAX], char *error,
                           size_t error_size)
{
    struct schedule path = {0};
    struct trace *trace = NULL;

    if (b->lab == NULL || b->picked >= b->row_count || b->tree.nodes[0].runs == 0)
        (void)snprintf(error, error_size, "Nothing was explored.");
    else if (!choice_tree_path(&b->tree, b->rows[b->picked].node, true, &path))
        (void)snprintf(error, error_size, "Out of memory.");
    else
        trace = b->lab->replay(b->lab->arg, b->trace, &path, error, error_size);
    if (trace != NULL) {
        char *text = schedule_format(&path);

        (void)snprintf(words, BRANCH_WORDS_MAX, "explored, %.180s", text == NULL ? "" : text);
        free(text);
    }
    schedule_free(&path);
    return trace;
}
