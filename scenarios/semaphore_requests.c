/* Ten requests at a time. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct client {
    struct sim_semaphore *semaphore;
    int64_t number;
};

static enum sim_status request(struct sim *sim, void *arg)
{
    const struct client *self = arg;

    sim_print(sim, "request %lld", (long long)self->number);
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    sim_print(sim, "answer %lld", (long long)self->number);
    return SIM_OK;
}

static enum sim_status get(struct sim *sim, void *arg)
{
    const struct client *self = arg;

    (void)sim;
    return sim_semaphore_with(self->semaphore, request, arg);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t count = (size_t)params[0];
    struct sim_semaphore *semaphore = sim_semaphore_new(sim, "connections", params[1]);
    struct sim_future **tasks = sim_alloc(sim, count * sizeof(*tasks));
    struct client *clients = sim_alloc(sim, count * sizeof(*clients));

    for (size_t i = 0; i < count; i++) {
        clients[i] = (struct client){semaphore, (int64_t)i};
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, get, &clients[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, count, false), NULL));
    sim_print(sim, "all after %lld s", (long long)(sim_now(sim) / SIM_SECOND));
    return SIM_OK;
}

const struct sim_scenario semaphore_requests = {
    .name = "semaphore_requests",
    .title = "Ten requests at a time",
    .about = "A semaphore of ten lets ten of the thirty tasks in; each that leaves lets the next "
             "one in, in the order in which they came.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tasks", 30, 1, 100000, "how many tasks ask"},
               {"permits", 10, 1, 1000, "how many at a time"}},
};
