/* One of four fails. */
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

    (void)arg;
    for (int i = 0; i < USERS; i++) {
        users[i] = i + 1;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, connect_to, &users[i]));
    }
    return sim_await(sim_gather(sim, tasks, USERS, false), NULL);
}

const struct sim_scenario gather_exception = {
    .name = "gather_exception",
    .title = "One of four fails",
    .about = "The first failure goes to whoever awaits the gather, at once. The others run on, "
             "but main has ended: they are cancelled with the loop.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_UNHANDLED,
    .expect_any = SIM_FINDING_UNHANDLED,
};
