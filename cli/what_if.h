/* What if: runs the program of a trace again with one choice taken otherwise. */
#ifndef CLI_WHAT_IF_H
#define CLI_WHAT_IF_H

#include "render/window.h"
#include "sim/explore/run.h"

enum { WHAT_IF_CHOICES = 256, WHAT_IF_OPTIONS = 64 };

/* Options of WHAT_IF_CHOICES choices of one trace, so that stepping on need not run it again. */
struct what_if {
    struct window_lab window;  /* for the window; borrows this */
    uint32_t max_steps;        /* 0: four times those of the trace, and a million */
    const struct trace *trace; /* NULL: none is listed yet */
    size_t first;              /* choice */
    uint32_t counts[WHAT_IF_CHOICES];
    struct window_option options[WHAT_IF_CHOICES][WHAT_IF_OPTIONS];
};

/* A laboratory for the window; it must not move. */
void what_if_init(struct what_if *what_if, uint32_t max_steps);

#endif
