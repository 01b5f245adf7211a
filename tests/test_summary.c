/* A search that keeps summaries sees in every execution what one that looks at all events sees. */
#include "tests/test.h"

#include <string.h>

#include "sim/detect/detect.h"
#include "sim/detect/screen.h"
#include "sim/explore/explore.h"
#include "sim/policy/random.h"
#include "sim/trace/map.h"
#include "tests/meetings.h"
#include "tests/random_bugs.h"
#include "tests/random_threads.h"

/* The sanitizers take their time. */
enum { PROGRAMS = FIBER_ASAN ? 300 : 3000, SEARCHES = FIBER_ASAN ? 200 : 1000 };

/* ---- The program. ---- */

/* params: seed, kinds of operations. */
static enum sim_status random_main_of(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct program program = random_program((uint64_t)params[0], (int)params[1]);
    struct ending ending;
    struct world world = {.program = &program, .ending = &ending};

    SIM_TRY(run_program(sim, &world));
    (void)sim_check(sim, sim_var_peek(world.variables[0]) != 11, "not eleven");
    return SIM_OK;
}

static const struct sim_scenario programs = {
    .name = "programs",
    .main = random_main_of,
    .params = {{"seed", 0, 0, INT32_MAX, ""}, {"kinds", OP_KINDS, 1, OP_ALL_KINDS, ""}}};

/* ---- Threads that wait for each other, well or not. ---- */

static const struct sim_scenario meetings = {
    .name = "meetings", .main = meeting_main, .params = {{"seed", 0, 0, INT32_MAX, ""}}};

/* Sets of operations that a program is made of: those alone that a summary knows, and others. */
static const int64_t kinds_of_operations[] = {OP_LOAD, OP_TRY, OP_WAIT, OP_YIELD, OP_ALL_KINDS};

enum { KINDS = sizeof(kinds_of_operations) / sizeof(kinds_of_operations[0]) };

/* ---- One execution at a time. ---- */

struct both {
    struct sim *sim;
    struct detectors *detectors;
    struct summary summary;
    struct policy_random random;
    uint32_t runs;
    uint32_t decided;
    uint32_t found[SIM_FINDING_COUNT]; /* in those that were decided */
};

static void setup(struct both *both, uint64_t seed)
{
    struct sim_config config = {.max_steps = 2000};

    both->sim = sim_new(&config);
    both->detectors = detectors_new();
    assert_non_null(both->sim);
    assert_non_null(both->detectors);
    detectors_sink(both->detectors)->wordless = true;
    policy_random_init(&both->random, seed, 0);
    sim_set_policy(both->sim, &both->random.policy);
    assert_true(sim_add_sink(both->sim, detectors_sink(both->detectors)));
}

static void teardown(struct both *both)
{
    sim_free(both->sim);
    detectors_free(both->detectors);
}

/* Run an execution with a summary, and with events. */
static void compare(struct both *both, sim_body_fn main, int64_t *params, uint64_t execution)
{
    struct schedule schedule = {0};
    uint64_t kinds = 0;

    sim_set_summary(both->sim, &both->summary);
    both->random.execution = execution;
    (void)sim_run(both->sim, main, params);
    bool decided = screen_summary(&both->summary, &kinds);

    assert_true(schedule_copy(&schedule, sim_schedule(both->sim)));
    sim_set_summary(both->sim, NULL);
    both->random.execution = execution;
    (void)sim_run(both->sim, main, params);
    both->runs++;
    const struct schedule *again = sim_schedule(both->sim);

    assert_true(schedule.count <= again->count);
    assert_memory_equal(schedule.choices, again->choices, schedule.count * sizeof(uint32_t));
    if (decided) {
        assert_int_equal(schedule.count, again->count);
        assert_int_equal(kinds, detectors_kinds(both->detectors));
        both->decided++;
        for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
            both->found[kind] += (uint32_t)(kinds >> kind & 1);
    }
    schedule_free(&schedule);
}

static void test_decided_as_detected(void **state)
{
    struct both both = {0};

    (void)state;
    setup(&both, 1);
    for (int64_t seed = 0; seed < PROGRAMS; seed++) {
        int64_t params[SIM_PARAMS_MAX] = {seed, kinds_of_operations[seed % KINDS]};

        for (uint64_t execution = 0; execution < 4; execution++)
            compare(&both, random_main_of, params, execution);
        for (uint64_t execution = 0; execution < 2; execution++)
            compare(&both, random_main, params, execution);
        for (uint64_t execution = 0; execution < 8; execution++)
            compare(&both, meeting_main, params, execution);
    }
    /* Most are decided, and not only those in which nothing is found. */
    assert_in_range(both.decided, both.runs / 4, both.runs);
    assert_in_range(both.found[SIM_FINDING_DATA_RACE], both.runs / 20,
                    both.decided - both.runs / 20);
    assert_in_range(both.found[SIM_FINDING_LOST_UPDATE], both.runs / 200, both.decided);
    teardown(&both);
}

/* ---- Whole searches. ---- */

enum { EXECUTIONS = 60 };

struct log {
    uint64_t kinds[EXECUTIONS];
    uint64_t schedules[EXECUTIONS]; /* as numbers */
    size_t count;
    bool held;
};

static void note(void *arg, const struct schedule *schedule, uint64_t kinds)
{
    struct log *log = arg;
    uint64_t number = 0;

    assert_in_range(log->count, 0, EXECUTIONS - 1);
    for (size_t i = 0; i < schedule->count; i++)
        number = number * 31 + schedule->choices[i] + 1;
    log->schedules[log->count] = number;
    log->kinds[log->count++] = kinds;
}

static void search(struct explore_request *request, struct log *log, struct map *map)
{
    struct explore_report report;
    char error[256];

    log->count = 0;
    request->each_arg = log;
    request->map = map;
    assert_true(explore(request, &report, error, sizeof(error)));
    log->held = report.sampled.held;
    explore_report_free(&report);
}

/* A search that draws a map must know all events. */
static void test_searches_agree(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM, EXPLORE_POS,
                                                   EXPLORE_PB,  EXPLORE_AUTO,   EXPLORE_DPOR};
    enum { POLICIES = sizeof(policies) / sizeof(policies[0]) };
    static struct log with;
    static struct log without;

    (void)state;
    for (int64_t seed = 0; seed < SEARCHES; seed++) {
        struct explore_request request = {.policy = policies[seed / 2 / KINDS % POLICIES],
                                          .max_preemptions = -1,
                                          .max_executions = EXECUTIONS,
                                          .keep_going = true,
                                          .each = note};
        struct map *map = map_new();

        assert_non_null(map);
        run_request_init(&request.run, seed % 2 == 0 ? &programs : &meetings);
        request.run.params[0] = seed;
        if (seed % 2 == 0)
            request.run.params[1] = kinds_of_operations[seed / 2 % KINDS];
        request.run.max_steps = 2000;
        search(&request, &with, NULL);
        search(&request, &without, map);
        assert_int_equal(with.count, without.count);
        assert_int_equal(with.held, without.held);
        assert_memory_equal(with.schedules, without.schedules, with.count * sizeof(uint64_t));
        assert_memory_equal(with.kinds, without.kinds, with.count * sizeof(uint64_t));
        map_free(map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_decided_as_detected),
                                       cmocka_unit_test(test_searches_agree)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
