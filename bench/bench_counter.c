/* counter_race with 100,000 tasks: nobody watching, a recorder watching, and all that
 * `pickglass run` has watching.  bench/counter_race.py is the same under CPython. */
#include <string.h>

#include "bench/bench.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"
#include "sim/trace/recorder.h"
#include "sim/trace/trace.h"

enum { ROUNDS = 7, TASKS = 100000 };

/* The first run of a simulation, whose memory is new, is not measured: CPython's is not either. */
static double measure(struct sim *sim)
{
    int64_t params[SIM_PARAMS_MAX] = {TASKS};
    double samples[ROUNDS];

    for (int i = -1; i < ROUNDS; i++) {
        double began = bench_now();

        bench_require(sim_run_async(sim, counter_race.main, params) == SIM_OUTCOME_FINISHED,
                      "counter_race did not finish");
        if (i >= 0)
            samples[i] = bench_now() - began;
    }
    return bench_median(samples, ROUNDS);
}

static double measure_untraced(void)
{
    struct sim *sim = sim_new(NULL);

    bench_require(sim != NULL, "no simulation");
    double seconds = measure(sim);

    sim_free(sim);
    return seconds;
}

static double measure_traced(void)
{
    struct sim *sim = sim_new(NULL);
    struct trace *trace = trace_new();
    struct recorder recorder;

    bench_require(sim != NULL && trace != NULL, "no simulation");
    recorder_init(&recorder, trace);
    bench_require(sim_add_sink(sim, &recorder.sink), "no room for the recorder");
    double seconds = measure(sim);

    bench_result("counter_events", (double)trace->event_count);
    sim_free(sim);
    trace_free(trace);
    return seconds;
}

static double measure_examined(void)
{
    struct run_request request;
    double samples[ROUNDS];
    char error[256];

    run_request_init(&request, &counter_race);
    request.params[0] = TASKS;
    for (int i = 0; i < ROUNDS; i++) {
        double began = bench_now();
        struct trace *trace = run_record(&request, error, sizeof(error));

        samples[i] = bench_now() - began;
        bench_require(trace != NULL, "counter_race could not be recorded");
        trace_free(trace);
    }
    return bench_median(samples, ROUNDS);
}

int main(void)
{
    bench_result("counter_untraced_s", measure_untraced());
    bench_result("counter_traced_s", measure_traced());
    bench_result("counter_examined_s", measure_examined());
    return 0;
}
