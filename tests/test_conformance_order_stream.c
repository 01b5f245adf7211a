/* Connections: who runs when from the look-up to the last byte. */
#include "tests/conformance/order.h"

static enum sim_status serve(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                             void *arg)
{
    int *clients = arg;
    int number = ++*clients;
    struct sim_bytes line;

    sim_print(sim, "client %d from %s", number, sim_writer_peername(writer));
    for (;;) {
        SIM_TRY(sim_reader_readline(reader, &line));
        if (line.size == 0)
            break;
        sim_print(sim, "client %d says %.*s", number, (int)line.size - 1, line.data);
        if (strcmp(line.data, "fail\n") == 0)
            return sim_raise(sim, SIM_VALUE_ERROR, "told to fail");
        char *upper = sim_alloc(sim, line.size);

        for (size_t i = 0; i < line.size; i++)
            upper[i] = (char)(line.data[i] >= 'a' && line.data[i] <= 'z' ? line.data[i] - 32
                                                                         : line.data[i]);
        SIM_TRY(sim_writer_write(writer, upper, line.size));
        SIM_TRY(sim_writer_drain(writer));
    }
    sim_print(sim, "client %d is at its end", number);
    sim_writer_close(writer);
    SIM_TRY(sim_writer_wait_closed(writer));
    sim_print(sim, "client %d is gone", number);
    return SIM_OK;
}

struct talk {
    const char *name;
    const char *host;
    const char *lines[3];
};

static enum sim_status talk(struct sim *sim, void *arg)
{
    const struct talk *self = arg;
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_bytes bytes;

    SIM_TRY(sim_open_connection(sim, self->host, 7, NULL, &reader, &writer));
    sim_print(sim, "%s is connected to %s", self->name, sim_writer_peername(writer));
    for (int i = 0; self->lines[i] != NULL; i++) {
        SIM_TRY(sim_writer_printf(writer, "%s\n", self->lines[i]));
        SIM_TRY(sim_reader_readline(reader, &bytes));
        int length = (int)bytes.size;

        sim_print(sim, "%s hears %.*s", self->name, length > 0 ? length - 1 : 0, bytes.data);
    }
    SIM_TRY(sim_writer_write_eof(writer));
    SIM_TRY(sim_reader_read(reader, -1, &bytes));
    sim_print(sim, "%s has read %zu more", self->name, bytes.size);
    sim_writer_close(writer);
    SIM_TRY(sim_writer_wait_closed(writer));
    sim_print(sim, "%s is closed", self->name);
    return SIM_OK;
}

static void print_outcome(struct sim *sim, const char *what, enum sim_status status)
{
    sim_print(sim, "%s: %s", what, outcome(sim, status));
}

static enum sim_status look_around(struct sim *sim, int *clients, struct sim_server **server)
{
    static struct talk talks[] = {{"a", "echo.example", {"one", "two"}},
                                  {"b", "192.0.2.7", {"three"}}};
    static struct talk failing = {"c", "echo.example", {"four", "fail"}};
    static struct talk closed = {"d", "echo.example", {NULL}};
    static struct talk unknown = {"e", "nowhere.example", {NULL}};
    static struct talk nobody = {"f", "192.0.2.99", {NULL}};
    struct sim_future *all[3];

    SIM_TRY(sim_start_server(sim, "echo.example", 7, NULL, serve, clients, server));
    sim_print(sim, "serving: %s", sim_server_is_serving(*server) ? "True" : "False");
    for (int i = 0; i < 2; i++)
        all[i] = SIM_FUTURE(sim_task_new(sim, NULL, talk, &talks[i]));
    all[2] = SIM_FUTURE(ruler(sim, 6));
    SIM_TRY(sim_await(sim_gather(sim, all, 3, false), NULL));
    print_outcome(sim, "fail", talk(sim, &failing));
    sim_server_close(*server);
    sim_print(sim, "serving: %s", sim_server_is_serving(*server) ? "True" : "False");
    print_outcome(sim, "closed", talk(sim, &closed));
    print_outcome(sim, "unknown", talk(sim, &unknown));
    print_outcome(sim, "nobody", talk(sim, &nobody));
    return sim_server_wait_closed(*server);
}

static enum sim_status streams(struct sim *sim, void *arg)
{
    static const struct sim_link link = {.min_ns = 10 * SIM_MS};
    static struct talk local = {"g", "localhost", {"five"}};
    static struct talk cut_off = {"h", "echo.example", {NULL}};
    struct sim_host *host = sim_host_new(sim, "echo.example", "192.0.2.7");
    struct sim_server *server;
    struct sim_server *second;
    int clients = 0;

    (void)arg;
    SIM_TRY(sim_link_set(sim_localhost(sim), host, &link));
    sim_lookup_latency(sim, 5 * SIM_MS);
    SIM_TRY(look_around(sim, &clients, &server));
    SIM_TRY(sim_start_server(sim, "localhost", 7, NULL, serve, &clients, &server));
    print_outcome(sim, "taken",
                  sim_start_server(sim, "localhost", 7, NULL, serve, &clients, &second));
    sim_lookup_latency(sim, 0);
    struct sim_task *beside = ruler(sim, 30);

    print_outcome(sim, "local", talk(sim, &local));
    SIM_TRY(sim_await(beside, NULL));
    struct sim_task *connecting = sim_task_new(sim, NULL, talk, &cut_off);

    SIM_TRY(sim_sleep(sim, 12 * SIM_MS));
    sim_cancel(connecting, NULL);
    print_outcome(sim, "cancelled", sim_await(connecting, NULL));
    sim_server_close(server);
    return sim_server_wait_closed(server);
}

static const struct order orders[] = {
    {"order_stream", streams},
    {NULL, NULL},
};

static void streams_run_in_cpythons_order(void **state)
{
    (void)state;
    orders_agree(orders);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_run_in_cpythons_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
