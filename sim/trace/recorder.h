/* Recorder: a sink that keeps every event in a trace. */
#ifndef SIM_TRACE_RECORDER_H
#define SIM_TRACE_RECORDER_H

#include <stdbool.h>

#include "sim/trace/sink.h"

struct trace;

struct recorder {
    struct sink sink; /* first: a recorder is a sink */
    struct trace *trace;
    const struct registry *registry; /* of the run being recorded */
};

/* Prepare a recorder that fills trace (borrowed; emptied when an execution begins).  At SIM_EV_END
 * the run's registry is copied into the trace and trace->outcome is set.  Where the machine has no
 * memory for all that, the sink says so, and the outcome is SIM_OUTCOME_NO_MEMORY. */
void recorder_init(struct recorder *recorder, struct trace *trace);

#endif
