/* Two threads add to two numbers in turn, i += j and j += i: they grow fastest, as Fibonacci's
 * numbers do, when the threads alternate (fib_bench of SV-COMP's pthread programs). */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct sum {
    struct sim_var *to;
    struct sim_var *from;
    int64_t times;
};

static enum sim_status add(struct sim *sim, void *arg)
{
    struct sum *sum = arg;

    (void)sim;
    for (int64_t k = 0; k < sum->times; k++) {
        int64_t to = sim_read(sum->to);

        sim_write(sum->to, to + sim_read(sum->from));
    }
    return SIM_OK;
}

static int64_t fibonacci(int64_t n)
{
    int64_t a = 0;
    int64_t b = 1;

    for (; n > 0; n--) {
        int64_t next = a + b;

        a = b;
        b = next;
    }
    return a;
}

static enum sim_status race_to(struct sim *sim, int64_t times, int64_t bound)
{
    struct sim_var *i = sim_var_new(sim, "i", 1);
    struct sim_var *j = sim_var_new(sim, "j", 1);
    struct sum sums[] = {{i, j, times}, {j, i, times}};
    struct sim_thread *first = sim_thread_new(sim, "i += j", add, &sums[0]);
    struct sim_thread *second = sim_thread_new(sim, "j += i", add, &sums[1]);

    SIM_TRY(sim_thread_join(first, NULL));
    SIM_TRY(sim_thread_join(second, NULL));
    long long m = sim_read(i);
    long long n = sim_read(j);
    long long most = bound;

    sim_check(sim, m <= most && n <= most, "i = %lld and j = %lld: above %lld", m, n, most);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;

    return race_to(sim, params[0], fibonacci(2 * params[0] + 2));
}

static enum sim_status run_tight(struct sim *sim, void *arg)
{
    const int64_t *params = arg;

    return race_to(sim, params[0], fibonacci(2 * params[0] + 2) - 1);
}

const struct sim_scenario fib_bench = {
    .name = "fib_bench",
    .title = "Two sums that race to a Fibonacci number",
    .about = "No schedule takes either number past Fibonacci number 2n+2, whatever the race. To "
             "say so, all of them must be looked at, or enough that the others are the same.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_DATA_RACE,
    .expect_any = SIM_FINDING_DATA_RACE,
    .params = {{"n", 2, 1, 40, "how often each thread adds"}},
};

const struct sim_scenario fib_bench_tight = {
    .name = "fib_bench_tight",
    .title = "A bound that hardly any schedule breaks",
    .about = "The bound is one too low, and only perfect alternation of the two threads shows it. "
             "With every addition more such schedules are rarer among all.",
    .main = run_tight,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_DATA_RACE,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"n", 2, 1, 40, "how often each thread adds"}},
};
