#include "sim/trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

#include "sim/trace/file.h"

struct trace *trace_new(void)
{
    struct trace *trace = calloc(1, sizeof(*trace));

    if (trace == NULL)
        return NULL;
    trace->registry = registry_new();
    if (trace->registry == NULL) {
        free(trace);
        return NULL;
    }
    return trace;
}

void trace_free(struct trace *trace)
{
    if (trace == NULL)
        return;
    registry_free(trace->registry);
    schedule_free(&trace->schedule);
    free(trace->events);
    free(trace->findings);
    free(trace);
}

bool trace_add_event(struct trace *trace, const struct sim_event *event)
{
    return trace_add_events(trace, event, 1);
}

bool trace_add_events(struct trace *trace, const struct sim_event *events, size_t count)
{
    if (!vec_reserve(&trace->events, trace->event_count + count, &trace->event_capacity,
                     sizeof(*events)))
        return false;
    memcpy(&trace->events[trace->event_count], events, count * sizeof(*events));
    trace->event_count += count;
    return true;
}

bool trace_add_finding(struct trace *trace, const struct sim_finding *finding)
{
    if (!vec_reserve(&trace->findings, trace->finding_count + 1, &trace->finding_capacity,
                     sizeof(*finding)))
        return false;
    trace->findings[trace->finding_count++] = *finding;
    return true;
}

/* FNV-1a over the trace's text: everything that is in the trace is in it. */
uint64_t trace_hash(const struct trace *trace)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    size_t length = 0;
    char *text = trace_format(trace, &length);

    for (size_t i = 0; text != NULL && i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    free(text);
    return hash;
}
