/* open_connection: look-up, handshake, transport. */
#include "sim/core/task_state.h"
#include "sim/io/stream_protocol.h"

/* As _sock_connect_cb: the handshake has ended. */
struct connecting {
    struct sim_socket *socket;
    struct sim_future future;
};

static void on_connected(struct sim *sim, void *arg)
{
    struct connecting *connecting = arg;
    struct sim_socket *socket = connecting->socket;
    const struct sim_exception *exception = NULL;

    if (connecting->future.state != FUTURE_PENDING)
        return;
    enum sim_status error = socket_take_error(socket);

    if (error != SIM_OK)
        exception = sim_exception_new(sim, error,
                                      sim_format(sim, "[Errno %d] Connect call failed %s",
                                                 error == SIM_CONNECTION_REFUSED ? 111 : 113,
                                                 address_text(sim, socket->remote)),
                                      NULL);
    future_finish(&connecting->future, sim_none(), exception);
}

static void stop_watching(struct sim_future *future, void *arg)
{
    struct connecting *connecting = arg;

    (void)future;
    poll_remove_writer(&connecting->socket->poll);
}

/* As sock_connect. */
static enum sim_status connect_socket(struct sim_loop *loop, struct sim_socket *socket,
                                      struct address remote, const struct sim_site *site)
{
    struct sim *sim = loop->sim;
    struct connecting *connecting = sim_alloc(sim, sizeof(*connecting));

    connecting->socket = socket;
    future_init(&connecting->future, loop, 0);
    socket_connect(socket, remote);
    (void)poll_add_writer(loop, &socket->poll, on_connected, connecting);
    (sim_add_done_callback)(&connecting->future, stop_watching, connecting);
    return task_wait(sim, &connecting->future, SIM_WAIT_CONNECT,
                     socket->out == NULL ? 0 : socket->out->id, 0, site);
}

/* As _create_connection_transport. */
static enum sim_status make_transport(struct stream_protocol *protocol, struct sim_socket *socket,
                                      const struct sim_site *site)
{
    struct sim *sim = protocol->loop->sim;
    struct sim_future *waiter = sim_alloc(sim, sizeof(*waiter));

    future_init(waiter, protocol->loop, 0);
    protocol->transport =
        socket_transport_new(protocol->loop, socket, &stream_protocol_ops, protocol, NULL, waiter);
    enum sim_status status = task_wait(sim, waiter, SIM_WAIT_CONNECT, socket->out->id, 0, site);

    if (status != SIM_OK)
        protocol->transport->base.ops->close(&protocol->transport->base);
    return status;
}

enum sim_status(sim_open_connection)(struct sim *sim, const char *host, int64_t port,
                                     const struct sim_connect_options *options,
                                     struct sim_reader **reader, struct sim_writer **writer,
                                     const struct sim_site *site)
{
    static const struct sim_connect_options usual = {0};
    struct sim_loop *loop = loop_required(sim);
    struct network *network = network_of(sim);
    const char *address = NULL;

    if (loop == NULL || sim->running->task == NULL)
        return SIM_RUNTIME_ERROR;
    if (options == NULL)
        options = &usual;
    if (options->limit < 0)
        return sim_raise(sim, SIM_VALUE_ERROR, "Limit cannot be <= 0");
    struct stream_protocol *protocol = stream_protocol_new(
        loop, (size_t)(options->limit == 0 ? SIM_STREAM_LIMIT : options->limit), NULL, NULL);

    SIM_TRY(network_resolve(sim, host, &address, site));
    struct sim_socket *socket =
        socket_new(sim, options->from == NULL ? network->hosts : options->from);
    struct address remote = {network_host_at(network, address), address, port};
    enum sim_status status = connect_socket(loop, socket, remote, site);

    sim_op(sim, SIM_EV_CONNECT, .actor = sim_actor(sim),
           .object = socket->out == NULL ? 0 : socket->out->id, .aux = status, .site = site);
    if (status != SIM_OK) {
        socket_close(socket);
        return status;
    }
    SIM_TRY(make_transport(protocol, socket, site));
    *reader = protocol->reader;
    *writer = stream_protocol_writer(protocol);
    return SIM_OK;
}
