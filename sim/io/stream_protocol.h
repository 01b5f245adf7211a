/* Stream protocol: what stands between a socket's transport and a reader and writer.
 *
 * As asyncio.StreamReaderProtocol. */
#ifndef SIM_IO_STREAM_PROTOCOL_H
#define SIM_IO_STREAM_PROTOCOL_H

#include "sim/io/socket_transport.h"
#include "sim/io/stream.h"
#include "sim/io/writer_state.h"

/* Lives in the arena. */
struct stream_protocol {
    struct flow_control flow;
    struct sim_loop *loop;
    struct sim_reader *reader;
    struct socket_transport *transport; /* NULL: not connected yet */
    struct sim_writer *writer;          /* of a server's side */
    sim_client_fn on_client;            /* NULL: a client's side */
    void *arg;
};

extern const struct protocol_ops stream_protocol_ops;

struct stream_protocol *stream_protocol_new(struct sim_loop *loop, size_t limit,
                                            sim_client_fn on_client, void *arg);

/* A writer for this side, which knows both addresses. */
struct sim_writer *stream_protocol_writer(struct stream_protocol *protocol);

#endif
