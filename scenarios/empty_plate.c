/* Two waiters wait for one pizza, and both are woken when it is there. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct kitchen {
    struct sim_condition *ready;
    struct sim_atomic *pizzas; /* on the counter */
    bool looks_again;
};

struct waiter {
    struct kitchen *kitchen;
    struct sim_var *trips; /* to the tables */
};

static enum sim_status serve(struct sim *sim, void *arg)
{
    struct waiter *waiter = arg;
    struct kitchen *kitchen = waiter->kitchen;

    if (sim_atomic_load(kitchen->pizzas) == 0)
        SIM_TRY(sim_condition_wait(kitchen->ready));
    while (kitchen->looks_again && sim_atomic_load(kitchen->pizzas) == 0)
        SIM_TRY(sim_condition_wait(kitchen->ready));
    sim_write(waiter->trips, 1);
    bool there = sim_atomic_fetch_add(kitchen->pizzas, -1) > 0;

    sim_print(sim, "%s: serves %s", sim_task_name(sim_current_task(sim)),
              there ? "a pizza" : "an empty plate");
    return SIM_OK;
}

static enum sim_status wait_at_counter(struct sim *sim, void *arg)
{
    struct waiter *waiter = arg;

    (void)sim;
    return sim_lock_with(sim_condition_lock(waiter->kitchen->ready), serve, arg);
}

static enum sim_status put(struct sim *sim, void *arg)
{
    struct kitchen *kitchen = arg;

    (void)sim;
    (void)sim_atomic_fetch_add(kitchen->pizzas, 1);
    return sim_condition_notify_all(kitchen->ready);
}

static enum sim_status cook(struct sim *sim, void *arg)
{
    struct kitchen *kitchen = arg;

    for (int i = 0; i < 2; i++) {
        SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
        SIM_TRY(sim_lock_with(sim_condition_lock(kitchen->ready), put, kitchen));
    }
    return SIM_OK;
}

static enum sim_status open_kitchen(struct sim *sim, bool looks_again)
{
    struct kitchen kitchen = {sim_condition_new(sim, "ready", NULL),
                              sim_atomic_new(sim, "pizzas", 0), looks_again};
    struct waiter waiters[] = {{&kitchen, sim_var_new(sim, "trips of Anna", 0)},
                               {&kitchen, sim_var_new(sim, "trips of Bob", 0)}};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "Anna", wait_at_counter, &waiters[0])),
        SIM_FUTURE(sim_task_new(sim, "Bob", wait_at_counter, &waiters[1])),
        SIM_FUTURE(sim_task_new(sim, "cook", cook, &kitchen)),
    };

    return sim_await(sim_gather(sim, tasks, 3, false), NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return open_kitchen(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return open_kitchen(sim, true);
}

const struct sim_scenario empty_plate = {
    .name = "empty_plate",
    .title = "An if where a while should be",
    .about = "Both waiters are woken when one pizza is ready. The first takes it; the second was "
             "woken, too, and does not look again: it serves an empty plate. A notification says "
             "that something has changed, not that it is still so.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_WAIT_WITHOUT_LOOP,
    .expect_any = SIM_FINDING_WAIT_WITHOUT_LOOP,
};

const struct sim_scenario empty_plate_fixed = {
    .name = "empty_plate_fixed",
    .title = "Look again whenever you were woken",
    .about = "With `while`, or `wait_for` with a predicate, whoever finds the counter empty waits "
             "for the next pizza.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
