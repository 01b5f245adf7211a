/* A connection is taken out of the pool before the await that greets the server: whoever is
 * cancelled there takes it along. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct pool {
    struct sim_queue *idle;
    bool puts_back; /* however its use ends */
};

/* The server is greeted, asked, and answers. */
static enum sim_status converse(struct sim *sim)
{
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    return sim_sleep(sim, 100 * SIM_MS);
}

static enum sim_status ask(struct sim *sim, void *arg)
{
    struct pool *pool = arg;
    struct sim_value connection = sim_none();

    SIM_TRY(sim_queue_get(pool->idle, &connection));
    enum sim_status status = converse(sim);

    if (status == SIM_OK || pool->puts_back)
        SIM_TRY(sim_queue_put_nowait(pool->idle, connection));
    if (status == SIM_OK)
        sim_print(sim, "%s: has its answer", sim_task_name(sim_current_task(sim)));
    return status;
}

static enum sim_status share(struct sim *sim, bool puts_back)
{
    struct pool pool = {sim_queue_new(sim, "idle connections", 0), puts_back};
    struct sim_future *tasks[2];

    SIM_TRY(sim_queue_put_nowait(pool.idle, sim_int(1)));
    tasks[0] = SIM_FUTURE(sim_task_new(sim, "report", ask, &pool));
    tasks[1] = SIM_FUTURE(sim_task_new(sim, "page", ask, &pool));
    /* One that is cancelled must not take the other with it. */
    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, true), NULL));
    sim_check(sim, sim_queue_size(pool.idle) == 1, "the connection is not in the pool any more");
    sim_print(sim, "idle connections: %d", (int)sim_queue_size(pool.idle));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, true);
}

const struct sim_scenario pool_cancel_acquire = {
    .name = "pool_cancel_acquire",
    .title = "A cancelled task takes its connection along",
    .about = "A task that is cancelled while it talks to the server does not put its connection "
             "back, and whoever comes next waits for ever. Nobody cancels it here: --cancel report "
             "tries that at each of its awaits.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_HANG,
    .cancel = "report",
};

const struct sim_scenario pool_cancel_acquire_fixed = {
    .name = "pool_cancel_acquire_fixed",
    .title = "A connection that comes back from a cancelled task",
    .about =
        "What was taken out of the pool is put back however its use ends: `try` and `finally`.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .cancel = "report",
};
