/* Words: a single event as a person would say it. */
#ifndef SIM_TRACE_WORDS_H
#define SIM_TRACE_WORDS_H

#include <stddef.h>

#include "sim/trace/event.h"
#include "sim/trace/registry.h"

/* Who: the actor's name, or "the loop".  Returns out. */
char *words_actor(const struct registry *registry, uint32_t actor, char out[REGISTRY_NAME_MAX]);

/* Where: "counter.c:11", or "" if that is not known.  Returns out. */
char *words_place(const struct registry *registry, uint16_t site, char *out, size_t size);

/* What: "reads counter = 0", "waits for lock A, held by Bob".  Returns out. */
char *words_event(const struct registry *registry, const struct sim_event *event, char *out,
                  size_t size);

#endif
