/* Tasks share two connections: each must be handed out once at a time, and come back however its
 * use ends. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { CONNECTIONS = 2 };

struct pool {
    struct sim_semaphore *free;
    struct sim_var *users[CONNECTIONS];
    bool claims_first; /* before anything that lets others run */
    bool always_gives_back;
};

struct user {
    struct pool *pool;
    const char *name;
    int64_t query_ns;
};

static int first_free(const struct pool *pool)
{
    int i = 0;

    while (i < CONNECTIONS - 1 && sim_read(pool->users[i]) > 0)
        i++;
    return i;
}

/* Is anybody at the other end? */
static enum sim_status ping(struct sim *sim)
{
    return sim_sleep(sim, 10 * SIM_MS);
}

static void claim(struct sim *sim, struct user *user, int connection)
{
    int64_t others = sim_read(user->pool->users[connection]);

    sim_write(user->pool->users[connection], others + 1);
    sim_print(sim, "%s: has connection %d", user->name, connection + 1);
    sim_check(sim, others == 0, "connection %d has two users", connection + 1);
}

static void give_back(struct pool *pool, int connection)
{
    sim_write(pool->users[connection], sim_read(pool->users[connection]) - 1);
    sim_semaphore_release(pool->free);
}

static enum sim_status ask(struct sim *sim, void *arg)
{
    struct user *user = arg;
    struct pool *pool = user->pool;

    SIM_TRY(sim_semaphore_acquire(pool->free));
    int connection = first_free(pool);
    enum sim_status status = SIM_OK;

    if (!pool->claims_first)
        status = ping(sim);
    claim(sim, user, connection);
    if (pool->claims_first)
        status = ping(sim);
    if (status == SIM_OK)
        status = sim_sleep(sim, user->query_ns);
    if (status == SIM_OK || pool->always_gives_back)
        give_back(pool, connection);
    return status;
}

/* Who waits for longer than a second gives up. */
static enum sim_status ask_in_time(struct sim *sim, void *arg)
{
    struct user *user = arg;
    enum sim_status status = sim_wait_for_call(sim, ask, user, 1 * SIM_SECOND);

    sim_print(sim, "%s: %s", user->name, status == SIM_TIMEOUT ? "gives up" : "has its answer");
    return status == SIM_TIMEOUT ? SIM_OK : status;
}

/* The last comes when the others have given up, and would wait for ever. */
static enum sim_status ask_later(struct sim *sim, void *arg)
{
    struct user *user = arg;

    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    SIM_TRY(ask(sim, user));
    sim_print(sim, "%s: has its answer", user->name);
    return SIM_OK;
}

static enum sim_status share(struct sim *sim, bool claims_first, bool always_gives_back)
{
    struct pool pool = {
        .free = sim_semaphore_new(sim, "free connections", CONNECTIONS),
        .claims_first = claims_first,
        .always_gives_back = always_gives_back,
    };
    for (int i = 0; i < CONNECTIONS; i++)
        pool.users[i] = sim_var_new(sim, sim_format(sim, "users of connection %d", i + 1), 0);
    struct user users[] = {
        {&pool, "report", 5 * SIM_SECOND},
        {&pool, "export", 5 * SIM_SECOND},
        {&pool, "page", 100 * SIM_MS},
    };
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, users[0].name, ask_in_time, &users[0])),
        SIM_FUTURE(sim_task_new(sim, users[1].name, ask_in_time, &users[1])),
        SIM_FUTURE(sim_task_new(sim, users[2].name, ask_later, &users[2])),
    };

    return sim_await(sim_gather(sim, tasks, 3, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, false, true);
}

static enum sim_status run_cancel(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, true, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, true, true);
}

const struct sim_scenario connection_pool = {
    .name = "connection_pool",
    .title = "A pool that hands out one connection twice",
    .about = "Between the choice of a connection and its claim lies an await, and another task can "
             "choose the same one. Two queries go over one connection.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_CHECK,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario connection_pool_cancel = {
    .name = "connection_pool_cancel",
    .title = "A pool that loses the connections of those who give up",
    .about =
        "A time-out cancels the user of a connection, which skips the line that gives it back. "
        "Two of them empty the pool, and the next user waits for ever.",
    .main = run_cancel,
    .async = true,
    .expect = SIM_FINDING_ABANDONED_LOCK,
    .expect_any = SIM_FINDING_ABANDONED_LOCK,
};

const struct sim_scenario connection_pool_fixed = {
    .name = "connection_pool_fixed",
    .title = "A pool that claims at once and always takes back",
    .about = "A connection is claimed before the first await, and given back however its use ends: "
             "`try` and `finally`, or `async with`.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
