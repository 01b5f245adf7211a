/* Queries that wait until a connection is open. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum state { WAIT_INIT, INITIALIZING, INITIALIZED };

static const char *const state_names[] = {"WAIT_INIT", "INITIALIZING", "INITIALIZED"};

struct connection {
    struct sim *sim;
    enum state state;
    struct sim_condition *changed;
};

struct query {
    const char *text;
    struct connection *connection;
};

static bool is_open(void *arg)
{
    struct connection *connection = arg;

    sim_print(connection->sim, "is it open? it is %s", state_names[connection->state]);
    return connection->state == INITIALIZED;
}

static enum sim_status tell_everyone(struct sim *sim, void *arg)
{
    struct connection *connection = arg;

    (void)sim;
    return sim_condition_notify_all(connection->changed);
}

static enum sim_status enter(struct connection *connection, enum state state)
{
    sim_print(connection->sim, "connection: %s -> %s", state_names[connection->state],
              state_names[state]);
    connection->state = state;
    return sim_lock_with(sim_condition_lock(connection->changed), tell_everyone, connection);
}

static enum sim_status open_connection(struct sim *sim, void *arg)
{
    struct connection *connection = arg;

    SIM_TRY(enter(connection, INITIALIZING));
    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND));
    return enter(connection, INITIALIZED);
}

static enum sim_status wait_and_execute(struct sim *sim, void *arg)
{
    struct query *self = arg;

    sim_print(sim, "%s: waiting for the connection", self->text);
    SIM_TRY(sim_condition_wait_for(self->connection->changed, is_open, self->connection));
    sim_print(sim, "%s: started", self->text);
    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND));
    sim_print(sim, "%s: ended", self->text);
    return SIM_OK;
}

static enum sim_status query(struct sim *sim, void *arg)
{
    struct query *self = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(self->connection->changed), wait_and_execute, self);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct connection *connection = sim_alloc(sim, sizeof(*connection));

    connection->sim = sim;
    connection->changed = sim_condition_new(sim, "state changed", NULL);
    struct query one = {"query 1", connection};
    struct query two = {"query 2", connection};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, one.text, query, &one)),
        SIM_FUTURE(sim_task_new(sim, two.text, query, &two)),
        SIM_FUTURE(sim_task_new(sim, "opener", open_connection, connection)),
    };

    return sim_await(sim_gather(sim, tasks, 3, false), NULL);
}

const struct sim_scenario condition_wait_for = {
    .name = "condition_wait_for",
    .title = "Queries wait until a connection is open",
    .about = "Each change of state wakes every query, and each looks for itself whether the "
             "connection is open now. A query runs with the lock held, so the two run one after "
             "the other: 15 seconds in all.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
