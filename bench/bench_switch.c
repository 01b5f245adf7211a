/* A round trip between two stacks: to a fiber and back, against Boost.Context's assembly and
 * swapcontext.  The three take turns, so that a change of the machine's speed meets them all. */
#include <fenv.h>
#include <stddef.h>
#include <ucontext.h>

#include "bench/bench.h"
#include "sim/core/fiber.h"

enum { ROUNDS = 11, TRIPS = 2000000, CONTEXT_TRIPS = 100000, STACK_BYTES = 64 * 1024 };

static struct fiber host;
static struct fiber *guest;

static void ping(void *arg)
{
    (void)arg;
    for (;;)
        fiber_switch(guest, &host);
}

static double measure_fiber(void)
{
    double began = bench_now();

    for (int i = 0; i < TRIPS; i++)
        fiber_switch(&host, guest);
    return (bench_now() - began) / TRIPS * 1e9;
}

static ucontext_t host_context;
static ucontext_t guest_context;

static void ping_context(void)
{
    for (;;)
        (void)swapcontext(&guest_context, &host_context);
}

static double measure_context(void)
{
    double began = bench_now();

    for (int i = 0; i < CONTEXT_TRIPS; i++)
        (void)swapcontext(&host_context, &guest_context);
    return (bench_now() - began) / CONTEXT_TRIPS * 1e9;
}

static void prepare_context(void)
{
    static char stack[STACK_BYTES];

    bench_require(getcontext(&guest_context) == 0, "getcontext failed");
    guest_context.uc_stack.ss_sp = stack;
    guest_context.uc_stack.ss_size = sizeof(stack);
    makecontext(&guest_context, ping_context, 0);
}

#ifdef BENCH_BOOST
/* Boost.Context's assembly, as boost/context/detail/fcontext.hpp declares it for C++. */
struct transfer {
    void *from;
    void *data;
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *top, size_t size, void (*fn)(struct transfer));

static void *guest_fcontext;

static void ping_boost(struct transfer transfer)
{
    for (;;)
        transfer = jump_fcontext(transfer.from, NULL);
}

static void prepare_boost(void)
{
    static char stack[STACK_BYTES];

    (void)feclearexcept(FE_ALL_EXCEPT);
    guest_fcontext = make_fcontext(stack + sizeof(stack), sizeof(stack), ping_boost);
}

/* It saves and restores MXCSR, which takes many times as long while the two sides differ in a
 * sticky flag, such as the "inexact" that taking the time sets: at its best they do not. */
static double measure_boost(void)
{
    double began = bench_now();

    (void)feclearexcept(FE_ALL_EXCEPT);
    for (int i = 0; i < TRIPS; i++)
        guest_fcontext = jump_fcontext(guest_fcontext, NULL).from;
    return (bench_now() - began) / TRIPS * 1e9;
}
#endif

int main(void)
{
    struct fiber_pool *pool = fiber_pool_new(STACK_BYTES);
    double fiber[ROUNDS];
    double context[ROUNDS];

    bench_require(pool != NULL, "no pool of stacks");
    guest = fiber_new(pool, ping, NULL);
    bench_require(guest != NULL, "no fiber");
    prepare_context();
#ifdef BENCH_BOOST
    double boost[ROUNDS];

    prepare_boost();
#endif
    for (int i = 0; i < ROUNDS; i++) {
        fiber[i] = measure_fiber();
        context[i] = measure_context();
#ifdef BENCH_BOOST
        boost[i] = measure_boost();
#endif
    }
    bench_result("switch_fiber_ns", bench_median(fiber, ROUNDS));
    bench_result("switch_swapcontext_ns", bench_median(context, ROUNDS));
#ifdef BENCH_BOOST
    bench_result("switch_boost_ns", bench_median(boost, ROUNDS));
#endif
    fiber_pool_free(pool);
    return 0;
}
