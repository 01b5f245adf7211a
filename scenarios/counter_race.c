/* Every task reads the counter before any of them writes it: all but one addition are lost. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status increment(struct sim *sim, void *arg)
{
    struct sim_var *counter = arg;

    int64_t value = sim_read(counter);
    SIM_TRY(sim_sleep(sim, 0));
    value += 1;
    SIM_TRY(sim_sleep(sim, 0));
    sim_write(counter, value);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct sim_var *counter = sim_var_new(sim, "counter", 0);
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(*tasks));

    for (size_t i = 0; i < count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, increment, counter));
    SIM_TRY(sim_await(sim_gather(sim, tasks, count, false), NULL));
    sim_print(sim, "%lld", (long long)sim_read(counter));
    return SIM_OK;
}

const struct sim_scenario counter_race = {
    .name = "counter_race",
    .title = "Tasks add to a counter without a lock",
    .about = "Each task reads the counter, lets the others run, and writes back what it read plus "
             "one. An await between a read and the write that depends on it is a gap through which "
             "every other task can pass.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_LOST_UPDATE,
    .expect_any = SIM_FINDING_LOST_UPDATE,
    .params = {{"tasks", 10000, 1, 1000000, "how many tasks add one"}},
};
