/* The freedoms: what a level shows, the next shows, too; a search in which time is explored ends;
 * and a cancellation is tried at each await. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/policy/dfs.h"
#include "sim/policy/dpor.h"
#include "tests/random_tasks.h"

enum { PROGRAMS = FIBER_ASAN ? 120 : 800, TOO_MANY = 1500, EARLY = 100 };

struct outcomes {
    uint64_t *at;
    size_t count;
    size_t capacity;
    bool cut;
};

static bool has(const struct outcomes *outcomes, uint64_t outcome)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->at[i] == outcome)
            return true;
    return false;
}

static void add(struct outcomes *outcomes, uint64_t outcome)
{
    if (has(outcomes, outcome))
        return;
    if (outcomes->count == outcomes->capacity) {
        outcomes->capacity = outcomes->capacity == 0 ? 64 : 2 * outcomes->capacity;
        outcomes->at = realloc(outcomes->at, outcomes->capacity * sizeof(*outcomes->at));
        assert_non_null(outcomes->at);
    }
    outcomes->at[outcomes->count++] = outcome;
}

static bool are_within(const struct outcomes *small, const struct outcomes *large)
{
    for (size_t i = 0; i < small->count; i++)
        if (!has(large, small->at[i]))
            return false;
    return true;
}

/* Time never runs backwards. */
struct watch {
    struct sink sink; /* first */
    int64_t last_ns;
};

static void watch_begin(struct sink *sink, const struct registry *registry)
{
    (void)registry;
    ((struct watch *)sink)->last_ns = 0;
}

static void watch_event(struct sink *sink, const struct sim_event *event)
{
    struct watch *watch = (struct watch *)sink;

    assert_true(event->time_ns >= watch->last_ns);
    watch->last_ns = event->time_ns;
}

/* A random program that sleeps where others give way, unlock or await. */
static struct task_program sleepy_program(uint64_t seed)
{
    struct task_program program = random_task_program(seed);

    for (int task = 0; task < program.tasks; task++) {
        for (int i = 0; i < program.counts[task]; i++) {
            uint8_t *kind = &program.ops[task][i].kind;

            if (*kind == TASK_YIELD || *kind == TASK_UNLOCK || *kind == TASK_AWAIT)
                *kind = TASK_SLEEP;
        }
    }
    return program;
}

static struct outcomes search(const struct task_program *program, struct sim_config config,
                              bool reduced)
{
    struct task_world world = {.program = program};
    struct outcomes outcomes = {0};
    struct policy_dfs dfs;
    struct dpor *dpor = dpor_new();
    struct watch watch = {.sink = {.begin = watch_begin, .event = watch_event}};
    struct sim *sim = sim_new(&config);
    bool more = true;

    assert_non_null(dpor);
    assert_non_null(sim);
    policy_dfs_init(&dfs, -1);
    sim_set_policy(sim, reduced ? dpor_policy(dpor) : &dfs.policy);
    assert_true(sim_add_sink(sim, &watch.sink));
    if (reduced)
        assert_true(sim_add_sink(sim, dpor_sink(dpor)));
    for (int runs = 0; more && !outcomes.cut; runs++) {
        enum sim_outcome outcome = sim_run_async(sim, run_task_program, &world);

        assert_int_equal(sim_withheld(sim), 0);
        if (outcome != SIM_OUTCOME_DIVERGED)
            add(&outcomes, task_digest(&world, (int)outcome));
        more = reduced ? dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED) : policy_dfs_next(&dfs);
        outcomes.cut = runs == TOO_MANY;
    }
    assert_false(dfs.nondeterministic);
    policy_dfs_free(&dfs);
    dpor_free(dpor);
    sim_free(sim);
    return outcomes;
}

static void each_level_shows_what_the_one_before_it_shows(void **state)
{
    static const struct sim_config fifo = {.level = SIM_LEVEL_FIFO};
    static const struct sim_config timing = {.level = SIM_LEVEL_TIMING, .early = EARLY};
    static const struct sim_config any = {
        .level = SIM_LEVEL_ANY, .time = SIM_TIME_EXPLORED, .early = EARLY};
    int compared = 0;
    int more_at_timing = 0;
    int more_at_any = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct task_program program = sleepy_program(seed);
        struct outcomes at_any = search(&program, any, false);

        if (!at_any.cut) {
            struct outcomes at_fifo = search(&program, fifo, false);
            struct outcomes at_timing = search(&program, timing, false);
            struct outcomes reduced = search(&program, any, true);

            assert_int_equal(at_fifo.count, 1);
            assert_true(are_within(&at_fifo, &at_timing));
            assert_true(are_within(&at_timing, &at_any));
            if (!are_within(&at_any, &reduced) || !are_within(&reduced, &at_any))
                fail_msg("program %llu: dpor %zu, dfs %zu", (unsigned long long)seed, reduced.count,
                         at_any.count);
            compared++;
            more_at_timing += at_timing.count > at_fifo.count;
            more_at_any += at_any.count > at_timing.count;
            free(at_fifo.at);
            free(at_timing.at);
            free(reduced.at);
        }
        free(at_any.at);
    }
    printf("%d programs, %d with more outcomes at timing than at fifo, %d with more at any\n",
           compared, more_at_timing, more_at_any);
    assert_true(compared > PROGRAMS / 2);
    assert_true(more_at_timing > 0);
    assert_true(more_at_any > PROGRAMS / 20);
}

/* Search a scenario to the end. */
static struct explore_report explored(const struct sim_scenario *scenario,
                                      enum explore_policy policy)
{
    struct explore_request request = {
        .policy = policy, .max_preemptions = -1, .max_delays = -1, .keep_going = true};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    assert_true(explore(&request, &report, error, sizeof(error)));
    return report;
}

static void a_bug_of_timing_is_not_seen_at_fifo(void **state)
{
    struct sim_scenario in_order = timeout_vs_completion;

    (void)state;
    in_order.level = SIM_LEVEL_FIFO;
    struct explore_report fifo = explored(&in_order, EXPLORE_DFS);

    assert_int_equal(fifo.worst, -1);
    assert_int_equal(fifo.verdict, EXPLORE_EXHAUSTED);
    struct explore_report timing = explored(&timeout_vs_completion, EXPLORE_DFS);

    assert_int_equal(timing.worst, SIM_FINDING_CHECK);
    struct explore_report fixed = explored(&timeout_vs_completion_fixed, EXPLORE_DFS);

    assert_int_equal(fixed.worst, -1);
    assert_int_equal(fixed.verdict, EXPLORE_EXHAUSTED);
    explore_report_free(&fifo);
    explore_report_free(&timing);
    explore_report_free(&fixed);
}

/* Late time sees neither. */
static void what_only_explored_time_shows_is_found_by_every_policy(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_DPOR, EXPLORE_RANDOM,
                                                   EXPLORE_PCT, EXPLORE_POS,  EXPLORE_SURW,
                                                   EXPLORE_PB,  EXPLORE_DB,   EXPLORE_PORTFOLIO};
    static const struct sim_scenario *const faulty[] = {&late_answer, &spurious_wakeup};
    static const struct sim_scenario *const fixed[] = {&late_answer_fixed, &spurious_wakeup_fixed};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sim_scenario late = *faulty[i];

        late.time = SIM_TIME_LATE;
        struct explore_report report = explored(&late, EXPLORE_DFS);

        assert_int_equal(report.worst, -1);
        assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
        explore_report_free(&report);
        for (size_t k = 0; k < sizeof(policies) / sizeof(policies[0]); k++) {
            report = explored(faulty[i], policies[k]);
            assert_int_equal(report.worst, SIM_FINDING_CHECK);
            explore_report_free(&report);
            report = explored(fixed[i], policies[k]);
            assert_int_equal(report.worst, -1);
            explore_report_free(&report);
        }
    }
}

struct poll {
    struct sim_mutex *mutex;
    struct sim_condvar *condvar;
    struct sim_var *done;
};

static enum sim_status finish(struct sim *sim, void *arg)
{
    (void)sim;
    sim_write(((struct poll *)arg)->done, 1);
    return SIM_OK;
}

/* It looks every millisecond, for ever if need be. */
static enum sim_status poll(struct sim *sim, void *arg)
{
    struct poll poll = {sim_mutex_new(sim, "mutex"), sim_condvar_new(sim, "condvar"),
                        sim_var_new(sim, "done", 0)};
    struct sim_thread *thread = sim_thread_new(sim, "worker", finish, &poll);

    (void)arg;
    sim_mutex_lock(poll.mutex);
    while (sim_read(poll.done) == 0)
        (void)!sim_condvar_timedwait(poll.condvar, poll.mutex, sim_now(sim) + SIM_MS);
    SIM_TRY(sim_mutex_unlock(poll.mutex));
    return sim_thread_join(thread, NULL);
}

static void a_loop_that_polls_bounds_the_search_and_does_not_hang_it(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_DPOR};
    const struct sim_scenario scenario = {
        .name = "poll", .main = poll, .time = SIM_TIME_EXPLORED, .early = 2};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct explore_report report = explored(&scenario, policies[i]);

        assert_int_equal(report.verdict, EXPLORE_BOUNDED);
        assert_non_null(strstr(report.why, "at most 2 deadlines out of their turn"));
        explore_report_free(&report);
    }
}

static enum sim_status shrug(struct sim *sim, void *arg)
{
    const bool *takes_back = arg;
    enum sim_status status = sim_sleep(sim, SIM_SECOND);

    if (status == SIM_CANCELLED && *takes_back)
        (void)sim_task_uncancel(sim_current_task(sim));
    return SIM_OK;
}

static enum sim_status await_shrug(struct sim *sim, void *arg)
{
    bool takes_back = *(const int64_t *)arg != 0;

    return sim_await(SIM_FUTURE(sim_task_new(sim, "worker", shrug, &takes_back)), NULL);
}

static void a_cancellation_is_tried_once_at_each_await(void **state)
{
    struct sim_scenario scenario = pool_cancel_acquire_fixed;

    (void)state;
    scenario.cancel = "any";
    struct explore_report report = explored(&scenario, EXPLORE_DFS);

    assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
    assert_int_equal(report.worst, -1);
    assert_int_equal(report.trials.count, 6);
    assert_int_equal(report.executions, 1 + 2 * 6);
    for (size_t i = 0; i < report.trials.count; i++) {
        assert_int_equal(report.trials.at[i].begins, 1);
        assert_int_equal(report.trials.at[i].ends, 1);
        assert_memory_equal(report.trials.at[i].place, "pool_cancel_acquire.c:", 22);
    }
    explore_report_free(&report);
    report = explored(&pool_cancel_acquire, EXPLORE_DFS);
    assert_int_equal(report.worst, SIM_FINDING_HANG);
    explore_report_free(&report);
}

static void a_cancellation_that_is_swallowed_is_found_unless_it_is_taken_back(void **state)
{
    struct sim_scenario scenario = {.name = "shrug",
                                    .main = await_shrug,
                                    .async = true,
                                    .cancel = "worker",
                                    .params = {{"takes_back", 0, 0, 1, "with uncancel"}}};

    (void)state;
    struct explore_report report = explored(&scenario, EXPLORE_DFS);

    assert_int_equal(report.worst, SIM_FINDING_SWALLOWED_CANCEL);
    assert_int_equal(report.kinds[SIM_FINDING_SWALLOWED_CANCEL].executions, 2);
    explore_report_free(&report);
    scenario.params[0].value = 1;
    report = explored(&scenario, EXPLORE_DFS);
    assert_int_equal(report.worst, -1);
    assert_int_equal(report.executions, 3);
    explore_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_shows_what_the_one_before_it_shows),
        cmocka_unit_test(a_bug_of_timing_is_not_seen_at_fifo),
        cmocka_unit_test(what_only_explored_time_shows_is_found_by_every_policy),
        cmocka_unit_test(a_loop_that_polls_bounds_the_search_and_does_not_hang_it),
        cmocka_unit_test(a_cancellation_is_tried_once_at_each_await),
        cmocka_unit_test(a_cancellation_that_is_swallowed_is_found_unless_it_is_taken_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
