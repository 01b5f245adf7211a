/* Until the first, until a time, until all. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct word {
    int64_t delay_ns;
    const char *text;
};

static enum sim_status say(struct sim *sim, void *arg)
{
    const struct word *word = arg;

    SIM_TRY(sim_sleep(sim, word->delay_ns));
    sim_print(sim, "%s", word->text);
    return SIM_OK;
}

static enum sim_status show(struct sim *sim, const char *what, int64_t timeout_ns,
                            enum sim_return_when when)
{
    static struct word hello = {1 * SIM_SECOND, "hello ..."};
    static struct word world = {2 * SIM_SECOND, "... world!"};
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, NULL, say, &hello)),
                                 SIM_FUTURE(sim_task_new(sim, NULL, say, &world))};
    struct sim_wait_sets sets;

    sim_print(sim, "%s", what);
    SIM_TRY(sim_wait(sim, both, 2, timeout_ns, when, &sets));
    sim_print(sim, "%zu done, %zu pending", sets.done_count, sets.pending_count);
    return sim_wait(sim, both, 2, -1, SIM_ALL_COMPLETED, &sets);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(show(sim, "until the first", -1, SIM_FIRST_COMPLETED));
    SIM_TRY(show(sim, "for 1.5 seconds", 1500 * SIM_MS, SIM_ALL_COMPLETED));
    return show(sim, "until all", -1, SIM_ALL_COMPLETED);
}

const struct sim_scenario wait_hello_world = {
    .name = "wait_hello_world",
    .title = "Until the first, until a time, until all",
    .about = "wait never cancels: the same two tasks run on after it has given back.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
