/* A line for each scenario and policy: what its trace holds, as one number.  A run is the same on
 * every CPU, so the lines are. */
#include <inttypes.h>
#include <stdio.h>

#include "scenarios/scenarios.h"
#include "sim/explore/run.h"
#include "sim/sim.h"
#include "sim/trace/trace.h"

static int fingerprint(const struct sim_scenario *scenario, enum run_policy policy, uint64_t seed)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, scenario);
    request.policy = policy;
    request.seed = seed;
    request.level = policy == RUN_FIFO ? SIM_LEVEL_FIFO : SIM_LEVEL_ANY;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL) {
        printf("%s: %s\n", scenario->name, error);
        return 1;
    }
    printf("%s %d %" PRIu64 ": %s, %zu events, %016" PRIx64 "\n", scenario->name, (int)policy, seed,
           sim_outcome_name(trace->outcome), trace->event_count, trace_hash(trace));
    trace_free(trace);
    return 0;
}

/* Deeper than any stack; what it returns keeps the compiler from making a loop of it. */
static int deeper(volatile char *above, int depth)
{
    volatile char frame[512];

    frame[0] = (char)(above[0] + 1);
    return depth == 0 ? frame[0] : deeper(frame, depth - 1) + frame[0];
}

static enum sim_status overrun(struct sim *sim, void *arg)
{
    volatile char frame = 0;

    (void)arg;
    return sim_return(sim, sim_int(deeper(&frame, 10000)));
}

int main(void)
{
    struct sim *sim = sim_new(NULL);
    int failed = sim == NULL;

    for (int i = 0; scenarios[i] != NULL; i++) {
        failed |= fingerprint(scenarios[i], RUN_FIFO, 0);
        for (uint64_t seed = 1; seed <= 3; seed++)
            failed |= fingerprint(scenarios[i], RUN_RANDOM, seed);
    }
    if (sim != NULL)
        printf("overrun: %s\n", sim_outcome_name(sim_run_async(sim, overrun, NULL)));
    sim_free(sim);
    return failed;
}
