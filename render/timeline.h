/* Timeline: the meaning of a trace: lanes with states, operations, holds of locks, arrows.
 *
 * The horizontal place is a column: every step has one, and wherever virtual time moves, a few
 * columns stand for it, so that waiting is seen. */
#ifndef RENDER_TIMELINE_H
#define RENDER_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "render/theme.h"
#include "sim/trace/trace.h"

enum { COLUMNS_OF_TIME = 3, COLUMNS_OF_TIME_MOST = 100000, LABEL_MAX = 96 };

/* A stretch of one state, from a column up to (not including) another. */
struct span {
    uint32_t lane;
    uint32_t from;
    uint32_t to;
    uint32_t event; /* that began it: index in the trace */
    uint8_t state;  /* enum lane_state */
};

/* An operation, in its own column. */
struct op {
    uint32_t lane;
    uint32_t column;
    uint32_t event;
};

struct hold {
    uint32_t lane;
    uint32_t object;
    uint32_t from;
    uint32_t to;
    uint32_t row; /* among the holds of its lane that overlap it */
};

enum arrow_kind { ARROW_WAKE, ARROW_SPAWN };

struct arrow {
    uint32_t from_lane;
    uint32_t to_lane;
    uint32_t column;
    uint8_t kind;
};

struct lane {
    uint32_t actor;
    uint32_t born;       /* column */
    uint32_t ended;      /* column; UINT32_MAX: it did not end */
    uint8_t status;      /* enum sim_status with which it ended */
    uint32_t first_span; /* its spans are spans[first_span] .. */
    uint32_t span_count;
    uint32_t hold_rows;
};

struct timeline {
    const struct trace *trace;
    uint32_t *column_of; /* by event index */
    uint32_t columns;
    int64_t column_ns;  /* of time to a column that stands for it; 0: a move of time has a few */
    struct lane *lanes; /* actors, in order of id */
    uint32_t lane_count;
    uint32_t *lane_of;  /* by object id - 1; UINT32_MAX: none */
    struct span *spans; /* by lane, then in order of time */
    size_t span_count;
    struct op *ops; /* in order of time */
    size_t op_count;
    struct hold *holds;
    size_t hold_count;
    struct arrow *arrows; /* in order of time */
    size_t arrow_count;
};

/* Build the timeline of a trace (borrowed).  One pass.  Returns NULL when out of memory. */
struct timeline *timeline_new(const struct trace *trace);

/* The same; what stands for time is as wide as it is long, but never wider than
 * COLUMNS_OF_TIME_MOST. */
struct timeline *timeline_new_by_time(const struct trace *trace, int64_t column_ns);

/* A measure for that: with it, time takes about as much room as the steps of the trace do; 0 if
 * time stands still. */
int64_t timeline_choose_ns(const struct trace *trace);

void timeline_free(struct timeline *timeline);

/* The lane of a task or thread; UINT32_MAX: it is none, or nobody (0). */
static inline uint32_t timeline_lane(const struct timeline *timeline, uint32_t id)
{
    return id == 0 ? UINT32_MAX : timeline->lane_of[id - 1];
}

/* The first event of a step, by binary search; event_count if there is none. */
size_t timeline_event_of_step(const struct timeline *timeline, uint32_t step);

/* The first event at or after a column, and whether it is at it; NULL if there is none. */
const struct sim_event *timeline_event_at(const struct timeline *timeline, uint32_t column,
                                          bool *exact);

/* The first arrow at or after a column; arrow_count if there is none. */
size_t timeline_arrow_at(const struct timeline *timeline, uint32_t column);

/* The column in which a step stands. */
uint32_t timeline_column_of_step(const struct timeline *timeline, uint32_t step);

/* Words for an operation ("read counter = 1"), where there is little room ("read 1"), and for a
 * span of waiting ("waits for lock A"). */
char *timeline_op_label(const struct timeline *timeline, size_t event, char out[LABEL_MAX]);
char *timeline_op_short(const struct timeline *timeline, size_t event, char out[LABEL_MAX]);
/* Of an access, where there is hardly any: "R 1", "W 2"; else "". */
char *timeline_op_brief(const struct timeline *timeline, size_t event, char out[LABEL_MAX]);
char *timeline_wait_label(const struct timeline *timeline, size_t event, char out[LABEL_MAX]);

/* Words for what somebody is about to do: "take lock A", "goes on". */
char *timeline_option_label(const struct registry *registry, unsigned op, uint32_t object,
                            char out[LABEL_MAX]);

/* "created", "ready", "running", "awaiting", "blocked". */
const char *timeline_state_name(enum lane_state state);

/* "1.5 s", "20 ms": virtual time for people. */
char *timeline_time(int64_t time_ns, char out[LABEL_MAX]);

#endif
