/* Optimal DPOR where loops and threads meet: random programs of tasks that have work done by the
 * threads of a pool.  It sees every outcome that depth-first search sees, in no more executions;
 * and where tasks keep their order, it runs each trace that sleep sets find once, with late time
 * giving up none. */
#include "tests/test.h"

#include <string.h>

#include "tests/dpor_trace.h"
#include "tests/dpor_wide.h"

#include "sim/base/prng.h"
#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"
#include "sim/sim.h"

enum { PROGRAMS = FIBER_ASAN ? 40 : 600, TOO_MANY = 1500 };
enum { TASKS = 2, JOBS = 3, OPS = 3, VARIABLES = 2 };

enum kind {
    READ,
    WRITE,
    ADD,
    LOCK,
    CALL, /* a call on the loop, from a thread */
    YIELD,
    SLEEP,
    OFFLOAD, /* of a task: wait for a thread that does the job */
    SUBMIT,  /* of a task: the same, waiting only at its end */
    KINDS,
    BLOCK = KINDS, /* to sleep as a thread does: the loop of a task waits, too */
    HOLD           /* the same, with the mutex held */
};

struct op {
    uint8_t kind;
    uint8_t object;
};

/* Tasks first, then the jobs that they can have done. */
struct program {
    struct op ops[TASKS + JOBS][OPS];
    int counts[TASKS + JOBS];
    enum sim_level level;
    enum sim_time time;
};

struct world {
    const struct program *program;
    int64_t seen[TASKS + JOBS + 1]; /* the last: by calls on the loop */
    int64_t values[VARIABLES];
    struct sim_var *variables[VARIABLES];
    struct sim_atomic *atomic;
    struct sim_mutex *mutex;
    struct sim_executor *pool;
    struct sim_loop *loop;
};

struct actor {
    struct world *world;
    int number;
};

static struct program random_program(uint64_t seed)
{
    struct prng prng;
    struct program program = {0};

    prng_seed(&prng, seed);
    program.level = prng_below(&prng, 2) == 0 ? SIM_LEVEL_FIFO : SIM_LEVEL_ANY;
    for (int i = 0; i < TASKS + JOBS; i++) {
        program.counts[i] = (int)prng_below(&prng, OPS + 1);
        for (int k = 0; k < program.counts[i]; k++)
            program.ops[i][k] =
                (struct op){(uint8_t)prng_below(&prng, i < TASKS ? KINDS : YIELD + 1),
                            (uint8_t)prng_below(&prng, JOBS)};
    }
    /* Something must be done by a thread. */
    program.counts[0] = program.counts[0] == 0 ? 1 : program.counts[0];
    program.ops[0][0].kind = prng_below(&prng, 2) == 0 ? OFFLOAD : SUBMIT;
    return program;
}

/* The same, but who slept or took the mutex may keep its loop, or another that does, waiting. */
static struct program blocking_program(uint64_t seed)
{
    struct program program = random_program(seed);

    for (int i = 0; i < TASKS + JOBS; i++) {
        for (int k = 0; k < program.counts[i]; k++) {
            struct op *op = &program.ops[i][k];

            if (op->kind == SLEEP || (i >= TASKS && op->kind == YIELD))
                op->kind = BLOCK;
            else if (op->kind == LOCK && op->object > 0)
                op->kind = HOLD;
        }
    }
    return program;
}

/* Either of them, where deadlines pass as they may. */
static struct program clock_program(uint64_t seed)
{
    struct program program = seed % 2 == 0 ? random_program(seed) : blocking_program(seed);

    if (seed % 3 == 0)
        program.level = SIM_LEVEL_TIMING;
    program.time = seed % 3 == 0 && seed % 4 < 2 ? SIM_TIME_LATE : SIM_TIME_EXPLORED;
    return program;
}

static void saw(struct world *world, int who, int64_t what)
{
    world->seen[who] = (int64_t)((uint64_t)world->seen[who] * 1000003 + (uint64_t)what + 1);
}

static void called(struct sim *sim, void *arg)
{
    struct world *world = arg;

    (void)sim;
    saw(world, TASKS + JOBS, sim_read(world->variables[0]));
}

/* What tasks and threads do alike. */
static void act(struct sim *sim, struct actor *self, struct op op)
{
    struct world *world = self->world;
    struct sim_var *variable = world->variables[op.object % VARIABLES];

    switch (op.kind) {
    case READ:
        saw(world, self->number, sim_read(variable));
        break;
    case WRITE:
        sim_write(variable, self->number + 10);
        break;
    case ADD:
        saw(world, self->number, sim_atomic_fetch_add(world->atomic, 1));
        break;
    case LOCK:
        sim_mutex_lock(world->mutex);
        saw(world, self->number, sim_read(world->variables[0]));
        (void)!sim_mutex_unlock(world->mutex);
        break;
    case CALL:
        (void)sim_call_soon_threadsafe(world->loop, called, world);
        break;
    case BLOCK:
        sim_thread_sleep(sim, (1 + op.object) * SIM_MS);
        saw(world, self->number, sim_read(world->variables[1]));
        break;
    case HOLD:
        sim_mutex_lock(world->mutex);
        sim_thread_sleep(sim, SIM_MS);
        (void)!sim_mutex_unlock(world->mutex);
        break;
    default:
        if (self->number >= TASKS)
            sim_thread_yield(sim);
        break;
    }
}

static enum sim_status job(struct sim *sim, void *arg)
{
    struct actor *self = arg;
    const struct program *program = self->world->program;

    for (int i = 0; i < program->counts[self->number]; i++)
        act(sim, self, program->ops[self->number][i]);
    return SIM_OK;
}

static enum sim_status task(struct sim *sim, void *arg)
{
    struct actor *self = arg;
    struct world *world = self->world;
    struct actor jobs[OPS];
    struct sim_future *waiting[OPS];
    int64_t count = 0;

    for (int i = 0; i < world->program->counts[self->number]; i++) {
        struct op op = world->program->ops[self->number][i];

        jobs[i] = (struct actor){world, TASKS + op.object};
        if (op.kind == OFFLOAD)
            SIM_TRY(sim_await(sim_run_in_executor(sim, world->pool, job, &jobs[i]), NULL));
        else if (op.kind == SUBMIT)
            waiting[count++] = sim_run_in_executor(sim, world->pool, job, &jobs[i]);
        else if (op.kind == YIELD || op.kind == SLEEP)
            SIM_TRY(sim_sleep(sim, op.kind == SLEEP ? SIM_MS : 0));
        else
            act(sim, self, op);
    }
    for (int64_t i = 0; i < count; i++)
        SIM_TRY(sim_await(waiting[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct world *world = arg;
    struct actor actors[TASKS];
    struct sim_task *tasks[TASKS];

    for (int i = 0; i < VARIABLES; i++)
        world->variables[i] = sim_var_new(sim, NULL, 0);
    world->atomic = sim_atomic_new(sim, NULL, 0);
    world->mutex = sim_mutex_new(sim, NULL);
    world->pool = sim_thread_pool_new(sim, "pool", 2);
    world->loop = sim_running_loop(sim);
    for (int i = 0; i < TASKS; i++) {
        actors[i] = (struct actor){world, i};
        tasks[i] = sim_task_new(sim, NULL, task, &actors[i]);
    }
    for (int i = 0; i < TASKS; i++)
        SIM_TRY(sim_await(sim_task_future(tasks[i]), NULL));
    sim_executor_shutdown(world->pool);
    return SIM_OK;
}

static uint64_t run_once(struct sim *sim, struct world *world, enum sim_outcome *outcome)
{
    uint64_t hash = 0;

    memset(world->seen, 0, sizeof(world->seen));
    *outcome = sim_run_async(sim, run, world);
    if (*outcome == SIM_OUTCOME_DIVERGED)
        return 0;
    for (int i = 0; i <= TASKS + JOBS; i++)
        hash = (hash ^ (uint64_t)world->seen[i]) * UINT64_C(1099511628211);
    for (int i = 0; i < VARIABLES; i++)
        hash = (hash ^ (uint64_t)sim_var_peek(world->variables[i])) * UINT64_C(1099511628211);
    return hash * 31 + (uint64_t)*outcome;
}

struct outcomes {
    uint64_t at[2 * TOO_MANY + 2];
    size_t count;
};

static void add(struct outcomes *outcomes, uint64_t outcome)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->at[i] == outcome)
            return;
    outcomes->at[outcomes->count++] = outcome;
}

static struct sim *searching_sim(const struct program *program)
{
    struct sim *sim = sim_new(&(struct sim_config){.level = program->level, .time = program->time});

    assert_non_null(sim);
    return sim;
}

static uint64_t search_all(struct world *world, struct outcomes *outcomes)
{
    struct sim *sim = searching_sim(world->program);
    struct policy_dfs dfs;
    uint64_t executions = 0;

    policy_dfs_init(&dfs, -1);
    sim_set_policy(sim, &dfs.policy);
    do {
        enum sim_outcome outcome;

        add(outcomes, run_once(sim, world, &outcome));
    } while (++executions <= TOO_MANY && policy_dfs_next(&dfs));
    assert_false(dfs.nondeterministic);
    policy_dfs_free(&dfs);
    sim_free(sim);
    return executions;
}

/* What a search by dpor has met. */
struct reduced {
    struct outcomes outcomes;
    struct outcomes traces;
    uint64_t executions;
    uint64_t given_up;
    bool nondeterministic;
};

/* By the policy, which asks dpor. */
static void search_reduced(struct world *world, struct dpor *dpor, struct policy *policy,
                           struct reduced *found)
{
    struct sim *sim = searching_sim(world->program);
    bool more = true;

    found->outcomes.count = 0;
    found->traces.count = 0;
    found->executions = 0;
    sim_set_policy(sim, policy);
    assert_true(sim_add_sink(sim, dpor_sink(dpor)));
    while (more && found->executions <= TOO_MANY) {
        enum sim_outcome outcome;
        uint64_t hash = run_once(sim, world, &outcome);

        if (outcome != SIM_OUTCOME_DIVERGED) {
            found->executions++;
            add(&found->outcomes, hash);
            add(&found->traces, dpor_trace(dpor));
        }
        more = dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED);
    }
    struct dpor_statistics statistics = dpor_statistics(dpor);

    found->given_up = statistics.asleep + statistics.infeasible + statistics.listed;
    found->nondeterministic = statistics.nondeterministic;
    dpor_free(dpor);
    sim_free(sim);
}

/* Does the search run each trace that sleep sets alone find, and once?  Where time is late, it
 * gives up none. */
static bool is_exact(struct world *world, const struct reduced *found)
{
    static struct reduced all;
    struct dpor_wide wide;

    dpor_wide_init(&wide, dpor_new());
    search_reduced(world, wide.dpor, &wide.policy, &all);
    return found->traces.count == all.traces.count && found->executions == found->traces.count &&
           (found->given_up == 0 || world->program->time != SIM_TIME_LATE);
}

static void print_program(uint64_t seed, const struct program *program)
{
    static const char *const names[] = {"read",  "write",   "add",    "lock",  "call", "yield",
                                        "sleep", "offload", "submit", "block", "hold"};

    print_message("program %llu, level %d, time %d\n", (unsigned long long)seed,
                  (int)program->level, (int)program->time);
    for (int i = 0; i < TASKS + JOBS; i++) {
        print_message("  %s %d:", i < TASKS ? "task" : "job", i < TASKS ? i : i - TASKS);
        for (int k = 0; k < program->counts[i]; k++)
            print_message(" %s(%d)", names[program->ops[i][k].kind], program->ops[i][k].object);
        print_message("\n");
    }
}

struct sums {
    uint64_t all;
    uint64_t reduced;
    uint64_t given_up;
};

/* Returns false if something is wrong; true also of a program that is too large. */
static bool compare(uint64_t seed, const struct program *program, struct sums *sums, int *compared)
{
    static struct outcomes all;
    static struct reduced found;
    struct world world = {.program = program};
    struct dpor *dpor = dpor_new();

    all.count = 0;
    uint64_t executions = search_all(&world, &all);
    size_t of_all = all.count;

    if (executions > TOO_MANY) {
        dpor_free(dpor);
        return true;
    }
    search_reduced(&world, dpor, dpor_policy(dpor), &found);
    /* Whatever it sees is there, and as much as there is. */
    for (size_t i = 0; i < found.outcomes.count; i++)
        add(&all, found.outcomes.at[i]);
    (*compared)++;
    sums->all += executions;
    sums->reduced += found.executions;
    sums->given_up += found.given_up;
    if (all.count == of_all && found.outcomes.count == of_all && found.executions <= executions &&
        !found.nondeterministic && (program->level == SIM_LEVEL_ANY || is_exact(&world, &found)))
        return true;
    print_program(seed, program);
    print_message(
        "  all: %llu executions, %zu outcomes; reduced: %llu of %zu traces, %zu; given up "
        "%llu\n",
        (unsigned long long)executions, of_all, (unsigned long long)found.executions,
        found.traces.count, found.outcomes.count, (unsigned long long)found.given_up);
    return false;
}

static void see_every_outcome(struct program (*make)(uint64_t seed), uint64_t times)
{
    struct sums sums = {0};
    int compared = 0;
    int failed = 0;

    for (uint64_t seed = 0; compared < PROGRAMS; seed++) {
        struct program program = make(seed);

        failed += !compare(seed, &program, &sums, &compared);
    }
    print_message("          %llu executions, %llu by depth first; %llu given up\n",
                  (unsigned long long)sums.reduced, (unsigned long long)sums.all,
                  (unsigned long long)sums.given_up);
    assert_int_equal(failed, 0);
    /* Said of all of them together; a few alone may save less. */
    assert_true(FIBER_ASAN || times * sums.reduced < sums.all);
}

static void every_outcome_is_seen(void **state)
{
    (void)state;
    see_every_outcome(random_program, 8);
}

static void every_outcome_of_blocked_loops_is_seen(void **state)
{
    (void)state;
    see_every_outcome(blocking_program, 2);
}

static void every_outcome_of_deadlines_is_seen(void **state)
{
    (void)state;
    see_every_outcome(clock_program, 10);
}

/* In which plans were once not feasible, or did something too early. */
static void what_was_once_missed_is_seen(void **state)
{
    const struct program programs[] = {random_program(7001811), clock_program(189),
                                       clock_program(501069), clock_program(502187),
                                       clock_program(504057)};
    struct sums sums = {0};
    int compared = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        assert_true(compare(i, &programs[i], &sums, &compared));
    assert_int_equal(compared, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_outcome_is_seen),
                                       cmocka_unit_test(every_outcome_of_blocked_loops_is_seen),
                                       cmocka_unit_test(every_outcome_of_deadlines_is_seen),
                                       cmocka_unit_test(what_was_once_missed_is_seen)};

    return cmocka_run_group_tests_name("dpor mixed", tests, NULL, NULL);
}
