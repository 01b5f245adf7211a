/* Shrinking: what is left still fails in the same way, and without any one of its choices it does
 * not; checked by a replay of the test's own. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/detect/detect.h"
#include "sim/explore/explore.h"
#include "sim/explore/probe.h"
#include "sim/explore/shrink.h"
#include "tests/few.h"
#include "tests/random_bugs.h"

enum { SEEDS = FIBER_ASAN ? 4 : 20, FEW = FIBER_ASAN ? 2 : 10, PROGRAMS = FIBER_ASAN ? 80 : 400 };

/* Replay, as far as a run has such choices, one of which is undone. */
struct undoing {
    struct policy policy; /* first */
    const struct schedule *schedule;
    size_t undone;
    bool cut; /* and all that come after it */
};

static uint32_t undoing_choose(struct policy *policy, const struct sim_choice *choice)
{
    const struct undoing *undoing = (struct undoing *)policy;
    size_t index = choice->index;

    if (index >= undoing->schedule->count || index == undoing->undone ||
        (undoing->cut && index > undoing->undone))
        return 0;
    uint32_t taken = undoing->schedule->choices[index];

    return taken < choice->count ? taken : 0;
}

struct names {
    struct sink sink; /* first */
    const struct registry *registry;
};

static void names_begin(struct sink *sink, const struct registry *registry)
{
    ((struct names *)sink)->registry = registry;
}

static void names_event(struct sink *sink, const struct sim_event *event)
{
    (void)sink;
    (void)event;
}

static bool fails_under(const struct run_request *request, struct undoing *undoing,
                        const struct shrink_target *target)
{
    struct sim_config config = run_config(request);
    struct sim *sim = sim_new(&config);
    struct detectors *detectors = detectors_new();
    struct names names = {.sink = {.begin = names_begin, .event = names_event}};
    int64_t params[SIM_PARAMS_MAX];
    size_t count = 0;
    bool found = false;

    assert_non_null(sim);
    assert_non_null(detectors);
    memcpy(params, request->params, sizeof(params));
    undoing->policy.choose = undoing_choose;
    sim_set_policy(sim, &undoing->policy);
    (void)sim_add_sink(sim, detectors_sink(detectors));
    (void)sim_add_sink(sim, &names.sink);
    struct probe *probe = NULL;
    enum sim_outcome outcome =
        (request->scenario->async ? sim_run_async : sim_run)(sim, request->scenario->main, params);

    if (outcome == SIM_OUTCOME_STUCK)
        probe_waiters(&probe, request, sim_schedule(sim), detectors);
    probe_free(probe);
    const struct sim_finding *findings = detectors_findings(detectors, &count);

    for (size_t i = 0; i < count; i++) {
        struct shrink_target other;

        shrink_target_of(&other, names.registry, &findings[i]);
        found |= other.kind == target->kind && strcmp(other.about, target->about) == 0;
    }
    sim_free(sim);
    detectors_free(detectors);
    return found;
}

/* How often the first stage left fewer choices than there were; and how often not. */
static int reordered_to_fewer;
static int reordered_in_vain;

/* Shrink, and see for ourselves.  Returns how many choices are left that are not 0. */
static uint32_t shrink_and_check(const struct run_request *request, const struct schedule *schedule,
                                 enum sim_finding_kind kind)
{
    struct shrink_report report;
    char error[256];

    assert_true(shrink(request, schedule, kind, 0, &report, error, sizeof(error)));
    assert_true(report.minimal);
    assert_true(shrink_total(report.reordered) <= shrink_total(report.before));
    assert_true(shrink_total(report.after) <= shrink_total(report.reordered));
    assert_int_equal(report.target.kind, kind);
    if (shrink_total(report.reordered) < shrink_total(report.before))
        reordered_to_fewer++;
    else if (shrink_total(report.after) < shrink_total(report.before))
        reordered_in_vain++;

    struct run_request again = *request;

    again.policy = RUN_REPLAY;
    again.schedule = &report.schedule;
    struct trace *trace = run_record(&again, error, sizeof(error));

    assert_non_null(trace);
    assert_string_equal(error, "");
    trace_free(trace);

    struct undoing whole = {.schedule = &report.schedule, .undone = SIZE_MAX};

    assert_true(fails_under(request, &whole, &report.target));
    uint32_t left = 0;

    for (size_t i = 0; i < report.schedule.count; i++) {
        if (report.schedule.choices[i] == 0)
            continue;
        struct undoing one = {.schedule = &report.schedule, .undone = i};
        struct undoing rest = {.schedule = &report.schedule, .undone = i, .cut = true};

        left++;
        assert_false(fails_under(request, &one, &report.target));
        assert_false(fails_under(request, &rest, &report.target));
    }
    assert_int_equal(left, shrink_total(report.after));
    shrink_report_free(&report);
    return left;
}

/* Shrink the first failing one of random executions; -1 if none fails. */
static int shrink_random(const struct run_request *run, uint64_t seed, uint64_t executions)
{
    struct explore_request request = {
        .run = *run, .policy = EXPLORE_RANDOM, .max_executions = executions};
    struct explore_report report;
    char error[256];
    int left = -1;

    request.run.seed = seed;
    assert_true(explore(&request, &report, error, sizeof(error)));
    if (report.worst >= 0)
        left = (int)shrink_and_check(run, &report.kinds[report.worst].schedule,
                                     (enum sim_finding_kind)report.worst);
    explore_report_free(&report);
    return left;
}

static void a_lost_update_needs_one_preemption(void **state)
{
    struct run_request request;

    (void)state;
    for (int64_t threads = 2; threads <= 6; threads++) {
        run_request_init(&request, &counter_race_threads);
        request.params[0] = threads;
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            assert_int_equal(shrink_random(&request, seed, 1000), 1);
    }
}

static void a_deadlock_needs_one_preemption(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &deadlock_abba_threads);
    for (uint64_t seed = 0; seed < SEEDS; seed++)
        assert_int_equal(shrink_random(&request, seed, 1000), 1);
}

static void what_fails_anyway_needs_none(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &lost_wakeup);
    request.level = SIM_LEVEL_ANY;
    assert_int_equal(shrink_random(&request, 3, 100), 0);
    run_request_init(&request, &counter_race);
    request.level = SIM_LEVEL_ANY;
    request.params[0] = 8;
    assert_int_equal(shrink_random(&request, 3, 100), 0);
}

static void random_programs_shrink_to_local_minima(void **state)
{
    int failing = 0;
    int most = 0;

    (void)state;
    for (int64_t seed = 0; seed < PROGRAMS; seed++) {
        struct run_request request;

        run_request_init(&request, &random_threads);
        request.params[0] = seed;
        int left = shrink_random(&request, (uint64_t)seed, 50);

        failing += left >= 0;
        most = left > most ? left : most;
    }
    assert_true(failing > PROGRAMS / 4);
    assert_true(most >= 2);
    /* Where there is something to leave out, reordering alone finds some of it, mostly. */
    assert_true(reordered_to_fewer > 5 * reordered_in_vain);
}

static void every_scenario_shrinks(void **state)
{
    int failing = 0;

    (void)state;
    for (size_t i = 0; scenarios[i] != NULL; i++) {
        struct run_request request;

        run_request_init(&request, scenarios[i]);
        request.level = SIM_LEVEL_ANY;
        few_at_most(&request, 20);
        failing += shrink_random(&request, 9, 20) >= 0;
    }
    assert_true(failing >= 15);
}

/* One looks three times, and the other writes twice: to be seen each time they must take turns. */
struct turns {
    struct sim_var *seen;
    struct sim_atomic *noise;
};

enum { NOISE = 60 };

static void make_noise(const struct turns *turns)
{
    for (int i = 0; i < NOISE; i++)
        (void)sim_atomic_fetch_add(turns->noise, 1);
}

static enum sim_status write_twice(struct sim *sim, void *arg)
{
    const struct turns *turns = arg;

    (void)sim;
    make_noise(turns);
    sim_write(turns->seen, 1);
    make_noise(turns);
    sim_write(turns->seen, 2);
    return SIM_OK;
}

static enum sim_status look_three_times(struct sim *sim, void *arg)
{
    const struct turns *turns = arg;
    int64_t sum = sim_read(turns->seen);

    make_noise(turns);
    bool second = sim_read(turns->seen) == 1;

    make_noise(turns);
    bool third = sim_read(turns->seen) == 2;

    (void)sim_check(sim, !(sum == 0 && second && third), "all three were never seen");
    return SIM_OK;
}

static enum sim_status take_turns(struct sim *sim, void *arg)
{
    struct turns turns = {sim_var_new(sim, "seen", 0), sim_atomic_new(sim, "noise", 0)};
    struct sim_thread *looker = sim_thread_new(sim, "looker", look_three_times, &turns);
    struct sim_thread *writer = sim_thread_new(sim, "writer", write_twice, &turns);

    (void)arg;
    SIM_TRY(sim_thread_join(looker, NULL));
    return sim_thread_join(writer, NULL);
}

static const struct sim_scenario turns_taken = {.name = "turns_taken", .main = take_turns};

/* There are too many schedules with fewer to try them all: leaving out alone must find them. */
static void taking_turns_needs_three_preemptions(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < FEW; seed++) {
        struct explore_request request = {.policy = EXPLORE_RANDOM, .max_executions = 100000};
        struct explore_report found;
        struct shrink_report report;
        char error[256];

        run_request_init(&request.run, &turns_taken);
        request.run.seed = seed;
        request.until = &(enum sim_finding_kind){SIM_FINDING_CHECK};
        assert_true(explore(&request, &found, error, sizeof(error)));
        assert_true(found.kinds[SIM_FINDING_CHECK].first != 0);
        const struct schedule *schedule = &found.kinds[SIM_FINDING_CHECK].schedule;

        assert_true(
            shrink(&request.run, schedule, SIM_FINDING_CHECK, 0, &report, error, sizeof(error)));
        assert_true(shrink_total(report.before) > 50);
        assert_true(report.minimal);
        assert_false(report.fewest);
        shrink_report_free(&report);
        assert_int_equal(shrink_and_check(&request.run, schedule, SIM_FINDING_CHECK), 3);
        explore_report_free(&found);
    }
}

static void a_schedule_that_shows_nothing_is_refused(void **state)
{
    struct run_request request;
    struct schedule schedule = {0};
    struct shrink_report report;
    char error[256];

    (void)state;
    run_request_init(&request, &deadlock_abba_threads);
    assert_false(
        shrink(&request, &schedule, SIM_FINDING_DEADLOCK, 0, &report, error, sizeof(error)));
    assert_string_equal(error, "the schedule does not show the finding deadlock");
    shrink_report_free(&report);
}

static void a_limit_on_runs_is_admitted(void **state)
{
    struct run_request request;
    struct explore_request search = {.policy = EXPLORE_RANDOM, .max_executions = 1000};
    struct explore_report found;
    struct shrink_report report;
    char error[256];

    (void)state;
    run_request_init(&request, &counter_race_threads);
    request.params[0] = 6;
    search.run = request;
    assert_true(explore(&search, &found, error, sizeof(error)));
    assert_true(shrink(&request, &found.kinds[SIM_FINDING_LOST_UPDATE].schedule,
                       SIM_FINDING_LOST_UPDATE, 1, &report, error, sizeof(error)));
    assert_false(report.minimal);
    assert_true(report.schedule.count > 0);
    shrink_report_free(&report);
    explore_report_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_update_needs_one_preemption),
        cmocka_unit_test(a_deadlock_needs_one_preemption),
        cmocka_unit_test(what_fails_anyway_needs_none),
        cmocka_unit_test(random_programs_shrink_to_local_minima),
        cmocka_unit_test(taking_turns_needs_three_preemptions),
        cmocka_unit_test(every_scenario_shrinks),
        cmocka_unit_test(a_schedule_that_shows_nothing_is_refused),
        cmocka_unit_test(a_limit_on_runs_is_admitted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
