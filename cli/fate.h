/* Fate: the table of how a run's end was decided. */
#ifndef CLI_FATE_H
#define CLI_FATE_H

#include <stdio.h>

#include "render/render.h"
#include "sim/explore/shrink_lab.h"

/* The same for a picture. */
struct fate_curve {
    struct render_fate *points; /* owned */
    size_t count;
};

/* Print to out, if it is not NULL, from where on the target could not be escaped, and tell curve,
 * if that is not NULL ({0} before, to be freed with fate_curve_free).  trace is the failing run.
 * Returns false after a message on standard error. */
bool fate_print(const struct run_request *request, const struct shrink_target *target,
                const struct trace *trace, FILE *out, struct fate_curve *curve);

/* The same for the first finding of a trace of a scenario, if it has one. */
bool fate_of_trace(const struct trace *trace, FILE *out, struct fate_curve *curve);

void fate_curve_free(struct fate_curve *curve);

#endif
