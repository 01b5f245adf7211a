/* The inside of properties, for the simulation and for what searches must know of them. */
#ifndef SIM_CORE_PROPERTY_STATE_H
#define SIM_CORE_PROPERTY_STATE_H

#include "sim/core/property.h"
#include "sim/core/state.h"

/* An event, while there are properties: put it, and look at what it has changed. */
void properties_event(struct sim *sim, const struct emission *emission);

/* A predicate looks at an object without an event. */
void properties_glance(struct sim *sim, uint32_t object, int64_t value);
void properties_glance_mutex(struct sim *sim, uint32_t mutex, bool held);

/* The run has ended by itself: what should have been true? */
void properties_end(struct sim *sim);

#endif
