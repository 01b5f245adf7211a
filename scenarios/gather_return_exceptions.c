/* Failures among the results. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { USERS = 4 };

static enum sim_status connect_to(struct sim *sim, void *arg)
{
    const int64_t *user = arg;

    sim_print(sim, "connecting to %lld", (long long)*user);
    if (*user == USERS)
        return sim_raise(sim, SIM_OS_ERROR, "cannot connect to %lld", (long long)*user);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "sending a command to %lld", (long long)*user);
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[USERS];
    int64_t *users = sim_alloc(sim, USERS * sizeof(*users));
    struct sim_value all;

    (void)arg;
    for (int i = 0; i < USERS; i++) {
        users[i] = i + 1;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, connect_to, &users[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, USERS, true), &all));
    for (uint32_t i = 0; i < all.count; i++)
        sim_print(sim, "%u: %s", i + 1,
                  all.as.items[i].type == SIM_EXC
                      ? sim_exception_message(all.as.items[i].as.exception)
                      : "None");
    return SIM_OK;
}

const struct sim_scenario gather_return_exceptions = {
    .name = "gather_return_exceptions",
    .title = "Failures among the results",
    .about = "With return_exceptions the gather waits for all of them, and a failure is a result "
             "like any other.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
