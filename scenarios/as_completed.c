/* Results as they come. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TARGETS = 5 };

struct target {
    int64_t delay_ms;
    const char *name;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct target *target = arg;

    SIM_TRY(sim_sleep(sim, target->delay_ms * SIM_MS));
    return sim_return(sim, sim_str(target->name));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    static struct target targets[TARGETS] = {
        {500, "one"}, {800, "two"}, {200, "three"}, {1000, "four"}, {500, "five"}};
    struct sim_future *tasks[TARGETS];
    struct sim_value name;

    (void)arg;
    for (int i = 0; i < TARGETS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &targets[i]));
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, TARGETS, -1);

    for (int i = 0; i < TARGETS; i++) {
        SIM_TRY(sim_as_completed_result(completed, &name));
        sim_print(sim, "%s", name.as.string);
    }
    sim_print(sim, "all within %lld ms", (long long)(sim_now(sim) / SIM_MS));
    return SIM_OK;
}

const struct sim_scenario as_completed = {
    .name = "as_completed",
    .title = "Results as they come",
    .about = "as_completed gives the results in the order in which the tasks end.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
