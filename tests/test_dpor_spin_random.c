/* Programs at random, of threads that set things and wait for them, under optimal DPOR.  The
 * reference is plain search with fairness. */
#include "tests/test.h"

#include <stdio.h>

#include "sim/base/prng.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"
#include "tests/spin_searches.h"

enum {
    THREADS = 3,
    OPS = 3,
    VARIABLES = 2,
    RANDOM = FIBER_ASAN ? 12 : 60,
    DFS_MAX = 20000,
    STEPS = 500
};

static struct result search(const struct sim_scenario *scenario, struct explore_request request)
{
    return search_threads(scenario, request, STEPS);
}

enum what { SET, ADD, AWAIT, AWAIT_EITHER, WHAT };

struct op {
    enum what what;
    uint32_t at;
    int64_t value;
};

static struct op ops[THREADS][OPS]; /* of the program at hand */
static int threads_of_it;
static int ops_of_it;

struct random_side {
    struct sim_atomic **variables;
    const struct op *ops;
};

static bool is_done(struct sim_atomic **variables, const struct op *op)
{
    switch (op->what) {
    case SET:
        sim_atomic_store(variables[op->at], op->value);
        return true;
    case ADD:
        (void)sim_atomic_fetch_add(variables[op->at], 1);
        return true;
    case AWAIT:
        return sim_atomic_load(variables[op->at]) > op->value;
    case AWAIT_EITHER:
        return sim_atomic_load(variables[op->at]) > op->value ||
               sim_atomic_load(variables[1 - op->at]) > op->value;
    case WHAT:
    default:
        return true;
    }
}

static enum sim_status random_thread(struct sim *sim, void *arg)
{
    const struct random_side *side = arg;

    (void)sim;
    for (int i = 0; i < ops_of_it; i++)
        while (!is_done(side->variables, &side->ops[i]))
            ;
    return SIM_OK;
}

static enum sim_status random_main(struct sim *sim, void *arg)
{
    struct sim_atomic *variables[VARIABLES];
    struct sim_thread *threads[THREADS] = {NULL};
    struct random_side sides[THREADS];
    int64_t outcome = 0;

    (void)arg;
    for (int i = 0; i < VARIABLES; i++)
        variables[i] = sim_atomic_new(sim, "v", 0);
    for (int i = 0; i < threads_of_it; i++) {
        sides[i] = (struct random_side){variables, ops[i]};
        threads[i] = sim_thread_new(sim, "t", random_thread, &sides[i]);
    }
    /* So that nobody waits for ever who waits for more. */
    for (int i = 0; i < VARIABLES; i++)
        (void)sim_atomic_fetch_add(variables[i], 3);
    for (int i = 0; i < threads_of_it; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    for (int i = 0; i < VARIABLES; i++)
        outcome = 8 * outcome + sim_atomic_load(variables[i]) % 8;
    ends_as(outcome);
    return SIM_OK;
}

static void random_programs_end_as_in_every_schedule(void **state)
{
    static const struct sim_scenario scenario = {.name = "random", .main = random_main};
    struct prng prng;
    int compared = 0;

    (void)state;
    prng_seed(&prng, 1);
    for (int n = 0; n < RANDOM; n++) {
        threads_of_it = 1 + n % 2;
        ops_of_it = 4 - threads_of_it;
        for (int i = 0; i < THREADS * OPS; i++)
            ops[i / OPS][i % OPS] = (struct op){.what = (enum what)prng_below(&prng, WHAT),
                                                .at = prng_below(&prng, VARIABLES),
                                                .value = (int64_t)prng_below(&prng, 3)};
        struct explore_request request = {.policy = EXPLORE_DPOR};
        struct result dpor = search(&scenario, request);

        request = (struct explore_request){
            .policy = EXPLORE_DFS, .max_preemptions = -1, .max_executions = DFS_MAX};
        struct result dfs = search(&scenario, request);
        bool whole = dfs.report.executions < DFS_MAX;

        assert_true((dfs.outcomes & ~dpor.outcomes) == 0 && (dfs.kinds & ~dpor.kinds) == 0);
        assert_true(!whole || (dpor.outcomes == dfs.outcomes && dpor.kinds == dfs.kinds));
        compared += whole;
    }
    assert_true(compared > RANDOM / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_end_as_in_every_schedule),
    };

    return cmocka_run_group_tests_name("dpor_spin_random", tests, NULL, NULL);
}
