/* Report: the parts of the picture, each laid out below the last. */
#ifndef RENDER_REPORT_H
#define RENDER_REPORT_H

#include "render/axis.h"
#include "render/explored.h"
#include "render/render.h"
#include "render/scene.h"

enum {
    MARGIN = 24,
    LANE_NAMES = 150,
    INVOLVED_MAX = RENDER_ONLY_MOST,
    OTHERS_MAX = 12, /* lanes listed by the text */
    SMALL_MAX = 32,  /* small lanes in a picture */
    GROUPS_MAX = 8
};
enum {
    REPORT_BAR = 20,
    REPORT_HOLD_PITCH = 13,
    REPORT_SMALL_PITCH = 16,
    REPORT_NUMBER_WIDTH = 18 /* of the number of a step, for the next beside it */
};

/* What an arrow stands for. */
enum link_kind {
    LINK_START,   /* who started it */
    LINK_WAKE,    /* in a way that none of the others is */
    LINK_SET,     /* an event that was set */
    LINK_NOTIFY,  /* a condition */
    LINK_RELEASE, /* a lock or a permit, from who gave it up to who got it */
    LINK_JOIN,    /* an end that was waited for */
    LINK_RESULT,  /* a future's result */
    LINK_CANCEL,
    LINK_COUNT
};

/* From the end of one column to the beginning of another, or within one. */
struct link {
    uint32_t from_lane;
    uint32_t from_column;
    uint32_t to_lane;
    uint32_t to_column;
    enum link_kind kind;
};
enum { REPORT_IDENTITY_MAX = 1024, REPORT_GRAPH_WIDTH = 330 };

/* What the parts share while a report is laid out. */
struct report {
    const struct trace *trace;
    const struct render_options *options;
    const struct fonts *fonts;
    const struct theme *theme;
    struct timeline *timeline;         /* owned */
    const struct sim_finding *finding; /* the one that is told; NULL: none */
    struct scene *scene;
    struct axis axis;
    uint32_t involved[INVOLVED_MAX]; /* lanes at full size, in order */
    int involved_count;
    bool by_process;               /* they are of several processes, and stand by process */
    bool by_loop;                  /* the same of loops, within a process */
    double lane_top[INVOLVED_MAX]; /* of their bars */
    double others_top;             /* of the small lanes; 0: there are none */
    double lanes_top;
    double lanes_bottom;
    double y; /* where the next part begins */
    double width;
    bool states[LANE_STATE_COUNT]; /* that the legend must explain */
    bool ends[3];                  /* done, cancelled, failed */
    bool holds;
    bool folds;
    bool briefs;  /* R 1, W 2 */
    bool heard;   /* a notification that nobody heard */
    bool reads;   /* dots on the rows of variables */
    bool waiters; /* stacked below a lock */
    bool links[LINK_COUNT];
    bool explored[EXPLORED_COUNT];
    bool conflict;
};

/* Build the timeline and choose the lanes and the columns; nothing is placed yet.  Returns false
 * when out of memory.  To be ended with report_end, also then. */
bool report_begin(struct report *r, const struct trace *trace,
                  const struct render_options *options);
void report_end(struct report *r);

/* Place all parts, from the head to the foot.  scene is {0} before, and says if memory ran out. */
void report_lay_out(struct report *r, const struct fonts *fonts, struct scene *scene);

/* Whether a lane is among those at full size. */
bool report_has_lane(const struct report *r, uint32_t lane);

/* Whether what is shown includes the end of a run that could not go on. */
bool report_is_stuck(const struct report *r);

/* Whether a task or thread is one of those that options->only names. */
bool report_is_named(const struct trace *trace, const struct render_options *options,
                     uint32_t actor);

/* Those who are not shown at full size, in words. */
char *report_count_others(const struct report *r, char out[LABEL_MAX]);

/* What is said first: a few capitals, and a sentence.  Of the trace. */
const char *report_badge(const struct report *r);
const char *report_sentence(const struct report *r);

/* What stands in small print below the sentence: which run this was. */
char *report_identity(const struct report *r, const char *dot, char out[REPORT_IDENTITY_MAX]);

/* The process in which a lane runs; 0: the first. */
uint32_t report_process_of(const struct report *r, uint32_t lane);

/* The thread whose loop a task runs on, or which runs one itself; 0: none. */
uint32_t report_loop_of(const struct report *r, uint32_t lane);

/* The words over a group of lanes, if the i-th at full size begins one; else "". */
char *report_group(const struct report *r, int i, char out[LABEL_MAX]);

/* Whether a lane is alive in what is shown. */
bool report_is_alive(const struct report *r, uint32_t lane);

/* Whether two lanes look the same in what is shown. */
bool report_look_alike(const struct report *r, uint32_t a, uint32_t b);

/* The first lane from `from` on that has a small lane, and the last that shares it: those between
 * look alike.  lane_count: there is none. */
uint32_t report_next_small(const struct report *r, uint32_t from, uint32_t *last);

/* The bar's top of a lane at full size; -1 if it is not. */
double report_bar_of(const struct report *r, uint32_t lane);

/* The bar and the column of a step of the story; false if it is not shown. */
bool report_place_step(const struct report *r, int step, double *y, uint32_t *column);

/* Where the number of a step stands: beside those of the same step, if there are any. */
double report_number_x(const struct report *r, int step, uint32_t column);

/* The middle of what is left out before a slot, or squeezed from it on; -1: nothing is. */
double report_fold(const struct report *r, int slot);
void report_fold_mark(struct report *r, double x, double y);

/* The arrows between lanes at full size, at most max, in order of arrival.  Returns how many; -1
 * when out of memory. */
int report_links(const struct report *r, struct link *links, int max);

/* At most so many rows of locks, and of values. */
enum { REPORT_ROWS_MAX = 6 };

/* What a variable holds, or how many permits a semaphore has left. */
struct report_value {
    int64_t number;
    uint32_t by;  /* who wrote it; 0: it was there from the beginning */
    bool permits; /* of a semaphore */
};

/* Is told of a row of values, from left to right: what stands from x up to `to`, and each read in
 * what is shown.  read may be NULL. */
struct report_listener {
    void (*value)(void *arg, double x, double to, const struct report_value *value);
    void (*read)(void *arg, uint32_t column);
    void *arg;
};

/* The variables that have a row of values.  Returns how many. */
int report_values(const struct report *r, uint32_t ids[REPORT_ROWS_MAX]);
void report_each_value(const struct report *r, uint32_t id, const struct report_listener *listener);

/* "3 by adder 1", "2 left: reader". */
char *report_value_label(const struct report *r, const struct report_value *value,
                         char out[LABEL_MAX]);

/* The first point of the options' fate from which on everything fails; fate_count: there is none.
 */
size_t report_no_return(const struct render_options *options);

/* Where a point's share begins to hold: after the step that came before its choice. */
double report_fate_x(const struct report *r, size_t point);

/* Each part reads r->y and moves it down. */
void report_head(struct report *r);
double report_graph(struct report *r, double top); /* returns its bottom */
void report_overview(struct report *r);
void report_fate(struct report *r);
void report_axis(struct report *r);
void report_lanes(struct report *r);
void report_marks(struct report *r);
void report_rows(struct report *r); /* locks that are fought for, and values of variables */
void report_others(struct report *r);
void report_tips(struct report *r); /* over all else: the last part */
void report_source(struct report *r);
void report_legend(struct report *r);
void report_foot(struct report *r);

/* What a search tried in this run: lines of the head, so wide; signs on the lanes; and a sign in
 * the legend at x, where its words begin at what is returned. */
void report_explored_lines(struct report *r, double width);
void report_explored_marks(struct report *r);
double report_explored_legend(struct report *r, double x, enum explored kind);

/* A numbered disc: a step of the story. */
void report_disc(struct report *r, double x, double y, int number);

/* A lane's span as a bar whose top is y, h high when running. */
void report_span(struct scene *scene, const struct theme *theme, enum lane_state state, double x,
                 double y, double w, double h);

/* How somebody ended, at x; y and h as above. */
void report_end_cap(struct scene *scene, const struct theme *theme, unsigned status, double x,
                    double y, double h);

/* The text, shortened in the middle if enough is left to be understood; else "". */
char *report_fit_part(const struct fonts *fonts, enum font_face face, double size, const char *text,
                      double width, char out[FONT_TEXT_MAX]);

/* The words on an operation, or fewer of them, or none: what fits. */
char *report_fit_op(const struct fonts *fonts, double size, const struct timeline *timeline,
                    size_t event, double width, char out[FONT_TEXT_MAX]);

/* Where a text goes: its first baseline, how far the next is, and how much room there is. */
struct paragraph {
    enum font_face face;
    double size;
    double x;
    double y;
    double step;
    double width;
    int lines; /* at most */
    uint32_t colour;
};

/* Text broken at spaces into lines.  Returns how many. */
int report_wrap(struct report *r, const struct paragraph *where, const char *text);

#endif
