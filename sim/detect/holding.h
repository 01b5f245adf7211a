/* Holding: a mutex that a task holds while it awaits something, when somebody waits for the mutex.
 *
 * Who waits for a mutex stops its thread, and with it every task of its loop; if that is the loop
 * of the holder, for ever (then it is a deadlock, see stuck.h).  A lock of asyncio is made to be
 * held across an await, and is not told of: how long it made others wait is in the statistics
 * (fairness.h). */
#ifndef SIM_DETECT_HOLDING_H
#define SIM_DETECT_HOLDING_H

#include <stdbool.h>

#include "sim/detect/track.h"

struct holding {
    struct moment taken; /* by the holder; the first case */
    struct moment wait;  /* of the holder */
    struct moment asked; /* of who waited for the lock */
    uint32_t lock;
    uint32_t wait_object;
    uint32_t count; /* cases */
    bool loop;      /* a whole loop waited */
};

static inline void holding_begin(struct holding *holding)
{
    holding->count = 0;
}

/* SIM_EV_RESUME of an actor that holds something, before the track is told. */
void holding_resume(struct holding *holding, const struct track *track,
                    const struct sim_event *event);

/* Write the finding; false when there is none. */
bool holding_report(const struct holding *holding, const struct registry *registry,
                    struct sim_finding *finding);

#endif
