#include "sim/io/server_state.h"

#include "sim/combine/gather.h"
#include "sim/core/task_state.h"
#include "sim/core/wait.h"
#include "sim/io/stream_protocol.h"

enum { BACKLOG = 100 };

/* Lives in the arena.  As asyncio.base_events.Server. */
struct sim_server {
    struct sim *sim;
    struct sim_loop *loop;
    struct sim_socket *socket; /* NULL: closed */
    sim_client_fn on_client;
    void *arg;
    size_t limit;
    size_t backlog;
    struct list_node clients;   /* transports, oldest first */
    struct list_node waiters;   /* in wait_closed */
    struct sim_future *forever; /* that serve_forever awaits; NULL: nobody does */
    int64_t port;
    uint32_t id;
    bool serving;
    bool all_closed; /* the server, and then its clients */
};

static void wake_up(struct sim_server *server)
{
    server->all_closed = true;
    LIST_EACH(node, &server->waiters)
    {
        struct sim_future *waiter = &container_of(node, struct waiter, link)->future;

        if (waiter->state == FUTURE_PENDING)
            future_finish(waiter, sim_none(), NULL);
    }
}

void server_attach(struct sim_server *server, struct socket_transport *transport)
{
    list_append(&server->clients, &transport->link);
}

void server_detach(struct sim_server *server, struct socket_transport *transport)
{
    list_remove(&transport->link);
    if (list_empty(&server->clients) && server->socket == NULL)
        wake_up(server);
}

/* As _accept_connection2, in a task of its own. */
struct incoming {
    struct sim_server *server;
    struct sim_socket *socket;
};

static enum sim_status accept_connection(struct sim *sim, void *arg)
{
    const struct incoming *incoming = arg;
    struct sim_server *server = incoming->server;
    struct stream_protocol *protocol =
        stream_protocol_new(server->loop, server->limit, server->on_client, server->arg);
    struct sim_future *waiter = sim_alloc(sim, sizeof(*waiter));

    future_init(waiter, server->loop, 0);
    struct socket_transport *transport = socket_transport_new(
        server->loop, incoming->socket, &stream_protocol_ops, protocol, server, waiter);
    enum sim_status status =
        task_wait(sim, waiter, SIM_WAIT_CONNECT, incoming->socket->in->id, 0, NULL);

    if (status != SIM_OK)
        transport->base.ops->close(&transport->base);
    return status;
}

/* As _accept_connection. */
static void accept_ready(struct sim *sim, void *arg)
{
    struct sim_server *server = arg;

    for (size_t i = 0; i < server->backlog; i++) {
        struct sim_socket *socket = socket_accept(server->socket);

        if (socket == NULL)
            return;
        struct incoming *incoming = sim_alloc(sim, sizeof(*incoming));

        *incoming = (struct incoming){server, socket};
        (void)(sim_task_new)(sim, NULL, accept_connection, incoming, NULL);
    }
}

static void start_serving(struct sim_server *server)
{
    if (server->serving)
        return;
    server->serving = true;
    socket_listen(server->socket, server->backlog);
    (void)poll_add_reader(server->loop, &server->socket->poll, accept_ready, server);
}

static enum sim_status bind_socket(struct sim *sim, const char *address, int64_t port,
                                   struct sim_socket **socket)
{
    struct sim_host *host = network_host_at(network_of(sim), address);

    if (host == NULL)
        return sim_raise(sim, SIM_OS_ERROR, "could not bind on any address out of [('%s', %lld)]",
                         address, (long long)port);
    *socket = socket_new(sim, host);
    if (!socket_bind(*socket, host, port))
        return sim_raise(sim, SIM_OS_ERROR,
                         "[Errno 98] error while attempting to bind on address ('%s', %lld): "
                         "[errno 98] address already in use",
                         address, (long long)port);
    return SIM_OK;
}

/* create_server looks names up in tasks of their own, even addresses. */
struct look_up {
    const char *host;
    const char *address;
};

static enum sim_status resolve(struct sim *sim, void *arg)
{
    struct look_up *look_up = arg;

    return network_resolve(sim, look_up->host, &look_up->address, NULL);
}

static enum sim_status look_up_in_task(struct sim *sim, struct look_up *look_up,
                                       const struct sim_site *site)
{
    struct sim_task *task = (sim_task_new)(sim, NULL, resolve, look_up, site);
    struct sim_future *future = SIM_FUTURE(task);

    return (sim_await)((sim_gather)(sim, &future, 1, false, site), NULL, site);
}

enum sim_status(sim_start_server)(struct sim *sim, const char *host, int64_t port,
                                  const struct sim_server_options *options, sim_client_fn on_client,
                                  void *arg, struct sim_server **server,
                                  const struct sim_site *site)
{
    static const struct sim_server_options usual = {0};
    struct sim_loop *loop = loop_required(sim);
    struct look_up look_up = {host == NULL ? "localhost" : host, NULL};
    struct sim_socket *socket = NULL;

    if (loop == NULL)
        return SIM_RUNTIME_ERROR;
    if (options == NULL)
        options = &usual;
    if (options->limit < 0 || options->backlog < 0)
        return sim_raise(sim, SIM_VALUE_ERROR, "Limit cannot be <= 0");
    SIM_TRY(look_up_in_task(sim, &look_up, site));
    SIM_TRY(bind_socket(sim, look_up.address, port, &socket));
    SIM_ASSERT(socket != NULL);
    struct sim_server *made = sim_alloc(sim, sizeof(*made));

    *made = (struct sim_server){
        .sim = sim,
        .loop = loop,
        .socket = socket,
        .on_client = on_client,
        .arg = arg,
        .limit = (size_t)(options->limit == 0 ? SIM_STREAM_LIMIT : options->limit),
        .backlog = (size_t)(options->backlog == 0 ? BACKLOG : options->backlog),
        .port = socket->local.port,
    };
    made->id =
        sim_object_new(sim, SIM_OBJ_SERVER,
                       sim_format(sim, "%s:%lld", look_up.host, (long long)made->port), 0, site);
    list_init(&made->clients);
    list_init(&made->waiters);
    *server = made;
    if (options->idle)
        return SIM_OK;
    start_serving(made);
    return (sim_sleep)(sim, 0, site);
}

bool sim_server_is_serving(const struct sim_server *server)
{
    return server->serving;
}

int64_t sim_server_port(const struct sim_server *server)
{
    return server->port;
}

enum sim_status(sim_server_start_serving)(struct sim_server *server, const struct sim_site *site)
{
    if (server->socket == NULL)
        return sim_raise(server->sim, SIM_RUNTIME_ERROR, "server is closed");
    start_serving(server);
    return (sim_sleep)(server->sim, 0, site);
}

void(sim_server_close)(struct sim_server *server, const struct sim_site *site)
{
    struct sim *sim = server->sim;
    struct sim_socket *socket = server->socket;

    if (socket == NULL)
        return;
    sim_op(sim, SIM_EV_CLOSE, .actor = sim_actor(sim), .object = server->id, .site = site);
    server->socket = NULL;
    poll_remove_reader(&socket->poll);
    socket_close(socket);
    server->serving = false;
    if (server->forever != NULL && server->forever->state == FUTURE_PENDING) {
        (void)future_cancel(server->forever, NULL);
        server->forever = NULL;
    }
    if (list_empty(&server->clients))
        wake_up(server);
}

/* Each transport, while some may leave the list. */
static void each_client(struct sim_server *server, void (*apply)(struct transport *transport))
{
    for (struct list_node *node = server->clients.next; node != &server->clients;) {
        struct socket_transport *transport = container_of(node, struct socket_transport, link);

        node = node->next;
        apply(&transport->base);
    }
}

static void close_one(struct transport *transport)
{
    transport->ops->close(transport);
}

static void abort_one(struct transport *transport)
{
    transport->ops->abort(transport);
}

void sim_server_close_clients(struct sim_server *server)
{
    each_client(server, close_one);
}

void sim_server_abort_clients(struct sim_server *server)
{
    each_client(server, abort_one);
}

enum sim_status(sim_server_wait_closed)(struct sim_server *server, const struct sim_site *site)
{
    if (server->all_closed)
        return SIM_OK;
    return waitq_park(server->sim, &server->waiters, SIM_WAIT_CLOSED, server->id, site);
}

enum sim_status(sim_server_serve_forever)(struct sim_server *server, const struct sim_site *site)
{
    struct sim *sim = server->sim;
    struct sim_future forever;

    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    if (server->forever != NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR,
                         "server is already being awaited on serve_forever()");
    if (server->socket == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "server is closed");
    start_serving(server);
    future_init(&forever, server->loop, server->id);
    server->forever = &forever;
    enum sim_status status = task_wait(sim, &forever, SIM_WAIT_CLOSED, server->id, 0, site);

    if (status == SIM_CANCELLED) {
        const struct sim_exception *cancelled = *sim_raised(sim);

        (sim_server_close)(server, site);
        enum sim_status closed = (sim_server_wait_closed)(server, site);

        SIM_ASSERT(closed == SIM_OK || closed == SIM_CANCELLED);
        *sim_raised(sim) = cancelled;
    }
    server->forever = NULL;
    return status;
}

enum sim_status(sim_server_with)(struct sim_server *server, sim_body_fn body, void *arg,
                                 const struct sim_site *site)
{
    struct sim *sim = server->sim;
    enum sim_status status = body(sim, arg);
    const struct sim_exception *raised = *sim_raised(sim);

    (sim_server_close)(server, site);
    SIM_TRY((sim_server_wait_closed)(server, site));
    *sim_raised(sim) = raised;
    return status;
}
