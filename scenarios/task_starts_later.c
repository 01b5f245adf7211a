/* A task starts at the next turn. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "work starts");
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "work ends");
    return sim_return(sim, sim_int(42));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);
    struct sim_value value;

    (void)arg;
    sim_print(sim, "the task is made");
    SIM_TRY(sim_await(task, &value));
    sim_print(sim, "result %lld", (long long)value.as.integer);
    return SIM_OK;
}

const struct sim_scenario task_starts_later = {
    .name = "task_starts_later",
    .title = "A task starts at the next turn",
    .about = "create_task only puts the task in the queue: it starts when whoever made it first "
             "waits.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
