/* Transport: what moves bytes between a descriptor and a protocol, on behalf of a loop.
 *
 * As asyncio.transports and asyncio.protocols; nothing of this is public. */
#ifndef SIM_IO_TRANSPORT_H
#define SIM_IO_TRANSPORT_H

#include "sim/core/future_state.h"
#include "sim/core/poll.h"
#include "sim/io/channel.h"

struct transport;

/* What a transport tells its protocol. */
struct protocol_ops {
    void (*connection_made)(void *protocol, struct transport *transport);
    void (*data_received)(void *protocol, struct sim_bytes bytes);
    bool (*eof_received)(void *protocol); /* true: keep it open for writing */
    void (*connection_lost)(void *protocol, const struct sim_exception *exception);
    void (*pause_writing)(void *protocol);
    void (*resume_writing)(void *protocol);
};

/* What each kind of transport does in its own way. */
struct transport_ops {
    enum sim_status (*write)(struct transport *transport, const void *data, size_t size);
    enum sim_status (*write_eof)(struct transport *transport);
    void (*close)(struct transport *transport);
    void (*abort)(struct transport *transport);
    void (*pause_reading)(struct transport *transport);
    void (*resume_reading)(struct transport *transport);
};

/* First in each kind. */
struct transport {
    struct sim *sim;
    struct sim_loop *loop;
    const struct transport_ops *ops;
    const struct protocol_ops *protocol_ops;
    void *protocol;
    struct buffer buffer; /* that waits to be written */
    size_t high_water;    /* of the buffer: more pauses the protocol */
    size_t low_water;     /* so much or less resumes it */
    int connection_lost;  /* how often it has met that; its call is underway */
    bool closing;
    bool paused; /* reading is */
    bool protocol_paused;
    bool eof;       /* nothing more will be written */
    uint32_t in_id; /* streams, for traces; 0: none */
    uint32_t out_id;
};

void transport_init(struct transport *transport, struct sim_loop *loop,
                    const struct transport_ops *ops, const struct protocol_ops *protocol_ops,
                    void *protocol);

/* As _FlowControlMixin. */
void transport_maybe_pause_protocol(struct transport *transport);
void transport_maybe_resume_protocol(struct transport *transport);

/* Set the limits of the buffer.  As set_write_buffer_limits. */
void transport_set_limits(struct transport *transport, size_t high, size_t low);

/* Finish a future if it is pending, at the next turn.  As call_soon(_set_result_unless_cancelled).
 */
void transport_settle_soon(struct sim_loop *loop, struct sim_future *waiter);

/* Call fn(sim, arg) soon, in the current context. */
void transport_call_soon(struct sim_loop *loop, sim_callback_fn fn, void *arg);

#endif
