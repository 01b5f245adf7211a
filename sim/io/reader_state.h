/* The inside of a reader, for the transports that feed it. */
#ifndef SIM_IO_READER_STATE_H
#define SIM_IO_READER_STATE_H

#include "sim/core/future_state.h"
#include "sim/io/buffer.h"
#include "sim/io/reader.h"

struct transport;

/* Lives in the arena. */
struct sim_reader {
    struct sim *sim;
    struct sim_loop *loop;
    struct transport *transport; /* NULL: fed by the program */
    struct buffer buffer;
    size_t limit;
    struct sim_future *waiter; /* on the stack of who waits; NULL: nobody does */
    const struct sim_exception *exception;
    uint32_t id; /* of what it reads from */
    bool eof;
    bool paused; /* it has paused its transport */
};

/* limit > 0. */
struct sim_reader *reader_new(struct sim_loop *loop, size_t limit);

/* id: of the stream that the transport reads from. */
void reader_set_transport(struct sim_reader *reader, struct transport *transport, uint32_t id);

void reader_set_exception(struct sim_reader *reader, const struct sim_exception *exception);

#endif
