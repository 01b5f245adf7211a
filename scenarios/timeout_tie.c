/* A request that takes exactly as long as its time-out. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status answer(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "server: the answer");
    return sim_return(sim, sim_int(42));
}

static enum sim_status ask(struct sim *sim, int64_t limit_ns)
{
    struct sim_task *request = sim_task_new(sim, "request", answer, NULL);
    enum sim_status status = sim_wait_for(request, limit_ns, NULL);

    if (status != SIM_TIMEOUT)
        return status;
    sim_print(sim, "main: no answer");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return ask(sim, 1 * SIM_SECOND);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return ask(sim, 2 * SIM_SECOND);
}

const struct sim_scenario timeout_tie = {
    .name = "timeout_tie",
    .title = "A time-out as long as what it limits",
    .about = "The deadline passes at the very moment at which the request is done. Whether there "
             "is an answer depends on which of the two timers the loop serves first, which nobody "
             "promises.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_TIMEOUT_RACE,
    .expect_any = SIM_FINDING_TIMEOUT_RACE,
};

const struct sim_scenario timeout_tie_fixed = {
    .name = "timeout_tie_fixed",
    .title = "A time-out that leaves time",
    .about = "A limit is for what has gone wrong: it is longer than what it limits usually takes, "
             "and the two do not meet.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
