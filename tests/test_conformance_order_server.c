/* The life of a server: when it serves, and who waits for its end. */
#include "tests/conformance/order.h"

static enum sim_status hold(struct sim *sim, struct sim_reader *reader, struct sim_writer *writer,
                            void *arg)
{
    struct sim_bytes bytes;

    (void)writer;
    (void)arg;
    sim_print(sim, "a client holds");
    sim_print(sim, "held: %s", outcome(sim, sim_reader_read(reader, -1, &bytes)));
    return SIM_OK;
}

struct client {
    struct sim_reader *reader;
    struct sim_writer *writer;
};

static enum sim_status connect_to(struct sim *sim, int64_t port, struct client *client)
{
    return sim_open_connection(sim, "127.0.0.1", port, NULL, &client->reader, &client->writer);
}

static enum sim_status serve(struct sim *sim, bool idle, struct sim_server **server)
{
    struct sim_server_options options = {.idle = idle};

    return sim_start_server(sim, "127.0.0.1", 0, &options, hold, NULL, server);
}

static enum sim_status wait_closed(struct sim *sim, void *arg)
{
    SIM_TRY(sim_server_wait_closed(arg));
    sim_print(sim, "w: closed");
    return SIM_OK;
}

static const char *truth(bool is)
{
    return is ? "True" : "False";
}

static enum sim_status start_late(struct sim *sim, struct sim_server *server)
{
    struct client client;

    sim_print(sim, "idle: %s", truth(sim_server_is_serving(server)));
    sim_print(sim, "%s", sim_status_name(connect_to(sim, 49152, &client)));
    struct sim_task *beside = ruler(sim, 5);

    SIM_TRY(sim_server_start_serving(server));
    sim_print(sim, "serving: %s", truth(sim_server_is_serving(server)));
    return sim_await(beside, NULL);
}

static enum sim_status close_with_clients(struct sim *sim, struct sim_server *server)
{
    struct client first;
    struct client second;
    struct sim_bytes bytes;

    SIM_TRY(connect_to(sim, sim_server_port(server), &first));
    SIM_TRY(connect_to(sim, sim_server_port(server), &second));
    struct sim_task *waiting = sim_task_new(sim, NULL, wait_closed, server);

    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_server_close(server);
    sim_server_close(server);
    sim_print(sim, "closed: %s", truth(sim_server_is_serving(server)));
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_writer_close(first.writer);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_server_close_clients(server);
    struct sim_task *beside = ruler(sim, 6);

    SIM_TRY(sim_await(waiting, NULL));
    SIM_TRY(sim_reader_read(second.reader, -1, &bytes));
    sim_print(sim, "second hears: b'%s'", bytes.data);
    sim_writer_close(second.writer);
    SIM_TRY(sim_await(beside, NULL));
    return sim_server_wait_closed(server);
}

struct abortion {
    struct sim_server *server;
    struct client *client;
};

static enum sim_status abort_clients(struct sim *sim, void *arg)
{
    const struct abortion *self = arg;

    SIM_TRY(connect_to(sim, sim_server_port(self->server), self->client));
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_server_abort_clients(self->server);
    return SIM_OK;
}

static enum sim_status forever(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_server_serve_forever((struct sim_server *)arg);
}

static enum sim_status serve_forever(struct sim *sim)
{
    struct sim_server *server;

    SIM_TRY(serve(sim, false, &server));
    struct sim_task *task = sim_task_new(sim, NULL, forever, server);

    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_print(sim, "twice: %s", sim_status_name(sim_server_serve_forever(server)));
    sim_cancel(task, NULL);
    sim_print(sim, "cancelled: %s", outcome(sim, sim_await(task, NULL)));
    sim_print(sim, "over: %s", sim_status_name(sim_server_serve_forever(server)));
    SIM_TRY(serve(sim, false, &server));
    task = sim_task_new(sim, NULL, forever, server);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    sim_server_close(server);
    sim_print(sim, "closed: %s", outcome(sim, sim_await(task, NULL)));
    return SIM_OK;
}

static enum sim_status order_server(struct sim *sim, void *arg)
{
    struct sim_server *server;
    struct client third;
    struct sim_bytes bytes;

    (void)arg;
    SIM_TRY(serve(sim, true, &server));
    SIM_TRY(start_late(sim, server));
    SIM_TRY(close_with_clients(sim, server));
    SIM_TRY(serve(sim, false, &server));
    SIM_TRY(sim_server_with(server, abort_clients, (&(struct abortion){server, &third})));
    sim_print(sim, "third hears: %s",
              outcome(sim, sim_reader_readexactly(third.reader, 1, &bytes)));
    sim_writer_close(third.writer);
    return serve_forever(sim);
}

static void servers_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees("order_server", order_server, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
