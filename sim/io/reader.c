#include "sim/io/reader_state.h"

#include <string.h>

#include "sim/core/task_state.h"
#include "sim/io/transport.h"

struct sim_reader *reader_new(struct sim_loop *loop, size_t limit)
{
    struct sim_reader *reader = sim_alloc(loop->sim, sizeof(*reader));

    reader->sim = loop->sim;
    reader->loop = loop;
    reader->limit = limit;
    return reader;
}

struct sim_reader *sim_reader_new(struct sim *sim, int64_t limit)
{
    struct sim_loop *loop = loop_required(sim);

    if (loop == NULL)
        return NULL;
    if (limit <= 0) {
        (void)sim_raise(sim, SIM_VALUE_ERROR, "Limit cannot be <= 0");
        return NULL;
    }
    struct sim_reader *reader = reader_new(loop, (size_t)limit);

    reader->id = sim_object_new(sim, SIM_OBJ_STREAM, NULL, 0, NULL);
    return reader;
}

void reader_set_transport(struct sim_reader *reader, struct transport *transport, uint32_t id)
{
    SIM_ASSERT(reader->transport == NULL);
    reader->transport = transport;
    reader->id = id;
}

/* Its waiter lives on the stack of a task that wakes at a later turn. */
static struct sim_future *take_waiter(struct sim_reader *reader)
{
    struct sim_future *waiter = reader->waiter;

    reader->waiter = NULL;
    return waiter != NULL && waiter->state == FUTURE_PENDING ? waiter : NULL;
}

static void wake(struct sim_reader *reader)
{
    struct sim_future *waiter = take_waiter(reader);

    if (waiter != NULL)
        future_finish(waiter, sim_none(), NULL);
}

void reader_set_exception(struct sim_reader *reader, const struct sim_exception *exception)
{
    reader->exception = exception;
    struct sim_future *waiter = take_waiter(reader);

    if (waiter != NULL)
        future_finish(waiter, sim_none(), exception);
}

void sim_reader_set_exception(struct sim_reader *reader, enum sim_status kind, const char *message)
{
    reader_set_exception(
        reader, sim_exception_new(reader->sim, kind, sim_strdup(reader->sim, message), NULL));
}

void sim_reader_feed_data(struct sim_reader *reader, const void *data, size_t size)
{
    SIM_ASSERT(!reader->eof);
    if (size == 0)
        return;
    if (reader->transport == NULL)
        sim_op(reader->sim, SIM_EV_SEND, .actor = sim_actor(reader->sim), .object = reader->id,
               .value = (int64_t)size);
    buffer_append(reader->sim, &reader->buffer, data, size);
    wake(reader);
    if (reader->transport != NULL && !reader->paused &&
        buffer_size(&reader->buffer) > 2 * reader->limit) {
        reader->transport->ops->pause_reading(reader->transport);
        reader->paused = true;
    }
}

void sim_reader_feed_eof(struct sim_reader *reader)
{
    reader->eof = true;
    wake(reader);
}

bool sim_reader_at_eof(const struct sim_reader *reader)
{
    return reader->eof && buffer_size(&reader->buffer) == 0;
}

const struct sim_exception *sim_reader_exception(const struct sim_reader *reader)
{
    return reader->exception;
}

static void resume(struct sim_reader *reader)
{
    reader->paused = false;
    reader->transport->ops->resume_reading(reader->transport);
}

static void maybe_resume(struct sim_reader *reader)
{
    if (reader->paused && buffer_size(&reader->buffer) <= reader->limit)
        resume(reader);
}

/* Raise what set_exception has set. */
static enum sim_status check(struct sim_reader *reader)
{
    if (reader->exception == NULL)
        return SIM_OK;
    *sim_raised(reader->sim) = reader->exception;
    return reader->exception->kind;
}

static enum sim_status wait_for_data(struct sim_reader *reader, const char *who,
                                     const struct sim_site *site)
{
    struct sim *sim = reader->sim;
    struct sim_future waiter;

    if (reader->waiter != NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR,
                         "%s() called while another coroutine is already waiting for incoming data",
                         who);
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    SIM_ASSERT(!reader->eof);
    if (reader->paused)
        resume(reader);
    future_init(&waiter, reader->loop, 0);
    reader->waiter = &waiter;
    enum sim_status status = task_wait(sim, &waiter, SIM_WAIT_RECEIVE, reader->id, 0, site);

    reader->waiter = NULL;
    return status;
}

static enum sim_status take(struct sim_reader *reader, size_t size, struct sim_bytes *bytes,
                            const struct sim_site *site)
{
    struct sim *sim = reader->sim;

    *bytes = buffer_take(sim, &reader->buffer, size);
    sim_op(sim, SIM_EV_RECEIVE, .actor = sim_actor(sim), .object = reader->id,
           .value = (int64_t)bytes->size, .site = site);
    return SIM_OK;
}

static enum sim_status raise_incomplete(struct sim_reader *reader, int64_t expected,
                                        struct sim_bytes *bytes, const struct sim_site *site)
{
    (void)take(reader, SIZE_MAX, bytes, site);
    if (expected < 0)
        return sim_raise(reader->sim, SIM_INCOMPLETE_READ,
                         "%zu bytes read on a total of undefined expected bytes", bytes->size);
    return sim_raise(reader->sim, SIM_INCOMPLETE_READ,
                     "%zu bytes read on a total of %lld expected bytes", bytes->size,
                     (long long)expected);
}

static enum sim_status read_some(struct sim_reader *reader, size_t n, struct sim_bytes *bytes,
                                 const struct sim_site *site)
{
    SIM_TRY(check(reader));
    if (buffer_size(&reader->buffer) == 0 && !reader->eof)
        SIM_TRY(wait_for_data(reader, "read", site));
    (void)take(reader, n, bytes, site);
    maybe_resume(reader);
    return SIM_OK;
}

enum sim_status(sim_reader_read)(struct sim_reader *reader, int64_t n, struct sim_bytes *bytes,
                                 const struct sim_site *site)
{
    struct buffer all = {0};

    *bytes = (struct sim_bytes){"", 0};
    SIM_TRY(check(reader));
    if (n == 0)
        return SIM_OK;
    if (n > 0)
        return read_some(reader, (size_t)n, bytes, site);
    do {
        SIM_TRY(read_some(reader, reader->limit, bytes, site));
        buffer_append(reader->sim, &all, bytes->data, bytes->size);
    } while (bytes->size > 0);
    *bytes = buffer_take(reader->sim, &all, SIZE_MAX);
    return SIM_OK;
}

enum sim_status(sim_reader_readexactly)(struct sim_reader *reader, int64_t n,
                                        struct sim_bytes *bytes, const struct sim_site *site)
{
    *bytes = (struct sim_bytes){"", 0};
    if (n < 0)
        return sim_raise(reader->sim, SIM_VALUE_ERROR,
                         "readexactly size can not be less than zero");
    SIM_TRY(check(reader));
    if (n == 0)
        return SIM_OK;
    while (buffer_size(&reader->buffer) < (size_t)n) {
        if (reader->eof)
            return raise_incomplete(reader, n, bytes, site);
        SIM_TRY(wait_for_data(reader, "readexactly", site));
    }
    (void)take(reader, (size_t)n, bytes, site);
    maybe_resume(reader);
    return SIM_OK;
}

/* ---- Separators. ---- */

/* Where the first that ends, of those that are looked for, begins and ends in the buffer. */
struct match {
    size_t begin;
    size_t end; /* 0: none was found */
};

static const char *find(const char *text, size_t size, const char *separator, size_t length)
{
    while (size >= length) {
        const char *first = memchr(text, separator[0], size - length + 1);

        if (first == NULL)
            return NULL;
        if (memcmp(first, separator, length) == 0)
            return first;
        size -= (size_t)(first + 1 - text);
        text = first + 1;
    }
    return NULL;
}

static struct match find_any(const struct buffer *buffer, size_t offset,
                             const char *const *separators, size_t count)
{
    struct match match = {0, 0};
    size_t size = buffer_size(buffer);

    for (size_t i = 0; i < count && offset < size; i++) {
        size_t length = strlen(separators[i]);
        const char *text = buffer_front(buffer);
        const char *found = find(text + offset, size - offset, separators[i], length);

        if (found == NULL)
            continue;
        size_t end = (size_t)(found - text) + length;

        /* Of two that end together the shorter one counts. */
        if (match.end == 0 || end < match.end ||
            (end == match.end && (size_t)(found - text) > match.begin))
            match = (struct match){(size_t)(found - text), end};
    }
    return match;
}

static enum sim_status raise_overrun(struct sim_reader *reader, const char *message,
                                     size_t consumed, struct sim_bytes *bytes)
{
    *bytes = (struct sim_bytes){NULL, consumed};
    return sim_raise(reader->sim, SIM_LIMIT_OVERRUN, "%s", message);
}

/* Find a separator, waiting for it. */
static enum sim_status seek(struct sim_reader *reader, const char *const *separators, size_t count,
                            struct match *match, struct sim_bytes *bytes,
                            const struct sim_site *site)
{
    size_t shortest = SIZE_MAX;
    size_t longest = 0;
    size_t offset = 0; /* where no separator begins before */

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(separators[i]);

        shortest = length < shortest ? length : shortest;
        longest = length > longest ? length : longest;
    }
    if (count == 0)
        return sim_raise(reader->sim, SIM_VALUE_ERROR,
                         "Separator should contain at least one element");
    if (shortest == 0)
        return sim_raise(reader->sim, SIM_VALUE_ERROR,
                         "Separator should be at least one-byte string");
    SIM_TRY(check(reader));
    for (;;) {
        size_t size = buffer_size(&reader->buffer);

        if (size >= offset + shortest) {
            *match = find_any(&reader->buffer, offset, separators, count);
            if (match->end > 0)
                return SIM_OK;
            offset = size + 1 > longest ? size + 1 - longest : 0;
            if (offset > reader->limit)
                return raise_overrun(reader, "Separator is not found, and chunk exceed the limit",
                                     offset, bytes);
        }
        if (reader->eof)
            return raise_incomplete(reader, -1, bytes, site);
        SIM_TRY(wait_for_data(reader, "readuntil", site));
    }
}

enum sim_status(sim_reader_readuntil_any)(struct sim_reader *reader, const char *const *separators,
                                          size_t count, struct sim_bytes *bytes,
                                          const struct sim_site *site)
{
    struct match match = {0, 0};

    *bytes = (struct sim_bytes){"", 0};
    SIM_TRY(seek(reader, separators, count, &match, bytes, site));
    if (match.begin > reader->limit)
        return raise_overrun(reader, "Separator is found, but chunk is longer than limit",
                             match.begin, bytes);
    (void)take(reader, match.end, bytes, site);
    maybe_resume(reader);
    return SIM_OK;
}

enum sim_status(sim_reader_readuntil)(struct sim_reader *reader, const char *separator,
                                      struct sim_bytes *bytes, const struct sim_site *site)
{
    return (sim_reader_readuntil_any)(reader, &separator, 1, bytes, site);
}

enum sim_status(sim_reader_readline)(struct sim_reader *reader, struct sim_bytes *bytes,
                                     const struct sim_site *site)
{
    enum sim_status status = (sim_reader_readuntil)(reader, "\n", bytes, site);

    if (status == SIM_INCOMPLETE_READ)
        return SIM_OK;
    if (status != SIM_LIMIT_OVERRUN)
        return status;
    size_t consumed = bytes->size;

    *bytes = (struct sim_bytes){"", 0};
    /* A line that has its end is dropped up to there; else everything is. */
    if (consumed < buffer_size(&reader->buffer) && buffer_front(&reader->buffer)[consumed] == '\n')
        buffer_drop(&reader->buffer, consumed + 1);
    else
        buffer_drop(&reader->buffer, SIZE_MAX);
    maybe_resume(reader);
    return sim_raise(reader->sim, SIM_VALUE_ERROR, "%s",
                     sim_exception_message(sim_exception(reader->sim)));
}
