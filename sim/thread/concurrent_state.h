/* The inside of a concurrent future, for executors and loops. */
#ifndef SIM_THREAD_CONCURRENT_STATE_H
#define SIM_THREAD_CONCURRENT_STATE_H

#include "sim/core/future_state.h"
#include "sim/thread/executor.h"

enum concurrent_state {
    CONCURRENT_PENDING,
    CONCURRENT_RUNNING,
    CONCURRENT_CANCELLED,
    CONCURRENT_FINISHED
};

/* As concurrent.futures.Future: of no loop, for any thread.  Lives in the arena. */
struct sim_concurrent {
    struct sim *sim;
    struct list_node link;    /* in the queue of its executor */
    struct list_node waiters; /* threads blocked in result */
    struct wrapping *wrappings;
    struct sim_future *source; /* a task of a loop, which ends it; NULL: a worker does */
    sim_body_fn fn;
    void *arg;
    const struct context_map *context;
    struct sim_value value;
    const struct sim_exception *exception;
    uint32_t id;
    uint8_t state;
};

struct sim_concurrent *concurrent_new(struct sim *sim, const char *name,
                                      const struct sim_site *site);

/* End it, and tell who waits for it, on this thread or in a loop. */
void concurrent_finish(struct sim_concurrent *concurrent, struct sim_value value,
                       const struct sim_exception *exception);

#endif
