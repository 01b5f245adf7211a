/* Event: a flag that tasks wait for. */
#ifndef SIM_SYNC_EVENT_H
#define SIM_SYNC_EVENT_H

#include <stdbool.h>

#include "sim/core/sim.h"

struct sim_flag;

/* Create an event that is not set; owned by the arena.  As asyncio.Event().  (The struct is called
 * sim_flag because struct sim_event is an entry of a trace.) */
struct sim_flag *sim_event_new(struct sim *sim, const char *name);

/* Wait until it is set.
 *
 * Returns: SIM_OK; SIM_CANCELLED; SIM_RUNTIME_ERROR if it would wait outside of a task, or in
 *          another loop than the first who waited.  As Event.wait. */
SIM_MUST_USE enum sim_status(sim_event_wait)(struct sim_flag *event, const struct sim_site *site);
#define sim_event_wait(event) (sim_event_wait)((event), SIM_HERE)

/* As Event.set, Event.clear, Event.is_set. */
void(sim_event_set)(struct sim_flag *event, const struct sim_site *site);
#define sim_event_set(event) (sim_event_set)((event), SIM_HERE)
void(sim_event_clear)(struct sim_flag *event, const struct sim_site *site);
#define sim_event_clear(event) (sim_event_clear)((event), SIM_HERE)
bool sim_event_is_set(const struct sim_flag *event);

#endif
