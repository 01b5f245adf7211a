/* Waiting in stages. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { WORKERS = 7 };

/* In milliseconds: as if by chance. */
static const int64_t delays[WORKERS] = {3600, 1900, 2100, 700, 2500, 3100, 4800};

static enum sim_status work(struct sim *sim, void *arg)
{
    const int64_t *number = arg;

    sim_print(sim, "run: %lld", (long long)*number);
    SIM_TRY(sim_sleep(sim, delays[*number - 1] * SIM_MS));
    sim_print(sim, "done: %lld", (long long)*number);
    return sim_return(sim, sim_int(*number));
}

static enum sim_status stage(struct sim *sim, const char *what, struct sim_wait_sets *sets,
                             int64_t timeout_ns, enum sim_return_when when)
{
    struct sim_value value;

    SIM_TRY(sim_wait(sim, sets->pending, sets->pending_count, timeout_ns, when, sets));
    sim_print(sim, "%s:", what);
    for (size_t i = 0; i < sets->done_count; i++) {
        SIM_TRY(sim_future_result(sets->done[i], &value));
        sim_print(sim, "  result of %lld", (long long)value.as.integer);
    }
    sim_print(sim, "  %zu pending", sets->pending_count);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[WORKERS];
    int64_t numbers[WORKERS];
    struct sim_wait_sets sets = {.pending = tasks, .pending_count = WORKERS};

    (void)arg;
    for (int i = 0; i < WORKERS; i++) {
        numbers[i] = i + 1;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &numbers[i]));
    }
    SIM_TRY(stage(sim, "after the first result", &sets, -1, SIM_FIRST_COMPLETED));
    SIM_TRY(stage(sim, "two seconds later", &sets, 2 * SIM_SECOND, SIM_ALL_COMPLETED));
    return stage(sim, "in the end", &sets, -1, SIM_ALL_COMPLETED);
}

const struct sim_scenario wait_in_stages = {
    .name = "wait_in_stages",
    .title = "Waiting in stages",
    .about = "First for any result, then for two seconds, then for the rest: what is pending is "
             "waited for again.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
