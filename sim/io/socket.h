/* Socket: an end of a connection, or a place where connections come in, as a kernel keeps them.
 *
 * TCP's handshake, orderly end and reset; nothing ever blocks. */
#ifndef SIM_IO_SOCKET_H
#define SIM_IO_SOCKET_H

#include "sim/core/poll.h"
#include "sim/io/channel.h"
#include "sim/io/network_state.h"

struct address {
    struct sim_host *host; /* NULL: nobody is there */
    const char *text;
    int64_t port;
};

enum socket_state { SOCKET_NEW, SOCKET_LISTENING, SOCKET_CONNECTING, SOCKET_CONNECTED };

/* Lives in the arena. */
struct sim_socket {
    struct poll poll;
    struct sim *sim;
    struct list_node link;     /* among the listeners, or in the queue of one */
    struct list_node accepted; /* of a listener: connections that nobody has taken yet */
    struct channel *in;
    struct channel *out;
    const struct sim_link *wire;
    struct address local;
    struct address remote;
    size_t queued;
    size_t backlog;
    enum sim_status error; /* that the next operation fails with; SIM_OK: none */
    enum socket_state state;
    bool closed;
};

/* A socket of this host; port 0: any. */
struct sim_socket *socket_new(struct sim *sim, struct sim_host *host);

/* Returns: false if somebody listens there already. */
bool socket_bind(struct sim_socket *socket, struct sim_host *host, int64_t port);
void socket_listen(struct sim_socket *socket, size_t backlog);

/* The oldest connection that came in; NULL: none. */
struct sim_socket *socket_accept(struct sim_socket *listener);

/* Begin to connect; the descriptor is writable once it is known how that ended. */
void socket_connect(struct sim_socket *socket, struct address remote);

/* Take how it ended, or what broke it since.  As getsockopt(SO_ERROR). */
enum sim_status socket_take_error(struct sim_socket *socket);

/* Returns: SIM_OK; SIM_CONNECTION_RESET or SIM_BROKEN_PIPE; *again: it would have blocked. */
enum sim_status socket_receive(struct sim_socket *socket, size_t size, struct sim_bytes *bytes,
                               bool *again);
enum sim_status socket_send(struct sim_socket *socket, const void *data, size_t size, size_t *sent,
                            bool *again);

/* Send no more. */
void socket_shut_down(struct sim_socket *socket);
void socket_close(struct sim_socket *socket);

/* Raise an error of a socket in the words of the operating system. */
enum sim_status socket_raise(struct sim *sim, enum sim_status error);

/* e.g. "('127.0.0.1', 80)" */
const char *address_text(struct sim *sim, struct address address);

#endif
