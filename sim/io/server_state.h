/* The inside of a server, for the transports of its connections. */
#ifndef SIM_IO_SERVER_STATE_H
#define SIM_IO_SERVER_STATE_H

struct sim_server;
struct socket_transport;

/* A connection begins; ends. */
void server_attach(struct sim_server *server, struct socket_transport *transport);
void server_detach(struct sim_server *server, struct socket_transport *transport);

#endif
