/* A search that goes on from snapshots runs the same executions, in the same order, and finds the
 * same as one that begins every execution at the beginning. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "tests/meetings.h"
#include "tests/random_threads.h"

/* Under the sanitizers there are no snapshots: all is compared with itself. */
enum {
    SEEDS = FIBER_ASAN ? 10 : 300,
    FEW = FIBER_ASAN ? 40 : 200,
    MANY = FIBER_ASAN ? 1000 : 2000
};

/* How often a body has begun: the one thing that differs.  Nothing of a run depends on it, so that
 * it breaks no promise. */
static uint64_t begun;

/* ---- Searches, with snapshots and without. ---- */

/* What each execution was, in order, as one number. */
struct log {
    uint64_t digest;
    uint64_t count;
};

static void put(struct log *log, uint64_t word)
{
    uint64_t state = log->digest ^ word;

    log->digest = prng_splitmix(&state);
}

static void note(void *arg, const struct schedule *schedule, uint64_t kinds)
{
    struct log *log = arg;

    for (size_t i = 0; i < schedule->count; i++)
        put(log, schedule->choices[i]);
    put(log, schedule->count);
    put(log, kinds);
    log->count++;
}

struct outcome {
    struct log log;
    struct explore_report report;
    uint64_t begun;
};

static void search(struct explore_request request, bool contained, struct outcome *outcome)
{
    struct sim_scenario scenario = *request.run.scenario;
    char error[256];

    *outcome = (struct outcome){.begun = begun};
    scenario.contained = contained;
    request.run.scenario = &scenario;
    request.each = note;
    request.each_arg = &outcome->log;
    if (!explore(&request, &outcome->report, error, sizeof(error)))
        fail_msg("%s: %s", scenario.name, error);
    outcome->begun = begun - outcome->begun;
}

static void assert_same_schedule(const struct schedule *a, const struct schedule *b)
{
    assert_int_equal(a->count, b->count);
    if (a->count > 0)
        assert_memory_equal(a->choices, b->choices, a->count * sizeof(a->choices[0]));
}

static void assert_same(const struct outcome *a, const struct outcome *b)
{
    assert_int_equal(a->log.count, b->log.count);
    assert_int_equal(a->log.digest, b->log.digest);
    assert_int_equal(a->report.executions, b->report.executions);
    assert_int_equal(a->report.cut_by_steps, b->report.cut_by_steps);
    assert_int_equal(a->report.cut_by_memory, b->report.cut_by_memory);
    assert_int_equal(a->report.found, b->report.found);
    assert_int_equal(a->report.given_up, b->report.given_up);
    assert_int_equal(a->report.verdict, b->report.verdict);
    assert_int_equal(a->report.worst, b->report.worst);
    assert_int_equal(a->report.sampled.runs, b->report.sampled.runs);
    assert_int_equal(a->report.sampled.held, b->report.sampled.held);
    assert_string_equal(a->report.why, b->report.why);
    for (int i = 0; i < SIM_FINDING_COUNT; i++) {
        assert_int_equal(a->report.kinds[i].executions, b->report.kinds[i].executions);
        assert_int_equal(a->report.kinds[i].first, b->report.kinds[i].first);
        assert_same_schedule(&a->report.kinds[i].schedule, &b->report.kinds[i].schedule);
    }
}

/* How many bodies began, of how many executions. */
struct saved {
    uint64_t begun;
    uint64_t executions;
};

static void compare(const struct explore_request *request, struct saved *saved)
{
    struct outcome with;
    struct outcome without;

    search(*request, true, &with);
    search(*request, false, &without);
    assert_same(&with, &without);
    saved->begun += with.begun;
    saved->executions += without.begun;
    explore_report_free(&with.report);
    explore_report_free(&without.report);
}

static struct explore_request request_of(const struct sim_scenario *scenario,
                                         enum explore_policy policy, uint64_t executions)
{
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = executions,
                                      .keep_going = true};

    run_request_init(&request.run, scenario);
    return request;
}

static const enum explore_policy policies[] = {
    EXPLORE_DFS, EXPLORE_PB, EXPLORE_DB, EXPLORE_RANDOM, EXPLORE_AUTO, EXPLORE_POS, EXPLORE_DPOR};

enum { POLICIES = sizeof(policies) / sizeof(policies[0]), WITH_SNAPSHOTS = 5 };

/* Snapshots are taken, where there can be some. */
static void assert_saved(const struct saved *saved)
{
    assert_true(saved->executions > 0);
    assert_true(FIBER_ASAN ? saved->begun == saved->executions
                           : saved->begun < saved->executions / 2);
}

/* ---- Random programs. ---- */

/* params: seed, kinds of operations. */
static enum sim_status random_main(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct program program = random_program((uint64_t)params[0], (int)params[1]);
    struct ending ending;
    struct world world = {.program = &program, .ending = &ending};

    begun++;
    SIM_TRY(run_program(sim, &world));
    (void)sim_check(sim, sim_var_peek(world.variables[0]) != 11, "not eleven");
    return SIM_OK;
}

static const struct sim_scenario programs = {
    .name = "programs",
    .main = random_main,
    .params = {{"seed", 0, 0, INT32_MAX, ""}, {"kinds", OP_KINDS, 1, OP_ALL_KINDS, ""}}};

static enum sim_status random_meeting(struct sim *sim, void *arg)
{
    begun++;
    return meeting_main(sim, arg);
}

static const struct sim_scenario meetings = {
    .name = "meetings", .main = random_meeting, .params = {{"seed", 0, 0, INT32_MAX, ""}}};

static void random_programs_are_searched_alike(void **state)
{
    static const int64_t kinds[] = {OP_LOAD, OP_TRY, OP_WAIT, OP_NUMBER + 1, OP_ALL_KINDS};
    struct saved saved[POLICIES] = {{0}};

    (void)state;
    for (int64_t seed = 0; seed < SEEDS; seed++)
        for (int i = 0; i < POLICIES; i++) {
            struct explore_request request =
                request_of(seed % 3 == 2 ? &meetings : &programs, policies[i], FEW);

            request.run.params[0] = seed;
            if (seed % 3 != 2)
                request.run.params[1] = kinds[seed % 5];
            request.run.seed = (uint64_t)seed;
            request.run.max_steps = seed % 7 == 0 ? 30 : 2000;
            if (seed % 4 == 1)
                request.max_preemptions = request.max_delays = (int)(seed / 4 % 3);
            compare(&request, &saved[i]);
        }
    for (int i = 0; i < WITH_SNAPSHOTS; i++)
        assert_true(FIBER_ASAN || saved[i].begun < saved[i].executions * 3 / 4);
}

/* ---- Scenarios. ---- */

static void contained_scenarios_are_searched_alike(void **state)
{
    uint32_t contained = 0;

    (void)state;
    for (size_t s = 0; scenarios[s] != NULL; s++) {
        struct saved saved = {0};

        if (!scenarios[s]->contained)
            continue;
        contained++;
        assert_false(scenarios[s]->async);
        for (int i = 0; i < POLICIES; i++) {
            struct explore_request request = request_of(scenarios[s], policies[i], FEW);

            request.run.time = SIM_TIME_LATE;
            compare(&request, &saved);
        }
    }
    assert_true(contained > 40);
}

/* By dpor an execution goes on from the known answers of the last: near their end, as a rule. */
static enum sim_status counted_readers(struct sim *sim, void *arg)
{
    begun++;
    return readers.main(sim, arg);
}

static enum sim_status counted_buffer(struct sim *sim, void *arg)
{
    begun++;
    return circular_buffer.main(sim, arg);
}

static void dpor_goes_on_from_snapshots(void **state)
{
    static const struct sim_scenario searched[] = {
        {.name = "readers", .main = counted_readers, .params = {{"n", 9, 1, 9, ""}}},
        {.name = "circular_buffer",
         .main = counted_buffer,
         .params = {{"n", 5, 1, 9, ""}, {"size", 2, 1, 9, ""}}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(searched) / sizeof(searched[0]); i++) {
        struct explore_request request = request_of(&searched[i], EXPLORE_DPOR, 0);
        struct saved saved = {0};

        compare(&request, &saved);
        assert_saved(&saved);
        assert_true(FIBER_ASAN || saved.begun < saved.executions / 10);
    }
}

/* ---- What is not so simple. ---- */

static enum sim_status add_often(struct sim *sim, void *arg)
{
    (void)sim;
    for (int i = 0; i < 200; i++)
        sim_write((struct sim_var *)arg, sim_read((struct sim_var *)arg) + 1);
    return SIM_OK;
}

static enum sim_status add_to_large(struct sim *sim, void *arg)
{
    struct sim_var *sum = arg;
    int64_t before = sim_read(sum);
    int64_t *many = sim_alloc(sim, 100000 * sizeof(*many));

    many[99999] = before;
    sim_write(sum, sim_read(sum) + 1);
    sim_write(sum, many[99999] + 1);
    return SIM_OK;
}

static int64_t deep(struct sim_var *var, int64_t depth)
{
    volatile char room[512];

    room[0] = (char)depth;
    return depth == 0 ? room[0] : deep(var, depth - 1) + room[0];
}

/* Whoever reads a value of another goes deep, and some go too deep. */
static enum sim_status add_deep(struct sim *sim, void *arg)
{
    struct sim_var *sum = arg;

    (void)sim;
    for (int i = 0; i < 2; i++) {
        int64_t before = sim_read(sum);

        if (before != 0 && before != i)
            (void)deep(sum, before == 1 ? 20 : 1000);
        sim_write(sum, before + 1);
    }
    return SIM_OK;
}

static enum sim_status add_one(struct sim *sim, void *arg)
{
    (void)sim;
    sim_write((struct sim_var *)arg, sim_read((struct sim_var *)arg) + 1);
    return SIM_OK;
}

/* Threads end, and others begin on their stacks; who waits for them would do so for an hour. */
static enum sim_status add_by_others(struct sim *sim, void *arg)
{
    struct sim_thread *one = sim_thread_new(sim, "one", add_one, arg);

    SIM_TRY(sim_thread_join(one, NULL));
    one = sim_thread_new(sim, "another", add_one, arg);
    return sim_thread_timedjoin(one, 3600 * SIM_SECOND, NULL);
}

static enum sim_status add_a_number(struct sim *sim, void *arg)
{
    struct sim_var *sum = arg;

    sim_write(sum, sim_read(sum) + sim_choose_number(sim, 3));
    sim_write(sum, sim_read(sum) + sim_choose_number(sim, 2));
    return SIM_OK;
}

/* params: which of them two threads do. */
static enum sim_status two_main(struct sim *sim, void *arg)
{
    static const sim_body_fn bodies[] = {add_often, add_to_large, add_deep, add_by_others,
                                         add_a_number};
    sim_body_fn body = bodies[((const int64_t *)arg)[0]];
    struct sim_var *sum = sim_var_new(sim, "sum", 0);

    begun++;
    struct sim_thread *a = sim_thread_new(sim, "a", body, sum);
    struct sim_thread *b = sim_thread_new(sim, "b", body, sum);

    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static const struct sim_scenario two_threads = {
    .name = "two_threads", .main = two_main, .params = {{"body", 0, 0, 4, ""}}};

static void compare_two(int64_t body)
{
    for (int i = 0; i < WITH_SNAPSHOTS; i++) {
        struct explore_request request =
            request_of(&two_threads, policies[i], FIBER_ASAN ? FEW : MANY);
        struct saved saved = {0};

        request.run.params[0] = body;
        compare(&request, &saved);
        assert_saved(&saved);
    }
}

/* More choices than there are snapshots. */
static void long_executions_are_searched_alike(void **state)
{
    (void)state;
    compare_two(0);
}

static void executions_with_much_memory_are_searched_alike(void **state)
{
    (void)state;
    compare_two(1);
}

static void executions_that_overrun_their_stack_are_searched_alike(void **state)
{
    (void)state;
    if (FIBER_ASAN)
        skip(); /* there an overrun ends the process */
    for (int i = 0; i < WITH_SNAPSHOTS; i++) {
        struct explore_request request = request_of(&two_threads, policies[i], MANY);
        struct saved saved = {0};

        request.run.params[0] = 2;
        compare(&request, &saved);
    }
}

static void stacks_and_timers_are_put_back(void **state)
{
    (void)state;
    compare_two(3);
    compare_two(4);
}

/* ---- A promise that is not kept. ---- */

static int64_t outside; /* of the simulation */

static enum sim_status add_outside(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    (void)sim;
    for (int i = 0; i < 3; i++) {
        int64_t seen = sim_read(var);

        outside++;
        sim_write(var, seen + outside % 5);
    }
    return SIM_OK;
}

static enum sim_status outside_main(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "sum", 0);

    (void)arg;
    outside = 0;
    struct sim_thread *a = sim_thread_new(sim, "a", add_outside, var);
    struct sim_thread *b = sim_thread_new(sim, "b", add_outside, var);

    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

/* Run from its beginning it repeats itself, for that is where the variable is set. */
static void who_breaks_the_promise_is_told(void **state)
{
    static const enum explore_policy searched[] = {EXPLORE_DFS, EXPLORE_RANDOM, EXPLORE_DPOR};
    struct sim_scenario scenario = {.name = "outside", .main = outside_main};

    (void)state;
    if (FIBER_ASAN)
        skip(); /* there are no snapshots */
    for (size_t i = 0; i < sizeof(searched) / sizeof(searched[0]); i++)
        for (int contained = 0; contained < 2; contained++) {
            struct explore_request request = request_of(&scenario, searched[i], MANY);
            struct outcome outcome;

            search(request, contained != 0, &outcome);
            if (contained == 0) {
                assert_int_not_equal(outcome.report.verdict, EXPLORE_NONDETERMINISTIC);
                assert_null(strstr(outcome.report.why, "contained"));
            } else {
                assert_int_equal(outcome.report.verdict, EXPLORE_NONDETERMINISTIC);
                assert_non_null(strstr(outcome.report.why, "from its beginning"));
            }
            explore_report_free(&outcome.report);
        }
}

/* ---- A search in two pieces, or parts. ---- */

static enum explore_wish stop_after_some(void *arg, const struct explore_progress *progress)
{
    return progress->executions >= *(const uint64_t *)arg ? EXPLORE_STOP : EXPLORE_GO_ON;
}

static void a_search_goes_on_from_a_checkpoint(void **state)
{
    char path[] = "snapshot_XXXXXX";
    uint64_t after = 333;
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(close(file), 0);
    for (int i = 0; i < WITH_SNAPSHOTS; i++) {
        struct explore_request request = request_of(&two_threads, policies[i], MANY);
        struct outcome whole;
        struct outcome first;
        struct outcome second;

        request.run.params[0] = 3;
        search(request, false, &whole);
        assert_int_equal(unlink(path), 0);
        request.checkpoint = path;
        request.watch = stop_after_some;
        request.watch_arg = &after;
        search(request, true, &first);
        assert_true(first.report.interrupted);
        explore_report_free(&first.report);
        request.watch = NULL;
        search(request, true, &second);
        assert_int_equal(second.report.resumed, first.log.count);
        /* What was noted is of the rest alone. */
        assert_int_equal(first.log.count + second.log.count, whole.log.count);
        second.log = whole.log;
        assert_same(&second, &whole);
        explore_report_free(&second.report);
        explore_report_free(&whole.report);
    }
    assert_int_equal(unlink(path), 0);
}

static void parts_are_searched_alike(void **state)
{
    (void)state;
    for (int i = 0; i < WITH_SNAPSHOTS; i++)
        for (uint32_t part = 0; part < 3; part++) {
            struct explore_request request = request_of(&two_threads, policies[i], MANY);
            struct saved saved = {0};

            request.run.params[0] = 3;
            request.shard_count = 3;
            request.shard_index = part;
            compare(&request, &saved);
            assert_saved(&saved);
        }
}

static void executions_that_are_compared_begin_at_the_beginning(void **state)
{
    struct explore_request request = request_of(&two_threads, EXPLORE_DFS, FEW);
    struct saved saved = {0};

    (void)state;
    request.run.params[0] = 3;
    request.twice = true;
    compare(&request, &saved);
    assert_int_equal(saved.begun, saved.executions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_are_searched_alike),
        cmocka_unit_test(contained_scenarios_are_searched_alike),
        cmocka_unit_test(dpor_goes_on_from_snapshots),
        cmocka_unit_test(long_executions_are_searched_alike),
        cmocka_unit_test(executions_with_much_memory_are_searched_alike),
        cmocka_unit_test(executions_that_overrun_their_stack_are_searched_alike),
        cmocka_unit_test(stacks_and_timers_are_put_back),
        cmocka_unit_test(who_breaks_the_promise_is_told),
        cmocka_unit_test(a_search_goes_on_from_a_checkpoint),
        cmocka_unit_test(parts_are_searched_alike),
        cmocka_unit_test(executions_that_are_compared_begin_at_the_beginning)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
