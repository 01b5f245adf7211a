/* A worker that retries whatever goes wrong, and takes its cancellation for a failure. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TRIES = 3 };

static enum sim_status upload(struct sim *sim)
{
    return sim_sleep(sim, 2 * SIM_SECOND);
}

static enum sim_status work(struct sim *sim, void *arg)
{
    const bool *passes_on = arg;

    for (int i = 1; i <= TRIES; i++) {
        enum sim_status status = upload(sim);

        if (status == SIM_OK) {
            sim_print(sim, "worker: uploaded at try %d", i);
            return SIM_OK;
        }
        if (status == SIM_CANCELLED && *passes_on)
            return status;
        sim_print(sim, "worker: try %d failed, once more", i);
    }
    return SIM_OK;
}

static enum sim_status stop(struct sim *sim, bool passes_on)
{
    struct sim_task *worker = sim_task_new(sim, "worker", work, &passes_on);

    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "main: stop");
    (void)sim_cancel(worker, NULL);
    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND)); /* it has other things to end */
    sim_print(sim, "main: the end");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return stop(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return stop(sim, true);
}

const struct sim_scenario cancel_swallowed = {
    .name = "cancel_swallowed",
    .title = "A worker that takes its cancellation for a failure",
    .about = "Whatever goes wrong is tried again, and a cancellation counts as that, too: "
             "`except BaseException`, or CancelledError caught and not raised again. Who asked the "
             "worker to stop believes that it did.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_SWALLOWED_CANCEL,
    .expect_any = SIM_FINDING_SWALLOWED_CANCEL,
};

const struct sim_scenario cancel_swallowed_fixed = {
    .name = "cancel_swallowed_fixed",
    .title = "A cancellation is passed on",
    .about = "Only failures are tried again; a cancellation ends the worker at once, as whoever "
             "asked for it expects.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
