/* Poll: what a loop's selector watches beside its timers: descriptors that something can be read
 * from, or written to.  As add_reader and add_writer of a selector event loop. */
#ifndef SIM_CORE_POLL_H
#define SIM_CORE_POLL_H

#include "sim/core/loop_state.h"

/* Lives in what it is the descriptor of.
 * Invariant: linked in its loop's list exactly while it is ready for something that is watched. */
struct poll {
    struct list_node link;
    struct sim_loop *loop;     /* that watches it; NULL: none has yet */
    struct sim_handle *reader; /* NULL: not watched */
    struct sim_handle *writer;
    bool readable;
    bool writable;
};

void poll_init(struct poll *poll);

/* Say what it is ready for; an idle loop that watches for that wakes. */
void poll_set(struct poll *poll, bool readable, bool writable);

/* Call fn(sim, arg) in every turn in which it is ready; this replaces the last one.
 *
 * Returns: the handle, which is cancelled when it is replaced or removed. */
struct sim_handle *poll_add_reader(struct sim_loop *loop, struct poll *poll, sim_callback_fn fn,
                                   void *arg);
struct sim_handle *poll_add_writer(struct sim_loop *loop, struct poll *poll, sim_callback_fn fn,
                                   void *arg);
void poll_remove_reader(struct poll *poll);
void poll_remove_writer(struct poll *poll);

/* Of those that do not stand in the ready queue, the first who watches what is ready; NULL: there
 * is none.  And once it has been called from there, others come first. */
struct sim_handle *poll_first_ready(const struct sim_loop *loop);
void poll_called(struct sim_loop *loop);

/* Let the loop call who watches what is ready.  As BaseSelectorEventLoop._process_events. */
void poll_push_ready(struct sim_loop *loop);

#endif
