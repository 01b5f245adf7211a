/* A result that somebody else will set. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static void finish(struct sim *sim, void *arg)
{
    sim_print(sim, "the result is there");
    (void)sim_future_set_result(arg, sim_int(42));
}

static struct sim_future *later(struct sim *sim, int64_t delay_ns)
{
    struct sim_future *future = sim_future_new(sim, NULL);

    sim_call_later(sim, delay_ns, finish, future);
    return future;
}

static enum sim_status nap(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 2 * SIM_SECOND));
    return sim_return(sim, sim_str("slept"));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_value value;

    (void)arg;
    SIM_TRY(sim_await(later(sim, 1 * SIM_SECOND), &value));
    sim_print(sim, "%lld", (long long)value.as.integer);
    struct sim_future *both[] = {later(sim, 1 * SIM_SECOND),
                                 SIM_FUTURE(sim_task_new(sim, "nap", nap, NULL))};

    SIM_TRY(sim_await(sim_gather(sim, both, 2, false), &value));
    sim_print(sim, "%lld and %s", (long long)value.as.items[0].as.integer,
              value.as.items[1].as.string);
    return SIM_OK;
}

const struct sim_scenario await_future = {
    .name = "await_future",
    .title = "A result that somebody else will set",
    .about = "A future is a place for a result. Whoever awaits it goes on when some callback has "
             "set it.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
