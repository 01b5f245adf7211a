/* Three factorials, a step a second each. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { TASKS = 3 };

struct factorial {
    const char *name;
    int64_t number;
};

static enum sim_status factorial(struct sim *sim, void *arg)
{
    const struct factorial *self = arg;
    int64_t product = 1;

    for (int64_t i = 2; i <= self->number; i++) {
        sim_print(sim, "Task %s: factorial(%lld) is next", self->name, (long long)i);
        SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
        product *= i;
    }
    sim_print(sim, "Task %s: factorial(%lld) = %lld", self->name, (long long)self->number,
              (long long)product);
    return sim_return(sim, sim_int(product));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct factorial args[TASKS] = {{"A", 2}, {"B", 3}, {"C", 4}};
    struct sim_future *tasks[TASKS];
    struct sim_value all;

    (void)arg;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, args[i].name, factorial, &args[i]));
    SIM_TRY(sim_await(sim_gather(sim, tasks, TASKS, false), &all));
    for (int i = 0; i < TASKS; i++)
        sim_print(sim, "%s: %lld", args[i].name, (long long)all.as.items[i].as.integer);
    return SIM_OK;
}

const struct sim_scenario gather_factorial = {
    .name = "gather_factorial",
    .title = "Three factorials, a step a second each",
    .about = "Tasks that wait take turns: their lines interleave, and results come in the order "
             "in which the tasks were given.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
