/* A group that waits for its tasks. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct saying {
    int64_t delay_ns;
    const char *text;
};

struct scope {
    struct sim_task_group *group;
    struct sim_task *first;
    struct sim_task *second;
};

static enum sim_status say(struct sim *sim, void *arg)
{
    const struct saying *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_ns));
    sim_print(sim, "%s", self->text);
    return sim_return(sim, sim_str(self->text));
}

static enum sim_status start_both(struct sim *sim, void *arg)
{
    static struct saying hello = {1 * SIM_SECOND, "hello"};
    static struct saying world = {2 * SIM_SECOND, "world"};
    struct scope *scope = arg;

    scope->first = sim_task_group_create_task(scope->group, "hello", say, &hello);
    scope->second = sim_task_group_create_task(scope->group, "world", say, &world);
    sim_print(sim, "both are made");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct scope scope = {.group = sim_task_group_new(sim)};
    struct sim_value first;
    struct sim_value second;

    (void)arg;
    SIM_TRY(sim_task_group_with(scope.group, start_both, &scope));
    SIM_TRY(sim_future_result(scope.first, &first));
    SIM_TRY(sim_future_result(scope.second, &second));
    sim_print(sim, "both are done: %s, %s", first.as.string, second.as.string);
    return SIM_OK;
}

const struct sim_scenario task_group = {
    .name = "task_group",
    .title = "A group that waits for its tasks",
    .about = "Leaving the group waits for everything that was started in it; no task is "
             "forgotten.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
