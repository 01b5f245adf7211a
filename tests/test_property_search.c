/* Properties in searches of random programs: they change no run, and dpor, which is told what their
 * predicates look at, meets every way to break them that there is. */
#include "tests/test.h"

#include <string.h>

#include "tests/random_threads.h"

#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"

enum { PROGRAMS = FIBER_ASAN ? 15 : 250, TOO_MANY = 1500, PROPERTIES = 3 };

static bool sum_is_small(void *arg)
{
    const struct world *world = arg;

    return sim_read(world->variables[0]) + sim_read(world->variables[1]) < 25;
}

static bool equal_unless_held(void *arg)
{
    const struct world *world = arg;

    return sim_mutex_held(world->mutexes[0]) || sim_read(world->variables[0]) < 2;
}

static bool looks_at_one_or_both(void *arg)
{
    const struct world *world = arg;

    return sim_atomic_load(world->atomic) == 0 || sim_read(world->variables[1]) == 0;
}

static enum sim_status watch(struct sim *sim, struct world *world)
{
    SIM_TRY(sim_invariant(sim, "small", sum_is_small, world));
    SIM_TRY(sim_invariant(sim, "equal", equal_unless_held, world));
    return sim_invariant(sim, "one", looks_at_one_or_both, world);
}

/* How each property was broken: by whom, again and again, and at which values. */
struct digests {
    struct sink sink; /* first */
    uint32_t first;   /* property */
    uint64_t seen;
    uint64_t of[PROPERTIES];
};

static void digests_begin(struct sink *sink, const struct registry *registry)
{
    struct digests *digests = (struct digests *)sink;

    (void)registry;
    digests->seen = 0;
    memset(digests->of, 0, sizeof(digests->of));
}

static void digests_event(struct sink *sink, const struct sim_event *event)
{
    struct digests *digests = (struct digests *)sink;

    if (event->kind == SIM_EV_PROPERTY && event->aux == SIM_PROPERTY_SAW) {
        digests->seen = (digests->seen + event->object) * 1000003 + (uint64_t)event->value + 1;
    } else if (event->kind == SIM_EV_PROPERTY) {
        uint64_t *of = &digests->of[event->object % PROPERTIES];

        *of = (*of + event->actor + 1) * UINT64_C(1099511628211) + digests->seen;
        digests->seen = 0;
    }
}

struct seen_set {
    uint64_t at[TOO_MANY + 1];
    size_t count;
};

static void put(struct seen_set *set, uint64_t value)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->at[i] == value)
            return;
    assert_true(set->count <= TOO_MANY);
    set->at[set->count++] = value;
}

static bool same(const struct seen_set *a, const struct seen_set *b)
{
    size_t found = 0;

    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            found += a->at[i] == b->at[k];
    return a->count == b->count && found == a->count;
}

struct bench {
    struct sim *sim;
    struct digests digests;
    struct ending ending;
    struct world world;
    struct seen_set *set;
};

static void bench_init(struct bench *bench, const struct program *program, struct policy *policy,
                       struct sink *sink)
{
    bench->sim = sim_new(NULL);
    bench->digests = (struct digests){.sink = {.begin = digests_begin, .event = digests_event}};
    bench->world = (struct world){.program = program, .ending = &bench->ending, .prepare = watch};
    bench->set->count = 0;
    sim_set_policy(bench->sim, policy);
    if (sink != NULL)
        assert_true(sim_add_sink(bench->sim, sink));
    assert_true(sim_add_sink(bench->sim, &bench->digests.sink));
}

static enum sim_outcome run_once(struct bench *bench)
{
    enum sim_outcome outcome = sim_run(bench->sim, run_program, &bench->world);
    uint64_t hash = (uint64_t)outcome;

    if (outcome == SIM_OUTCOME_DIVERGED)
        return outcome;
    for (int i = 0; i < PROPERTIES; i++)
        hash = (hash ^ bench->digests.of[i]) * UINT64_C(1099511628211);
    put(bench->set, hash);
    return outcome;
}

/* Returns 0 if there is too much of it. */
static uint64_t run_all(struct bench *bench, const struct program *program)
{
    struct policy_dfs dfs;
    uint64_t count = 0;

    policy_dfs_init(&dfs, -1);
    bench_init(bench, program, &dfs.policy, NULL);
    do {
        (void)run_once(bench);
        count++;
    } while (count <= TOO_MANY && policy_dfs_next(&dfs));
    policy_dfs_free(&dfs);
    sim_free(bench->sim);
    return count > TOO_MANY ? 0 : count;
}

static uint64_t run_reduced(struct bench *bench, const struct program *program)
{
    struct dpor *dpor = dpor_new();
    enum sim_outcome outcome;
    uint64_t count = 0;

    bench_init(bench, program, dpor_policy(dpor), dpor_sink(dpor));
    do {
        outcome = run_once(bench);
        count += outcome != SIM_OUTCOME_DIVERGED;
    } while (dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED));
    assert_false(dpor_statistics(dpor).nondeterministic);
    dpor_free(dpor);
    sim_free(bench->sim);
    return count;
}

/* One that writes more than most, and does not wait. */
static struct program writing_program(uint64_t seed)
{
    struct program program = random_program(seed, OP_SKIP_IF_ODD + 1);

    for (int i = 0; i < program.threads; i++)
        for (int k = 0; k < program.counts[i]; k++) {
            uint8_t *kind = &program.ops[i][k].kind;

            *kind = *kind == OP_READ || *kind >= OP_WAIT ? OP_WRITE
                    : *kind == OP_LOAD                   ? OP_ADD
                                                         : *kind;
        }
    return program;
}

static void dpor_sees_every_way_to_break_them(void **state)
{
    (void)state;
    static struct seen_set all_set;
    static struct seen_set reduced_set;
    struct bench all = {.set = &all_set};
    struct bench reduced = {.set = &reduced_set};
    int compared = 0;
    size_t ways = 0;

    for (uint64_t seed = 0; compared < PROGRAMS; seed++) {
        struct program program = writing_program(seed);
        uint64_t executions = run_all(&all, &program);

        if (executions == 0)
            continue;
        uint64_t fewer = run_reduced(&reduced, &program);

        if (!same(&all_set, &reduced_set) || fewer > executions)
            fail_msg("program %llu: %zu ways in %llu executions, by dpor %zu in %llu",
                     (unsigned long long)seed, all_set.count, (unsigned long long)executions,
                     reduced_set.count, (unsigned long long)fewer);
        ways += all_set.count - 1;
        compared++;
    }
    assert_true(ways > (size_t)compared / 2);
}

/* The same choices, steps and end, with properties and without. */
static void properties_change_no_run(void **state)
{
    (void)state;
    static struct seen_set set;
    struct bench bench = {.set = &set};

    for (uint64_t seed = 0; seed < 300; seed++) {
        struct program program = random_program(seed, OP_KINDS);
        struct policy_dfs dfs;

        policy_dfs_init(&dfs, -1);
        bench_init(&bench, &program, &dfs.policy, NULL);
        enum sim_outcome with = run_once(&bench);
        uint32_t steps = sim_steps(bench.sim);
        size_t choices = sim_schedule(bench.sim)->count;

        sim_free(bench.sim);
        policy_dfs_free(&dfs);
        policy_dfs_init(&dfs, -1);
        bench_init(&bench, &program, &dfs.policy, NULL);
        bench.world.prepare = NULL;
        assert_int_equal(run_once(&bench), with);
        assert_int_equal(sim_steps(bench.sim), steps);
        assert_int_equal(sim_schedule(bench.sim)->count, choices);
        sim_free(bench.sim);
        policy_dfs_free(&dfs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dpor_sees_every_way_to_break_them),
        cmocka_unit_test(properties_change_no_run),
    };

    return cmocka_run_group_tests_name("property_search", tests, NULL, NULL);
}
