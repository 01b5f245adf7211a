/* Time explored: optimal DPOR, to which the clock is an actor, sees every outcome of a random
 * program that depth-first search sees; and so do searches that draw, in the end, see no other. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/random_threads.h"

#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"

enum { PROGRAMS = FIBER_ASAN ? 25 : 1000, TOO_MANY = 4000, EARLY = 100 };

struct set {
    uint64_t *at;
    size_t count;
    size_t capacity;
};

static bool has(const struct set *set, uint64_t number)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->at[i] == number)
            return true;
    return false;
}

static void add(struct set *set, uint64_t number)
{
    if (has(set, number))
        return;
    if (set->count == set->capacity) {
        set->capacity = set->capacity == 0 ? 64 : 2 * set->capacity;
        set->at = realloc(set->at, set->capacity * sizeof(*set->at));
        assert_non_null(set->at);
    }
    set->at[set->count++] = number;
}

static uint64_t digest(const struct ending *ending, enum sim_outcome outcome)
{
    uint64_t hash = (uint64_t)outcome + 17;

    for (int i = 0; i < MAX_THREADS; i++)
        hash = (hash ^ (uint64_t)ending->seen[i]) * UINT64_C(1099511628211);
    for (int i = 0; i < VARIABLES; i++)
        hash = (hash ^ (uint64_t)ending->variables[i]) * UINT64_C(1099511628211);
    return hash;
}

struct search {
    struct set outcomes;
    uint64_t executions;
    bool cut;
};

/* Programs in which somebody waits for time, the more the better. */
static struct program timed_program(uint64_t seed)
{
    static const uint8_t kinds[] = {OP_READ,   OP_WRITE, OP_ADD,        OP_LOCK,
                                    OP_UNLOCK, OP_SLEEP, OP_SLEEP,      OP_TIMED_WAIT,
                                    OP_SIGNAL, OP_NOW,   OP_TIMED_WAIT, OP_WAIT};
    struct prng prng;
    struct program program = {0};

    prng_seed(&prng, seed);
    program.threads = 2 + (int)prng_below(&prng, 2);
    program.joins = prng_below(&prng, 4) != 0;
    int ops = 2 + (int)prng_below(&prng, 5);

    for (int i = 0; i < ops; i++) {
        int thread = (int)prng_below(&prng, (uint32_t)program.threads);

        program.ops[thread][program.counts[thread]++] =
            (struct op){kinds[prng_below(&prng, sizeof(kinds))], (uint8_t)prng_below(&prng, 2)};
    }
    return program;
}

static struct search run_all(const struct program *program, enum sim_time time, struct dpor *dpor,
                             struct policy_dfs *dfs)
{
    struct sim *sim = sim_new(&(struct sim_config){.time = time, .early = EARLY});
    struct ending ending;
    struct world world = {.program = program, .ending = &ending};
    struct search search = {0};
    bool more = true;

    assert_non_null(sim);
    sim_set_policy(sim, dpor == NULL ? &dfs->policy : dpor_policy(dpor));
    if (dpor != NULL)
        assert_true(sim_add_sink(sim, dpor_sink(dpor)));
    while (more && !search.cut) {
        enum sim_outcome outcome = sim_run(sim, run_program, &world);

        assert_int_equal(sim_withheld(sim) & SIM_WITHHELD_EARLY, 0);
        if (outcome != SIM_OUTCOME_DIVERGED) {
            note_ending(&world);
            search.executions++;
            add(&search.outcomes, digest(&ending, outcome));
        }
        more =
            dpor != NULL ? dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED) : policy_dfs_next(dfs);
        search.cut = search.executions > TOO_MANY;
    }
    sim_free(sim);
    return search;
}

static struct search search_all(const struct program *program, enum sim_time time)
{
    struct policy_dfs dfs;

    policy_dfs_init(&dfs, -1);
    struct search search = run_all(program, time, NULL, &dfs);

    assert_false(dfs.nondeterministic);
    policy_dfs_free(&dfs);
    return search;
}

static struct search search_reduced(const struct program *program, enum sim_time time)
{
    struct dpor *dpor = dpor_new();

    assert_non_null(dpor);
    struct search search = run_all(program, time, dpor, NULL);

    assert_false(dpor_statistics(dpor).nondeterministic);
    assert_false(dpor_statistics(dpor).out_of_memory);
    dpor_free(dpor);
    return search;
}

static void assert_within(const struct set *small, const struct set *large, uint64_t seed)
{
    for (size_t i = 0; i < small->count; i++)
        if (!has(large, small->at[i]))
            fail_msg("program %llu: an outcome is missing", (unsigned long long)seed);
}

static void dpor_sees_the_outcomes_of_every_schedule(void **state)
{
    uint64_t all = 0;
    uint64_t reduced = 0;
    int compared = 0;
    int more = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct program program = timed_program(seed);
        struct search full = search_all(&program, SIM_TIME_EXPLORED);

        if (!full.cut) {
            struct search late = search_all(&program, SIM_TIME_LATE);
            struct search few = search_reduced(&program, SIM_TIME_EXPLORED);
            struct search few_late = search_reduced(&program, SIM_TIME_LATE);

            assert_within(&few.outcomes, &full.outcomes, seed);
            assert_within(&full.outcomes, &few.outcomes, seed);
            /* Late is what may happen if nothing that can happen earlier does. */
            assert_within(&late.outcomes, &full.outcomes, seed);
            assert_within(&few_late.outcomes, &late.outcomes, seed);
            /* Where nobody waits for a thread, and time is nobody's step, the end of main does not
             * depend on whether a thread has looked at the clock before. */
            if (program.joins)
                assert_within(&late.outcomes, &few_late.outcomes, seed);
            compared++;
            more += full.outcomes.count > late.outcomes.count;
            all += full.executions;
            reduced += few.executions;
            free(late.outcomes.at);
            free(few.outcomes.at);
            free(few_late.outcomes.at);
        }
        free(full.outcomes.at);
    }
    printf("%d programs, %d with outcomes that late time never shows; executions: all %llu, dpor "
           "%llu\n",
           compared, more, (unsigned long long)all, (unsigned long long)reduced);
    assert_true(compared > PROGRAMS / 2);
    assert_true(more > PROGRAMS / 20);
    assert_true(reduced < all / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dpor_sees_the_outcomes_of_every_schedule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
