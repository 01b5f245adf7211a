/* A message that is given up. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status send_message(struct sim *sim, void *arg)
{
    const int64_t *user = arg;

    sim_print(sim, "sending to user %lld", (long long)*user);
    SIM_TRY(sim_sleep(sim, 5 * SIM_SECOND));
    sim_print(sim, "delivered to user %lld", (long long)*user);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    int64_t user = 123;
    enum sim_status status = sim_wait_for_call(sim, send_message, &user, 3 * SIM_SECOND);

    (void)arg;
    if (status == SIM_TIMEOUT) {
        sim_print(sim, "no answer from user %lld in time", (long long)user);
        return SIM_OK;
    }
    return status;
}

const struct sim_scenario wait_for_message = {
    .name = "wait_for_message",
    .title = "A message that is given up",
    .about = "Both ends of the wait: what the task said before it was cancelled, and what the "
             "caller does instead.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
