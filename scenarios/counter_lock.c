/* The additions of counter_race, one at a time: none is lost. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct shared {
    struct sim_lock *lock;
    struct sim_var *counter;
};

static enum sim_status add_one(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    int64_t value = sim_read(shared->counter);
    SIM_TRY(sim_sleep(sim, 0));
    value += 1;
    SIM_TRY(sim_sleep(sim, 0));
    sim_write(shared->counter, value);
    return SIM_OK;
}

static enum sim_status increment(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    return sim_lock_with(shared->lock, add_one, shared);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct shared *shared = sim_alloc(sim, sizeof(*shared));
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(*tasks));

    shared->lock = sim_lock_new(sim, "lock");
    shared->counter = sim_var_new(sim, "counter", 0);
    for (size_t i = 0; i < count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, increment, shared));
    SIM_TRY(sim_await(sim_gather(sim, tasks, count, false), NULL));
    sim_print(sim, "%lld", (long long)sim_read(shared->counter));
    return SIM_OK;
}

const struct sim_scenario counter_lock = {
    .name = "counter_lock",
    .title = "Tasks add to a counter under a lock",
    .about = "The cure for counter_race: whoever reads the counter holds the lock until it has "
             "written, so nobody else reads in between.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tasks", 10000, 1, 1000000, "how many tasks add one"}},
};
