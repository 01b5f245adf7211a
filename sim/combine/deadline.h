/* Deadline: the scope of a time-out.  As asyncio.timeouts.Timeout, which wait_for is made of. */
#ifndef SIM_COMBINE_DEADLINE_H
#define SIM_COMBINE_DEADLINE_H

#include "sim/core/loop_state.h"
#include "sim/core/task.h"

/* Lives on the stack of the task that entered it. */
struct deadline {
    struct sim *sim;
    struct sim_task *task;
    struct sim_handle timer;
    int cancelling; /* requests to cancel the task when it entered */
    bool expired;
};

/* Cancel the running task when timeout_ns (> 0) have passed, unless it has left by then. */
void deadline_enter(struct deadline *deadline, struct sim *sim, int64_t timeout_ns);

/* Leave with the status of what ran within.
 *
 * Returns: status, or SIM_TIMEOUT if it is the cancellation by this deadline. */
SIM_MUST_USE enum sim_status deadline_exit(struct deadline *deadline, enum sim_status status);

#endif
