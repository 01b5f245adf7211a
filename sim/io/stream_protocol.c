#include "sim/io/stream_protocol.h"

#include "sim/core/task_state.h"

struct stream_protocol *stream_protocol_new(struct sim_loop *loop, size_t limit,
                                            sim_client_fn on_client, void *arg)
{
    struct stream_protocol *protocol = sim_alloc(loop->sim, sizeof(*protocol));

    flow_control_init(&protocol->flow, loop);
    protocol->loop = loop;
    protocol->reader = reader_new(loop, limit);
    protocol->on_client = on_client;
    protocol->arg = arg;
    return protocol;
}

struct sim_writer *stream_protocol_writer(struct stream_protocol *protocol)
{
    struct sim *sim = protocol->loop->sim;
    const struct sim_socket *socket = protocol->transport->socket;
    struct sim_writer *writer =
        writer_new(&protocol->transport->base, &protocol->flow, protocol->reader);

    writer->sockname = address_text(sim, socket->local);
    writer->peername = address_text(sim, socket->remote);
    return writer;
}

static enum sim_status serve_client(struct sim *sim, void *arg)
{
    struct stream_protocol *protocol = arg;

    sim_op(sim, SIM_EV_ACCEPT, .actor = sim_actor(sim), .object = protocol->reader->id);
    return protocol->on_client(sim, protocol->reader, protocol->writer, protocol->arg);
}

static void on_client_done(struct sim_future *task, void *arg)
{
    struct stream_protocol *protocol = arg;
    struct transport *transport = &protocol->transport->base;

    if (task->state == FUTURE_CANCELLED || task->exception != NULL)
        transport->ops->close(transport);
}

static void connection_made(void *self, struct transport *transport)
{
    struct stream_protocol *protocol = self;
    struct sim *sim = protocol->loop->sim;

    protocol->transport = container_of(transport, struct socket_transport, base);
    reader_set_transport(protocol->reader, transport, transport->in_id);
    if (protocol->on_client == NULL)
        return;
    protocol->writer = stream_protocol_writer(protocol);
    struct sim_task *task = (sim_task_new)(sim, NULL, serve_client, protocol, NULL);

    (sim_add_done_callback)(SIM_FUTURE(task), on_client_done, protocol);
}

static void connection_lost(void *self, const struct sim_exception *exception)
{
    struct stream_protocol *protocol = self;

    if (exception == NULL)
        sim_reader_feed_eof(protocol->reader);
    else
        reader_set_exception(protocol->reader, exception);
    if (protocol->flow.closed.state == FUTURE_PENDING)
        future_finish(&protocol->flow.closed, sim_none(), exception);
    flow_control_lose(&protocol->flow, exception);
}

static void data_received(void *self, struct sim_bytes bytes)
{
    struct stream_protocol *protocol = self;

    sim_reader_feed_data(protocol->reader, bytes.data, bytes.size);
}

static bool eof_received(void *self)
{
    struct stream_protocol *protocol = self;

    sim_reader_feed_eof(protocol->reader);
    return true;
}

static void pause_writing(void *self)
{
    struct stream_protocol *protocol = self;

    flow_control_pause(&protocol->flow);
}

static void resume_writing(void *self)
{
    struct stream_protocol *protocol = self;

    flow_control_resume(&protocol->flow);
}

const struct protocol_ops stream_protocol_ops = {
    .connection_made = connection_made,
    .data_received = data_received,
    .eof_received = eof_received,
    .connection_lost = connection_lost,
    .pause_writing = pause_writing,
    .resume_writing = resume_writing,
};
