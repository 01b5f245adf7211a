/* Executions a second of whole searches, detectors included, in one process. */
#include "bench/bench.h"
#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"

static const double ENOUGH_S = 1.0;

/* Search again and again; every search must end as the first did. */
static void measure(const char *key, const struct explore_request *request)
{
    char error[256];
    double began = bench_now();
    uint64_t executions = 0;
    uint64_t a_search = 0;
    double seconds = 0;

    while (seconds < ENOUGH_S) {
        struct explore_report report;

        bench_require(explore(request, &report, error, sizeof(error)), "a search failed");
        bench_require(a_search == 0 || a_search == report.executions, "two searches differ");
        a_search = report.executions;
        executions += report.executions;
        explore_report_free(&report);
        seconds = bench_now() - began;
    }
    char name[128];

    (void)snprintf(name, sizeof(name), "%s_count", key);
    bench_result(name, (double)a_search);
    (void)snprintf(name, sizeof(name), "%s_per_s", key);
    bench_result(name, (double)executions / seconds);
}

static void measure_all(const char *key, const struct sim_scenario *scenario)
{
    struct explore_request request = {
        .policy = EXPLORE_DFS, .max_preemptions = -1, .keep_going = true};

    run_request_init(&request.run, scenario);
    measure(key, &request);
}

static void measure_random(const char *key, const struct sim_scenario *scenario)
{
    struct explore_request request = {.policy = EXPLORE_RANDOM,
                                      .max_preemptions = -1,
                                      .max_executions = 20000,
                                      .keep_going = true};

    run_request_init(&request.run, scenario);
    measure(key, &request);
}

int main(void)
{
    measure_all("explore_counter", &counter_race_threads);
    measure_all("explore_abba", &deadlock_abba_threads);
    measure_random("explore_counter_random", &counter_race_threads);
    return 0;
}
