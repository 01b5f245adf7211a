/* The inside of a time-out, for wait_for, which keeps one on its stack. */
#ifndef SIM_COMBINE_TIMEOUT_STATE_H
#define SIM_COMBINE_TIMEOUT_STATE_H

#include "sim/combine/timeout.h"
#include "sim/core/loop_state.h"
#include "sim/core/task.h"

enum timeout_state {
    TIMEOUT_CREATED,
    TIMEOUT_ENTERED,
    TIMEOUT_EXPIRING,
    TIMEOUT_EXPIRED,
    TIMEOUT_EXITED
};

/* As asyncio.timeouts.Timeout. */
struct sim_timeout {
    struct sim *sim;
    struct sim_task *task; /* that entered */
    struct sim_handle timer;
    int64_t when_ns;
    int cancelling; /* requests to cancel the task when it entered */
    enum timeout_state state;
    bool armed; /* the timer is in the loop */
};

void timeout_init(struct sim_timeout *timeout, struct sim *sim, int64_t when_ns);

/* A time from now, or SIM_NEVER. */
int64_t timeout_deadline(const struct sim *sim, int64_t delay_ns);

#endif
