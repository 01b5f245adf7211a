#include "sim/io/socket_transport.h"

#include "sim/io/server_state.h"

enum { MAX_SIZE = 256 * 1024 };

static struct socket_transport *of(struct transport *base)
{
    return container_of(base, struct socket_transport, base);
}

static void read_ready(struct sim *sim, void *arg);
static void write_ready(struct sim *sim, void *arg);

static bool is_reading(const struct transport *base)
{
    return !base->closing && !base->paused;
}

static void add_reader(struct sim *sim, void *arg)
{
    struct socket_transport *transport = arg;

    (void)sim;
    if (is_reading(&transport->base))
        (void)poll_add_reader(transport->base.loop, &transport->socket->poll, read_ready,
                              transport);
}

static void pause_reading(struct transport *base)
{
    if (!is_reading(base))
        return;
    base->paused = true;
    poll_remove_reader(&of(base)->socket->poll);
}

static void resume_reading(struct transport *base)
{
    if (base->closing || !base->paused)
        return;
    base->paused = false;
    add_reader(base->sim, of(base));
}

static void call_connection_lost(struct socket_transport *transport,
                                 const struct sim_exception *exception)
{
    struct transport *base = &transport->base;

    base->protocol_ops->connection_lost(base->protocol, exception);
    socket_close(transport->socket);
    if (transport->server != NULL)
        server_detach(transport->server, transport);
}

/* A call of connection_lost that is underway. */
struct loss {
    struct socket_transport *transport;
    const struct sim_exception *exception;
};

static void lose(struct sim *sim, void *arg)
{
    const struct loss *loss = arg;

    (void)sim;
    call_connection_lost(loss->transport, loss->exception);
}

static void lose_soon(struct socket_transport *transport, const struct sim_exception *exception)
{
    struct loss *loss = sim_alloc(transport->base.sim, sizeof(*loss));

    *loss = (struct loss){transport, exception};
    transport->base.connection_lost++;
    transport_call_soon(transport->base.loop, lose, loss);
}

static void close_transport(struct transport *base)
{
    struct sim *sim = base->sim;

    if (base->closing)
        return;
    sim_op(sim, SIM_EV_CLOSE, .actor = sim_actor(sim), .object = base->out_id);
    base->closing = true;
    poll_remove_reader(&of(base)->socket->poll);
    if (buffer_size(&base->buffer) > 0)
        return;
    poll_remove_writer(&of(base)->socket->poll);
    lose_soon(of(base), NULL);
}

static void force_close(struct socket_transport *transport, const struct sim_exception *exception)
{
    struct transport *base = &transport->base;

    if (base->connection_lost > 0)
        return;
    if (buffer_size(&base->buffer) > 0) {
        buffer_drop(&base->buffer, SIZE_MAX);
        poll_remove_writer(&transport->socket->poll);
    }
    if (!base->closing) {
        base->closing = true;
        poll_remove_reader(&transport->socket->poll);
    }
    lose_soon(transport, exception);
}

static void abort_transport(struct transport *base)
{
    force_close(of(base), NULL);
}

/* An operation on the socket failed. */
static void fail(struct socket_transport *transport, enum sim_status error)
{
    struct sim *sim = transport->base.sim;
    const struct sim_exception **raised = sim_raised(sim);
    const struct sim_exception *before = *raised;

    (void)socket_raise(sim, error);
    const struct sim_exception *exception = *raised;

    *raised = before;
    force_close(transport, exception);
}

static void read_ready(struct sim *sim, void *arg)
{
    struct socket_transport *transport = arg;
    struct transport *base = &transport->base;
    struct sim_bytes bytes;
    bool again;

    (void)sim;
    if (base->connection_lost > 0)
        return;
    enum sim_status error = socket_receive(transport->socket, MAX_SIZE, &bytes, &again);

    if (error != SIM_OK)
        fail(transport, error);
    else if (again)
        return;
    else if (bytes.size > 0)
        base->protocol_ops->data_received(base->protocol, bytes);
    else if (base->protocol_ops->eof_received(base->protocol))
        poll_remove_reader(&transport->socket->poll);
    else
        close_transport(base);
}

static enum sim_status write_bytes(struct transport *base, const void *data, size_t size)
{
    struct socket_transport *transport = of(base);
    const char *rest = data;
    size_t sent = 0;
    bool again = false;

    if (base->eof)
        return sim_raise(base->sim, SIM_RUNTIME_ERROR, "Cannot call write() after write_eof()");
    if (size == 0)
        return SIM_OK;
    if (base->connection_lost > 0) {
        base->connection_lost++;
        return SIM_OK;
    }
    sim_op(base->sim, SIM_EV_SEND, .actor = sim_actor(base->sim), .object = base->out_id,
           .value = (int64_t)size);
    if (buffer_size(&base->buffer) == 0) {
        enum sim_status error = socket_send(transport->socket, rest, size, &sent, &again);

        if (error != SIM_OK) {
            fail(transport, error);
            return SIM_OK;
        }
        if (sent == size)
            return SIM_OK;
        (void)poll_add_writer(base->loop, &transport->socket->poll, write_ready, transport);
    }
    buffer_append(base->sim, &base->buffer, rest + sent, size - sent);
    transport_maybe_pause_protocol(base);
    return SIM_OK;
}

static void write_ready(struct sim *sim, void *arg)
{
    struct socket_transport *transport = arg;
    struct transport *base = &transport->base;
    size_t sent = 0;
    bool again = false;

    (void)sim;
    if (base->connection_lost > 0)
        return;
    enum sim_status error = socket_send(transport->socket, buffer_front(&base->buffer),
                                        buffer_size(&base->buffer), &sent, &again);

    if (error != SIM_OK) {
        poll_remove_writer(&transport->socket->poll);
        buffer_drop(&base->buffer, SIZE_MAX);
        fail(transport, error);
        return;
    }
    if (again)
        return;
    buffer_drop(&base->buffer, sent);
    transport_maybe_resume_protocol(base);
    if (buffer_size(&base->buffer) > 0)
        return;
    poll_remove_writer(&transport->socket->poll);
    if (base->closing)
        call_connection_lost(transport, NULL);
    else if (base->eof)
        socket_shut_down(transport->socket);
}

static enum sim_status write_eof(struct transport *base)
{
    if (base->closing || base->eof)
        return SIM_OK;
    base->eof = true;
    if (buffer_size(&base->buffer) == 0)
        socket_shut_down(of(base)->socket);
    return SIM_OK;
}

static void made(struct sim *sim, void *arg)
{
    struct socket_transport *transport = arg;

    (void)sim;
    transport->base.protocol_ops->connection_made(transport->base.protocol, &transport->base);
}

struct socket_transport *socket_transport_new(struct sim_loop *loop, struct sim_socket *socket,
                                              const struct protocol_ops *ops, void *protocol,
                                              struct sim_server *server, struct sim_future *waiter)
{
    static const struct transport_ops socket_ops = {
        .write = write_bytes,
        .write_eof = write_eof,
        .close = close_transport,
        .abort = abort_transport,
        .pause_reading = pause_reading,
        .resume_reading = resume_reading,
    };
    struct socket_transport *transport = sim_alloc(loop->sim, sizeof(*transport));

    transport_init(&transport->base, loop, &socket_ops, ops, protocol);
    transport->base.in_id = socket->in->id;
    transport->base.out_id = socket->out->id;
    transport->socket = socket;
    transport->server = server;
    list_init(&transport->link);
    if (server != NULL)
        server_attach(server, transport);
    transport_call_soon(loop, made, transport);
    transport_call_soon(loop, add_reader, transport);
    transport_settle_soon(loop, waiter);
    return transport;
}
