/* Which of four is first?. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { JOBS = 4 };

static enum sim_status job(struct sim *sim, void *arg)
{
    const int64_t *seconds = arg;

    return sim_sleep(sim, *seconds * SIM_SECOND);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    static int64_t seconds[JOBS] = {3, 5, 2, 4};
    struct sim_future *tasks[JOBS];
    struct sim_wait_sets sets;

    (void)arg;
    for (int i = 0; i < JOBS; i++)
        tasks[i] =
            SIM_FUTURE(sim_task_new(sim, sim_format(sim, "job %d", i + 1), job, &seconds[i]));
    SIM_TRY(sim_wait(sim, tasks, JOBS, -1, SIM_FIRST_COMPLETED, &sets));
    for (int i = 0; i < JOBS; i++)
        if (sim_done(tasks[i]))
            sim_print(sim, "job %d was the first; %zu are pending", i + 1, sets.pending_count);
    return sim_wait(sim, tasks, JOBS, -1, SIM_ALL_COMPLETED, &sets);
}

const struct sim_scenario wait_first = {
    .name = "wait_first",
    .title = "Which of four is first?",
    .about = "FIRST_COMPLETED gives back with the first; the others are pending, and nobody has "
             "cancelled them.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
