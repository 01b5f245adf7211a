/* The status lines of six sites. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

/* A site: a host far away, and what its server answers. */
struct site {
    const char *host;
    int64_t port;
    const char *status;
    int64_t latency_ms;
};

static struct site sites[] = {
    {"www.google.com", 443, "200 OK", 10},
    {"www.youtube.com", 443, "200 OK", 20},
    {"www.baidu.com", 443, "200 OK", 120},
    {"www.wikipedia.org", 443, "200 OK", 30},
    {"yandex.ru", 443, "302 Moved temporarily", 40},
    {"yahoo.com", 443, "301 Moved Permanently", 50},
};

enum { SITES = sizeof(sites) / sizeof(sites[0]) };

/* What a server does with one request. */
static enum sim_status answer(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                              void *arg)
{
    const struct site *site = arg;
    struct sim_bytes request;

    (void)sim;
    SIM_TRY(sim_reader_readuntil(reader, "\r\n\r\n", &request));
    SIM_TRY(sim_writer_printf(writer, "HTTP/1.1 %s\r\n\r\n", site->status));
    SIM_TRY(sim_writer_drain(writer));
    sim_writer_close(writer);
    return sim_writer_wait_closed(writer);
}

static enum sim_status get_status(struct sim *sim, void *arg)
{
    const struct site *site = arg;
    struct sim_reader *reader;
    struct sim_writer *writer;
    struct sim_bytes line;

    SIM_TRY(sim_open_connection(sim, site->host, site->port, NULL, &reader, &writer));
    SIM_TRY(sim_writer_printf(writer, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", site->host));
    SIM_TRY(sim_writer_drain(writer));
    SIM_TRY(sim_reader_readline(reader, &line));
    sim_writer_close(writer);
    size_t length = line.size;

    while (length > 0 && (line.data[length - 1] == '\r' || line.data[length - 1] == '\n'))
        length--;
    return sim_return(sim, sim_str(sim_format(sim, "%.*s", (int)length, line.data)));
}

static enum sim_status build(struct sim *sim)
{
    sim_lookup_latency(sim, 5 * SIM_MS);
    for (int i = 0; i < SITES; i++) {
        struct sim_link link = {.min_ns = sites[i].latency_ms * SIM_MS};
        const char *address = sim_format(sim, "192.0.2.%d", i + 1);
        struct sim_host *host = sim_host_new(sim, sites[i].host, address);
        struct sim_server *server;

        if (host == NULL)
            return SIM_VALUE_ERROR;
        SIM_TRY(sim_link_set(sim_localhost(sim), host, &link));
        SIM_TRY(sim_start_server(sim, address, sites[i].port, NULL, answer, &sites[i], &server));
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *answers[SITES];
    struct sim_value list;

    (void)arg;
    SIM_TRY(build(sim));
    for (int i = 0; i < SITES; i++)
        answers[i] = SIM_FUTURE(sim_task_new(sim, sites[i].host, get_status, &sites[i]));
    SIM_TRY(sim_await(sim_gather(sim, answers, SITES, false), &list));
    for (int i = 0; i < SITES; i++)
        sim_print(sim, "%-18s %s", sites[i].host, list.as.items[i].as.string);
    return SIM_OK;
}

const struct sim_scenario http_status = {
    .name = "http_status",
    .title = "The status lines of six sites",
    .about = "Six connections at once: each look-up, handshake, request and answer takes its own "
             "time, and all are through when the slowest is.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
