/* Channel: bytes on their way in one direction, in order: half a connection, or a pipe. */
#ifndef SIM_IO_CHANNEL_H
#define SIM_IO_CHANNEL_H

#include "sim/core/sched.h"
#include "sim/io/buffer.h"

/* What an end of a channel can do changed. */
typedef void (*channel_change_fn)(void *end);

/* How a read or write that never blocks ended. */
enum channel_status {
    CHANNEL_OK,
    CHANNEL_AGAIN,  /* nothing has come yet; or there is no room yet */
    CHANNEL_EOF,    /* nothing will come any more */
    CHANNEL_BROKEN, /* nobody reads any more */
};

/* What travels.  Lives in the arena. */
struct packet;

struct packets {
    struct packet *first;
    struct packet **last;
    struct alarm alarm; /* of the first */
    struct channel *channel;
    int64_t latest_ns; /* when the last will be there: nothing overtakes */
};

/* Lives in the arena.
 * Invariant: used is what has been written and whose reading the writer has not heard of;
 * used <= capacity. */
struct channel {
    struct sim *sim;
    struct packets forth; /* bytes, the end and a reset, to the reader */
    struct packets back;  /* room, and the reader's end, to the writer */
    struct buffer arrived;
    size_t used;
    size_t capacity;
    channel_change_fn on_reader_change;
    channel_change_fn on_writer_change;
    channel_change_fn on_late; /* bytes came to the reader after it had closed */
    void *reader;
    void *writer;
    struct list_node waiting_readers; /* threads that block */
    struct list_node waiting_writers;
    uint32_t id;
    bool ended;         /* the writer has said that no more will come */
    bool eof;           /* and the reader knows */
    bool reset;         /* the reader knows that the writer broke it off */
    bool reader_closed; /* who reads has closed */
    bool broken;        /* and the writer knows */
};

struct channel *channel_new(struct sim *sim, const char *name, size_t capacity);

/* Who is told when one of them can do something that it could not. */
void channel_attach_reader(struct channel *channel, channel_change_fn on_change, void *reader);
void channel_attach_writer(struct channel *channel, channel_change_fn on_change, void *writer);

bool channel_readable(const struct channel *channel);
bool channel_writable(const struct channel *channel);

/* Send as much as there is room for; it arrives after latency_ns.  *sent is how much.  Never
 * blocks. */
enum channel_status channel_write(struct channel *channel, const void *data, size_t size,
                                  int64_t latency_ns, size_t *sent);

/* Say that no more will come; or break it off. */
void channel_end(struct channel *channel, int64_t latency_ns);
void channel_reset(struct channel *channel, int64_t latency_ns);

/* Take at most size bytes; the writer hears of the room after latency_ns.  Never blocks. */
enum channel_status channel_read(struct channel *channel, size_t size, int64_t latency_ns,
                                 struct sim_bytes *bytes);

/* Nobody will read any more: what is there is lost, and the writer of a pipe hears of it.  That of
 * a connection does not: whoever has closed is called on_late when more comes. */
void channel_close_reader(struct channel *channel, channel_change_fn on_late);

/* The same for threads: block until something is there, or everything is written. */
enum channel_status channel_read_blocking(struct channel *channel, size_t size,
                                          struct sim_bytes *bytes, const struct sim_site *site);
enum channel_status channel_write_blocking(struct channel *channel, const void *data, size_t size,
                                           const struct sim_site *site);

#endif
