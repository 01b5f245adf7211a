/* Map: what a search has seen.  Its executions as a tree of choices, with how they ended; and of
 * every pair of operations that conflict, which came first, how often, and how that ended: did it
 * try the order that I fear?
 *
 * Memory is bounded: a tree that grows too large is folded below a depth, and operations and pairs
 * past a number are left out; the map says so. */
#ifndef SIM_TRACE_MAP_H
#define SIM_TRACE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/trace/schedule.h"

struct reader;

enum {
    MAP_NODES_MAX = 1 << 16,
    MAP_OPS_MAX = 1 << 10,
    MAP_PAIRS_MAX = 1 << 14,
    MAP_NTH_MAX =
        8, /* how often the same actor does the same to the same object, and is told apart */
    MAP_EXAMPLES_MAX = 1 << 22, /* choices of all schedules that are kept, together */
};

/* How many executions, and how they ended. */
struct map_tally {
    uint64_t executions;
    uint64_t found; /* of them, with a finding */
    uint64_t kinds; /* a bit for each kind of finding that any of them had */
};

/* What is known after the same first choices.  The first node is the beginning. */
struct map_node {
    uint32_t parent;
    uint32_t first;   /* child, in the order of options; 0: none */
    uint32_t next;    /* child of the same parent; 0: none */
    uint32_t taken;   /* option of the choice before it */
    uint32_t offered; /* options of the choice after it; 0: the run ends without one */
    uint32_t label;   /* text: what the option taken before it did */
    struct map_tally tally;
    /* Of a node that was folded, one execution through it, if possible one with a finding; owned.
     * Elsewhere the way to a leaf says it. */
    struct schedule example;
    bool folded;
    bool example_found;
};

/* An operation: what an actor does to an object for the nth time. */
struct map_op {
    uint32_t actor;  /* text */
    uint32_t object; /* text */
    uint32_t place;  /* text: "counter.c:12"; where it was first seen */
    uint32_t nth;    /* from 1 */
    uint8_t kind;    /* enum sim_event_kind */
};

/* Two operations that conflict, and what was seen of either order. */
struct map_pair {
    uint32_t op[2];
    struct map_tally order[2]; /* op[0] first; op[1] first */
};

struct map_texts {
    char **at; /* owned; by id, from 1 */
    uint32_t count;
    size_t capacity;
    uint32_t *table; /* ids, hashed; 0: free; its size is a power of two */
    size_t table_size;
};

struct map {
    struct map_texts texts;
    struct map_node *nodes; /* owned */
    uint32_t node_count;
    size_t node_capacity;
    struct map_op *ops; /* owned */
    uint32_t op_count;
    size_t op_capacity;
    struct map_pair *pairs; /* owned */
    uint32_t pair_count;
    size_t pair_capacity;
    uint32_t *pair_table; /* numbers of pairs plus 1, hashed */
    size_t pair_table_size;
    uint32_t depth;         /* choices that the tree tells apart; UINT32_MAX: all */
    uint64_t example_sizes; /* choices in all examples */
    bool left_out;          /* some operations or pairs are not there */
    bool out_of_memory;
};

/* An empty map has the first node only.  NULL when out of memory. */
struct map *map_new(void);
void map_free(struct map *map);

/* The id of a text, which is copied; 0 when out of memory. */
uint32_t map_text(struct map *map, const char *text);
const char *map_text_at(const struct map *map, uint32_t id); /* "" for 0 */

/* ---- Noting an execution.  Each sets out_of_memory when it is. ---- */

/* Let an execution pass through a node. */
void map_tally(struct map_tally *tally, uint64_t kinds);

/* The child of a node behind this option; 0: there is none yet. */
uint32_t map_child(const struct map *map, uint32_t node, uint32_t taken);
uint32_t map_add_child(struct map *map, uint32_t node, uint32_t taken, const char *label);

/* An execution with this schedule ends at, or below, a node that is a leaf of the folded tree. */
void map_set_example(struct map *map, uint32_t node, const struct schedule *schedule, bool found);

/* The operation with these texts; MAP_OPS_MAX: it is left out. */
uint32_t map_op(struct map *map, const struct map_op *op);

/* The pair of these two, the lower first; NULL: it is left out, or out of memory. */
struct map_pair *map_pair(struct map *map, uint32_t a, uint32_t b);

/* One execution did first before second. */
void map_order(struct map *map, uint32_t first, uint32_t second, uint64_t kinds);

/* Fold the tree until it is small enough; and below so many choices. */
void map_fold(struct map *map);
void map_fold_below(struct map *map, uint32_t depth);

/* Do two operations on one object conflict: does their order matter? */
bool map_conflict(uint8_t a, uint8_t b);

/* The schedule of an execution through a node, if possible of one with a finding.  Returns false
 * when out of memory. */
bool map_example(const struct map *map, uint32_t node, struct schedule *schedule);

/* Put operations and pairs into an order that does not depend on which execution came first. */
void map_sort(struct map *map);

/* Put another map of the same program into this one. */
void map_merge(struct map *map, const struct map *other);

/* As lines, for files; read returns false after a message, and when out of memory; the map is then
 * to be freed. */
void map_put(const struct map *map, FILE *out);
bool map_read(struct map *map, struct reader *in);

#endif
