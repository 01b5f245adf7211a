/* Peak memory of a process in which 100,000 tasks are suspended at once. */
#include <sys/resource.h>

#include "bench/bench.h"
#include "sim/sim.h"

enum { TASKS = 100000 };

static enum sim_status wait_for_start(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_event_wait(arg);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future **tasks = sim_alloc(sim, TASKS * sizeof(*tasks));
    struct sim_flag *start = sim_event_new(sim, "start");

    (void)arg;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, wait_for_start, start));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    sim_event_set(start);
    return sim_await(sim_gather(sim, tasks, TASKS, false), NULL);
}

int main(void)
{
    struct sim *sim = sim_new(NULL);
    struct rusage usage;

    bench_require(sim != NULL, "no simulation");
    bench_require(sim_run_async(sim, run, NULL) == SIM_OUTCOME_FINISHED, "the run did not finish");
    bench_require(getrusage(RUSAGE_SELF, &usage) == 0, "getrusage failed");
    bench_result("memory_mib", (double)usage.ru_maxrss / 1024);
    sim_free(sim);
    return 0;
}
