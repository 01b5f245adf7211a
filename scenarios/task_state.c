/* What a task tells of itself. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status work(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_return(sim, sim_str("Hello World!"));
}

static const char *truth(bool value)
{
    return value ? "True" : "False";
}

static void show(struct sim *sim, const char *when, struct sim_task *task)
{
    struct sim_value value;
    enum sim_status status = sim_future_result(task, &value);

    sim_print(sim, "%s: done %s, cancelled %s, result %s", when, truth(sim_done(task)),
              truth(sim_cancelled(task)),
              status == SIM_OK ? value.as.string : sim_status_name(status));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "work", work, NULL);
    struct sim_task *other = sim_task_new(sim, "other", work, NULL);

    (void)arg;
    show(sim, "made", task);
    SIM_TRY(sim_sleep(sim, 0));
    show(sim, "waiting", task);
    sim_cancel(other, NULL);
    SIM_TRY(sim_await(task, NULL));
    show(sim, "ended", task);
    show(sim, "stopped", other);
    return SIM_OK;
}

const struct sim_scenario task_state = {
    .name = "task_state",
    .title = "What a task tells of itself",
    .about = "Created, waiting, done or cancelled: done() and cancelled() tell, and result() has "
             "an answer only when it is done.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
