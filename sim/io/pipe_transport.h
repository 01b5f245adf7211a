/* Pipe transports: move bytes between an end of a pipe and a protocol.
 *
 * As asyncio.unix_events._UnixReadPipeTransport and _UnixWritePipeTransport. */
#ifndef SIM_IO_PIPE_TRANSPORT_H
#define SIM_IO_PIPE_TRANSPORT_H

#include "sim/io/transport.h"

/* The loop's end of a pipe: this is where it reads from, or writes to. */
struct pipe_transport {
    struct transport base; /* first */
    struct poll poll;
    struct channel *channel;
    bool closed;
};

/* Begin; the waiter is done once the protocol knows. */
struct pipe_transport *read_pipe_new(struct sim_loop *loop, struct channel *channel,
                                     const struct protocol_ops *ops, void *protocol,
                                     struct sim_future *waiter);
struct pipe_transport *write_pipe_new(struct sim_loop *loop, struct channel *channel,
                                      const struct protocol_ops *ops, void *protocol,
                                      struct sim_future *waiter);

#endif
