/* Two coroutines one after the other take three seconds; as two tasks they take two. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { IN_SEQUENCE, AS_TASKS, BOTH };

struct saying {
    int64_t delay_ns;
    const char *text;
};

static enum sim_status say(struct sim *sim, void *arg)
{
    struct saying *self = arg;

    SIM_TRY(sim_sleep(sim, self->delay_ns));
    sim_print(sim, "%s", self->text);
    return SIM_OK;
}

static enum sim_status in_sequence(struct sim *sim, struct saying *hello, struct saying *world)
{
    sim_print(sim, "in sequence");
    SIM_TRY(say(sim, hello));
    return say(sim, world);
}

static enum sim_status as_tasks(struct sim *sim, struct saying *hello, struct saying *world)
{
    sim_print(sim, "as tasks");
    struct sim_task *first = sim_task_new(sim, hello->text, say, hello);
    struct sim_task *second = sim_task_new(sim, world->text, say, world);

    SIM_TRY(sim_await(first, NULL));
    return sim_await(second, NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct saying hello = {1 * SIM_SECOND, "hello"};
    struct saying world = {2 * SIM_SECOND, "world"};

    if (params[0] != AS_TASKS)
        SIM_TRY(in_sequence(sim, &hello, &world));
    if (params[0] != IN_SEQUENCE)
        SIM_TRY(as_tasks(sim, &hello, &world));
    sim_print(sim, "done");
    return SIM_OK;
}

const struct sim_scenario say_after = {
    .name = "say_after",
    .title = "In sequence, or as tasks",
    .about = "A coroutine that is awaited runs before the next one starts; tasks run side by side. "
             "Sleeping one and two seconds takes three in sequence, and two as tasks.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tasks", BOTH, IN_SEQUENCE, BOTH, "0: in sequence, 1: as tasks, 2: both in turn"}},
};
