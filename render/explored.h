/* Explored: what happens in a run because a search tried it, and not because the program did it. */
#ifndef RENDER_EXPLORED_H
#define RENDER_EXPLORED_H

#include <stddef.h>

#include "sim/trace/trace.h"

enum explored {
    EXPLORED_NOTHING,
    EXPLORED_EARLY,  /* a deadline passes although others could go on */
    EXPLORED_CANCEL, /* a task is cancelled from outside */
    EXPLORED_WAKE,   /* from a condition variable, for no reason */
    EXPLORED_COUNT,
};

/* So many are told in words. */
enum { EXPLORED_TOLD_MOST = 3, EXPLORED_WORDS_MAX = 192 };

enum explored explored_kind(const struct sim_event *event);

/* The next such event from an index on; event_count if there is none. */
size_t explored_next(const struct trace *trace, size_t from);

/* "step 9: the deadline at 1 s passes before its turn" */
char *explored_words(const struct trace *trace, const struct sim_event *event,
                     char out[EXPLORED_WORDS_MAX]);

#endif
