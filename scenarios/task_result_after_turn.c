/* One turn is enough for a task that never waits. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status compute(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_int(7));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "compute", compute, NULL);
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_future_result(task, &value));
    sim_print(sim, "%lld", (long long)value.as.integer);
    return SIM_OK;
}

const struct sim_scenario task_result_after_turn = {
    .name = "task_result_after_turn",
    .title = "One turn is enough for a task that never waits",
    .about = "sleep(0) gives every ready task one step: one that does not wait is done after it. "
             "That is so because the queue is first in, first out: another loop might resume main "
             "first.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_UNHANDLED,
};
