/* Optimal DPOR against everything there is: on random programs it runs exactly one execution for
 * each order of dependent events, gives none up, and sees every outcome that depth-first search
 * sees. */
#include "tests/test.h"

#include "tests/thread_searches.h"

/* Under the sanitizers a part of the same. */
enum { PROGRAMS = FIBER_ASAN ? 20 : 1000 };

/* Returns false if there is too much of it. */
static bool compare_searches(uint64_t seed, int kinds, bool exact)
{
    struct program program = random_program(seed, kinds);
    struct search all = search_all(&program);
    struct dpor_statistics statistics;

    if (all.cut) {
        search_free(&all);
        return false;
    }
    struct search reduced = search_part(&program, (struct share){.parts = 1}, &statistics);

    keep_different(&reduced.orders);
    keep_different(&reduced.outcomes);
    bool ok = same(&all.orders, &reduced.orders) && same(&all.outcomes, &reduced.outcomes) &&
              !statistics.nondeterministic && !statistics.out_of_memory;

    /* Where main does not wait, nobody knows whether a thread that has not begun will do anything:
     * an execution that waits for it in vain is given up, and is no execution. */
    if (exact)
        ok = ok && reduced.executions == all.orders.count && statistics.infeasible == 0 &&
             (statistics.asleep == 0 || !program.joins);
    if (!ok) {
        print_program(seed, &program);
        print_message("  all: %llu executions, %zu orders, %zu outcomes\n"
                      "  reduced: %llu executions, %zu orders, %zu outcomes, %llu asleep, %llu "
                      "infeasible\n",
                      (unsigned long long)all.executions, all.orders.count, all.outcomes.count,
                      (unsigned long long)reduced.executions, reduced.orders.count,
                      reduced.outcomes.count, (unsigned long long)statistics.asleep,
                      (unsigned long long)statistics.infeasible);
    }
    search_free(&all);
    search_free(&reduced);
    assert_true(ok);
    return true;
}

static void one_execution_for_each_order(void **state)
{
    int compared = 0;

    (void)state;
    for (uint64_t seed = 0; compared < PROGRAMS; seed++)
        compared += compare_searches(seed, OP_KINDS, true);
}

static void numbers_are_all_tried(void **state)
{
    int compared = 0;

    (void)state;
    for (uint64_t seed = 0; compared < PROGRAMS / 5; seed++)
        compared += compare_searches(seed, OP_KINDS + 1, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_execution_for_each_order),
        cmocka_unit_test(numbers_are_all_tried),
    };

    return cmocka_run_group_tests_name("dpor", tests, NULL, NULL);
}
