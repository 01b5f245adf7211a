/* The inside of a writer, and of the flow control that it shares with its protocol. */
#ifndef SIM_IO_WRITER_STATE_H
#define SIM_IO_WRITER_STATE_H

#include "sim/io/reader_state.h"
#include "sim/io/transport.h"
#include "sim/io/writer.h"

/* Part of a protocol.  As asyncio.streams.FlowControlMixin. */
struct flow_control {
    struct list_node drainers; /* who waits for room */
    struct sim_future closed;  /* what wait_closed awaits */
    bool paused;
    bool connection_lost;
};

/* Lives in the arena. */
struct sim_writer {
    struct transport *transport;
    struct flow_control *flow;
    struct sim_reader *reader; /* NULL: it is a pipe's */
    const char *sockname;
    const char *peername;
};

void flow_control_init(struct flow_control *flow, struct sim_loop *loop);
void flow_control_pause(struct flow_control *flow);
void flow_control_resume(struct flow_control *flow);

/* Wake who drains. */
void flow_control_lose(struct flow_control *flow, const struct sim_exception *exception);

struct sim_writer *writer_new(struct transport *transport, struct flow_control *flow,
                              struct sim_reader *reader);

#endif
