/* A picture of 10,000 tasks and a million events. */
#include <unistd.h>

#include "bench/bench.h"
#include "render/render.h"
#include "sim/explore/run.h"
#include "sim/sim.h"
#include "sim/trace/file.h"

enum { ROUNDS = 5, TASKS = 10000, TURNS = 17 };

/* A turn is a read, a write and a suspension. */
static enum sim_status work(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    for (int i = 0; i < TURNS; i++) {
        int64_t value = sim_read(var);

        SIM_TRY(sim_sleep(sim, (value % 7) * SIM_MS));
        sim_write(var, value + 1);
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future **tasks = sim_alloc(sim, TASKS * sizeof(*tasks));
    struct sim_var *var = sim_var_new(sim, "shared", 0);

    (void)arg;
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, var));
    return sim_await(sim_gather(sim, tasks, TASKS, false), NULL);
}

int main(int argc, char **argv)
{
    const struct sim_scenario scenario = {.name = "many", .main = run, .async = true};
    const struct render_options options = {.width = 960, .scale = 2};
    struct run_request request;
    double samples[ROUNDS];
    char error[256];

    bench_require(argc == 2, "usage: bench_png FOLDER");
    bench_require(chdir(argv[1]) == 0, "no such folder");
    run_request_init(&request, &scenario);
    struct trace *trace = run_record(&request, error, sizeof(error));

    bench_require(trace != NULL, "the program could not be recorded");
    bench_result("png_events", (double)trace->event_count);
    for (int i = 0; i < ROUNDS; i++) {
        double began = bench_now();

        bench_require(render_png(trace, &options, "bench.png", error, sizeof(error)),
                      "the picture could not be drawn");
        samples[i] = bench_now() - began;
    }
    bench_result("png_s", bench_median(samples, ROUNDS));
    double began = bench_now();

    bench_require(trace_write(trace, "bench.trace", error, sizeof(error)), "no trace was written");
    bench_result("trace_write_s", bench_now() - began);
    trace_free(trace);
    began = bench_now();
    trace = trace_read("bench.trace", error, sizeof(error));
    bench_require(trace != NULL, "the trace could not be read");
    bench_result("trace_read_s", bench_now() - began);
    trace_free(trace);
    (void)unlink("bench.trace");
    return 0;
}
