/* How many executions a second a search does. */
#ifndef BENCH_BENCH_SEARCH_H
#define BENCH_BENCH_SEARCH_H

#include "bench/bench.h"
#include "sim/explore/explore.h"

enum { BENCH_ROUNDS = 9 };

#define BENCH_ROUND_S 0.1

/* Search for so long at least, again and again, where every search must do as many executions as
 * the first.  Returns executions a second. */
static inline double bench_search_round(const struct explore_request *request, uint64_t *count)
{
    double began = bench_cpu_now();
    uint64_t executions = 0;
    double seconds = 0;

    while (seconds < BENCH_ROUND_S) {
        struct explore_report report;
        char error[256];

        bench_require(explore(request, &report, error, sizeof(error)), "a search failed");
        bench_require(*count == 0 || *count == report.executions, "not so many executions");
        *count = report.executions;
        executions += report.executions;
        explore_report_free(&report);
        seconds = bench_cpu_now() - began;
    }
    return (double)executions / seconds;
}

/* Print the median of some rounds, the best of them, and how many executions the search does, which
 * must be count unless that is 0.  The best says what a machine can do on which nobody else slows
 * down what all share. */
static inline void bench_search(const char *key, const struct explore_request *request,
                                uint64_t count)
{
    double rounds[BENCH_ROUNDS];
    char name[128];

    for (int i = 0; i < BENCH_ROUNDS; i++)
        rounds[i] = bench_search_round(request, &count);
    (void)snprintf(name, sizeof(name), "%s_per_s", key);
    bench_result(name, bench_median(rounds, BENCH_ROUNDS));
    (void)snprintf(name, sizeof(name), "%s_best_per_s", key);
    bench_result(name, rounds[BENCH_ROUNDS - 1]);
    (void)snprintf(name, sizeof(name), "%s_count", key);
    bench_result(name, (double)count);
}

#endif
