/* Jobs of different length, results in order. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { JOBS = 4 };

/* In seconds: as if by chance. */
static const int64_t delays[JOBS] = {2, 3, 1, 2};

static enum sim_status job(struct sim *sim, void *arg)
{
    const int64_t *number = arg;

    sim_print(sim, "starting job %lld", (long long)*number);
    SIM_TRY(sim_sleep(sim, delays[*number] * SIM_SECOND));
    sim_print(sim, "finished job %lld", (long long)*number);
    return sim_return(sim, sim_int(*number));
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *tasks[JOBS];
    int64_t numbers[JOBS];
    struct sim_value all;

    (void)arg;
    for (int i = 0; i < JOBS; i++) {
        numbers[i] = i;
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, job, &numbers[i]));
    }
    SIM_TRY(sim_await(sim_gather(sim, tasks, JOBS, false), &all));
    for (uint32_t i = 0; i < all.count; i++)
        sim_print(sim, "result %lld", (long long)all.as.items[i].as.integer);
    return SIM_OK;
}

const struct sim_scenario gather_jobs = {
    .name = "gather_jobs",
    .title = "Jobs of different length, results in order",
    .about = "Jobs end in the order of their length; gather gives the results in the order in "
             "which the jobs were given.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
