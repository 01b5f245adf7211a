/* Inside: the lock and the condition that another primitive is made of.  They make no events of
 * their own; whoever waits there waits, in traces, at that primitive (object), for why. */
#ifndef SIM_SYNC_INSIDE_H
#define SIM_SYNC_INSIDE_H

#include "sim/sync/condition.h"
#include "sim/sync/lock.h"

struct sim_lock *lock_new_inside(struct sim *sim, uint32_t object, enum sim_wait why);

/* The condition has such a lock of its own. */
struct sim_condition *condition_new_inside(struct sim *sim, uint32_t object, enum sim_wait why);

#endif
