/* Tasks that end in their first step. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 5 };

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *number = arg;

    return sim_return(sim, sim_str(sim_format(sim, "I am number %lld", (long long)*number)));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[TASKS];
    int64_t numbers[TASKS];
    struct sim_value text;

    (void)arg;
    for (int i = 0; i < TASKS; i++) {
        numbers[i] = i;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &numbers[i]));
    }
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, TASKS, -1);

    for (int i = 0; i < TASKS; i++) {
        SIM_TRY(sim_as_completed_result(completed, &text));
        sim_print(sim, "%s", text.as.string);
    }
    return SIM_OK;
}

const struct sim_scenario as_completed_at_once = {
    .name = "as_completed_at_once",
    .title = "Tasks that end in their first step",
    .about = "Tasks that never wait end in the order in which they were made.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
