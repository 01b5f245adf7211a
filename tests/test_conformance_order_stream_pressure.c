/* Back-pressure, ends and resets: who waits for room, and who learns what. */
#include "tests/conformance/order.h"

struct flood {
    struct sim_writer *writer;
    const char *name;
    int pieces;
    size_t size;
};

static char many[60000];

static enum sim_status flood(struct sim *sim, void *arg)
{
    const struct flood *self = arg;

    for (int piece = 0; piece < self->pieces; piece++) {
        SIM_TRY(sim_writer_write(self->writer, many, self->size));
        sim_print(sim, "%s wrote %d, %zu kept", self->name, piece,
                  sim_writer_buffer_size(self->writer));
        SIM_TRY(sim_writer_drain(self->writer));
    }
    sim_print(sim, "%s is through", self->name);
    return SIM_OK;
}

static enum sim_status drink(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer)
{
    struct sim_bytes bytes;
    size_t total = 0;

    for (;;) {
        SIM_TRY(sim_reader_read(reader, 30000, &bytes));
        if (bytes.size == 0)
            break;
        total += bytes.size;
        sim_print(sim, "sink has %zu", total);
        SIM_TRY(sim_sleep(sim, 20 * SIM_MS));
    }
    SIM_TRY(sim_writer_printf(writer, "%zu", total));
    return sim_writer_drain(writer);
}

static enum sim_status slow_sink(struct sim *sim, struct sim_reader *reader,
                                 struct sim_writer *writer, void *arg)
{
    (void)arg;
    enum sim_status status = drink(sim, reader, writer);

    sim_writer_close(writer);
    return status;
}

static void print_outcome(struct sim *sim, const char *what, enum sim_status status)
{
    sim_print(sim, "%s: %s", what, outcome(sim, status));
}

static enum sim_status no_reader(struct sim *sim, struct sim_reader *reader,
                                 struct sim_writer *writer, void *arg)
{
    (void)reader;
    (void)arg;
    SIM_TRY(sim_sleep(sim, 50 * SIM_MS));
    sim_print(sim, "closes without reading");
    sim_writer_close(writer);
    print_outcome(sim, "server side", sim_writer_wait_closed(writer));
    return SIM_OK;
}

static enum sim_status early_end(struct sim *sim, struct sim_reader *reader,
                                 struct sim_writer *writer, void *arg)
{
    (void)reader;
    (void)arg;
    SIM_TRY(sim_writer_printf(writer, "bye"));
    sim_writer_close(writer);
    sim_print(sim, "is closing: %s", sim_writer_is_closing(writer) ? "True" : "False");
    print_outcome(sim, "drain", sim_writer_drain(writer));
    print_outcome(sim, "drain again", sim_writer_drain(writer));
    return sim_writer_printf(writer, "dropped");
}

static enum sim_status aborts(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                              void *arg)
{
    struct sim_bytes bytes;

    (void)sim;
    (void)arg;
    SIM_TRY(sim_reader_readexactly(reader, 1, &bytes));
    sim_writer_abort(writer);
    return SIM_OK;
}

static enum sim_status pressure(struct sim *sim)
{
    static const struct sim_server_options options = {.limit = 20000};
    struct sim_server *server;
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_bytes bytes;

    sim_print(sim, "pressure");
    SIM_TRY(sim_start_server(sim, "far.example", 1, &options, slow_sink, NULL, &server));
    SIM_TRY(sim_open_connection(sim, "far.example", 1, NULL, &reader, &writer));
    SIM_TRY(sim_writer_set_buffer_limits(writer, 100000, 50000));
    struct flood floods[] = {{writer, "a", 6, 60000}, {writer, "b", 4, 40000}};
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, NULL, flood, &floods[0])),
                                 SIM_FUTURE(sim_task_new(sim, NULL, flood, &floods[1]))};

    SIM_TRY(sim_await(sim_gather(sim, both, 2, false), NULL));
    SIM_TRY(sim_writer_write_eof(writer));
    SIM_TRY(sim_reader_read(reader, -1, &bytes));
    sim_print(sim, "total: %s", bytes.data);
    if (sim_writer_printf(writer, "more") == SIM_RUNTIME_ERROR)
        sim_print(sim, "%s", sim_exception_message(sim_exception(sim)));
    sim_writer_close(writer);
    SIM_TRY(sim_writer_wait_closed(writer));
    sim_server_close(server);
    return sim_server_wait_closed(server);
}

static enum sim_status broken(struct sim *sim, const char *what, sim_client_fn serve, size_t size)
{
    struct sim_server *server;
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_bytes bytes;

    sim_print(sim, "%s", what);
    SIM_TRY(sim_start_server(sim, "far.example", 2, NULL, serve, NULL, &server));
    SIM_TRY(sim_open_connection(sim, "far.example", 2, NULL, &reader, &writer));
    for (int step = 0; step < 6; step++) {
        SIM_TRY(sim_writer_write(writer, many, size));
        print_outcome(sim, sim_format(sim, "drain %d", step), sim_writer_drain(writer));
        SIM_TRY(sim_sleep(sim, 30 * SIM_MS));
    }
    print_outcome(sim, "read", sim_reader_readexactly(reader, 100, &bytes));
    sim_writer_close(writer);
    print_outcome(sim, "wait_closed", sim_writer_wait_closed(writer));
    sim_server_close(server);
    return sim_server_wait_closed(server);
}

static enum sim_status order_stream_pressure(struct sim *sim, void *arg)
{
    static const struct sim_link link = {.min_ns = 10 * SIM_MS, .window = 50000};
    struct sim_host *host = sim_host_new(sim, "far.example", "192.0.2.8");

    (void)arg;
    SIM_TRY(sim_link_set(sim_localhost(sim), host, &link));
    SIM_TRY(pressure(sim));
    SIM_TRY(broken(sim, "closed without reading", no_reader, 1000));
    SIM_TRY(broken(sim, "closed at once", early_end, 10));
    return broken(sim, "aborted", aborts, 60000);
}

static void streams_agree_under_pressure(void **state)
{
    (void)state;
    assert_true(twin_agrees("order_stream_pressure", order_stream_pressure, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_agree_under_pressure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
