/* Optimal DPOR: complete executions a second, one for each Mazurkiewicz trace, and what it holds in
 * memory after a million of them. */
#include "bench/bench_search.h"
#include "scenarios/scenarios.h"
#include "sim/policy/dpor.h"
#include "sim/sim.h"

/* ---- fib_bench of SV-COMP's pthread programs: main looks at the sums while they grow. ---- */

struct sum {
    struct sim_var *to;
    struct sim_var *from;
    int64_t times;
};

static enum sim_status add(struct sim *sim, void *arg)
{
    const struct sum *sum = arg;

    (void)sim;
    for (int64_t k = 0; k < sum->times; k++)
        sim_write(sum->to, sim_read(sum->to) + sim_read(sum->from));
    return SIM_OK;
}

static enum sim_status look_at_sums(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct sim_var *i = sim_var_new(sim, "i", 1);
    struct sim_var *j = sim_var_new(sim, "j", 1);
    struct sum sums[] = {{i, j, params[0]}, {j, i, params[0]}};
    struct sim_thread *first = sim_thread_new(sim, "i += j", add, &sums[0]);
    struct sim_thread *second = sim_thread_new(sim, "j += i", add, &sums[1]);

    (void)sim_read(i);
    (void)sim_read(j);
    SIM_TRY(sim_thread_join(first, NULL));
    return sim_thread_join(second, NULL);
}

static const struct sim_scenario fib_looked_at = {
    .name = "fib_looked_at",
    .main = look_at_sums,
    .contained = true,
    .params = {{"n", 4, 1, 40, "how often each thread adds"}},
};

/* ---- */

static const struct {
    const char *key;
    const struct sim_scenario *scenario;
    int64_t params[2];
    uint64_t traces;
} programs[] = {
    {"readers", &readers, {13}, 8192},
    {"writers", &writers_reader, {6}, 5040},
    {"last_zero", &last_zero, {11}, 7168},
    {"circular", &circular_buffer, {7}, 3432},
    {"fib", &fib_looked_at, {4}, 19605},
    {"fib_joined", &fib_bench, {5}, 8953},
    {"counter", &counter_race_threads, {2, 4}, 3334},
    {"atomic", &counter_atomic, {3, 3}, 1680},
};

static void measure(size_t i)
{
    struct explore_request request = {.policy = EXPLORE_DPOR, .keep_going = true};
    char key[64];

    run_request_init(&request.run, programs[i].scenario);
    for (int k = 0; k < 2 && programs[i].params[k] != 0; k++)
        request.run.params[k] = programs[i].params[k];
    (void)snprintf(key, sizeof(key), "dpor_%s", programs[i].key);
    bench_search(key, &request, programs[i].traces);
}

/* 20 readers and a writer: 2^20 traces. */
static void measure_memory(void)
{
    enum { EARLY = 1000 };
    struct dpor *dpor = dpor_new();
    struct sim *sim = sim_new(NULL);
    uint64_t executions = 0;
    bool more = true;

    bench_require(dpor != NULL && sim != NULL, "out of memory");
    sim_set_policy(sim, dpor_policy(dpor));
    bench_require(sim_add_sink(sim, dpor_sink(dpor)), "no room for a sink");
    while (more) {
        int64_t params[SIM_PARAMS_MAX] = {20};

        bench_require(sim_run(sim, readers.main, params) == SIM_OUTCOME_FINISHED, "readers");
        if (++executions == EARLY)
            bench_result("dpor_memory_early", (double)dpor_statistics(dpor).memory);
        more = dpor_next(dpor, true);
    }
    bench_require(executions == 1 << 20, "2^20 traces");
    bench_result("dpor_memory_late", (double)dpor_statistics(dpor).memory);
    dpor_free(dpor);
    sim_free(sim);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        measure(i);
    measure_memory();
    return 0;
}
