/* Deadlines: optimal DPOR runs one execution for each order of dependent events of a random program
 * of threads that wait for mutexes, ends of threads and signals until a deadline, and sees every
 * outcome; where time is explored, it sees every outcome, too. */
#include "tests/thread_searches.h"

#ifndef PROGRAMS
enum { PROGRAMS = FIBER_ASAN ? 40 : 1000 };
#endif

static struct program timed_program(uint64_t seed, int ops_max)
{
    static const uint8_t kinds[] = {OP_READ,       OP_WRITE,      OP_ADD,        OP_LOCK,
                                    OP_UNLOCK,     OP_TRY,        OP_SLEEP,      OP_TIMED_WAIT,
                                    OP_SIGNAL,     OP_TIMED_LOCK, OP_TIMED_LOCK, OP_TIMED_LOCK,
                                    OP_TIMED_JOIN, OP_TIMED_JOIN, OP_LOOK_JOIN};
    struct prng prng;
    struct program program = {0};

    prng_seed(&prng, seed);
    program.threads = 2 + (int)prng_below(&prng, 2);
    program.joins = prng_below(&prng, 4) != 0;
    program.impatient = prng_below(&prng, 4) == 0;
    int ops = 2 + (int)prng_below(&prng, (uint32_t)ops_max - 1);

    for (int i = 0; i < ops; i++) {
        int thread = (int)prng_below(&prng, (uint32_t)program.threads);

        program.ops[thread][program.counts[thread]++] =
            (struct op){kinds[prng_below(&prng, sizeof(kinds))], (uint8_t)prng_below(&prng, 2)};
    }
    return program;
}

/* What both searches come to, of the programs that are small enough. */
struct totals {
    int compared;
    uint64_t orders;
    uint64_t all;     /* executions */
    uint64_t reduced; /* of DPOR */
    uint64_t again;   /* of those: of an order that it had met */
    uint64_t asleep;
};

static void compare_searches(const struct program *program, uint64_t seed, struct totals *totals)
{
    struct search all = search_all(program);

    if (!all.cut) {
        struct dpor_statistics statistics;
        struct search reduced = search_part(program, (struct share){.parts = 1}, &statistics);

        keep_different(&reduced.orders);
        keep_different(&reduced.outcomes);
        bool ok = same(&reduced.outcomes, &all.outcomes) && !statistics.nondeterministic &&
                  !statistics.out_of_memory;

        if (!program->explored)
            ok = ok && same(&reduced.orders, &all.orders) &&
                 (!program->joins || reduced.executions == all.orders.count);
        if (!ok) {
            print_program(seed, program);
            fail_msg("%zu of %zu outcomes, %zu of %zu orders in %llu executions",
                     reduced.outcomes.count, all.outcomes.count, reduced.orders.count,
                     all.orders.count, (unsigned long long)reduced.executions);
        }
        totals->compared++;
        totals->orders += all.orders.count;
        totals->all += all.executions;
        totals->reduced += reduced.executions;
        totals->again += reduced.executions - reduced.orders.count;
        totals->asleep += statistics.asleep;
        search_free(&reduced);
    }
    search_free(&all);
}

static void print_totals(const struct totals *totals)
{
    printf(
        "%d programs, %llu orders; executions: all %llu, dpor %llu, %llu of them again, and %llu "
        "given up\n",
        totals->compared, (unsigned long long)totals->orders, (unsigned long long)totals->all,
        (unsigned long long)totals->reduced, (unsigned long long)totals->again,
        (unsigned long long)totals->asleep);
}

/* Where main does not wait, an order may be met again: it ends while somebody sleeps who has waited
 * for an end. */
static void late_time_has_one_execution_for_each_order(void **state)
{
    struct totals totals = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct program program = timed_program(seed, 8);

        compare_searches(&program, seed, &totals);
    }
    print_totals(&totals);
    assert_true(totals.compared > PROGRAMS / 2);
    assert_true(totals.again <= totals.orders / 500);
}

static void explored_time_has_every_outcome(void **state)
{
    struct totals totals = {0};

    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct program program = timed_program(seed, 6);

        program.explored = true;
        compare_searches(&program, seed, &totals);
    }
    print_totals(&totals);
    assert_true(totals.compared > PROGRAMS / 3);
    assert_true(totals.reduced < totals.all / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_time_has_one_execution_for_each_order),
        cmocka_unit_test(explored_time_has_every_outcome),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
