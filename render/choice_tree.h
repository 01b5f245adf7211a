/* Choice tree: executions of one program by the choices that they took.  Those that begin with the
 * same choices share a way from the root; where they part, there is a branch.  A node stands for
 * all choices between two branches, so that the tree has at most twice as many nodes as it has
 * executions, however long they are. */
#ifndef RENDER_CHOICE_TREE_H
#define RENDER_CHOICE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct schedule;

enum { CHOICE_TREE_NODES = 200000, CHOICE_TREE_CHOICES = 16 << 20 };

/* Invariant: runs = those of its children, and folded, and 1 if one ends here; as for failing. */
struct choice_node {
    uint64_t runs;    /* that come by it */
    uint64_t failing; /* of them, with an error */
    uint64_t folded;  /* of them, that were only counted: for their own nodes there was no room */
    uint64_t kinds;   /* of findings (bits) in them */
    size_t edge;      /* its choices: pool[edge] up to pool[edge + length] */
    uint32_t length;
    uint32_t depth; /* how many choices were taken before them */
    uint32_t parent;
    uint32_t child; /* first, in order of options; 0: it has none */
    uint32_t next;  /* sibling; 0: it is the last */
    bool ends;      /* a run has no more choices than these */
};

/* nodes[0] is the root, where nothing is chosen yet. */
struct choice_tree {
    struct choice_node *nodes;
    size_t count;
    size_t capacity;
    size_t most; /* nodes */
    uint32_t *pool;
    size_t pool_count;
    size_t pool_capacity;
    size_t pool_most;
};

/* An empty tree with room for at least one node and at most so many, and so many choices.  To be
 * freed, also after false: out of memory. */
bool choice_tree_init(struct choice_tree *tree, size_t nodes_most, size_t choices_most);
void choice_tree_free(struct choice_tree *tree);

/* Add an execution; what there is no room for is folded into the last node on its way.  False: out
 * of memory; then it is folded, too. */
bool choice_tree_add(struct choice_tree *tree, const struct schedule *schedule, uint64_t kinds,
                     bool failing);

/* The choices up to a node; with some, those of a run through it, of a failing one if any fails.
 * False: out of memory. */
bool choice_tree_path(const struct choice_tree *tree, uint32_t node, bool to_end,
                      struct schedule *path);

/* The option that a node begins with. */
uint32_t choice_tree_option(const struct choice_tree *tree, uint32_t node);

/* The next node, parents before children, in whose part something fails; 0: there is none. */
uint32_t choice_tree_next_failing(const struct choice_tree *tree, uint32_t node);

#endif
