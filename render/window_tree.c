/* The tree of choices, in the place of the lanes. */
#include <inttypes.h>
#include <stdio.h>

#include "render/window_branches.h"
#include "render/window_draw.h"
#include "sim/trace/finding.h"

enum { INDENT = 14, INDENT_MOST = 24, SHARE_WIDTH = 70, NUMBERS_WIDTH = 190 };

/* "LOST UPDATE, DATA RACE". */
static void kinds_words(uint64_t kinds, char out[LABEL_MAX])
{
    size_t used = 0;

    out[0] = '\0';
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT && used < LABEL_MAX; kind++)
        if ((kinds >> kind & 1) != 0)
            used += (size_t)snprintf(out + used, LABEL_MAX - used, "%s%s", used == 0 ? "" : ", ",
                                     sim_finding_badge(kind));
}

/* How many runs, how many of them fail, and that share as a bar. */
static void draw_numbers(struct drawing *d, const struct choice_node *node, double y)
{
    double x = d->v->width - VIEW_SIDE - NUMBERS_WIDTH;
    double share = node->runs == 0 ? 0 : (double)node->failing / (double)node->runs;
    char text[80];

    scene_rect(d->scene, x, y + 4, SHARE_WIDTH, 12, d->theme->grid);
    if (node->failing > 0)
        scene_rect(d->scene, x, y + 4, SHARE_WIDTH * share < 2 ? 2 : SHARE_WIDTH * share, 12,
                   d->theme->bug);
    if (node->failing == 0)
        (void)snprintf(text, sizeof(text), "%" PRIu64 " pass", node->runs);
    else if (node->runs == 1)
        (void)snprintf(text, sizeof(text), "fails");
    else
        (void)snprintf(text, sizeof(text), "%" PRIu64 " of %" PRIu64 " fail, %.3g %%",
                       node->failing, node->runs, 100 * share);
    draw_fitted(d, FONT_SANS, 10, x + SHARE_WIDTH + 6, y + 14, NUMBERS_WIDTH - SHARE_WIDTH - 12,
                node->failing > 0 ? d->theme->ink : d->theme->ink2, text);
}

static void row_words(const struct branches *b, uint32_t index, char out[FONT_TEXT_MAX])
{
    const struct choice_node *node = &b->tree.nodes[index];
    bool leaf = node->child == 0 && node->folded == 0;
    char kinds[LABEL_MAX];
    char folded[64] = "";

    kinds_words(leaf ? node->kinds : 0, kinds);
    if (node->folded > 0)
        (void)snprintf(folded, sizeof(folded), " (%" PRIu64 " only counted)", node->folded);
    (void)snprintf(out, FONT_TEXT_MAX, "%s%s%s%s",
                   index == 0                ? "all runs"
                   : b->words[index] != NULL ? b->words[index]
                                             : "\xE2\x80\xA6",
                   folded, kinds[0] != '\0' ? " \xE2\x80\x94 " : "", kinds);
}

static void draw_branch(struct drawing *d, size_t row, double y)
{
    const struct branches *b = d->v->branches;
    uint32_t index = b->rows[row].node;
    const struct choice_node *node = &b->tree.nodes[index];
    uint32_t level = b->rows[row].level < INDENT_MOST ? b->rows[row].level : INDENT_MOST;
    double x = 10 + (double)INDENT * level;
    double w = d->v->width - VIEW_SIDE;
    bool leaf = node->child == 0;
    char text[FONT_TEXT_MAX];

    if (row == b->picked)
        scene_add(d->scene,
                  (struct shape){.kind = SHAPE_RECT,
                                 .x = 2,
                                 .y = y,
                                 .w = w - 4,
                                 .h = BRANCH_PITCH,
                                 .fill = UINT32_MAX,
                                 .edge = d->theme->ink,
                                 .edge_width = 1.5},
                  NULL);
    if (!leaf) {
        struct box fold = {x - 2, y, 16, BRANCH_PITCH};

        scene_text(d->scene, FONT_SANS, 11, x, y + 14, d->theme->ink2,
                   b->open[index] ? "\xE2\x96\xBE" : "\xE2\x96\xB8");
        draw_hit(d, &fold, HIT_FOLD, row);
    } else {
        scene_add(d->scene,
                  (struct shape){.kind = node->failing > 0 ? SHAPE_RECT : SHAPE_DISC,
                                 .x = node->failing > 0 ? x : x + 4,
                                 .y = node->failing > 0 ? y + 6 : y + 10,
                                 .w = node->failing > 0 ? 8 : 3.5,
                                 .h = 8,
                                 .fill = node->failing > 0 ? d->theme->bug : d->theme->ink2},
                  NULL);
    }
    row_words(b, index, text);
    draw_fitted(d, leaf && node->failing > 0 ? FONT_BOLD : FONT_SANS, 11, x + 16, y + 14,
                w - NUMBERS_WIDTH - x - 24,
                leaf && node->failing > 0 ? d->theme->bug : d->theme->ink, text);
    draw_numbers(d, node, y);
    draw_hit(d, &(struct box){x + 14, y, w - x - 14, BRANCH_PITCH}, HIT_NODE, row);
}

static void title_words(const struct branches *b, char out[FONT_TEXT_MAX])
{
    const struct choice_node *root = &b->tree.nodes[0];

    if (b->searching)
        (void)snprintf(out, FONT_TEXT_MAX, "exploring: %" PRIu64 " runs, %" PRIu64 " fail; X stops",
                       root->runs, root->failing);
    else
        (void)snprintf(out, FONT_TEXT_MAX, "%s%s", b->verdict,
                       b->out_of_memory ? "; some could not be kept, for want of memory" : "");
}

void draw_tree(struct drawing *d)
{
    const struct view *v = d->v;
    const struct branches *b = v->branches;
    double top = branches_top();
    double bottom = v->height - VIEW_BOTTOM;
    size_t first = (size_t)(b->scroll / BRANCH_PITCH);
    char text[FONT_TEXT_MAX];

    scene_rect(d->scene, 0, VIEW_MAP - 6, v->width - VIEW_SIDE + 4, bottom - VIEW_MAP + 6,
               d->theme->background);
    title_words(b, text);
    draw_fitted(d, FONT_BOLD, 12, 10, VIEW_MAP + 12, v->width - VIEW_SIDE - 20, d->theme->ink,
                text);
    scene_text(
        d->scene, FONT_SANS, 10, 10, VIEW_MAP + 30, d->theme->ink2,
        "The choices of the program, and where they lead.  Arrows walk and open, Enter shows "
        "a run, N goes to the next that fails, E closes.");
    for (size_t i = first; i < b->row_count; i++) {
        double y = top + (double)(i - first) * BRANCH_PITCH;

        if (y + BRANCH_PITCH > bottom)
            break;
        draw_branch(d, i, y);
    }
}
