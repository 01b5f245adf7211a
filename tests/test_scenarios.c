/* Every scenario runs to the finding that it declares, and is the same run every time. */
#include "tests/test.h"

#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/detect/detect.h"
#include "sim/explore/explore.h"
#include "sim/trace/recorder.h"
#include "sim/trace/trace.h"
#include "tests/few.h"

/* Executions of a search: for every scenario; for what few schedules show; for what none may show;
 * of all schedules, where there are no more; and how many scenarios, at least, have no more. */
enum {
    USUAL = FIBER_ASAN ? 50 : 300,
    MANY = 5000,
    NONE = FIBER_ASAN ? 200 : MANY,
    EVERY = FIBER_ASAN ? 300 : 3000,
    ENDING = FIBER_ASAN ? 40 : 60,
};

struct run {
    int finding; /* the worst one, or SIM_CLEAN */
    uint64_t hash;
    enum sim_outcome outcome;
    int lines;       /* printed */
    char output[64]; /* the last line */
};

static void defaults(const struct sim_scenario *scenario, int64_t params[SIM_PARAMS_MAX])
{
    memset(params, 0, SIM_PARAMS_MAX * sizeof(*params));
    for (int i = 0; i < SIM_PARAMS_MAX && scenario->params[i].name != NULL; i++)
        params[i] = scenario->params[i].value;
}

static void note_output(struct run *run, const struct trace *trace)
{
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *event = &trace->events[i];

        if (event->kind != SIM_EV_PRINT)
            continue;
        const char *line = registry_text_at(trace->registry, (uint32_t)event->value);

        run->lines++;
        strncpy(run->output, line, sizeof(run->output) - 1);
    }
}

static struct run run_scenario(const struct sim_scenario *scenario, int64_t *params)
{
    struct run run = {.finding = SIM_CLEAN};
    struct sim_config config = {.max_steps = scenario->max_steps};
    struct sim *sim = sim_new(&config);
    struct trace *trace = trace_new();
    struct detectors *detectors = detectors_new();
    struct recorder recorder;
    size_t count = 0;

    assert_non_null(sim);
    assert_non_null(trace);
    assert_non_null(detectors);
    recorder_init(&recorder, trace);
    assert_true(sim_add_sink(sim, &recorder.sink));
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    run.outcome = scenario->async ? sim_run_async(sim, scenario->main, params)
                                  : sim_run(sim, scenario->main, params);
    assert_false(recorder.sink.out_of_memory);

    const struct sim_finding *findings = detectors_findings(detectors, &count);

    if (count > 0)
        run.finding = findings[0].kind;
    run.hash = trace_hash(trace);
    note_output(&run, trace);
    detectors_free(detectors);
    trace_free(trace);
    sim_free(sim);
    return run;
}

static const char *finding_name(int kind)
{
    return kind == SIM_CLEAN ? "clean" : sim_finding_name((unsigned)kind);
}

static void every_scenario_runs_to_its_declared_finding(void **state)
{
    int wrong = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        int64_t params[SIM_PARAMS_MAX];

        defaults(*at, params);
        struct run run = run_scenario(*at, params);

        if (run.finding != (*at)->expect) {
            print_error("%s: expected %s, found %s\n", (*at)->name, finding_name((*at)->expect),
                        finding_name(run.finding));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void every_scenario_is_the_same_run_twice(void **state)
{
    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        int64_t params[SIM_PARAMS_MAX];

        defaults(*at, params);
        uint64_t first = run_scenario(*at, params).hash;

        if (run_scenario(*at, params).hash != first)
            fail_msg("%s: two runs differ", (*at)->name);
    }
}

static void every_scenario_can_be_found_and_says_what_it_is(void **state)
{
    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        assert_ptr_equal(scenario_find((*at)->name), *at);
        assert_non_null((*at)->title);
        assert_non_null((*at)->about);
        for (int i = 0; i < SIM_PARAMS_MAX && (*at)->params[i].name != NULL; i++) {
            assert_true((*at)->params[i].min <= (*at)->params[i].value);
            assert_true((*at)->params[i].value <= (*at)->params[i].max);
            assert_non_null((*at)->params[i].about);
        }
    }
    assert_null(scenario_find("no_such_scenario"));
}

static void prints_only(const struct sim_scenario *scenario, int64_t *params, const char *line)
{
    struct run run = run_scenario(scenario, params);

    assert_int_equal(run.outcome, SIM_OUTCOME_FINISHED);
    assert_int_equal(run.lines, 1);
    assert_string_equal(run.output, line);
}

static void counters_end_where_they_should(void **state)
{
    int64_t tasks[SIM_PARAMS_MAX] = {10000};
    int64_t threads[SIM_PARAMS_MAX] = {7};
    int64_t rounds[SIM_PARAMS_MAX] = {7, 3};

    (void)state;
    prints_only(&counter_race, tasks, "1");
    prints_only(&counter_lock, tasks, "10000");
    prints_only(&counter_lock_threads, threads, "7");
    prints_only(&counter_race_threads, rounds, "21");
    prints_only(&counter_atomic, rounds, "21");
}

static void philosophers_eat_when_forks_have_an_order(void **state)
{
    (void)state;
    for (int64_t n = 2; n <= 64; n++) {
        int64_t greedy[SIM_PARAMS_MAX] = {n, 0};
        int64_t ordered[SIM_PARAMS_MAX] = {n, 1};
        struct run stuck = run_scenario(&dining_philosophers, greedy);
        struct run fed = run_scenario(&dining_philosophers, ordered);

        assert_int_equal(stuck.outcome, SIM_OUTCOME_STUCK);
        assert_int_equal(stuck.finding, SIM_FINDING_DEADLOCK);
        assert_int_equal(fed.outcome, SIM_OUTCOME_FINISHED);
        assert_int_equal(fed.finding, SIM_CLEAN);
        assert_int_equal(fed.lines, 2 * n);
    }
}

/* Errors before hazards; among them, kinds are numbered from the worst. */
static int worst_of(const struct explore_report *report)
{
    for (int i = 0; i < 2 * SIM_FINDING_COUNT; i++) {
        int kind = i % SIM_FINDING_COUNT;
        bool error = i < SIM_FINDING_COUNT;

        if (report->kinds[kind].executions > 0 &&
            error == (sim_finding_is_error((unsigned)kind) != 0))
            return kind;
    }
    return SIM_CLEAN;
}

/* A search of random schedules, of whatever asyncio promises no order of. */
static struct explore_request search(const struct sim_scenario *scenario, uint64_t executions)
{
    struct explore_request request = {.policy = EXPLORE_RANDOM, .max_executions = executions};

    run_request_init(&request.run, scenario);
    request.run.level = SIM_LEVEL_ANY;
    request.run.seed = 1;
    request.keep_going = true;
    few_at_most(&request.run, 4);
    return request;
}

/* The worst that a search finds. */
static int worst_found(const struct explore_request *request, enum explore_verdict *verdict)
{
    struct explore_report report;
    char error[256] = "";

    if (!explore(request, &report, error, sizeof(error)))
        fail_msg("%s: %s", request->run.scenario->name, error);
    int worst = worst_of(&report);

    *verdict = report.verdict;
    explore_report_free(&report);
    return worst;
}

static bool is_declared(const struct sim_scenario *scenario, int worst)
{
    if (worst == scenario->expect_any)
        return true;
    print_error("%s: declared %s, found %s\n", scenario->name, finding_name(scenario->expect_any),
                finding_name(worst));
    return false;
}

/* Who gets nowhere as long as all keep in step is not met by chance, which leaves the step; depth
 * first, the first schedule is the one that keeps to it. */
static bool keeps_in_step(const struct sim_scenario *scenario)
{
    return scenario->expect_any == SIM_FINDING_LIVELOCK ||
           scenario->expect_any == SIM_FINDING_STARVATION;
}

/* What few schedules show is looked for in more. */
static void random_schedules_find_what_is_declared_and_nothing_worse(void **state)
{
    int wrong = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        struct explore_request request = search(*at, USUAL);
        enum explore_verdict verdict;

        if (keeps_in_step(*at)) {
            request.policy = EXPLORE_DFS;
            request.max_preemptions = -1;
        }
        int worst = worst_found(&request, &verdict);

        if ((*at)->expect_any != SIM_CLEAN && (worst == SIM_CLEAN || worst > (*at)->expect_any)) {
            const enum sim_finding_kind kind = (enum sim_finding_kind)(*at)->expect_any;

            request = search(*at, MANY);
            request.until = &kind;
            worst = worst_found(&request, &verdict);
        }
        wrong += !is_declared(*at, worst);
    }
    assert_int_equal(wrong, 0);
}

/* Not only is nothing met by chance: where the search comes to an end, that is proof. */
static void searches_that_end_find_what_is_declared(void **state)
{
    int wrong = 0;
    int ended = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        struct explore_request request = search(*at, EVERY);
        enum explore_verdict verdict;

        request.policy = EXPLORE_DFS;
        request.max_preemptions = -1;
        int worst = worst_found(&request, &verdict);

        if (verdict == EXPLORE_EXHAUSTED) {
            wrong += !is_declared(*at, worst);
            ended++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(ended > ENDING);
}

/* The scenario whose fault this one is free of; NULL if it is no such twin. */
static const struct sim_scenario *faulty_twin(const struct sim_scenario *scenario)
{
    const char *suffix = strstr(scenario->name, "_fixed");
    char name[64] = "";

    if (suffix == NULL)
        return NULL;
    assert_true((size_t)(suffix - scenario->name) < sizeof(name));
    memcpy(name, scenario->name, (size_t)(suffix - scenario->name));
    const struct sim_scenario *twin = scenario_find(name);

    if (twin == NULL)
        fail_msg("%s has no faulty twin", scenario->name);
    return twin;
}

static void fixed_twins_have_no_error_where_the_fault_is_found(void **state)
{
    int wrong = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        const struct sim_scenario *faulty = faulty_twin(*at);
        enum explore_verdict verdict;

        if (faulty == NULL)
            continue;
        struct explore_request request = search(*at, NONE);

        int worst = worst_found(&request, &verdict);

        wrong +=
            worst != (*at)->expect_any || (worst >= 0 && sim_finding_is_error((unsigned)worst));
        wrong += faulty->expect_any == SIM_CLEAN;
        assert_int_equal(verdict, EXPLORE_SAMPLED);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_runs_to_its_declared_finding),
        cmocka_unit_test(every_scenario_is_the_same_run_twice),
        cmocka_unit_test(every_scenario_can_be_found_and_says_what_it_is),
        cmocka_unit_test(random_schedules_find_what_is_declared_and_nothing_worse),
        cmocka_unit_test(searches_that_end_find_what_is_declared),
        cmocka_unit_test(fixed_twins_have_no_error_where_the_fault_is_found),
        cmocka_unit_test(counters_end_where_they_should),
        cmocka_unit_test(philosophers_eat_when_forks_have_an_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
