#include "sim/io/writer_state.h"

#include <stdarg.h>
#include <stdio.h>

#include "sim/core/task_state.h"
#include "sim/core/wait.h"

void flow_control_init(struct flow_control *flow, struct sim_loop *loop)
{
    *flow = (struct flow_control){0};
    list_init(&flow->drainers);
    future_init(&flow->closed, loop, 0);
}

void flow_control_pause(struct flow_control *flow)
{
    SIM_ASSERT(!flow->paused);
    flow->paused = true;
}

static void wake_drainers(struct flow_control *flow, const struct sim_exception *exception)
{
    LIST_EACH(node, &flow->drainers)
    {
        struct sim_future *waiter = &container_of(node, struct waiter, link)->future;

        if (waiter->state == FUTURE_PENDING)
            future_finish(waiter, sim_none(), exception);
    }
}

void flow_control_resume(struct flow_control *flow)
{
    SIM_ASSERT(flow->paused);
    flow->paused = false;
    wake_drainers(flow, NULL);
}

void flow_control_lose(struct flow_control *flow, const struct sim_exception *exception)
{
    flow->connection_lost = true;
    if (flow->paused)
        wake_drainers(flow, exception);
}

struct sim_writer *writer_new(struct transport *transport, struct flow_control *flow,
                              struct sim_reader *reader)
{
    struct sim_writer *writer = sim_alloc(transport->sim, sizeof(*writer));

    *writer = (struct sim_writer){.transport = transport, .flow = flow, .reader = reader};
    return writer;
}

enum sim_status sim_writer_write(struct sim_writer *writer, const void *data, size_t size)
{
    return writer->transport->ops->write(writer->transport, data, size);
}

enum sim_status sim_writer_printf(struct sim_writer *writer, const char *format, ...)
{
    va_list args;
    va_list again;

    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);

    va_end(args);
    SIM_ASSERT(length >= 0);
    char *text = sim_alloc(writer->transport->sim, (size_t)length + 1);

    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return sim_writer_write(writer, text, (size_t)length);
}

enum sim_status(sim_writer_drain)(struct sim_writer *writer, const struct sim_site *site)
{
    struct transport *transport = writer->transport;
    struct flow_control *flow = writer->flow;
    struct sim *sim = transport->sim;

    if (writer->reader != NULL && writer->reader->exception != NULL) {
        *sim_raised(sim) = writer->reader->exception;
        return writer->reader->exception->kind;
    }
    if (transport->closing)
        SIM_TRY((sim_sleep)(sim, 0, site));
    if (flow->connection_lost)
        return sim_raise(sim, SIM_CONNECTION_RESET, "Connection lost");
    if (!flow->paused)
        return SIM_OK;
    return waitq_park(sim, &flow->drainers, SIM_WAIT_DRAIN, transport->out_id, site);
}

enum sim_status sim_writer_write_eof(struct sim_writer *writer)
{
    return writer->transport->ops->write_eof(writer->transport);
}

void sim_writer_close(struct sim_writer *writer)
{
    writer->transport->ops->close(writer->transport);
}

bool sim_writer_is_closing(const struct sim_writer *writer)
{
    return writer->transport->closing;
}

void sim_writer_abort(struct sim_writer *writer)
{
    writer->transport->ops->abort(writer->transport);
}

enum sim_status(sim_writer_wait_closed)(struct sim_writer *writer, const struct sim_site *site)
{
    struct sim_future *closed = &writer->flow->closed;
    struct sim *sim = writer->transport->sim;

    if (closed->state != FUTURE_PENDING)
        return future_outcome(closed, NULL);
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    return task_wait(sim, closed, SIM_WAIT_CLOSED, writer->transport->out_id, 0, site);
}

enum sim_status sim_writer_set_buffer_limits(struct sim_writer *writer, size_t high, size_t low)
{
    if (high < low)
        return sim_raise(writer->transport->sim, SIM_VALUE_ERROR,
                         "high (%zu) must be >= low (%zu) must be >= 0", high, low);
    transport_set_limits(writer->transport, high, low);
    transport_maybe_pause_protocol(writer->transport);
    return SIM_OK;
}

size_t sim_writer_buffer_size(const struct sim_writer *writer)
{
    return buffer_size(&writer->transport->buffer);
}

const char *sim_writer_sockname(struct sim_writer *writer)
{
    return writer->sockname;
}

const char *sim_writer_peername(struct sim_writer *writer)
{
    return writer->peername;
}
