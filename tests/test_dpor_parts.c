/* Optimal DPOR divided into parts that know nothing of each other: together they run exactly one
 * execution for each order of dependent events, and none runs what another runs.  The same holds
 * where less may be planned than there is to plan. */
#include "tests/test.h"

#include "tests/thread_searches.h"

enum { PROGRAMS = FIBER_ASAN ? 20 : 150 };

static void move(struct set *to, struct set *from)
{
    for (size_t i = 0; i < from->count; i++)
        add(to, from->at[i]);
    free(from->at);
}

/* The parts in any order, one after the other; sets hold everything as often as it was met. */
static struct search search_parts(const struct program *program, struct share share,
                                  struct dpor_statistics *sum)
{
    struct search whole = {0};

    *sum = (struct dpor_statistics){0};
    for (uint32_t i = 0; i < share.parts; i++) {
        struct dpor_statistics statistics;

        share.part = (5 * i + 3) % share.parts;
        struct search part = search_part(program, share, &statistics);

        whole.executions += part.executions;
        move(&whole.orders, &part.orders);
        move(&whole.outcomes, &part.outcomes);
        sum->asleep += statistics.asleep;
        sum->infeasible += statistics.infeasible;
        sum->nondeterministic |= statistics.nondeterministic;
        sum->out_of_memory |= statistics.out_of_memory;
    }
    keep_different(&whole.orders);
    keep_different(&whole.outcomes);
    return whole;
}

/* Returns false if there is too much of it. */
static bool compare_parts(uint64_t seed, struct share share, int kinds, uint64_t *given_up)
{
    struct program program = random_program(seed, kinds);
    struct search all = search_all(&program);
    struct dpor_statistics statistics;

    if (all.cut) {
        search_free(&all);
        return false;
    }
    struct search sum = search_parts(&program, share, &statistics);
    bool exact = kinds == OP_KINDS;
    bool ok = same(&all.orders, &sum.orders) && same(&all.outcomes, &sum.outcomes) &&
              (!exact || (sum.executions == all.orders.count && statistics.infeasible == 0)) &&
              !statistics.nondeterministic && !statistics.out_of_memory;

    *given_up += statistics.asleep;
    if (!ok) {
        print_program(seed, &program);
        print_message("  all: %llu executions, %zu orders, %zu outcomes\n"
                      "  %u parts: %llu executions, %zu orders, %zu outcomes, %llu asleep, %llu "
                      "infeasible\n",
                      (unsigned long long)all.executions, all.orders.count, all.outcomes.count,
                      share.parts, (unsigned long long)sum.executions, sum.orders.count,
                      sum.outcomes.count, (unsigned long long)statistics.asleep,
                      (unsigned long long)statistics.infeasible);
    }
    search_free(&all);
    search_free(&sum);
    assert_true(ok);
    return true;
}

/* More is given up than is run only where most steps touch nothing that others touch. */
static void compare_all(int programs, const struct share *shares, uint32_t count, int kinds)
{
    uint64_t given_up = 0;
    int compared = 0;

    for (uint64_t seed = 0; compared < programs; seed++)
        compared += compare_parts(seed, shares[seed % count], kinds, &given_up);
    print_message("          %llu given up\n", (unsigned long long)given_up);
}

static void parts_are_the_whole(void **state)
{
    static const struct share shares[] = {{.parts = 2}, {.parts = 7}, {.parts = 64}};

    (void)state;
    compare_all(PROGRAMS, shares, 3, OP_KINDS);
}

static void parts_try_all_numbers(void **state)
{
    static const struct share shares[] = {{.parts = 3}, {.parts = 7}};

    (void)state;
    compare_all(PROGRAMS / 5, shares, 2, OP_KINDS + 1);
}

static void little_memory_is_enough(void **state)
{
    static const struct share shares[] = {
        {.parts = 1, .limited = true, .plans = 0},
        {.parts = 1, .limited = true, .plans = 5},
        {.parts = 2, .limited = true, .plans = 10},
        {.parts = 1, .limited = true, .plans = 20},
    };

    (void)state;
    compare_all(PROGRAMS, shares, 4, OP_KINDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(parts_try_all_numbers),
        cmocka_unit_test(little_memory_is_enough),
    };

    return cmocka_run_group_tests_name("dpor parts", tests, NULL, NULL);
}
