/* Drift: a replay says at which step the program is not the recorded one any more. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/run.h"
#include "sim/policy/drift.h"
#include "sim/sim.h"
#include "tests/few.h"

/* A program in three versions: as it was, with a sleep instead of a lock, with a third thread. */
enum version { AS_IT_WAS, SLEEPS, WRITES_MORE, HAS_ANOTHER };

struct shared {
    struct sim_mutex *mutex;
    struct sim_var *var;
    enum version version;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    if (shared->version == SLEEPS)
        sim_thread_sleep(sim, 5);
    sim_mutex_lock(shared->mutex);
    sim_write(shared->var, sim_read(shared->var) + 1);
    if (shared->version == WRITES_MORE)
        sim_write(shared->var, 7);
    return sim_mutex_unlock(shared->mutex);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct shared shared = {sim_mutex_new(sim, "m"), sim_var_new(sim, "x", 0),
                            (enum version)params[0]};
    struct sim_thread *threads[3];
    int count = shared.version == HAS_ANOTHER ? 3 : 2;
    static const char *const names[] = {"A", "B", "C"};

    for (int i = 0; i < count; i++)
        threads[i] = sim_thread_new(sim, names[i], work, &shared);
    for (int i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

static const struct sim_scenario program = {
    .name = "program", .main = run, .params = {{"version", 0, 0, 3, ""}}};

static struct trace *record(enum version version, uint64_t seed)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, &program);
    request.params[0] = version;
    request.policy = RUN_RANDOM;
    request.seed = seed;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    return trace;
}

/* Replay a trace with a version of the program. */
static struct trace *replay(struct trace *recorded, enum version version, bool stop,
                            struct policy_drift *drift)
{
    struct run_request request;
    char error[256];

    run_request_init(&request, &program);
    request.params[0] = version;
    policy_drift_init(drift, recorded, stop);
    request.policy = RUN_OWN;
    request.own = &drift->policy;
    request.own_sink = &drift->sink;
    struct trace *again = run_record(&request, error, sizeof(error));

    assert_non_null(again);
    assert_string_equal(error, "");
    policy_drift_end(drift);
    return again;
}

static void the_same_program_does_not_drift(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct policy_drift drift;
        struct trace *recorded = record(AS_IT_WAS, seed);
        struct trace *again = replay(recorded, AS_IT_WAS, true, &drift);

        assert_int_equal(drift.drifts, 0);
        assert_string_equal(drift.why, "");
        assert_int_equal(again->event_count, recorded->event_count);
        assert_memory_equal(again->events, recorded->events,
                            again->event_count * sizeof(*again->events));
        trace_free(recorded);
        trace_free(again);
    }
}

static void another_program_drifts_where_it_is_another(void **state)
{
    static const struct {
        enum version version;
        const char *why;
    } cases[] = {
        {SLEEPS, "step 7: expected A at acquire m, but it is A at suspend"},
        {WRITES_MORE, "step 9: expected A at release m, but it is A at write x"},
        {HAS_ANOTHER, "step 4: expected MainThread at suspend A, but it is MainThread at spawn"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct policy_drift drift;
        struct run_request request;
        char error[256];

        run_request_init(&request, &program);
        struct trace *recorded = run_record(&request, error, sizeof(error));
        struct trace *again = replay(recorded, cases[i].version, true, &drift);

        assert_string_equal(drift.why, cases[i].why);
        assert_string_equal(sim_outcome_name(again->outcome), "diverged");
        assert_true(drift.drifts >= 1);
        trace_free(again);
        again = replay(recorded, cases[i].version, false, &drift);
        assert_string_equal(drift.why, cases[i].why);
        assert_string_equal(sim_outcome_name(again->outcome), "finished");
        trace_free(again);
        trace_free(recorded);
    }
}

static void every_scenario_replays_without_drift(void **state)
{
    (void)state;
    for (size_t i = 0; scenarios[i] != NULL; i++) {
        struct run_request request;
        struct policy_drift drift;
        char error[256];

        run_request_init(&request, scenarios[i]);
        request.policy = RUN_RANDOM;
        request.seed = 4;
        request.level = SIM_LEVEL_ANY;
        few_at_most(&request, 20);
        struct trace *recorded = run_record(&request, error, sizeof(error));

        assert_non_null(recorded);
        policy_drift_init(&drift, recorded, true);
        request.policy = RUN_OWN;
        request.own = &drift.policy;
        request.own_sink = &drift.sink;
        struct trace *again = run_record(&request, error, sizeof(error));

        policy_drift_end(&drift);
        if (drift.drifts > 0)
            fail_msg("%s: %s", scenarios[i]->name, drift.why);
        assert_int_equal(again->event_count, recorded->event_count);
        trace_free(recorded);
        trace_free(again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_program_does_not_drift),
        cmocka_unit_test(another_program_drifts_where_it_is_another),
        cmocka_unit_test(every_scenario_replays_without_drift),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
