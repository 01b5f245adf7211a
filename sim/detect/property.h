/* Property: invariants that a step broke, and promises that were not kept (core/property.h). */
#ifndef SIM_DETECT_PROPERTY_H
#define SIM_DETECT_PROPERTY_H

#include <stdbool.h>

#include "sim/detect/lost_update.h"

enum { BROKEN_MAX = 8, INSPECTED_MAX = 6 };

/* What a predicate saw, and who wrote it last (step 0: nobody has). */
struct inspected {
    struct moment write;
    int64_t value;
    uint32_t object;
};

struct broken {
    struct moment at;
    struct moment read; /* what who broke it read last, if it is among what was seen */
    uint32_t read_object;
    struct inspected seen[INSPECTED_MAX];
    struct inspected before; /* the write that the breaking one overwrote; step 0: none is told */
    uint32_t property;
    uint32_t also; /* how often again */
    uint8_t seen_count;
    uint8_t kind; /* enum sim_property_kind */
};

struct properties_broken {
    struct broken broken[BROKEN_MAX]; /* the first ones, one a property */
    uint32_t count;
    struct inspected seen[INSPECTED_MAX]; /* of the property whose event is next */
    uint32_t seen_count;
    uint32_t invariants; /* broken, of those that are kept */
    uint32_t promises;
};

void properties_begin(struct properties_broken *properties);

/* SIM_EV_PROPERTY, after the variables were told of the step. */
void properties_event_seen(struct properties_broken *properties,
                           const struct lost_update *variables, const struct sim_event *event);

/* Write the finding of the index-th property; false when there is none. */
bool properties_report(const struct properties_broken *properties, const struct registry *registry,
                       uint32_t index, struct sim_finding *finding);

#endif
