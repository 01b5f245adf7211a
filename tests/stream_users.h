/* Users of streams: what the tests of readers, and of connections, share. */
#ifndef TESTS_STREAM_USERS_H
#define TESTS_STREAM_USERS_H

#include "tests/body.h"

#include "sim/io/reader_state.h"

static inline bool are(struct sim_bytes bytes, const char *text)
{
    return bytes.size == strlen(text) &&
           (bytes.size == 0 || memcmp(bytes.data, text, bytes.size) == 0);
}

/* What has been fed and not been read yet. */
static inline bool holds(const struct sim_reader *reader, const char *text)
{
    return are((struct sim_bytes){buffer_front(&reader->buffer), buffer_size(&reader->buffer)},
               text);
}

static inline void feed(struct sim_reader *reader, const char *text)
{
    sim_reader_feed_data(reader, text, strlen(text));
}

static inline struct sim_reader *fed(struct sim *sim, int64_t limit, const char *text)
{
    struct sim_reader *reader = sim_reader_new(sim, limit);

    SIM_ASSERT(reader != NULL);
    feed(reader, text);
    return reader;
}

/* Texts, ended with NULL, that a callback will feed. */
struct feeding {
    struct sim_reader *reader;
    const char *const *texts;
    bool eof; /* and then its end */
};

static inline void feed_now(struct sim *sim, void *arg)
{
    const struct feeding *feeding = arg;

    (void)sim;
    for (const char *const *text = feeding->texts; *text != NULL; text++)
        feed(feeding->reader, *text);
    if (feeding->eof)
        sim_reader_feed_eof(feeding->reader);
}

static inline void feed_soon(struct sim *sim, struct sim_reader *reader, const char *const *texts,
                             bool eof)
{
    struct feeding *feeding = sim_alloc(sim, sizeof(*feeding));

    *feeding = (struct feeding){reader, texts, eof};
    (void)sim_call_soon(sim, feed_now, feeding);
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Whether a call gives just this. */
static inline bool reads(struct sim_reader *reader, int64_t n, const char *text)
{
    struct sim_bytes bytes;

    return sim_reader_read(reader, n, &bytes) == SIM_OK && are(bytes, text);
}

static inline bool reads_exactly(struct sim_reader *reader, int64_t n, const char *text)
{
    struct sim_bytes bytes;

    return sim_reader_readexactly(reader, n, &bytes) == SIM_OK && are(bytes, text);
}

static inline bool reads_line(struct sim_reader *reader, const char *text)
{
    struct sim_bytes bytes;

    return sim_reader_readline(reader, &bytes) == SIM_OK && are(bytes, text);
}

/* Whether the last exception is of this kind, and says these words. */
static inline bool raised(struct sim *sim, enum sim_status kind, const char *words)
{
    const struct sim_exception *exception = sim_exception(sim);

    return sim_exception_kind(exception) == kind &&
           strstr(sim_exception_message(exception), words) != NULL;
}

#endif
