/* Results as they come, for 0.9 seconds. */
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
    struct sim_as_completed *completed = sim_as_completed(sim, tasks, TARGETS, 900 * SIM_MS);

    enum sim_status status = SIM_OK;

    while ((status = sim_as_completed_result(completed, &name)) == SIM_OK)
        sim_print(sim, "%s", name.as.string);
    if (status == SIM_TIMEOUT)
        sim_print(sim, "that was all within 0.9 s");
    SIM_TRY(sim_await(tasks[3], &name));
    sim_print(sim, "%s came later", name.as.string);
    return SIM_OK;
}

const struct sim_scenario as_completed_timeout = {
    .name = "as_completed_timeout",
    .title = "Results as they come, for 0.9 seconds",
    .about = "The time-out is for all of them together: what ends later is not given, and not "
             "cancelled either.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
