/* Optimal DPOR from the end of a given schedule: it sees every outcome that depth-first search sees
 * from there, on random programs. */
#include "tests/thread_searches.h"

#include "sim/policy/guided.h"

enum { PROGRAMS = FIBER_ASAN ? 30 : 300, PREFIX = 7 };

/* How an execution begins that always takes the second option: at most so many choices. */
static struct schedule make_prefix(const struct program *program, uint32_t *choices, uint32_t most)
{
    struct schedule prefix = {.choices = choices};

    for (uint32_t i = 0; i < most; i++) {
        struct policy_guided guided;
        struct bench bench;

        policy_guided_init(&guided, &prefix, NULL);
        bench_init(&bench, program, &guided.policy, NULL);
        (void)sim_run(bench.sim, run_program, &bench.world);
        bool more = sim_schedule(bench.sim)->count > i;

        sim_free(bench.sim);
        if (!more)
            break;
        choices[i] = 1; /* every choice has two options, at least */
        prefix.count = i + 1;
    }
    return prefix;
}

static struct search from_prefix(const struct program *program, const struct schedule *prefix,
                                 struct policy_dfs *dfs, struct dpor *dpor)
{
    struct search search = {0};
    struct policy_guided guided;
    struct bench bench;
    bool more = true;

    policy_guided_init(&guided, prefix, dpor == NULL ? &dfs->policy : dpor_policy(dpor));
    bench_init(&bench, program, &guided.policy, dpor == NULL ? NULL : dpor_sink(dpor));
    while (more && !search.cut) {
        enum sim_outcome outcome = sim_run(bench.sim, run_program, &bench.world);

        assert_false(guided.diverged);
        if (outcome != SIM_OUTCOME_DIVERGED)
            note_run(&bench, &search, outcome);
        more =
            dpor != NULL ? dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED) : policy_dfs_next(dfs);
        search.cut = search.executions > TOO_MANY;
    }
    sim_free(bench.sim);
    keep_different(&search.orders);
    keep_different(&search.outcomes);
    return search;
}

static void every_outcome_after_a_prefix_is_seen(void **state)
{
    uint64_t all = 0;
    uint64_t reduced = 0;
    int compared = 0;
    int failed = 0;

    (void)state;
    for (uint64_t seed = 0; compared < PROGRAMS; seed++) {
        struct program program = random_program(seed, OP_KINDS);
        uint32_t choices[PREFIX];
        uint32_t length = 1 + (uint32_t)(seed % PREFIX);
        struct schedule prefix = make_prefix(&program, choices, length);
        struct policy_dfs dfs;

        policy_dfs_init(&dfs, -1);
        struct search full = from_prefix(&program, &prefix, &dfs, NULL);

        if (prefix.count == length && !full.cut) {
            struct dpor *dpor = dpor_new();

            assert_non_null(dpor);
            struct search few = from_prefix(&program, &prefix, NULL, dpor);

            if (!same(&full.outcomes, &few.outcomes) || dpor_statistics(dpor).nondeterministic) {
                print_program(seed, &program);
                print_message("  all: %llu executions, %zu outcomes; reduced: %llu, %zu\n",
                              (unsigned long long)full.executions, full.outcomes.count,
                              (unsigned long long)few.executions, few.outcomes.count);
                failed++;
            }
            all += full.executions;
            reduced += few.executions;
            compared++;
            search_free(&few);
            dpor_free(dpor);
        }
        search_free(&full);
        policy_dfs_free(&dfs);
    }
    assert_int_equal(failed, 0);
    assert_true(3 * reduced < all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_outcome_after_a_prefix_is_seen),
    };

    return cmocka_run_group_tests_name("dpor prefix", tests, NULL, NULL);
}
