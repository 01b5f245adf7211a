/* Runs: the run that the window was opened on, and those that came of taking a choice otherwise.
 *
 * Two runs that are shown together, a run and the one it came of, agree up to the choice; from
 * where they differ, they may have different steps.  Knows no SDL. */
#ifndef RENDER_WINDOW_RUNS_H
#define RENDER_WINDOW_RUNS_H

#include "render/timeline.h"
#include "render/window.h"
#include "render/window_view.h"

struct world;

enum { RUNS_MAX = 64, ROWS_MAX = 256, RUN_WORDS_MAX = 200 };

/* In the place of a choice: nobody took one otherwise. */
#define RUN_FOUND SIZE_MAX

struct run {
    const struct trace *trace;
    struct trace *own; /* NULL: it is borrowed */
    struct timeline *timeline;
    struct index *index;
    struct world *world;
    struct rows rows;
    uint8_t *differ;        /* by operation: enum differ, beside the parent; NULL: not compared */
    uint8_t *parent_differ; /* the same by operation of the parent, beside this run */
    uint32_t *choices;      /* events, in order */
    size_t choice_count;
    int parent;       /* -1: it is the first */
    size_t choice;    /* of the parent's that was taken otherwise; RUN_FOUND: by a search */
    uint32_t taken;   /* option */
    uint32_t differs; /* the first step at which it does something else than its parent; 0: none */
    uint32_t column;  /* of that step */
    size_t focus;     /* where it was left */
    size_t finding;
    double scroll;
    char words[RUN_WORDS_MAX]; /* "as recorded", "after step 5: B to A, not A to B" */
};

/* An option of a choice at the step in focus. */
struct choice_row {
    size_t choice;
    uint32_t option;
    bool taken; /* by the run that is shown */
    int run;    /* that took it; -1: none was tried */
    char who[REGISTRY_NAME_MAX];
    char words[RUN_WORDS_MAX]; /* who, and what he is about to do */
};

/* Invariant: 0 <= at < count; at is upper or lower; lower is -1, or upper is its parent.
 * rows are those of focus rows_focus in run rows_run. */
struct runs {
    const struct window_lab *lab; /* NULL: nothing can be tried */
    struct run list[RUNS_MAX];
    int count;
    int at; /* whose steps are walked */
    int upper;
    int lower;
    int64_t column_ns; /* of all timelines: see timeline_new_by_time */
    bool alone;        /* a run is not shown with the one that it came of */
    struct choice_row rows[ROWS_MAX];
    size_t row_count;
    size_t left_out; /* options for which there was no row */
    size_t picked;   /* row that Enter tries */
    int rows_run;    /* -1: none yet */
    size_t rows_focus;
    char why[256];     /* there are no alternatives; "" */
    char message[256]; /* what came of the last attempt */
};

/* Begin with one run (borrowed, as lab), by steps or by time.  To be closed, also after false: out
 * of memory. */
bool runs_open(struct runs *runs, const struct trace *trace, const struct window_lab *lab,
               bool by_time);
void runs_close(struct runs *runs);

/* List the choices at the step in focus of the view, unless that is done. */
void runs_list(struct runs *runs, const struct view *view);

/* Take in a run that a search found: it is shown below the first.  words say which it is.
 *
 * Returns: its number, also if it is there already; -1 with the reason in message. */
int runs_take(struct runs *runs, struct trace *trace, const char *words);

/* Show a run, with the one that it came of above it unless it shall be alone; the view goes there.
 */
void runs_show(struct runs *runs, struct view *view, int index);

/* Walk the other of the two runs that are shown. */
void runs_swap(struct runs *runs, struct view *view);

/* Try a row of the list: run it, or show the run that took it.  Says in message what came of it. */
void runs_try(struct runs *runs, struct view *view, size_t index);

/* Move the row that Enter tries to the next, or previous, that was not taken. */
void runs_pick(struct runs *runs, int direction);

/* The first event of the next, or previous, step with a choice; SIZE_MAX if there is none. */
size_t runs_next_choice(const struct runs *runs, const struct view *view, int direction);

/* Whether there is a choice at the step of an event. */
bool runs_has_choice(const struct run *run, size_t event);

/* Make the view of the other run that is shown.  False: there is only one. */
bool runs_beside(const struct runs *runs, const struct view *view, struct view *other);

#endif
