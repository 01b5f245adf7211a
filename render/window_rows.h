/* Rows: which lanes of a run are shown, and where: those that are pinned first, and none that are
 * hidden. */
#ifndef RENDER_WINDOW_ROWS_H
#define RENDER_WINDOW_ROWS_H

#include "render/timeline.h"

enum row_mark { ROW_PLAIN, ROW_PINNED, ROW_HIDDEN };

/* Invariant: lane_at[row_of[lane]] == lane for each lane that is not hidden; the first `pinned`
 * rows are those of the lanes that are marked so. */
struct rows {
    uint32_t *lane_at; /* by row */
    uint32_t *row_of;  /* by lane; UINT32_MAX: it is hidden */
    uint8_t *mark;     /* by lane: enum row_mark */
    uint32_t lanes;
    uint32_t count; /* of rows */
    uint32_t pinned;
};

/* A row for each lane.  To be freed, also after false: out of memory. */
bool rows_init(struct rows *rows, uint32_t lanes);
void rows_free(struct rows *rows);

/* Mark a lane; marking it the same again makes it plain.  The last lane that is left cannot be
 * hidden: false. */
bool rows_mark(struct rows *rows, uint32_t lane, enum row_mark mark);

/* Make all plain that are marked so.  Returns how many were. */
uint32_t rows_clear(struct rows *rows, enum row_mark mark);

/* Hide all but those that are named; if none of the lanes is, none is hidden. */
void rows_only(struct rows *rows, const struct timeline *timeline, const char *const *names,
               int count);

/* Mark as the lanes of the same names are marked in another run. */
void rows_follow(struct rows *rows, const struct timeline *timeline, const struct rows *other,
                 const struct timeline *other_timeline);

#endif
