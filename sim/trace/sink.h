/* Sink: told what happened.  Recorder, detectors and printers are sinks; none can change a run. */
#ifndef SIM_TRACE_SINK_H
#define SIM_TRACE_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/trace/event.h"
#include "sim/trace/registry.h"

struct sink {
    /* A new execution begins: forget the last one.  reg outlives the execution.  May be NULL. */
    void (*begin)(struct sink *sink, const struct registry *reg);
    /* One event, in order.  The last one of an execution is SIM_EV_END. */
    void (*event)(struct sink *sink, const struct sim_event *event);
    /* Some events at once, in order: a sink that has this is told late, at the end of an execution
     * at the latest, and before a policy that looks at options chooses.  May be NULL. */
    void (*events)(struct sink *sink, const struct sim_event *events, size_t count);
    /* [kind]: true for kinds of events that it need not be told of; if no sink must be, they are
     * not even made.  It may still be told.  NULL: it must be told of all. */
    const bool *ignores;
    /* It reads neither names nor places: if no sink does, objects have no names, and events no
     * sites. */
    bool wordless;
    /* The machine had no memory for what it was told of this execution, which therefore ends so. It
     * sets this itself, and clears it when an execution begins. */
    bool out_of_memory;
};

#endif
