/* Trace: a finished run in memory, however it came there (recorded, or read from a file). */
#ifndef SIM_TRACE_TRACE_H
#define SIM_TRACE_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/trace/event.h"
#include "sim/trace/finding.h"
#include "sim/trace/registry.h"
#include "sim/trace/schedule.h"

enum { TRACE_META_MAX = 256, TRACE_EARLY_MOST = 1000 };

struct trace {
    char program[TRACE_META_MAX]; /* scenario's name */
    char params[TRACE_META_MAX];  /* "tasks=10000 n=5" or "" */
    char policy[TRACE_META_MAX];  /* "fifo", "random seed=42", "dfs preemptions=2" */
    char level[16];               /* freedom of tasks: "fifo", "timing" or "any" */
    char time[16];                /* when deadlines pass: "late" or "explored" */
    char cancel[TRACE_META_MAX];  /* which task may be cancelled: its name, "any", or "" */
    uint32_t early;               /* how many deadlines may pass early; 0: not said */
    uint64_t max_memory;          /* the limit on memory, in bytes; 0: not said */
    struct registry *registry;    /* owned */
    struct schedule schedule;
    struct sim_event *events; /* owned */
    size_t event_count;
    size_t event_capacity;
    struct sim_finding *findings; /* owned; errors before hazards, then by first step */
    size_t finding_count;
    size_t finding_capacity;
    uint8_t outcome; /* enum sim_outcome */
};

/* Create an empty trace with an empty registry; NULL when out of memory. */
struct trace *trace_new(void);
void trace_free(struct trace *trace);

/* Append; false when out of memory. */
bool trace_add_event(struct trace *trace, const struct sim_event *event);
bool trace_add_events(struct trace *trace, const struct sim_event *events, size_t count);
bool trace_add_finding(struct trace *trace, const struct sim_finding *finding);

/* 64-bit hash of everything in the trace. */
uint64_t trace_hash(const struct trace *trace);

#endif
