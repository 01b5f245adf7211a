/* Branches: the tree of choices as it is browsed: which of its nodes are open, and which is picked.
 * Knows no SDL. */
#ifndef RENDER_WINDOW_BRANCHES_H
#define RENDER_WINDOW_BRANCHES_H

#include "render/choice_tree.h"
#include "render/window.h"
#include "render/window_view.h"

enum { BRANCH_PITCH = 20, BRANCH_WORDS_MAX = 200 };

/* A node that is shown. */
struct branch_row {
    uint32_t node;
    uint32_t level; /* how far it is indented */
};

struct branches {
    const struct window_lab *lab; /* NULL: nobody can explore */
    const struct trace *trace;    /* of the program; borrowed */
    struct choice_tree tree;
    bool *open;   /* by node */
    char **words; /* by node: what is chosen there; NULL: not yet asked for */
    size_t room;  /* nodes that both have room for */
    struct branch_row *rows;
    size_t row_count;
    size_t row_capacity;
    size_t picked; /* row */
    double scroll; /* pixels */
    bool shown;    /* in the place of the lanes */
    bool wanted;   /* somebody asked for the search, which has not begun */
    bool searching;
    bool searched;
    bool stop;          /* somebody has seen enough */
    bool walked;        /* somebody picks for himself */
    bool out_of_memory; /* the tree lacks some that were run */
    char verdict[256];  /* of the search */
};

/* Nothing explored yet.  To be closed, also after false: out of memory. */
bool branches_init(struct branches *branches, const struct trace *trace,
                   const struct window_lab *lab);
void branches_close(struct branches *branches);

/* Whether it is shown in the place of the lanes. */
bool branches_open(const struct branches *branches);

/* Take in an execution. */
void branches_add(struct branches *branches, const struct schedule *schedule, uint64_t kinds,
                  bool failing);

/* List the rows anew, and find words for those that are in sight. */
void branches_list(struct branches *branches, const struct view *view);

/* Pick another row: so many on; the parent, after its part is closed; the first child, after it is
 * opened; the next run that fails. */
void branches_move(struct branches *branches, const struct view *view, int64_t rows);
void branches_out(struct branches *branches, const struct view *view);
void branches_in(struct branches *branches, const struct view *view);
bool branches_next_failing(struct branches *branches, const struct view *view);

/* Pick a row; open or close it. */
void branches_pick(struct branches *branches, size_t row);
void branches_toggle(struct branches *branches, size_t row);

/* The run of the picked row: of those of a branch a failing one, if any fails.  What it is called
 * goes to words.
 *
 * Returns: it, to be freed; NULL with the reason in error. */
struct trace *branches_run(const struct branches *branches, char words[BRANCH_WORDS_MAX],
                           char *error, size_t error_size);

/* Where the rows are. */
double branches_top(void);

#endif
