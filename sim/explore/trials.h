/* Trials: where a search has tried a cancellation: at which awaits of which tasks, how often. */
#ifndef SIM_EXPLORE_TRIALS_H
#define SIM_EXPLORE_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/trace/reader.h"
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
    struct trial *at; /* owned; by task, then by place */
    size_t count;
    size_t capacity;
};

/* A sink that takes account; trials are borrowed. */
struct trials_sink {
    struct sink sink; /* first */
    struct trials *trials;
    const struct registry *registry;
    struct trial latest; /* of this execution, in which there is one at most; no counts: none */
};

void trials_sink_init(struct trials_sink *sink, struct trials *trials);
void trials_free(struct trials *trials);

/* The execution that has ended is one of the search's.  Returns false when out of memory. */
bool trials_count(struct trials_sink *sink);

/* Add those of another part of a search.  Returns false when out of memory. */
bool trials_add(struct trials *to, const struct trials *from);

/* Write them as lines of a report; nothing if there are none. */
void trials_put(const struct trials *trials, FILE *out);

/* Read such lines, if they come next, into what is empty.  No sum of theirs is more than most.
 * Returns false after a message; what was read is then still to be freed. */
bool trials_read(struct trials *trials, uint64_t most, struct reader *in);

#endif
