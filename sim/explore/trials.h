/* Trials: where a search has tried a cancellation: at which awaits of which tasks, how often. */
#ifndef SIM_EXPLORE_TRIALS_H
#define SIM_EXPLORE_TRIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/trace/registry.h"
#include "sim/trace/sink.h"

/* One await of one task, by its place in the source. */
struct trial {
    char task[REGISTRY_NAME_MAX];
    char place[64];  /* "pool.c:31"; "" if it is not known */
    uint64_t begins; /* executions in which it was cancelled as it began */
    uint64_t ends;   /* and as it ended */
};

struct trials {
    struct trial *at; /* owned; in the order in which they were first tried */
    size_t count;
    size_t capacity;
};

/* A sink that takes account; trials are borrowed. */
struct trials_sink {
    struct sink sink; /* first */
    struct trials *trials;
    const struct registry *registry;
    bool out_of_memory;
};

void trials_sink_init(struct trials_sink *sink, struct trials *trials);
void trials_free(struct trials *trials);

#endif
