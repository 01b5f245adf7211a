/* Story: the words of a finding, written from what a detector noted. */
#ifndef SIM_DETECT_STORY_H
#define SIM_DETECT_STORY_H

#include "sim/trace/event.h"
#include "sim/trace/finding.h"
#include "sim/trace/registry.h"

/* The moment of an event that a detector remembers. */
struct moment {
    int64_t value;
    uint32_t step; /* 0: it has not happened */
    uint32_t actor;
    uint16_t site;
};

static inline struct moment moment_of(const struct sim_event *event)
{
    return (struct moment){
        .value = event->value, .step = event->step, .actor = event->actor, .site = event->site};
}

/* A finding that is being written. */
struct story {
    const struct registry *registry;
    struct sim_finding *finding;
};

/* Begin: clear the finding and set its kind. */
struct story story_begin(struct sim_finding *finding, enum sim_finding_kind kind,
                         const struct registry *registry);

/* Append to the sentence. */
void story_say(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Add a numbered step; silently left out when there are FINDING_STEPS_MAX. */
void story_step(struct story *story, struct moment moment, uint32_t object, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Number the steps so far in the order in which they happened. */
void story_in_order(struct story *story);

/* Add an edge to the wait-for graph; left out when there are FINDING_EDGES_MAX. */
void story_edge(struct story *story, uint32_t waiter, uint32_t object, uint32_t holder);

/* A name, in a buffer that the caller provides by a compound literal. */
#define NAME(registry, id) registry_name((registry), (id), (char[REGISTRY_NAME_MAX]){0})

#endif
