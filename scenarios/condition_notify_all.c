/* Two workers wait on a condition; after five seconds a third task wakes them both. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct worker {
    const char *name;
    struct sim_condition *condition;
};

static enum sim_status work_when_woken(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    sim_print(sim, "%s: lock taken, waiting for the start", self->name);
    SIM_TRY(sim_condition_wait(self->condition));
    sim_print(sim, "%s: woken, holding the lock again", self->name);
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status work(struct sim *sim, void *arg)
{
    struct worker *self = arg;

    sim_print(sim, "%s: asking for the lock", self->name);
    SIM_TRY(sim_lock_with(sim_condition_lock(self->condition), work_when_woken, self));
    sim_print(sim, "%s: work done, lock given up", self->name);
    return SIM_OK;
}

static enum sim_status wake_everyone(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    sim_print(sim, "starter: lock taken, waking everyone");
    return sim_condition_notify_all(condition);
}

static enum sim_status start(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND));
    sim_print(sim, "starter: asking for the lock");
    SIM_TRY(sim_lock_with(sim_condition_lock(condition), wake_everyone, condition));
    sim_print(sim, "starter: lock given up");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_condition *condition = sim_condition_new(sim, "start", NULL);
    struct worker one = {"worker 1", condition};
    struct worker two = {"worker 2", condition};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "starter", start, condition)),
        SIM_FUTURE(sim_task_new(sim, one.name, work, &one)),
        SIM_FUTURE(sim_task_new(sim, two.name, work, &two)),
    };

    return sim_await(sim_gather(sim, tasks, 3, false), NULL);
}

const struct sim_scenario condition_notify_all = {
    .name = "condition_notify_all",
    .title = "One task wakes all that wait on a condition",
    .about = "Waiting gives the lock up, which is how the others get in; waking takes it back. So "
             "both workers are woken at once, but they work one after the other.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
