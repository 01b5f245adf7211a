/* The inside of a future, for core and for what combines futures. */
#ifndef SIM_CORE_FUTURE_STATE_H
#define SIM_CORE_FUTURE_STATE_H

#include "sim/core/future.h"
#include "sim/core/loop_state.h"

enum future_state { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED };

struct future_callback {
    sim_future_fn fn;
    void *arg;
};

/* Lives in the arena, or on the stack of the fiber that waits for it.
 * Invariant: callback_count > 0 only while pending. */
struct sim_future {
    struct future_callback first; /* callbacks[0], so that one waiter costs no allocation */
    struct future_callback *rest; /* callbacks[1] ... */
    uint32_t callback_count;
    uint32_t rest_capacity;
    struct sim_value value;
    const char *cancel_message;
    bool (*cancel)(struct sim_future *future, const char *message); /* NULL: a plain future */
    /* The first line of the cache ends here; a task's steps use the second. */
    struct sim_loop *loop;
    /* Finished: with which.  Cancelled: a task's own CancelledError, for the first who asks. */
    const struct sim_exception *exception;
    uint32_t id;   /* 0: an inner future that traces do not name */
    uint8_t state; /* enum future_state */
    bool is_task;
    bool retrieved; /* somebody has looked at the exception */
    bool seen;      /* a mark for who goes through a list in which it may stand twice */
};

void future_init(struct sim_future *future, struct sim_loop *loop, uint32_t id);

/* Cancelling what is done does nothing, but counts as having looked at its exception.  Returns
 * false. */
bool future_refuse_cancel(struct sim_future *future);

/* As Future.cancel for a plain future, whatever kind it is. */
bool future_cancel_plain(struct sim_future *future, const char *message);

/* Cancel whatever kind it is, without an event. */
bool future_cancel(struct sim_future *future, const char *message);

/* Finish a pending future. */
void future_finish(struct sim_future *future, struct sim_value value,
                   const struct sim_exception *exception);

/* As Future.exception(): mark it as looked at. */
const struct sim_exception *future_take_exception(struct sim_future *future);

/* The exception that awaiting a cancelled future raises. */
const struct sim_exception *future_cancelled_error(struct sim_future *future);

/* What awaiting a done future gives; the exception becomes the one that the running task met last.
 */
enum sim_status future_outcome(struct sim_future *future, struct sim_value *value);

#endif
