/* What if: runs the program of a trace again with one choice taken otherwise. */
#ifndef CLI_WHAT_IF_H
#define CLI_WHAT_IF_H

#include "render/window.h"
#include "sim/explore/explore.h"

enum { WHAT_IF_CHOICES = 256, WHAT_IF_OPTIONS = 64, WHAT_IF_EXECUTIONS = 100000 };

/* Options of WHAT_IF_CHOICES choices of one trace, so that stepping on need not run it again. */
struct what_if {
    struct window_lab window;      /* for the window; borrows this */
    uint32_t max_steps;            /* 0: four times those of the trace, and a million */
    uint64_t max_memory;           /* 0: as the trace says */
    struct explore_request search; /* how to explore; what is to be run is the trace's */
    const struct trace *trace;     /* NULL: none is listed yet */
    size_t first;                  /* choice */
    uint32_t counts[WHAT_IF_CHOICES];
    struct window_option options[WHAT_IF_CHOICES][WHAT_IF_OPTIONS];
};

/* A laboratory for the window; it must not move.  It explores depth first, at most
 * WHAT_IF_EXECUTIONS executions. */
void what_if_init(struct what_if *what_if, uint32_t max_steps, uint64_t max_memory);

/* A request to run the program of a trace again.  Returns false with the reason in error. */
bool what_if_request(const struct what_if *what_if, const struct trace *trace,
                     struct run_request *request, char *error, size_t error_size);

/* The part of the laboratory that knows all runs: see struct window_lab. */
struct trace *branches_replay(void *arg, const struct trace *trace, const struct schedule *schedule,
                              char *error, size_t error_size);
bool branches_describe(void *arg, const struct trace *trace, const struct schedule *schedule,
                       char *words, size_t size);
bool branches_explore(void *arg, const struct trace *trace, const struct window_search *search,
                      char *words, size_t size);

#endif
