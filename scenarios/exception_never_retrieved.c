/* A failure that nobody looks at. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status fine(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    sim_print(sim, "the first task has ended");
    return SIM_OK;
}

static enum sim_status failing(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 3 * SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "in the second task");
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[] = {SIM_FUTURE(sim_task_new(sim, "fine", fine, NULL)),
                                  SIM_FUTURE(sim_task_new(sim, "failing", failing, NULL))};
    struct sim_wait_sets sets;

    (void)arg;
    SIM_TRY(sim_wait(sim, tasks, 2, -1, SIM_FIRST_COMPLETED, &sets));
    sim_print(sim, "done: %zu", sets.done_count);
    SIM_TRY(sim_wait(sim, tasks, 2, -1, SIM_ALL_COMPLETED, &sets));
    sim_print(sim, "done: %zu, and nobody has looked", sets.done_count);
    return SIM_OK;
}

const struct sim_scenario exception_never_retrieved = {
    .name = "exception_never_retrieved",
    .title = "A failure that nobody looks at",
    .about = "wait does not raise what its tasks raise: whoever never asks for the result never "
             "learns of the failure.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_UNHANDLED,
    .expect_any = SIM_FINDING_UNHANDLED,
};
