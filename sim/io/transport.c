#include "sim/io/transport.h"

enum { HIGH_WATER = 64 * 1024, LOW_WATER = 16 * 1024 };

void transport_init(struct transport *transport, struct sim_loop *loop,
                    const struct transport_ops *ops, const struct protocol_ops *protocol_ops,
                    void *protocol)
{
    *transport = (struct transport){.sim = loop->sim,
                                    .loop = loop,
                                    .ops = ops,
                                    .protocol_ops = protocol_ops,
                                    .protocol = protocol};
    transport_set_limits(transport, HIGH_WATER, LOW_WATER);
}

void transport_set_limits(struct transport *transport, size_t high, size_t low)
{
    transport->high_water = high;
    transport->low_water = low;
}

void transport_maybe_pause_protocol(struct transport *transport)
{
    if (buffer_size(&transport->buffer) <= transport->high_water || transport->protocol_paused)
        return;
    transport->protocol_paused = true;
    transport->protocol_ops->pause_writing(transport->protocol);
}

void transport_maybe_resume_protocol(struct transport *transport)
{
    if (!transport->protocol_paused || buffer_size(&transport->buffer) > transport->low_water)
        return;
    transport->protocol_paused = false;
    transport->protocol_ops->resume_writing(transport->protocol);
}

void transport_call_soon(struct sim_loop *loop, sim_callback_fn fn, void *arg)
{
    loop_push_handle(loop_handle_new(loop, fn, arg));
}

static void settle(struct sim *sim, void *arg)
{
    struct sim_future *waiter = arg;

    (void)sim;
    if (waiter->state == FUTURE_PENDING)
        future_finish(waiter, sim_none(), NULL);
}

void transport_settle_soon(struct sim_loop *loop, struct sim_future *waiter)
{
    transport_call_soon(loop, settle, waiter);
}
