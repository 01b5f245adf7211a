/* Streams over connections: what CPython's test_streams.StreamTests asks of open_connection,
 * start_server and StreamWriter, test by test; readers stand in test_stream_reader.c.
 *
 *   n/a test_open_unix_connection: C simulates no Unix sockets
 *   n/a test_open_connection_no_loop_ssl: C has no SSL
 *   n/a test_open_unix_connection_no_loop_ssl: C simulates no Unix sockets
 *   n/a test_open_unix_connection_error: C simulates no Unix sockets
 *   n/a test_start_unix_server: C simulates no Unix sockets
 *   n/a test_start_tls: C has no SSL
 *   n/a test_unclosed_resource_warnings: C has no gc that would find an open writer
 *   n/a test_loop_is_closed_resource_warnings: C has no gc that would find an open writer
 *   n/a test_unclosed_server_resource_warnings: C has no gc that would find an open writer
 */
#include "tests/findings.h"
#include "tests/stream_users.h"

#include "sim/io/writer_state.h"

/* ---- A server of HTTP/1.0 that has but one page. ---- */

static enum sim_status serve_page(struct sim *sim, struct sim_reader *reader,
                                  struct sim_writer *writer, void *arg)
{
    struct sim_bytes line;

    (void)sim;
    (void)arg;
    do
        SIM_TRY(sim_reader_readline(reader, &line));
    while (line.size > 0 && !are(line, "\r\n"));
    if (line.size > 0)
        SIM_TRY(sim_writer_printf(writer, "HTTP/1.0 200 OK\r\nContent-type: text/plain\r\n"
                                          "Content-Length: 12\r\n\r\nTest message"));
    SIM_TRY(sim_writer_drain(writer));
    sim_writer_close(writer);
    return sim_writer_wait_closed(writer);
}

/* A client of it. */
struct visit {
    struct sim_server *server;
    struct sim_reader *reader;
    struct sim_writer *writer;
};

static enum sim_status connect_to_page(struct sim *sim, struct visit *visit)
{
    SIM_TRY(sim_start_server(sim, "localhost", 0, NULL, serve_page, NULL, &visit->server));
    return sim_open_connection(sim, "localhost", sim_server_port(visit->server), NULL,
                               &visit->reader, &visit->writer);
}

static enum sim_status ask(struct sim *sim, const struct visit *visit)
{
    SIM_TRY(sim_writer_printf(visit->writer, "GET / HTTP/1.0\r\n\r\n"));
    EXPECT(reads_line(visit->reader, "HTTP/1.0 200 OK\r\n"));
    return SIM_OK;
}

static enum sim_status ask_for_all(struct sim *sim, const struct visit *visit)
{
    static const char end[] = "\r\n\r\nTest message";
    size_t size = sizeof(end) - 1;
    struct sim_bytes rest;

    SIM_TRY(ask(sim, visit));
    SIM_TRY(sim_reader_read(visit->reader, -1, &rest));
    EXPECT(rest.size > size && strcmp(rest.data + rest.size - size, end) == 0);
    return SIM_OK;
}

static enum sim_status stop(struct sim_server *server)
{
    sim_server_close(server);
    return sim_server_wait_closed(server);
}

static enum sim_status test_open_connection(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    SIM_TRY(ask_for_all(sim, &visit));
    sim_writer_close(visit.writer);
    return stop(visit.server);
}

static enum sim_status test_open_connection_error(struct sim *sim, void *arg)
{
    struct visit visit;
    struct sim_bytes bytes;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    struct transport *transport = visit.writer->transport;

    transport->protocol_ops->connection_lost(
        transport->protocol, sim_exception_new(sim, SIM_VALUE_ERROR, "of the protocol", NULL));
    EXPECT(sim_reader_read(visit.reader, -1, &bytes) == SIM_VALUE_ERROR);
    EXPECT(raised(sim, SIM_VALUE_ERROR, "of the protocol"));
    sim_writer_close(visit.writer);
    SIM_TRY(sim_sleep(sim, 0));
    return stop(visit.server);
}

/* ---- Servers. ---- */

static enum sim_status send_line_back(struct sim_reader *reader, struct sim_writer *writer)
{
    struct sim_bytes line;

    SIM_TRY(sim_reader_readline(reader, &line));
    SIM_TRY(sim_writer_write(writer, line.data, line.size));
    SIM_TRY(sim_writer_drain(writer));
    sim_writer_close(writer);
    return sim_writer_wait_closed(writer);
}

static enum sim_status handle_client(struct sim *sim, struct sim_reader *reader,
                                     struct sim_writer *writer, void *arg)
{
    (void)sim;
    (void)arg;
    return send_line_back(reader, writer);
}

static enum sim_status handle_in_task(struct sim *sim, void *arg)
{
    const struct visit *visit = arg;

    (void)sim;
    return send_line_back(visit->reader, visit->writer);
}

static enum sim_status hand_over(struct sim *sim, struct sim_reader *reader,
                                 struct sim_writer *writer, void *arg)
{
    struct visit *visit = sim_alloc(sim, sizeof(*visit));

    (void)arg;
    *visit = (struct visit){.reader = reader, .writer = writer};
    (void)sim_task_new(sim, NULL, handle_in_task, visit);
    return SIM_OK;
}

static enum sim_status greet(struct sim *sim, void *arg)
{
    const int64_t *port = arg;
    struct sim_reader *reader;
    struct sim_writer *writer;

    SIM_TRY(sim_open_connection(sim, "127.0.0.1", *port, NULL, &reader, &writer));
    SIM_TRY(sim_writer_printf(writer, "hello world!\n"));
    EXPECT(reads_line(reader, "hello world!\n"));
    sim_writer_close(writer);
    SIM_TRY(sim_writer_wait_closed(writer));
    return sim_return(sim, sim_int(1));
}

/* A server may serve in the task that it is given, or start one of its own. */
static enum sim_status test_start_server(struct sim *sim, void *arg)
{
    static const sim_client_fn ways[] = {handle_client, hand_over};
    int64_t port = 0;

    (void)arg;
    for (int i = 0; i < 2; i++) {
        struct sim_server *server;
        struct sim_value greeted = sim_none();

        SIM_TRY(sim_start_server(sim, "127.0.0.1", port, NULL, ways[i], NULL, &server));
        port = sim_server_port(server);
        SIM_TRY(sim_await(sim_task_new(sim, NULL, greet, &port), &greeted));
        EXPECT(greeted.type == SIM_INT && greeted.as.integer == 1);
        SIM_TRY(stop(server));
    }
    return SIM_OK;
}

/* ---- A pipe. ---- */

static int write_data(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)sim;
    (void)arg;
    return sim_child_printf(child, "data") == SIM_OK ? 0 : 1;
}

/* More than twice the limit of a reader is in its pipe when the other end is gone. */
static enum sim_status test_read_all_from_pipe_reader(struct sim *sim, void *arg)
{
    const struct sim_process_options options = {.out = SIM_PIPE, .limit = 1};
    struct sim_process *process;

    (void)arg;
    sim_program_add(sim, "data", write_data, NULL);
    SIM_TRY(sim_subprocess_exec(sim, TEXTS("data"), &options, &process));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    EXPECT(sim_process_returncode(process, NULL));
    EXPECT(!sim_reader_at_eof(sim_process_stdout(process)));
    EXPECT(reads(sim_process_stdout(process), -1, "data"));
    return sim_process_wait(process, NULL);
}

/* ---- drain. ---- */

struct drainers {
    struct sim_writer *writer;
    int drained;
};

static enum sim_status drain(struct sim *sim, void *arg)
{
    struct drainers *drainers = arg;

    (void)sim;
    SIM_TRY(sim_writer_drain(drainers->writer));
    drainers->drained++;
    return SIM_OK;
}

static void resume(struct sim *sim, void *flow)
{
    (void)sim;
    flow_control_resume((struct flow_control *)flow);
}

static enum sim_status test_multiple_drain(struct sim *sim, void *arg)
{
    struct transport transport = {.sim = sim};
    struct flow_control flow;
    struct sim_future *all[10];

    (void)arg;
    flow_control_init(&flow, loop_required(sim));
    struct drainers drainers = {writer_new(&transport, &flow, NULL), 0};

    flow_control_pause(&flow);
    (void)sim_call_later(sim, 100 * SIM_MS, resume, &flow);
    for (int i = 0; i < 10; i++)
        all[i] = SIM_FUTURE(sim_task_new(sim, NULL, drain, &drainers));
    SIM_TRY(sim_sleep(sim, 50 * SIM_MS));
    EXPECT(drainers.drained == 0);
    SIM_TRY(sim_await(sim_gather(sim, all, 10, false), NULL));
    EXPECT(drainers.drained == 10);
    EXPECT(sim_now(sim) == 100 * SIM_MS);
    return SIM_OK;
}

/* A server in a thread with a loop of its own, which closes its first connection. */
struct rude_server {
    struct sim_flag *served;
    int64_t port; /* 0: it does not serve yet */
};

static enum sim_status hang_up(struct sim *sim, struct sim_reader *reader,
                               struct sim_writer *writer, void *arg)
{
    (void)sim;
    (void)reader;
    sim_writer_close(writer);
    sim_event_set(((struct rude_server *)arg)->served);
    return SIM_OK;
}

static enum sim_status serve_rudely(struct sim *sim, void *arg)
{
    struct rude_server *self = arg;
    struct sim_server *server;

    self->served = sim_event_new(sim, NULL);
    SIM_TRY(sim_start_server(sim, "localhost", 0, NULL, hang_up, self, &server));
    self->port = sim_server_port(server);
    SIM_TRY(sim_event_wait(self->served));
    return stop(server);
}

static enum sim_status run_server(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, serve_rudely, arg, NULL);
}

/* drain gives up, though the client never waits for anything else. */
static enum sim_status test_drain_raises(struct sim *sim, void *arg)
{
    struct rude_server server = {NULL, 0};
    struct sim_thread *thread = sim_thread_new(sim, "server", run_server, &server);
    enum sim_status status = SIM_OK;
    struct sim_reader *reader;
    struct sim_writer *writer;

    (void)arg;
    while (server.port == 0)
        SIM_TRY(sim_sleep(sim, SIM_MS));
    SIM_TRY(sim_open_connection(sim, "localhost", server.port, NULL, &reader, &writer));
    while (status == SIM_OK) {
        SIM_TRY(sim_writer_printf(writer, "foo\n"));
        status = sim_writer_drain(writer);
    }
    EXPECT(status == SIM_CONNECTION_RESET || status == SIM_BROKEN_PIPE);
    return sim_thread_join(thread, NULL);
}

/* ---- Closing. ---- */

static enum sim_status test_wait_closed_on_close(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    SIM_TRY(ask_for_all(sim, &visit));
    EXPECT(!sim_writer_is_closing(visit.writer));
    sim_writer_close(visit.writer);
    EXPECT(sim_writer_is_closing(visit.writer));
    SIM_TRY(sim_writer_wait_closed(visit.writer));
    return stop(visit.server);
}

static enum sim_status test_wait_closed_on_close_with_unread_data(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    SIM_TRY(ask(sim, &visit));
    sim_writer_close(visit.writer);
    EXPECT(sim_writer_wait_closed(visit.writer) == SIM_OK);
    EXPECT(!sim_reader_at_eof(visit.reader));
    return stop(visit.server);
}

static enum sim_status test_async_writer_api(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    SIM_TRY(ask_for_all(sim, &visit));
    sim_writer_close(visit.writer);
    EXPECT(sim_writer_wait_closed(visit.writer) == SIM_OK);
    return stop(visit.server);
}

static enum sim_status test_async_writer_api_exception_after_close(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    SIM_TRY(ask_for_all(sim, &visit));
    sim_writer_close(visit.writer);
    EXPECT(sim_writer_printf(visit.writer, "data") == SIM_OK);
    EXPECT(sim_writer_drain(visit.writer) == SIM_CONNECTION_RESET);
    return stop(visit.server);
}

static enum sim_status test_eof_feed_when_closing_writer(struct sim *sim, void *arg)
{
    struct visit visit;

    (void)arg;
    SIM_TRY(connect_to_page(sim, &visit));
    sim_writer_close(visit.writer);
    SIM_TRY(sim_writer_wait_closed(visit.writer));
    EXPECT(sim_reader_at_eof(visit.reader));
    EXPECT(reads(visit.reader, -1, ""));
    return stop(visit.server);
}

/* ---- What a server's callback leaves to nobody. ---- */

static enum sim_status say_and_close(struct sim *sim, sim_client_fn on_client)
{
    struct sim_server *server;
    struct sim_reader *reader;
    struct sim_writer *writer;

    SIM_TRY(sim_start_server(sim, "localhost", 80, NULL, on_client, NULL, &server));
    SIM_TRY(sim_server_start_serving(server));
    SIM_TRY(sim_open_connection(sim, "localhost", 80, NULL, &reader, &writer));
    SIM_TRY(sim_writer_printf(writer, "test msg"));
    SIM_TRY(sim_writer_drain(writer));
    sim_writer_close(writer);
    SIM_TRY(sim_writer_wait_closed(writer));
    return stop(server);
}

static enum sim_status fail_there(struct sim *sim, struct sim_reader *reader,
                                  struct sim_writer *writer, void *arg)
{
    (void)reader;
    (void)writer;
    (void)arg;
    return sim_raise(sim, SIM_RUNTIME_ERROR, "of the callback");
}

/* Its connection is closed, else the server would never be. */
static enum sim_status test_unhandled_exception(struct sim *sim, void *arg)
{
    (void)arg;
    return say_and_close(sim, fail_there);
}

static enum sim_status cancel_itself(struct sim *sim, struct sim_reader *reader,
                                     struct sim_writer *writer, void *arg)
{
    (void)reader;
    (void)arg;
    sim_writer_close(writer);
    sim_cancel(sim_current_task(sim), NULL);
    return SIM_OK;
}

static enum sim_status test_unhandled_cancel(struct sim *sim, void *arg)
{
    (void)arg;
    return say_and_close(sim, cancel_itself);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUIET(test_open_connection),
        QUIET(test_open_connection_error),
        QUIET(test_start_server),
        QUIET(test_read_all_from_pipe_reader),
        QUIET(test_multiple_drain),
        QUIET(test_drain_raises),
        QUIET(test_wait_closed_on_close),
        QUIET(test_wait_closed_on_close_with_unread_data),
        QUIET(test_async_writer_api),
        QUIET(test_async_writer_api_exception_after_close),
        QUIET(test_eof_feed_when_closing_writer),
        FINDS(test_unhandled_exception, SIM_FINDING_UNHANDLED, "of the callback"),
        QUIET(test_unhandled_cancel),
    };

    return cmocka_run_group_tests_name("StreamTests", tests, NULL, NULL);
}
