/* Four connections at once. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { USERS = 4 };

static enum sim_status connect_to(struct sim *sim, void *arg)
{
    const int64_t *user = arg;

    sim_print(sim, "connecting to %lld", (long long)*user);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "sending a command to %lld", (long long)*user);
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[USERS];
    int64_t *users = sim_alloc(sim, USERS * sizeof(*users));

    (void)arg;
    for (int i = 0; i < USERS; i++) {
        users[i] = i + 1;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, connect_to, &users[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, USERS, false), NULL));
    sim_print(sim, "all have answered");
    return SIM_OK;
}

const struct sim_scenario gather_users = {
    .name = "gather_users",
    .title = "Four connections at once",
    .about = "Each step of all four happens before the next step of any: they wait at the same "
             "time.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
