/* A server that answers what it hears. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status echo(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                            void *arg)
{
    struct sim_bytes line;

    (void)arg;
    for (;;) {
        SIM_TRY(sim_reader_readline(reader, &line));
        if (line.size == 0)
            break;
        sim_print(sim, "server hears %.*s", (int)line.size - 1, line.data);
        SIM_TRY(sim_writer_write(writer, line.data, line.size));
        SIM_TRY(sim_writer_drain(writer));
    }
    sim_writer_close(writer);
    return sim_writer_wait_closed(writer);
}

struct client {
    const char *name;
    int64_t latency_ms;
    struct sim_host *host;
};

static enum sim_status talk(struct sim *sim, void *arg)
{
    const struct client *client = arg;
    struct sim_connect_options options = {.from = client->host};
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_bytes line;

    SIM_TRY(sim_open_connection(sim, "echo.example", 7, &options, &reader, &writer));
    for (int i = 1; i <= 2; i++) {
        SIM_TRY(sim_writer_printf(writer, "%s %d\n", client->name, i));
        SIM_TRY(sim_writer_drain(writer));
        SIM_TRY(sim_reader_readline(reader, &line));
        sim_print(sim, "%s hears %.*s", client->name, (int)line.size - 1, line.data);
    }
    sim_writer_close(writer);
    return sim_writer_wait_closed(writer);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct client clients[] = {{"near", 5, NULL}, {"far", 40, NULL}, {"farther", 90, NULL}};
    enum { COUNT = sizeof(clients) / sizeof(clients[0]) };
    struct sim_host *home = sim_host_new(sim, "echo.example", "192.0.2.7");
    struct sim_future *talks[COUNT];
    struct sim_server *server;

    (void)arg;
    SIM_TRY(sim_start_server(sim, "192.0.2.7", 7, NULL, echo, NULL, &server));
    for (int i = 0; i < COUNT; i++) {
        struct sim_link link = {.min_ns = clients[i].latency_ms * SIM_MS};

        clients[i].host =
            sim_host_new(sim, clients[i].name, sim_format(sim, "198.51.100.%d", i + 1));
        SIM_TRY(sim_link_set(home, clients[i].host, &link));
        talks[i] = SIM_FUTURE(sim_task_new(sim, clients[i].name, talk, &clients[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, talks, COUNT, false), NULL));
    sim_server_close(server);
    SIM_TRY(sim_server_wait_closed(server));
    sim_print(sim, "closed");
    return SIM_OK;
}

const struct sim_scenario echo_server = {
    .name = "echo_server",
    .title = "A server that answers what it hears",
    .about =
        "Three clients talk to one server over links of different lengths. Each client has a "
        "task of its own on the server, so that a slow one holds up nobody. "
        "wait_closed waits for connections, not for those tasks: on another loop one may be left.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_PENDING,
};
