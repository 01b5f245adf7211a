/* All schedules of a random program of threads, and those that optimal DPOR runs of them: what
 * orders of dependent events and what outcomes they have.  For tests that compare the two. */
#ifndef TESTS_THREAD_SEARCHES_H
#define TESTS_THREAD_SEARCHES_H

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/random_threads.h"

#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"

enum { TOO_MANY = 1500 };

/* A set of numbers, small enough to be searched one by one when it is sorted. */
struct set {
    uint64_t *at;
    size_t count;
    size_t capacity;
};

static inline void add(struct set *set, uint64_t number)
{
    if (set->count == set->capacity) {
        set->capacity = set->capacity == 0 ? 64 : 2 * set->capacity;
        set->at = realloc(set->at, set->capacity * sizeof(*set->at));
        assert_non_null(set->at);
    }
    set->at[set->count++] = number;
}

static inline int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static inline void keep_different(struct set *set)
{
    size_t kept = 0;

    if (set->count == 0)
        return;
    qsort(set->at, set->count, sizeof(*set->at), compare);
    for (size_t i = 0; i < set->count; i++)
        if (kept == 0 || set->at[kept - 1] != set->at[i])
            set->at[kept++] = set->at[i];
    set->count = kept;
}

static inline uint64_t digest(const struct ending *ending, enum sim_outcome outcome)
{
    uint64_t hash = (uint64_t)outcome + 17;

    for (int i = 0; i < MAX_THREADS; i++)
        hash = (hash ^ (uint64_t)ending->seen[i]) * UINT64_C(1099511628211);
    for (int i = 0; i < VARIABLES; i++)
        hash = (hash ^ (uint64_t)ending->variables[i]) * UINT64_C(1099511628211);
    return hash;
}

struct search {
    struct set orders;
    struct set outcomes;
    uint64_t executions;
    bool cut;
};

static inline void search_free(struct search *search)
{
    free(search->orders.at);
    free(search->outcomes.at);
}

struct bench {
    struct sim *sim;
    struct order order;
    struct ending ending;
    struct world world;
};

static inline void bench_init(struct bench *bench, const struct program *program,
                              struct policy *policy, struct sink *sink)
{
    const struct sim_config explored = {.time = SIM_TIME_EXPLORED, .early = 100};

    *bench = (struct bench){.sim = sim_new(program->explored ? &explored : NULL)};
    bench->order.sink = (struct sink){.begin = order_begin, .event = order_event};
    bench->world = (struct world){.program = program, .ending = &bench->ending};
    assert_non_null(bench->sim);
    sim_set_policy(bench->sim, policy);
    if (sink != NULL)
        assert_true(sim_add_sink(bench->sim, sink));
    assert_true(sim_add_sink(bench->sim, &bench->order.sink));
}

static inline void note_run(struct bench *bench, struct search *search, enum sim_outcome outcome)
{
    note_ending(&bench->world);
    search->executions++;
    add(&search->orders, bench->order.hash);
    add(&search->outcomes, digest(&bench->ending, outcome));
}

static inline struct search search_all(const struct program *program)
{
    struct search search = {0};
    struct policy_dfs dfs;
    struct bench bench;

    policy_dfs_init(&dfs, -1);
    bench_init(&bench, program, &dfs.policy, NULL);
    do {
        note_run(&bench, &search, sim_run(bench.sim, run_program, &bench.world));
        search.cut = search.executions > TOO_MANY;
    } while (!search.cut && policy_dfs_next(&dfs));
    assert_false(dfs.nondeterministic);
    policy_dfs_free(&dfs);
    sim_free(bench.sim);
    keep_different(&search.orders);
    keep_different(&search.outcomes);
    return search;
}

/* Of a search: one of so many parts, perhaps with a limit on what is planned. */
struct share {
    uint32_t part;
    uint32_t parts;
    uint64_t plans;
    bool limited;
};

/* One part of the search by optimal DPOR, which is divided into so many.  The set of its orders has
 * an order as often as it was met. */
static inline struct search search_part(const struct program *program, struct share share,
                                        struct dpor_statistics *statistics)
{
    struct search search = {0};
    struct dpor *dpor = dpor_new();
    struct bench bench;
    enum sim_outcome outcome = SIM_OUTCOME_FINISHED;

    assert_non_null(dpor);
    dpor_divide(dpor, share.part, share.parts);
    if (share.limited)
        dpor_limit(dpor, share.plans);
    bench_init(&bench, program, dpor_policy(dpor), dpor_sink(dpor));
    do {
        outcome = sim_run(bench.sim, run_program, &bench.world);
        if (outcome != SIM_OUTCOME_DIVERGED && dpor_owns(dpor))
            note_run(&bench, &search, outcome);
    } while (search.executions <= TOO_MANY && dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED));
    *statistics = dpor_statistics(dpor);
    dpor_free(dpor);
    sim_free(bench.sim);
    return search;
}

static inline void print_program(uint64_t seed, const struct program *program)
{
    static const char *const names[] = {
        "read",       "write",  "add",        "load",        "lock",     "unlock", "try",
        "wait",       "signal", "broadcast",  "skip_if_odd", "yield",    "number", "sleep",
        "timed_wait", "now",    "timed_lock", "timed_join",  "look_join"};

    print_message("program %llu%s\n", (unsigned long long)seed,
                  program->joins ? "" : ", main does not wait");
    for (int i = 0; i < program->threads; i++) {
        print_message("  thread %d:", i + 2);
        for (int k = 0; k < program->counts[i]; k++)
            print_message(" %s(%d)", names[program->ops[i][k].kind], program->ops[i][k].object);
        print_message("\n");
    }
}

static inline bool same(const struct set *a, const struct set *b)
{
    return a->count == b->count &&
           (a->count == 0 || memcmp(a->at, b->at, a->count * sizeof(*a->at)) == 0);
}

#endif
