/* Socket transport: moves bytes between a socket and a protocol.
 *
 * As asyncio.selector_events._SelectorSocketTransport. */
#ifndef SIM_IO_SOCKET_TRANSPORT_H
#define SIM_IO_SOCKET_TRANSPORT_H

#include "sim/io/socket.h"
#include "sim/io/transport.h"

struct sim_server;

struct socket_transport {
    struct transport base; /* first */
    struct sim_socket *socket;
    struct sim_server *server; /* NULL: it is a client's */
    struct list_node link;     /* among the server's */
};

/* Begin; the waiter is done once the protocol knows of the connection. */
struct socket_transport *socket_transport_new(struct sim_loop *loop, struct sim_socket *socket,
                                              const struct protocol_ops *ops, void *protocol,
                                              struct sim_server *server, struct sim_future *waiter);

#endif
