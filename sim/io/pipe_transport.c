#include "sim/io/pipe_transport.h"

enum { MAX_SIZE = 256 * 1024 };

static struct pipe_transport *of(struct transport *base)
{
    return container_of(base, struct pipe_transport, base);
}

/* A call of connection_lost that is underway. */
struct loss {
    struct pipe_transport *pipe;
    const struct sim_exception *exception;
};

static void call_connection_lost(struct pipe_transport *pipe, const struct sim_exception *exception)
{
    struct transport *base = &pipe->base;

    base->protocol_ops->connection_lost(base->protocol, exception);
    pipe->closed = true;
    poll_set(&pipe->poll, false, false);
    if (base->in_id != 0)
        channel_close_reader(pipe->channel, NULL);
    else
        channel_end(pipe->channel, 0);
}

static void lose(struct sim *sim, void *arg)
{
    const struct loss *loss = arg;

    (void)sim;
    call_connection_lost(loss->pipe, loss->exception);
}

static void lose_soon(struct pipe_transport *pipe, const struct sim_exception *exception)
{
    struct loss *loss = sim_alloc(pipe->base.sim, sizeof(*loss));

    *loss = (struct loss){pipe, exception};
    transport_call_soon(pipe->base.loop, lose, loss);
}

static void made(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;

    (void)sim;
    pipe->base.protocol_ops->connection_made(pipe->base.protocol, &pipe->base);
}

static struct pipe_transport *pipe_new(struct sim_loop *loop, struct channel *channel,
                                       const struct transport_ops *transport_ops,
                                       const struct protocol_ops *ops, void *protocol,
                                       sim_callback_fn add_reader, struct sim_future *waiter)
{
    struct pipe_transport *pipe = sim_alloc(loop->sim, sizeof(*pipe));

    transport_init(&pipe->base, loop, transport_ops, ops, protocol);
    poll_init(&pipe->poll);
    pipe->channel = channel;
    transport_call_soon(loop, made, pipe);
    transport_call_soon(loop, add_reader, pipe);
    transport_settle_soon(loop, waiter);
    return pipe;
}

/* ---- Reading. ---- */

static void on_read_change(void *end)
{
    struct pipe_transport *pipe = end;

    if (!pipe->closed)
        poll_set(&pipe->poll, channel_readable(pipe->channel), false);
}

static void call_eof_received(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;

    (void)sim;
    (void)pipe->base.protocol_ops->eof_received(pipe->base.protocol);
}

static void read_ready(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;
    struct transport *base = &pipe->base;
    struct sim_bytes bytes;

    (void)sim;
    switch (channel_read(pipe->channel, MAX_SIZE, 0, &bytes)) {
    case CHANNEL_OK:
        base->protocol_ops->data_received(base->protocol, bytes);
        break;
    case CHANNEL_EOF:
        base->closing = true;
        poll_remove_reader(&pipe->poll);
        transport_call_soon(base->loop, call_eof_received, pipe);
        lose_soon(pipe, NULL);
        break;
    case CHANNEL_AGAIN:
    case CHANNEL_BROKEN:
        break;
    }
}

static bool is_reading(const struct transport *base)
{
    return !base->paused && !base->closing;
}

static void add_read_reader(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;

    (void)sim;
    if (is_reading(&pipe->base))
        (void)poll_add_reader(pipe->base.loop, &pipe->poll, read_ready, pipe);
}

static void pause_reading(struct transport *base)
{
    if (!is_reading(base))
        return;
    base->paused = true;
    poll_remove_reader(&of(base)->poll);
}

static void resume_reading(struct transport *base)
{
    if (base->closing || !base->paused)
        return;
    base->paused = false;
    (void)poll_add_reader(base->loop, &of(base)->poll, read_ready, of(base));
}

static void close_read(struct transport *base)
{
    if (base->closing)
        return;
    base->closing = true;
    poll_remove_reader(&of(base)->poll);
    lose_soon(of(base), NULL);
}

struct pipe_transport *read_pipe_new(struct sim_loop *loop, struct channel *channel,
                                     const struct protocol_ops *ops, void *protocol,
                                     struct sim_future *waiter)
{
    static const struct transport_ops read_ops = {
        .close = close_read,
        .abort = close_read,
        .pause_reading = pause_reading,
        .resume_reading = resume_reading,
    };
    struct pipe_transport *pipe =
        pipe_new(loop, channel, &read_ops, ops, protocol, add_read_reader, waiter);

    pipe->base.in_id = channel->id;
    channel_attach_reader(channel, on_read_change, pipe);
    on_read_change(pipe);
    return pipe;
}

/* ---- Writing. ---- */

static void write_ready(struct sim *sim, void *arg);

/* That nobody reads any more shows as something to read. */
static void on_write_change(void *end)
{
    struct pipe_transport *pipe = end;

    if (!pipe->closed)
        poll_set(&pipe->poll, pipe->channel->broken, channel_writable(pipe->channel));
}

static void close_with(struct pipe_transport *pipe, const struct sim_exception *exception)
{
    struct transport *base = &pipe->base;

    base->closing = true;
    if (buffer_size(&base->buffer) > 0)
        poll_remove_writer(&pipe->poll);
    buffer_drop(&base->buffer, SIZE_MAX);
    poll_remove_reader(&pipe->poll);
    lose_soon(pipe, exception);
}

static const struct sim_exception *broken_pipe(struct sim *sim, const char *message)
{
    return sim_exception_new(sim, SIM_BROKEN_PIPE, message, NULL);
}

static void peer_closed(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;

    close_with(pipe, buffer_size(&pipe->base.buffer) > 0 ? broken_pipe(sim, "") : NULL);
}

static void add_write_reader(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;

    (void)sim;
    (void)poll_add_reader(pipe->base.loop, &pipe->poll, peer_closed, pipe);
}

static enum sim_status write_bytes(struct transport *base, const void *data, size_t size)
{
    struct pipe_transport *pipe = of(base);
    const char *rest = data;
    size_t sent = 0;

    if (size == 0)
        return SIM_OK;
    if (base->connection_lost > 0 || base->closing) {
        base->connection_lost++;
        return SIM_OK;
    }
    sim_op(base->sim, SIM_EV_SEND, .actor = sim_actor(base->sim), .object = base->out_id,
           .value = (int64_t)size);
    if (buffer_size(&base->buffer) == 0) {
        if (channel_write(pipe->channel, rest, size, 0, &sent) == CHANNEL_BROKEN) {
            base->connection_lost++;
            close_with(pipe, broken_pipe(base->sim, "[Errno 32] Broken pipe"));
            return SIM_OK;
        }
        if (sent == size)
            return SIM_OK;
        (void)poll_add_writer(base->loop, &pipe->poll, write_ready, pipe);
    }
    buffer_append(base->sim, &base->buffer, rest + sent, size - sent);
    transport_maybe_pause_protocol(base);
    return SIM_OK;
}

static void write_ready(struct sim *sim, void *arg)
{
    struct pipe_transport *pipe = arg;
    struct transport *base = &pipe->base;
    size_t sent = 0;

    if (channel_write(pipe->channel, buffer_front(&base->buffer), buffer_size(&base->buffer), 0,
                      &sent) == CHANNEL_BROKEN) {
        buffer_drop(&base->buffer, SIZE_MAX);
        base->connection_lost++;
        poll_remove_writer(&pipe->poll);
        close_with(pipe, broken_pipe(sim, "[Errno 32] Broken pipe"));
        return;
    }
    buffer_drop(&base->buffer, sent);
    if (buffer_size(&base->buffer) > 0)
        return;
    poll_remove_writer(&pipe->poll);
    transport_maybe_resume_protocol(base);
    if (!base->closing)
        return;
    poll_remove_reader(&pipe->poll);
    call_connection_lost(pipe, NULL);
}

static enum sim_status write_eof(struct transport *base)
{
    if (base->closing)
        return SIM_OK;
    base->closing = true;
    if (buffer_size(&base->buffer) > 0)
        return SIM_OK;
    poll_remove_reader(&of(base)->poll);
    lose_soon(of(base), NULL);
    return SIM_OK;
}

static void close_write(struct transport *base)
{
    (void)write_eof(base);
}

static void abort_write(struct transport *base)
{
    close_with(of(base), NULL);
}

struct pipe_transport *write_pipe_new(struct sim_loop *loop, struct channel *channel,
                                      const struct protocol_ops *ops, void *protocol,
                                      struct sim_future *waiter)
{
    static const struct transport_ops write_ops = {
        .write = write_bytes,
        .write_eof = write_eof,
        .close = close_write,
        .abort = abort_write,
    };
    struct pipe_transport *pipe =
        pipe_new(loop, channel, &write_ops, ops, protocol, add_write_reader, waiter);

    pipe->base.out_id = channel->id;
    channel_attach_writer(channel, on_write_change, pipe);
    on_write_change(pipe);
    return pipe;
}
