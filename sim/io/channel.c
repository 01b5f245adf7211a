#include "sim/io/channel.h"

#include "sim/core/sched.h"

enum packet_kind { PACKET_BYTES, PACKET_END, PACKET_RESET, PACKET_ROOM, PACKET_READER_CLOSED };

struct packet {
    struct packet *next;
    int64_t when_ns;
    enum packet_kind kind;
    struct sim_bytes bytes; /* of PACKET_ROOM only the size counts */
};

static void ring(struct sim *sim, struct alarm *alarm);

static void packets_init(struct packets *packets, struct channel *channel)
{
    packets->last = &packets->first;
    packets->channel = channel;
    packets->alarm.ring = ring;
}

struct channel *channel_new(struct sim *sim, const char *name, size_t capacity)
{
    struct channel *channel = sim_alloc(sim, sizeof(*channel));

    channel->sim = sim;
    channel->capacity = capacity;
    channel->id = sim_object_new(sim, SIM_OBJ_STREAM, name, 0, NULL);
    packets_init(&channel->forth, channel);
    packets_init(&channel->back, channel);
    list_init(&channel->waiting_readers);
    list_init(&channel->waiting_writers);
    return channel;
}

void channel_attach_reader(struct channel *channel, channel_change_fn on_change, void *reader)
{
    channel->on_reader_change = on_change;
    channel->reader = reader;
}

void channel_attach_writer(struct channel *channel, channel_change_fn on_change, void *writer)
{
    channel->on_writer_change = on_change;
    channel->writer = writer;
}

bool channel_readable(const struct channel *channel)
{
    return buffer_size(&channel->arrived) > 0 || channel->eof || channel->reset;
}

bool channel_writable(const struct channel *channel)
{
    return channel->used < channel->capacity || channel->broken;
}

static void wake_all(struct channel *channel, struct list_node *threads)
{
    while (!list_empty(threads)) {
        struct sim_thread *thread = container_of(threads->next, struct sim_thread, waiting);

        list_remove(&thread->waiting);
        sched_wake(thread, channel->id);
    }
}

static void tell_reader(struct channel *channel)
{
    wake_all(channel, &channel->waiting_readers);
    if (channel->on_reader_change != NULL)
        channel->on_reader_change(channel->reader);
}

static void tell_writer(struct channel *channel)
{
    wake_all(channel, &channel->waiting_writers);
    if (channel->on_writer_change != NULL)
        channel->on_writer_change(channel->writer);
}

/* What was underway is there. */
static void arrive(struct channel *channel, const struct packet *packet)
{
    switch (packet->kind) {
    case PACKET_BYTES:
        if (!channel->reader_closed)
            buffer_append(channel->sim, &channel->arrived, packet->bytes.data, packet->bytes.size);
        else if (channel->on_late != NULL)
            channel->on_late(channel->reader);
        break;
    case PACKET_END:
        channel->eof = true;
        break;
    case PACKET_RESET:
        buffer_drop(&channel->arrived, buffer_size(&channel->arrived));
        channel->reset = true;
        break;
    case PACKET_ROOM:
        channel->used -= packet->bytes.size;
        break;
    case PACKET_READER_CLOSED:
        channel->broken = true;
        break;
    }
}

static void tell(struct packets *packets)
{
    if (packets == &packets->channel->forth)
        tell_reader(packets->channel);
    else
        tell_writer(packets->channel);
}

static void ring(struct sim *sim, struct alarm *alarm)
{
    struct packets *packets = container_of(alarm, struct packets, alarm);
    struct packet *packet;

    while ((packet = packets->first) != NULL && packet->when_ns <= sim->now_ns) {
        packets->first = packet->next;
        if (packets->first == NULL)
            packets->last = &packets->first;
        arrive(packets->channel, packet);
    }
    if (packets->first != NULL)
        sched_set_alarm(sim, alarm, packets->first->when_ns);
    tell(packets);
}

static void launch(struct packets *packets, struct packet packet, int64_t latency_ns)
{
    struct sim *sim = packets->channel->sim;

    packet.when_ns = sim->now_ns + latency_ns;
    if (packet.when_ns < packets->latest_ns)
        packet.when_ns = packets->latest_ns;
    packets->latest_ns = packet.when_ns;
    if (packet.when_ns == sim->now_ns && packets->first == NULL) {
        arrive(packets->channel, &packet);
        tell(packets);
        return;
    }
    struct packet *copy = sim_alloc(sim, sizeof(*copy));

    *copy = packet;
    if (packets->first == NULL)
        sched_set_alarm(sim, &packets->alarm, packet.when_ns);
    *packets->last = copy;
    packets->last = &copy->next;
}

enum channel_status channel_write(struct channel *channel, const void *data, size_t size,
                                  int64_t latency_ns, size_t *sent)
{
    size_t room = channel->capacity - channel->used;

    *sent = 0;
    SIM_ASSERT(!channel->ended);
    if (channel->broken)
        return CHANNEL_BROKEN;
    if (room == 0)
        return CHANNEL_AGAIN;
    *sent = size < room ? size : room;
    channel->used += *sent;
    launch(
        &channel->forth,
        (struct packet){.kind = PACKET_BYTES, .bytes = sim_bytes_copy(channel->sim, data, *sent)},
        latency_ns);
    if (channel->on_writer_change != NULL)
        channel->on_writer_change(channel->writer);
    return CHANNEL_OK;
}

void channel_end(struct channel *channel, int64_t latency_ns)
{
    if (channel->ended)
        return;
    channel->ended = true;
    launch(&channel->forth, (struct packet){.kind = PACKET_END}, latency_ns);
}

void channel_reset(struct channel *channel, int64_t latency_ns)
{
    channel->ended = true;
    launch(&channel->forth, (struct packet){.kind = PACKET_RESET}, latency_ns);
}

enum channel_status channel_read(struct channel *channel, size_t size, int64_t latency_ns,
                                 struct sim_bytes *bytes)
{
    *bytes = (struct sim_bytes){"", 0};
    if (buffer_size(&channel->arrived) == 0)
        return channel->eof || channel->reset ? CHANNEL_EOF : CHANNEL_AGAIN;
    *bytes = buffer_take(channel->sim, &channel->arrived, size);
    launch(&channel->back, (struct packet){.kind = PACKET_ROOM, .bytes.size = bytes->size},
           latency_ns);
    if (channel->on_reader_change != NULL)
        channel->on_reader_change(channel->reader);
    return CHANNEL_OK;
}

void channel_close_reader(struct channel *channel, channel_change_fn on_late)
{
    if (channel->reader_closed)
        return;
    channel->reader_closed = true;
    channel->on_late = on_late;
    buffer_drop(&channel->arrived, buffer_size(&channel->arrived));
    if (on_late == NULL)
        launch(&channel->back, (struct packet){.kind = PACKET_READER_CLOSED}, 0);
}

static void wait_in(struct channel *channel, struct list_node *threads, enum sim_wait why,
                    const struct sim_site *site)
{
    list_append(threads, &channel->sim->running->waiting);
    sched_block(channel->sim, why, channel->id, 0, site);
}

enum channel_status channel_read_blocking(struct channel *channel, size_t size,
                                          struct sim_bytes *bytes, const struct sim_site *site)
{
    struct sim *sim = channel->sim;

    sched_point(sim, SIM_EV_RECEIVE, channel->id);
    while (!channel_readable(channel))
        wait_in(channel, &channel->waiting_readers, SIM_WAIT_RECEIVE, site);
    enum channel_status status = channel_read(channel, size, 0, bytes);

    sim_op(sim, SIM_EV_RECEIVE, .actor = sim_actor(sim), .object = channel->id,
           .value = (int64_t)bytes->size, .site = site);
    return status;
}

enum channel_status channel_write_blocking(struct channel *channel, const void *data, size_t size,
                                           const struct sim_site *site)
{
    struct sim *sim = channel->sim;
    const char *rest = data;

    sched_point(sim, SIM_EV_SEND, channel->id);
    sim_op(sim, SIM_EV_SEND, .actor = sim_actor(sim), .object = channel->id, .value = (int64_t)size,
           .site = site);
    while (size > 0) {
        size_t sent = 0;

        while (!channel_writable(channel))
            wait_in(channel, &channel->waiting_writers, SIM_WAIT_DRAIN, site);
        if (channel_write(channel, rest, size, 0, &sent) == CHANNEL_BROKEN)
            return CHANNEL_BROKEN;
        rest += sent;
        size -= sent;
    }
    return CHANNEL_OK;
}
