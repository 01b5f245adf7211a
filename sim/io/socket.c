#include "sim/io/socket.h"

#include <string.h>

/* The three messages of a handshake.  Lives in the arena. */
struct handshake {
    struct alarm alarm;
    struct sim_socket *client;
    struct sim_socket *server; /* NULL: refused */
    struct sim_socket *listener;
    int64_t latencies_ns[3];
    int stage;
};

static void update(void *end)
{
    struct sim_socket *socket = end;
    bool readable = false;
    bool writable = false;

    if (socket->closed)
        return;
    switch (socket->state) {
    case SOCKET_NEW:
        break;
    case SOCKET_LISTENING:
        readable = !list_empty(&socket->accepted);
        break;
    case SOCKET_CONNECTING:
        readable = socket->error != SIM_OK;
        writable = readable;
        break;
    case SOCKET_CONNECTED:
        readable = channel_readable(socket->in) || socket->error != SIM_OK;
        writable = channel_writable(socket->out) || socket->error != SIM_OK;
        break;
    }
    poll_set(&socket->poll, readable, writable);
}

/* The other side has broken the connection off. */
static void on_input(void *end)
{
    struct sim_socket *socket = end;

    if (socket->in->reset && !socket->out->broken) {
        /* As tcp_reset: who knew already that nothing more comes, learns only that nothing more
         * goes. */
        socket->error = socket->in->eof ? SIM_BROKEN_PIPE : SIM_CONNECTION_RESET;
        socket->out->broken = true;
    }
    update(socket);
}

/* Something came for a socket that is closed. */
static void on_late(void *end)
{
    struct sim_socket *socket = end;

    channel_reset(socket->out, socket->wire->min_ns);
}

struct sim_socket *socket_new(struct sim *sim, struct sim_host *host)
{
    struct sim_socket *socket = sim_alloc(sim, sizeof(*socket));

    socket->sim = sim;
    socket->local = (struct address){host, host->address, 0};
    poll_init(&socket->poll);
    list_init(&socket->link);
    list_init(&socket->accepted);
    return socket;
}

static struct sim_socket *listener_at(struct network *network, struct address address)
{
    LIST_EACH(node, &network->listeners)
    {
        struct sim_socket *socket = container_of(node, struct sim_socket, link);

        if (socket->local.host == address.host && socket->local.port == address.port)
            return socket;
    }
    return NULL;
}

bool socket_bind(struct sim_socket *socket, struct sim_host *host, int64_t port)
{
    socket->local = (struct address){host, host->address, port == 0 ? host->next_port++ : port};
    return listener_at(network_of(socket->sim), socket->local) == NULL;
}

void socket_listen(struct sim_socket *socket, size_t backlog)
{
    socket->state = SOCKET_LISTENING;
    socket->backlog = backlog;
    list_append(&network_of(socket->sim)->listeners, &socket->link);
}

struct sim_socket *socket_accept(struct sim_socket *listener)
{
    struct list_node *first = listener->accepted.next;

    if (list_empty(&listener->accepted))
        return NULL;
    list_remove(first);
    listener->queued--;
    update(listener);
    return container_of(first, struct sim_socket, link);
}

/* ---- Connecting. ---- */

static void connect_channels(struct sim_socket *client, struct sim_socket *server)
{
    struct sim *sim = client->sim;
    const char *name = client->remote.host->name;
    const char *place = sim_format(sim, "%s:%lld", name == NULL ? client->remote.text : name,
                                   (long long)client->remote.port);
    size_t window = client->wire->window;
    struct channel *there = channel_new(sim, place, window);
    struct channel *back = channel_new(
        sim, sim_format(sim, "%s to %lld", place, (long long)client->local.port), window);

    client->out = there;
    client->in = back;
    server->in = there;
    server->out = back;
    channel_attach_reader(back, on_input, client);
    channel_attach_writer(there, update, client);
    channel_attach_reader(there, on_input, server);
    channel_attach_writer(back, update, server);
}

static struct sim_socket *incoming(struct sim_socket *client, struct sim_socket *listener)
{
    struct sim_socket *server = socket_new(client->sim, listener->local.host);

    server->local = listener->local;
    server->remote = client->local;
    server->wire = client->wire;
    server->state = SOCKET_CONNECTED;
    connect_channels(client, server);
    return server;
}

/* SYN is there. */
static void on_syn(struct handshake *handshake)
{
    struct sim_socket *client = handshake->client;
    struct sim_socket *listener = listener_at(network_of(client->sim), client->remote);

    if (listener == NULL || listener->queued >= listener->backlog)
        return;
    listener->queued++;
    handshake->listener = listener;
    handshake->server = incoming(client, listener);
}

/* SYN and ACK are back, or a reset is. */
static void on_answer(struct handshake *handshake)
{
    struct sim_socket *client = handshake->client;

    if (client->closed)
        return;
    if (handshake->server == NULL) {
        client->error = client->remote.host == NULL ? SIM_OS_ERROR : SIM_CONNECTION_REFUSED;
    } else {
        client->state = SOCKET_CONNECTED;
        /* What it sends now comes after its ACK. */
        client->out->forth.latest_ns = client->sim->now_ns + handshake->latencies_ns[2];
    }
    update(client);
}

/* ACK is there. */
static void on_acknowledged(struct handshake *handshake)
{
    struct sim_socket *server = handshake->server;
    struct sim_socket *listener = handshake->listener;

    if (server == NULL)
        return;
    if (listener->closed) {
        server->closed = true;
        channel_close_reader(server->in, on_late);
        channel_reset(server->out, server->wire->min_ns);
        return;
    }
    list_append(&listener->accepted, &server->link);
    update(listener);
}

static void advance(struct sim *sim, struct handshake *handshake)
{
    static void (*const stages[])(struct handshake *) = {on_syn, on_answer, on_acknowledged};

    while (handshake->stage < 3) {
        stages[handshake->stage++](handshake);
        if (handshake->stage < 3 && handshake->latencies_ns[handshake->stage] > 0) {
            sched_set_alarm(sim, &handshake->alarm,
                            sim->now_ns + handshake->latencies_ns[handshake->stage]);
            return;
        }
    }
}

static void ring(struct sim *sim, struct alarm *alarm)
{
    advance(sim, container_of(alarm, struct handshake, alarm));
}

void socket_connect(struct sim_socket *socket, struct address remote)
{
    static const struct sim_link nowhere = {0};
    struct sim *sim = socket->sim;
    struct handshake *handshake = sim_alloc(sim, sizeof(*handshake));

    socket->state = SOCKET_CONNECTING;
    socket->remote = remote;
    socket->wire = remote.host == NULL ? &nowhere : network_link(socket->local.host, remote.host);
    if (socket->local.port == 0)
        socket->local.port = socket->local.host->next_port++;
    handshake->client = socket;
    handshake->alarm.ring = ring;
    for (int i = 0; i < 3; i++)
        handshake->latencies_ns[i] = link_latency(sim, socket->wire);
    if (handshake->latencies_ns[0] > 0)
        sched_set_alarm(sim, &handshake->alarm, sim->now_ns + handshake->latencies_ns[0]);
    else
        advance(sim, handshake);
}

/* ---- Connected. ---- */

enum sim_status socket_take_error(struct sim_socket *socket)
{
    enum sim_status error = socket->error;

    socket->error = SIM_OK;
    return error;
}

enum sim_status socket_receive(struct sim_socket *socket, size_t size, struct sim_bytes *bytes,
                               bool *again)
{
    *again = false;
    *bytes = (struct sim_bytes){"", 0};
    if (socket->error != SIM_OK && !socket->in->eof) {
        SIM_TRY(socket_take_error(socket));
        update(socket);
    }
    *again = channel_read(socket->in, size, socket->wire->min_ns, bytes) == CHANNEL_AGAIN;
    return SIM_OK;
}

enum sim_status socket_send(struct sim_socket *socket, const void *data, size_t size, size_t *sent,
                            bool *again)
{
    struct sim *sim = socket->sim;

    *sent = 0;
    *again = false;
    if (socket->error != SIM_OK)
        return socket_take_error(socket);
    if (socket->out->broken || socket->out->ended)
        return SIM_BROKEN_PIPE;
    if (!channel_writable(socket->out)) {
        *again = true;
        return SIM_OK;
    }
    (void)channel_write(socket->out, data, size, link_latency(sim, socket->wire), sent);
    return SIM_OK;
}

void socket_shut_down(struct sim_socket *socket)
{
    if (socket->out != NULL && !socket->out->broken && !socket->out->ended)
        channel_end(socket->out, link_latency(socket->sim, socket->wire));
}

/* Who closes without having read everything breaks it off. */
static void disconnect(struct sim_socket *socket)
{
    bool unread = buffer_size(&socket->in->arrived) > 0;

    channel_close_reader(socket->in, on_late);
    if (unread && !socket->out->broken)
        channel_reset(socket->out, link_latency(socket->sim, socket->wire));
    else
        socket_shut_down(socket);
}

/* Nobody has got hold of those that are still to be accepted: they are connected, and open. */
static void stop_listening(struct sim_socket *socket)
{
    list_remove(&socket->link);
    while (!list_empty(&socket->accepted)) {
        struct sim_socket *accepted = socket_accept(socket);

        accepted->closed = true;
        disconnect(accepted);
    }
}

void socket_close(struct sim_socket *socket)
{
    if (socket->closed)
        return;
    socket->closed = true;
    poll_set(&socket->poll, false, false);
    if (socket->state == SOCKET_LISTENING)
        stop_listening(socket);
    else if (socket->state == SOCKET_CONNECTED)
        disconnect(socket);
}

enum sim_status socket_raise(struct sim *sim, enum sim_status error)
{
    if (error == SIM_CONNECTION_RESET)
        return sim_raise(sim, error, "[Errno 104] Connection reset by peer");
    SIM_ASSERT(error == SIM_BROKEN_PIPE);
    return sim_raise(sim, error, "[Errno 32] Broken pipe");
}

const char *address_text(struct sim *sim, struct address address)
{
    return sim_format(sim, "('%s', %lld)", address.text, (long long)address.port);
}
