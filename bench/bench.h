/* What the measurements share: a clock, a median, and one line a result for bench/table.py. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double bench_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Time that this process has had of a processor: other programs do not count. */
static inline double bench_cpu_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline int bench_compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The median of count (odd) samples, which are sorted. */
static inline double bench_median(double *samples, size_t count)
{
    qsort(samples, count, sizeof(samples[0]), bench_compare);
    return samples[count / 2];
}

static inline void bench_result(const char *key, double value)
{
    (void)printf("%s\t%.9g\n", key, value);
    (void)fflush(stdout);
}

/* A measurement of something that does not work is worse than none. */
static inline void bench_require(int ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

#endif
