/* Work that lets others in. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { PARTS = 100 };

static enum sim_status compute(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "compute starts");
    for (int i = 0; i < PARTS; i++) {
        SIM_TRY(sim_sleep(sim, 0));
        sim_compute(sim, 30 * SIM_MS);
    }
    sim_print(sim, "compute ends");
    return SIM_OK;
}

static enum sim_status wait(struct sim *sim, void *arg)
{
    (void)arg;
    sim_print(sim, "wait starts");
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "wait ends after %s", sim_now(sim) < 2 * SIM_SECOND ? "a second" : "too long");
    return SIM_OK;
}

static enum sim_status do_both(struct sim *sim, void *arg)
{
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "compute", compute, NULL)),
                                 SIM_FUTURE(sim_task_new(sim, "wait", wait, NULL))};

    (void)arg;
    return sim_await(sim_gather(sim, both, 2, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    if (sim_timeout_with(sim_timeout_new(sim, 2 * SIM_SECOND), do_both, NULL) == SIM_TIMEOUT)
        sim_print(sim, "TimeoutError");
    return SIM_OK;
}

const struct sim_scenario cpu_bound_yields = {
    .name = "cpu_bound_yields",
    .title = "Work that lets others in",
    .about = "A computation keeps the loop to itself unless it waits now and then: with a "
             "sleep(0) after each hundredth, the other task and the time-out get their turns.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
