/* Streams: connections to simulated hosts, and servers that wait for them. */
#ifndef SIM_IO_STREAM_H
#define SIM_IO_STREAM_H

#include "sim/io/network.h"
#include "sim/io/reader.h"
#include "sim/io/writer.h"

/* How a connection is made; all zero is the usual way. */
struct sim_connect_options {
    struct sim_host *from; /* the host that connects; NULL: localhost */
    int64_t limit;         /* of the reader, in bytes; 0: SIM_STREAM_LIMIT */
};

/* Connect to a host, by name or address.
 *
 * options: may be NULL
 * Returns: SIM_OK with both ends of the stream; SIM_GAI_ERROR for an unknown name;
 *          SIM_CONNECTION_REFUSED; SIM_OS_ERROR for an address where nobody is; SIM_CANCELLED;
 *          SIM_VALUE_ERROR for a negative limit; SIM_RUNTIME_ERROR outside of a task.
 * As:      await asyncio.open_connection(host, port, limit=, local_addr=) */
SIM_MUST_USE enum sim_status(sim_open_connection)(struct sim *sim, const char *host, int64_t port,
                                                  const struct sim_connect_options *options,
                                                  struct sim_reader **reader,
                                                  struct sim_writer **writer,
                                                  const struct sim_site *site);
#define sim_open_connection(sim, host, port, options, reader, writer)                              \
    (sim_open_connection)((sim), (host), (port), (options), (reader), (writer), SIM_HERE)

struct sim_server;

/* What a server does with a client, in a task of its own. */
typedef enum sim_status (*sim_client_fn)(struct sim *sim, struct sim_reader *reader,
                                         struct sim_writer *writer, void *arg);

/* How a server is made; all zero is the usual way. */
struct sim_server_options {
    int64_t limit;   /* of each reader, in bytes; 0: SIM_STREAM_LIMIT */
    int64_t backlog; /* connections that may wait to be accepted; 0: 100 */
    bool idle;       /* it serves only when it is told to: start_serving=False */
};

/* Serve at a port of a host, given by name or address (NULL: localhost); port 0: any.
 *
 * options: may be NULL
 * Returns: SIM_OK; SIM_GAI_ERROR for an unknown name; SIM_OS_ERROR for a port that is taken or a
 *          host that is not there; SIM_CANCELLED; SIM_VALUE_ERROR for a negative limit or backlog.
 * As:      await asyncio.start_server(on_client, host, port, limit=, backlog=, start_serving=) */
SIM_MUST_USE enum sim_status(sim_start_server)(struct sim *sim, const char *host, int64_t port,
                                               const struct sim_server_options *options,
                                               sim_client_fn on_client, void *arg,
                                               struct sim_server **server,
                                               const struct sim_site *site);
#define sim_start_server(sim, host, port, options, on_client, arg, server)                         \
    (sim_start_server)((sim), (host), (port), (options), (on_client), (arg), (server), SIM_HERE)

/* As Server.is_serving, and the port of Server.sockets[0]. */
bool sim_server_is_serving(const struct sim_server *server);
int64_t sim_server_port(const struct sim_server *server);

/* As await Server.start_serving(). */
SIM_MUST_USE enum sim_status(sim_server_start_serving)(struct sim_server *server,
                                                       const struct sim_site *site);
#define sim_server_start_serving(server) (sim_server_start_serving)((server), SIM_HERE)

/* Serve until the task is cancelled or the server closed, which cancels it, too.
 *
 * Returns: SIM_CANCELLED; SIM_RUNTIME_ERROR if somebody awaits it already, or it is closed.
 * As:      await Server.serve_forever() */
SIM_MUST_USE enum sim_status(sim_server_serve_forever)(struct sim_server *server,
                                                       const struct sim_site *site);
#define sim_server_serve_forever(server) (sim_server_serve_forever)((server), SIM_HERE)

/* Let no more connections in; those that are there stay.  As Server.close, .close_clients,
 * .abort_clients. */
void(sim_server_close)(struct sim_server *server, const struct sim_site *site);
#define sim_server_close(server) (sim_server_close)((server), SIM_HERE)
void sim_server_close_clients(struct sim_server *server);
void sim_server_abort_clients(struct sim_server *server);

/* Wait until it is closed, and so are all its connections.  As await Server.wait_closed(). */
SIM_MUST_USE enum sim_status(sim_server_wait_closed)(struct sim_server *server,
                                                     const struct sim_site *site);
#define sim_server_wait_closed(server) (sim_server_wait_closed)((server), SIM_HERE)

/* Close the server when body has ended, however it ends, and wait for that.
 *
 * Returns: how body ended.
 * As:      async with server: */
SIM_MUST_USE enum sim_status(sim_server_with)(struct sim_server *server, sim_body_fn body,
                                              void *arg, const struct sim_site *site);
#define sim_server_with(server, body, arg) (sim_server_with)((server), (body), (arg), SIM_HERE)

#endif
