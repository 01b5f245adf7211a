/* Philosophers round a table: each takes one fork, and waits for the other. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct philosopher {
    const char *name;
    const char *side; /* of the fork that is taken first */
    struct sim_lock *first;
    struct sim_lock *second;
};

static enum sim_status dine(struct sim *sim, void *arg)
{
    struct philosopher *self = arg;

    SIM_TRY(sim_lock_acquire(self->first));
    sim_print(sim, "%s: took the %s fork", self->name, self->side);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    SIM_TRY(sim_lock_acquire(self->second));
    sim_print(sim, "%s: eats", self->name);
    SIM_TRY(sim_sleep(sim, 10 * SIM_MS));
    SIM_TRY(sim_lock_release(self->second));
    return sim_lock_release(self->first);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t n = (size_t)params[0];
    bool ordered = params[1] != 0;
    struct sim_lock **forks = sim_alloc(sim, n * sizeof(*forks));
    struct philosopher *table = sim_alloc(sim, n * sizeof(*table));
    struct sim_future **tasks = sim_alloc(sim, n * sizeof(*tasks));

    for (size_t i = 0; i < n; i++)
        forks[i] = sim_lock_new(sim, sim_format(sim, "fork %zu", i + 1));
    for (size_t i = 0; i < n; i++) {
        struct sim_lock *left = forks[i];
        struct sim_lock *right = forks[(i + 1) % n];
        const char *name = sim_format(sim, "philosopher %zu", i + 1);

        /* The right fork of the last one is fork 1, which comes first in order. */
        if (ordered && i == n - 1)
            table[i] = (struct philosopher){name, "right", right, left};
        else
            table[i] = (struct philosopher){name, "left", left, right};
        tasks[i] = SIM_FUTURE(sim_task_new(sim, name, dine, &table[i]));
    }
    return sim_await(sim_gather(sim, tasks, n, false), NULL);
}

const struct sim_scenario dining_philosophers = {
    .name = "dining_philosophers",
    .title = "Dining philosophers",
    .about = "Everyone takes the fork on the left and waits for the one on the right, which a "
             "neighbour holds: the circle of waiting closes round the table. With ordered=1 the "
             "last one takes the lower-numbered fork first, and everybody eats.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_DEADLOCK,
    .expect_any = SIM_FINDING_DEADLOCK,
    .params = {{"n", 5, 2, 64, "how many sit at the table"},
               {"ordered", 0, 0, 1, "1: forks are taken in the order of their numbers"}},
};
