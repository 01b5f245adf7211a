/* StreamReader: what CPython's test_streams.StreamTests asks of a reader that is fed by the
 * program, test by test; readuntil and connections stand in test_stream_readuntil.c and
 * test_stream_connection.c.
 *
 *   n/a test_streamreader_constructor_use_global_loop: C has no current loop that rests
 *   n/a test_streamreaderprotocol_constructor_use_global_loop: C has no current loop that rests
 *   n/a test___repr__: C has no repr
 *   n/a test___repr__nondefault_limit: C has no repr
 *   n/a test___repr__eof: C has no repr
 *   n/a test___repr__data: C has no repr
 *   n/a test___repr__exception: C has no repr
 *   n/a test___repr__waiter: C has no repr
 *   n/a test___repr__transport: C has no repr
 *   n/a test_IncompleteReadError_pickleable: C has no pickle
 *   n/a test_LimitOverrunError_pickleable: C has no pickle
 */
#include "tests/findings.h"
#include "tests/stream_users.h"

#include "sim/io/stream_protocol.h"

#define DATA "line1\nline2\nline3\n"

static enum sim_status test_feed_empty_data(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    sim_reader_feed_data(reader, "ignored", 0);
    EXPECT(holds(reader, ""));
    EXPECT(!sim_reader_at_eof(reader));
    return SIM_OK;
}

static enum sim_status test_feed_nonempty_data(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(holds(fed(sim, SIM_STREAM_LIMIT, DATA), DATA));
    return SIM_OK;
}

static enum sim_status test_read_zero(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, DATA);

    (void)arg;
    EXPECT(reads(reader, 0, ""));
    EXPECT(holds(reader, DATA));
    return SIM_OK;
}

static enum sim_status test_read(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    feed_soon(sim, reader, TEXTS(DATA), false);
    EXPECT(holds(reader, ""));
    EXPECT(reads(reader, 30, DATA));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_read_line_breaks(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line1");

    (void)arg;
    feed(reader, "line2");
    EXPECT(reads(reader, 5, "line1"));
    EXPECT(holds(reader, "line2"));
    return SIM_OK;
}

static enum sim_status test_read_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    feed_soon(sim, reader, TEXTS(""), true);
    EXPECT(reads(reader, 1024, ""));
    EXPECT(holds(reader, ""));
    EXPECT(sim_reader_at_eof(reader));
    return SIM_OK;
}

static enum sim_status test_read_until_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    feed_soon(sim, reader, TEXTS("chunk1\n", "chunk2"), true);
    EXPECT(reads(reader, -1, "chunk1\nchunk2"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_read_exception(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line\n");
    struct sim_bytes bytes;

    (void)arg;
    EXPECT(reads(reader, 2, "li"));
    sim_reader_set_exception(reader, SIM_VALUE_ERROR, "told to");
    EXPECT(sim_reader_read(reader, 2, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "told to"));
    return SIM_OK;
}

static enum sim_status test_invalid_limit(struct sim *sim, void *arg)
{
    (void)arg;
    for (int64_t limit = 0; limit >= -1; limit--) {
        EXPECT(sim_reader_new(sim, limit) == NULL);
        EXPECT(raised(sim, SIM_VALUE_ERROR, "imit"));
    }
    return SIM_OK;
}

static enum sim_status test_read_limit(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, 3, "chunk");

    (void)arg;
    EXPECT(reads(reader, 5, "chunk"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readline(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "chunk1 ");

    (void)arg;
    feed_soon(sim, reader, TEXTS("chunk2 ", "chunk3 ", "\n chunk4"), false);
    EXPECT(reads_line(reader, "chunk1 chunk2 chunk3 \n"));
    EXPECT(holds(reader, " chunk4"));
    return SIM_OK;
}

static enum sim_status test_readline_limit_with_existing_data(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, 3, "li");
    struct sim_bytes bytes;

    (void)arg;
    feed(reader, "ne1\nline2\n");
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(bytes.size == 0);
    EXPECT(holds(reader, "line2\n"));
    /* Without its end it is dropped as far as it is there. */
    reader = fed(sim, 3, "li");
    feed(reader, "ne1");
    feed(reader, "li");
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_at_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    EXPECT(!sim_reader_at_eof(reader));
    feed(reader, "some data\n");
    EXPECT(!sim_reader_at_eof(reader));
    EXPECT(reads_line(reader, "some data\n"));
    EXPECT(!sim_reader_at_eof(reader));
    feed(reader, "some data\n");
    sim_reader_feed_eof(reader);
    EXPECT(!sim_reader_at_eof(reader));
    EXPECT(reads_line(reader, "some data\n"));
    EXPECT(sim_reader_at_eof(reader));
    return SIM_OK;
}

static enum sim_status test_readline_limit(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, 7);
    struct sim_bytes bytes;

    (void)arg;
    feed_soon(sim, reader, TEXTS("chunk1", "chunk2", "chunk3\n"), true);
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(holds(reader, ""));
    reader = sim_reader_new(sim, 7);
    feed_soon(sim, reader, TEXTS("chunk1", "chunk2\n", "chunk3\n"), true);
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(holds(reader, "chunk3\n"));
    /* The end of a line does not count; one byte more is too much, with its end or without. */
    reader = fed(sim, 7, "1234567\n");
    EXPECT(reads_line(reader, "1234567\n"));
    EXPECT(holds(reader, ""));
    feed(reader, "12345678\n");
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(holds(reader, ""));
    feed(reader, "12345678");
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readline_nolimit_nowait(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line1\n");

    (void)arg;
    feed(reader, "line2\nline3\n");
    EXPECT(reads_line(reader, "line1\n"));
    EXPECT(holds(reader, "line2\nline3\n"));
    return SIM_OK;
}

static enum sim_status test_readline_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "some data");

    (void)arg;
    sim_reader_feed_eof(reader);
    EXPECT(reads_line(reader, "some data"));
    return SIM_OK;
}

static enum sim_status test_readline_empty_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    sim_reader_feed_eof(reader);
    EXPECT(reads_line(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readline_read_byte_count(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, DATA);

    (void)arg;
    EXPECT(reads_line(reader, "line1\n"));
    EXPECT(reads(reader, 7, "line2\nl"));
    EXPECT(holds(reader, "ine3\n"));
    return SIM_OK;
}

static enum sim_status test_readline_exception(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line\n");
    struct sim_bytes bytes;

    (void)arg;
    EXPECT(reads_line(reader, "line\n"));
    sim_reader_set_exception(reader, SIM_VALUE_ERROR, "told to");
    EXPECT(sim_reader_readline(reader, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "told to"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readexactly_zero_or_less(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, DATA);
    struct sim_bytes bytes;

    (void)arg;
    EXPECT(reads_exactly(reader, 0, ""));
    EXPECT(holds(reader, DATA));
    EXPECT(sim_reader_readexactly(reader, -1, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "less than zero"));
    EXPECT(holds(reader, DATA));
    return SIM_OK;
}

static enum sim_status test_readexactly(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    feed_soon(sim, reader, TEXTS(DATA, DATA, DATA), false);
    EXPECT(reads_exactly(reader, 2 * (int64_t)strlen(DATA), DATA DATA));
    EXPECT(holds(reader, DATA));
    return SIM_OK;
}

static enum sim_status test_readexactly_limit(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, 3, "chunk");

    (void)arg;
    EXPECT(reads_exactly(reader, 5, "chunk"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readexactly_eof(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);
    struct sim_bytes bytes;

    (void)arg;
    feed_soon(sim, reader, TEXTS(DATA), true);
    EXPECT(sim_reader_readexactly(reader, 36, &bytes) == SIM_INCOMPLETE_READ);
    EXPECT(are(bytes, DATA));
    EXPECT(raised(sim, SIM_INCOMPLETE_READ, "18 bytes read on a total of 36 expected bytes"));
    EXPECT(holds(reader, ""));
    return SIM_OK;
}

static enum sim_status test_readexactly_exception(struct sim *sim, void *arg)
{
    struct sim_reader *reader = fed(sim, SIM_STREAM_LIMIT, "line\n");
    struct sim_bytes bytes;

    (void)arg;
    EXPECT(reads_exactly(reader, 2, "li"));
    sim_reader_set_exception(reader, SIM_VALUE_ERROR, "told to");
    EXPECT(sim_reader_readexactly(reader, 2, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "told to"));
    return SIM_OK;
}

static enum sim_status test_exception(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    EXPECT(sim_reader_exception(reader) == NULL);
    sim_reader_set_exception(reader, SIM_VALUE_ERROR, "told to");
    EXPECT(sim_exception_kind(sim_reader_exception(reader)) == SIM_VALUE_ERROR);
    EXPECT(strcmp(sim_exception_message(sim_reader_exception(reader)), "told to") == 0);
    return SIM_OK;
}

static enum sim_status read_a_line(struct sim *sim, void *reader)
{
    struct sim_bytes bytes;

    (void)sim;
    return sim_reader_readline((struct sim_reader *)reader, &bytes);
}

static enum sim_status set_error(struct sim *sim, void *reader)
{
    (void)sim;
    sim_reader_set_exception(reader, SIM_VALUE_ERROR, "told to");
    return SIM_OK;
}

static enum sim_status test_exception_waiter(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);
    struct sim_task *first = sim_task_new(sim, NULL, read_a_line, reader);
    struct sim_task *second = sim_task_new(sim, NULL, set_error, reader);
    struct sim_future *both[] = {SIM_FUTURE(first), SIM_FUTURE(second)};
    struct sim_wait_sets sets;

    (void)arg;
    SIM_TRY(sim_wait(sim, both, 2, -1, SIM_ALL_COMPLETED, &sets));
    EXPECT(sets.done_count == 2);
    EXPECT(sim_future_result(first, NULL) == SIM_VALUE_ERROR);
    EXPECT(sim_future_result(second, NULL) == SIM_OK);
    return SIM_OK;
}

static enum sim_status test_exception_cancel(struct sim *sim, void *arg)
{
    struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);
    struct sim_task *task = sim_task_new(sim, NULL, read_a_line, reader);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(reader->waiter != NULL);
    sim_cancel(task, NULL);
    SIM_TRY(sim_sleep(sim, 0));
    /* Whoever was cancelled is not woken again. */
    sim_reader_set_exception(reader, SIM_RUNTIME_ERROR, "message");
    SIM_TRY(sim_sleep(sim, 0));
    EXPECT(reader->waiter == NULL);
    EXPECT(sim_cancelled(task));
    return SIM_OK;
}

/* ---- Constructors. ---- */

static enum sim_status test_streamreader_constructor_without_loop(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_reader_new(sim, SIM_STREAM_LIMIT) == NULL);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "event loop"));
    return SIM_OK;
}

static enum sim_status test_streamreader_constructor_use_running_loop(struct sim *sim, void *arg)
{
    const struct sim_reader *reader = sim_reader_new(sim, SIM_STREAM_LIMIT);

    (void)arg;
    EXPECT(reader->loop == loop_required(sim));
    return SIM_OK;
}

static enum sim_status ignore(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                              void *arg)
{
    (void)sim;
    (void)reader;
    (void)arg;
    sim_writer_close(writer);
    return SIM_OK;
}

/* A protocol is made with its connection. */
static enum sim_status test_streamreaderprotocol_constructor_without_loop(struct sim *sim,
                                                                          void *arg)
{
    struct sim_reader *reader = NULL;
    struct sim_writer *writer = NULL;
    struct sim_server *server = NULL;

    (void)arg;
    EXPECT(sim_open_connection(sim, "localhost", 80, NULL, &reader, &writer) == SIM_RUNTIME_ERROR);
    EXPECT(raised(sim, SIM_RUNTIME_ERROR, "event loop"));
    EXPECT(sim_start_server(sim, NULL, 80, NULL, ignore, NULL, &server) == SIM_RUNTIME_ERROR);
    EXPECT(reader == NULL && writer == NULL && server == NULL);
    return SIM_OK;
}

static enum sim_status test_streamreaderprotocol_constructor_use_running_loop(struct sim *sim,
                                                                              void *arg)
{
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_server *server;

    (void)arg;
    SIM_TRY(sim_start_server(sim, NULL, 80, NULL, ignore, NULL, &server));
    SIM_TRY(sim_open_connection(sim, "localhost", 80, NULL, &reader, &writer));
    const struct stream_protocol *protocol = writer->transport->protocol;

    EXPECT(protocol->loop == loop_required(sim));
    EXPECT(protocol->reader == reader && reader->loop == protocol->loop);
    sim_writer_close(writer);
    sim_server_close(server);
    return sim_server_wait_closed(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_feed_empty_data),
        BODY(test_feed_nonempty_data),
        BODY(test_read_zero),
        BODY(test_read),
        BODY(test_read_line_breaks),
        BODY(test_read_eof),
        BODY(test_read_until_eof),
        BODY(test_read_exception),
        BODY(test_invalid_limit),
        BODY(test_read_limit),
        BODY(test_readline),
        BODY(test_readline_limit_with_existing_data),
        BODY(test_at_eof),
        BODY(test_readline_limit),
        BODY(test_readline_nolimit_nowait),
        BODY(test_readline_eof),
        BODY(test_readline_empty_eof),
        BODY(test_readline_read_byte_count),
        BODY(test_readline_exception),
        BODY(test_readexactly_zero_or_less),
        BODY(test_readexactly),
        BODY(test_readexactly_limit),
        BODY(test_readexactly_eof),
        BODY(test_readexactly_exception),
        BODY(test_exception),
        BODY(test_exception_waiter),
        BODY(test_exception_cancel),
        QUIET_IN_THREAD(test_streamreader_constructor_without_loop),
        BODY(test_streamreader_constructor_use_running_loop),
        QUIET_IN_THREAD(test_streamreaderprotocol_constructor_without_loop),
        BODY(test_streamreaderprotocol_constructor_use_running_loop),
    };

    return cmocka_run_group_tests_name("StreamTests", tests, NULL, NULL);
}
