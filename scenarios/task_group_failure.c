/* One fails, all end. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status fail(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "no");
}

static enum sim_status work(struct sim *sim, void *arg)
{
    const char *name = arg;
    enum sim_status status = sim_sleep(sim, 5 * SIM_SECOND);

    sim_print(sim, "%s %s", name, status == SIM_CANCELLED ? "is cancelled" : "ends");
    return status;
}

static enum sim_status start_all(struct sim *sim, void *arg)
{
    static char names[2][8] = {"one", "two"};
    struct sim_task_group *group = arg;

    (void)sim;
    (void)sim_task_group_create_task(group, names[0], work, names[0]);
    (void)sim_task_group_create_task(group, "failing", fail, NULL);
    (void)sim_task_group_create_task(group, names[1], work, names[1]);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task_group *group = sim_task_group_new(sim);
    size_t count = 0;

    (void)arg;
    if (sim_task_group_with(group, start_all, group) == SIM_EXCEPTION_GROUP) {
        const struct sim_exception *raised = sim_exception(sim);
        const struct sim_exception *const *members = sim_exception_members(raised, &count);

        sim_print(sim, "%s", sim_exception_message(raised));
        for (size_t i = 0; i < count; i++)
            sim_print(sim, "  %s: %s", sim_status_name(sim_exception_kind(members[i])),
                      sim_exception_message(members[i]));
    }
    return SIM_OK;
}

const struct sim_scenario task_group_failure = {
    .name = "task_group_failure",
    .title = "One fails, all end",
    .about = "The first failure in a group cancels the others, and comes out in an exception "
             "group.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
