/* The notification comes before anyone waits for it, and is not kept. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status wait_for_data(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    sim_print(sim, "consumer: waiting for the data");
    SIM_TRY(sim_condition_wait(condition));
    sim_print(sim, "consumer: never reached");
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_lock_with(sim_condition_lock(condition), wait_for_data, condition);
}

static enum sim_status notify(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    sim_print(sim, "producer: data is there, notifying");
    return sim_condition_notify(condition, 1);
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct sim_condition *condition = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(condition), notify, condition);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_condition *condition = sim_condition_new(sim, "data ready", NULL);
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "consumer", consume, condition)),
        SIM_FUTURE(sim_task_new(sim, "producer", produce, condition)),
    };

    return sim_await(sim_gather(sim, tasks, 2, false), NULL);
}

const struct sim_scenario lost_wakeup = {
    .name = "lost_wakeup",
    .title = "A notification that nobody hears",
    .about = "A condition does not remember notifications: the one sent before the consumer waits "
             "is gone, and no other will come. Waiting for a state (wait_for with a predicate) "
             "instead of a notification is the cure.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_LOST_WAKEUP,
    .expect_any = SIM_FINDING_LOST_WAKEUP,
};
