/* Tasks that spin, giving way after each round, under optimal DPOR.  The reference is plain search
 * with fairness: the same outcomes and the same findings. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"
#include "tests/spin_searches.h"

enum {
    TASKS = 3,
    OPS = 3,
    VARIABLES = 2,
    RANDOM = FIBER_ASAN ? 20 : 200,
    DFS_MAX = 3000,
    STEPS = 400,       /* of a program at random */
    KNOWN_STEPS = 2500 /* enough to see that nobody gets on */
};

static struct result search(const struct sim_scenario *scenario, enum explore_policy policy,
                            uint32_t steps)
{
    struct explore_request request = {
        .policy = policy, .max_preemptions = -1, .max_executions = DFS_MAX};

    return search_all(scenario, request, SIM_LEVEL_ANY, steps);
}

/* ---- Programs that are known. ---- */

struct shared {
    struct sim_var *a;
    struct sim_var *b;
    struct sim_flag *flag;
};

static struct shared shared_new(struct sim *sim)
{
    return (struct shared){.a = sim_var_new(sim, "a", 0),
                           .b = sim_var_new(sim, "b", 0),
                           .flag = sim_event_new(sim, "flag")};
}

static enum sim_status wait_for_a(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    while (sim_read(shared->a) == 0)
        SIM_TRY(sim_sleep(sim, 0));
    sim_write(shared->b, 2 * sim_read(shared->b) + 1);
    return SIM_OK;
}

static enum sim_status wait_for_flag(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    while (!sim_event_is_set(shared->flag))
        SIM_TRY(sim_sleep(sim, 0));
    sim_write(shared->a, 1);
    sim_write(shared->b, 2 * sim_read(shared->b));
    return SIM_OK;
}

static enum sim_status set_flag(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    (void)sim;
    sim_event_set(shared->flag);
    sim_write(shared->b, sim_read(shared->b) + 3);
    return SIM_OK;
}

static enum sim_status run_all(struct sim *sim, struct shared *shared, const sim_body_fn *bodies,
                               int count)
{
    struct sim_task *tasks[TASKS];

    for (int i = 0; i < count; i++)
        tasks[i] = sim_task_new(sim, NULL, bodies[i], shared);
    for (int i = 0; i < count; i++)
        SIM_TRY(sim_await(sim_task_future(tasks[i]), NULL));
    ends_as(sim_var_peek(shared->b));
    return SIM_OK;
}

/* Each waits for the one after it. */
static enum sim_status chain_main(struct sim *sim, void *arg)
{
    static const sim_body_fn bodies[] = {wait_for_a, wait_for_flag, set_flag};
    struct shared shared = shared_new(sim);

    (void)arg;
    return run_all(sim, &shared, bodies, 3);
}

/* And nobody begins. */
static enum sim_status livelock_main(struct sim *sim, void *arg)
{
    static const sim_body_fn bodies[] = {wait_for_a, wait_for_flag};
    struct shared shared = shared_new(sim);

    (void)arg;
    return run_all(sim, &shared, bodies, 2);
}

/* Who spins is cancelled, or has been through before. */
static enum sim_status cancel_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);
    struct sim_task *spinner = sim_task_new(sim, NULL, wait_for_a, &shared);
    struct sim_task *setter = sim_task_new(sim, NULL, set_flag, &shared);

    (void)arg;
    SIM_TRY(sim_await(sim_task_future(setter), NULL));
    (void)sim_cancel(spinner, NULL);
    sim_write(shared.a, 1);
    enum sim_status status = sim_await(sim_task_future(spinner), NULL);

    ends_as(8 * (status == SIM_OK) + sim_var_peek(shared.b));
    return SIM_OK;
}

static enum sim_status done_main(struct sim *sim, void *arg)
{
    struct shared shared = shared_new(sim);
    struct sim_task *setter = sim_task_new(sim, NULL, set_flag, &shared);
    struct sim_task *waiter = sim_task_new(sim, NULL, wait_for_flag, &shared);

    (void)arg;
    while (!sim_done(setter) || !sim_done(waiter))
        SIM_TRY(sim_sleep(sim, 0));
    ends_as(sim_var_peek(shared.b));
    return SIM_OK;
}

/* A task that does not give way is a thread to the others. */
static enum sim_status store(struct sim *sim, void *arg)
{
    struct sim_atomic *atomic = arg;

    (void)sim;
    sim_atomic_store(atomic, 1);
    return SIM_OK;
}

static enum sim_status busy_main(struct sim *sim, void *arg)
{
    struct sim_atomic *atomic = sim_atomic_new(sim, "atomic", 0);
    struct sim_executor *pool = sim_thread_pool_new(sim, "pool", 1);
    struct sim_future *job = sim_run_in_executor(sim, pool, store, atomic);
    int64_t first = sim_atomic_load(atomic);

    (void)arg;
    while (sim_atomic_load(atomic) == 0)
        ;
    SIM_TRY(sim_await(job, NULL));
    sim_executor_shutdown(pool);
    ends_as(first);
    return SIM_OK;
}

static void outcomes_are_those_of_every_schedule(void **state)
{
    static const struct sim_scenario programs[] = {
        {.name = "chain", .main = chain_main, .async = true},
        {.name = "livelock", .main = livelock_main, .async = true},
        {.name = "cancel", .main = cancel_main, .async = true},
        {.name = "done", .main = done_main, .async = true},
        {.name = "busy", .main = busy_main, .async = true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct result dfs = search(&programs[i], EXPLORE_DFS, KNOWN_STEPS);
        struct result dpor = search(&programs[i], EXPLORE_DPOR, KNOWN_STEPS);
        bool stuck = programs[i].main == livelock_main;

        print_message("          %s: %llu executions, %llu depth first\n", programs[i].name,
                      (unsigned long long)dpor.report.executions,
                      (unsigned long long)dfs.report.executions);
        assert_int_equal(dpor.outcomes, dfs.outcomes);
        assert_int_equal(dpor.kinds, dfs.kinds);
        assert_true(dpor.report.executions <= dfs.report.executions);
        assert_int_equal(limits_cut_short(&dpor.report) > 0, stuck);
        assert_int_equal((dpor.kinds >> SIM_FINDING_LIVELOCK) & 1, stuck);
        assert_true(stuck || dpor.report.verdict == EXPLORE_BOUNDED ||
                    dpor.report.verdict == EXPLORE_EXHAUSTED);
    }
}

/* ---- Programs at random. ---- */

enum what { SET, ADD, AWAIT, AWAIT_EITHER, RAISE, POLL, YIELD, CANCEL, WHAT };

struct op {
    enum what what;
    uint32_t at;
    int64_t value;
};

static struct op ops[TASKS][OPS]; /* of the program at hand */
static int tasks_of_it;
static int ops_of_it;

struct world {
    struct sim_var *variables[VARIABLES];
    struct sim_flag *flag;
    struct sim_task *tasks[TASKS];
};

struct side {
    struct world *world;
    const struct op *ops;
};

static bool is_done(struct world *world, const struct op *op)
{
    struct sim_var **variables = world->variables;

    switch (op->what) {
    case SET:
        sim_write(variables[op->at], op->value);
        return true;
    case ADD:
        sim_write(variables[op->at], sim_read(variables[op->at]) + 1);
        return true;
    case AWAIT:
        return sim_read(variables[op->at]) > op->value;
    case AWAIT_EITHER:
        return sim_read(variables[op->at]) > op->value ||
               sim_read(variables[1 - op->at]) > op->value;
    case RAISE:
        sim_event_set(world->flag);
        return true;
    case POLL:
        return sim_event_is_set(world->flag);
    case CANCEL:
        (void)sim_cancel(world->tasks[op->value % tasks_of_it], NULL);
        return true;
    case YIELD:
    case WHAT:
    default:
        return true;
    }
}

static enum sim_status random_task(struct sim *sim, void *arg)
{
    const struct side *side = arg;

    for (int i = 0; i < ops_of_it; i++) {
        while (!is_done(side->world, &side->ops[i]))
            SIM_TRY(sim_sleep(sim, 0));
        if (side->ops[i].what == YIELD)
            SIM_TRY(sim_sleep(sim, 0));
    }
    return SIM_OK;
}

static enum sim_status random_main(struct sim *sim, void *arg)
{
    struct world world = {.flag = sim_event_new(sim, "flag")};
    struct side sides[TASKS];
    int64_t outcome = 0;

    (void)arg;
    for (int i = 0; i < VARIABLES; i++)
        world.variables[i] = sim_var_new(sim, "v", 0);
    for (int i = 0; i < tasks_of_it; i++) {
        sides[i] = (struct side){&world, ops[i]};
        world.tasks[i] = sim_task_new(sim, NULL, random_task, &sides[i]);
    }
    for (int i = 0; i < tasks_of_it; i++)
        outcome = 2 * outcome + (sim_await(sim_task_future(world.tasks[i]), NULL) == SIM_OK);
    for (int i = 0; i < VARIABLES; i++)
        outcome = 4 * outcome + sim_var_peek(world.variables[i]) % 4;
    ends_as(outcome % OUTCOMES);
    return SIM_OK;
}

static void print_program(const struct result *dfs, const struct result *dpor)
{
    static const char *const names[] = {"set",   "add",  "await", "either",
                                        "raise", "poll", "yield", "cancel"};

    for (int i = 0; i < tasks_of_it; i++) {
        print_message("  task %d:", i);
        for (int k = 0; k < ops_of_it; k++)
            print_message(" %s(%u, %d)", names[ops[i][k].what], ops[i][k].at, (int)ops[i][k].value);
        print_message("\n");
    }
    print_message("  outcomes %llx, kinds %llx in %llu; reduced %llx, %llx in %llu\n",
                  (unsigned long long)dfs->outcomes, (unsigned long long)dfs->kinds,
                  (unsigned long long)dfs->report.executions, (unsigned long long)dpor->outcomes,
                  (unsigned long long)dpor->kinds, (unsigned long long)dpor->report.executions);
}

static void random_programs_end_as_in_every_schedule(void **state)
{
    static const struct sim_scenario scenario = {
        .name = "random", .main = random_main, .async = true};
    struct prng prng;
    int compared = 0;
    int held = 0;
    int failed = 0;

    (void)state;
    prng_seed(&prng, 1);
    for (int n = 0; n < RANDOM; n++) {
        tasks_of_it = 2 + n % 2;
        ops_of_it = 5 - tasks_of_it;
        for (int i = 0; i < TASKS * OPS; i++)
            ops[i / OPS][i % OPS] = (struct op){.what = (enum what)prng_below(&prng, WHAT),
                                                .at = prng_below(&prng, VARIABLES),
                                                .value = (int64_t)prng_below(&prng, 3)};
        struct result dpor = search(&scenario, EXPLORE_DPOR, STEPS);
        struct result dfs = search(&scenario, EXPLORE_DFS, STEPS);
        bool whole = dfs.report.executions < DFS_MAX && dpor.report.executions < DFS_MAX;
        bool ok = (dfs.outcomes & ~dpor.outcomes) == 0 && (dfs.kinds & ~dpor.kinds) == 0 &&
                  (!whole || (dpor.outcomes == dfs.outcomes && dpor.kinds == dfs.kinds));

        compared += whole;
        held += dpor.report.verdict == EXPLORE_BOUNDED;
        if (ok)
            continue;
        print_message("program %d\n", n);
        print_program(&dfs, &dpor);
        failed++;
    }
    print_message("          %d compared whole, %d held\n", compared, held);
    assert_int_equal(failed, 0);
    assert_true(compared > RANDOM / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outcomes_are_those_of_every_schedule),
        cmocka_unit_test(random_programs_end_as_in_every_schedule),
    };

    return cmocka_run_group_tests_name("dpor_spin_tasks", tests, NULL, NULL);
}
