/* Searches: bounds that grow, threads that spin, policies in turn, prefixes, and shards. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "sim/explore/explore.h"
#include "sim/sim.h"

/* ---- Two threads of some atomic operations each: C(2n + 1, n) schedules (see test_explore). ----
 */

struct toy {
    struct sim_atomic *atomic;
    int64_t steps;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct toy *toy = arg;

    (void)sim;
    for (int64_t i = 0; i < toy->steps; i++)
        (void)sim_atomic_fetch_add(toy->atomic, 1);
    return SIM_OK;
}

static enum sim_status two_threads(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct toy toy = {.atomic = sim_atomic_new(sim, "a", 0), .steps = params[0]};
    struct sim_thread *other = sim_thread_new(sim, NULL, work, &toy);

    (void)work(sim, &toy);
    return sim_thread_join(other, NULL);
}

static const struct sim_scenario toy = {
    .name = "toy", .main = two_threads, .params = {{"steps", 3, 0, 9, ""}}};

static struct explore_report search(const struct sim_scenario *scenario,
                                    struct explore_request request)
{
    struct explore_report report;
    char error[256];

    request.keep_going = true;
    uint32_t max_steps = request.run.max_steps;

    run_request_init(&request.run, scenario);
    request.run.max_steps = max_steps;
    assert_true(explore(&request, &report, error, sizeof(error)));
    return report;
}

/* The reference is another policy: a plain search with each bound. */
static void each_bound_adds_the_schedules_that_cost_more(void **state)
{
    uint64_t before = 0;

    (void)state;
    for (int bound = 0; bound <= 7; bound++) {
        struct explore_report pb =
            search(&toy, (struct explore_request){.policy = EXPLORE_PB, .max_preemptions = bound});
        struct explore_report dfs =
            search(&toy, (struct explore_request){.policy = EXPLORE_DFS, .max_preemptions = bound});

        assert_int_equal(pb.executions, dfs.executions);
        assert_int_equal(pb.verdict, dfs.verdict);
        assert_true(pb.executions > before || pb.verdict == EXPLORE_EXHAUSTED);
        before = pb.executions;
        explore_report_free(&pb);
        explore_report_free(&dfs);
    }
    assert_int_equal(before, 35);
}

/* Main runs to its end, then the other; with one delay, the other runs at one of main's three
 * places until it ends, or main begins again at one of the other's; and so on. */
static void each_delay_adds_schedules(void **state)
{
    struct explore_request request = {.policy = EXPLORE_DB, .max_preemptions = -1};
    uint64_t before = 0;

    (void)state;
    for (request.max_delays = 0; request.max_delays < 9; request.max_delays++) {
        struct explore_report report = search(&toy, request);

        if (request.max_delays == 0)
            assert_int_equal(report.executions, 1);
        if (request.max_delays == 1)
            assert_int_equal(report.executions, 4);
        assert_int_equal(report.verdict,
                         report.executions == 35 ? EXPLORE_EXHAUSTED : EXPLORE_BOUNDED);
        if (report.verdict == EXPLORE_BOUNDED) {
            char why[64];

            (void)snprintf(why, sizeof(why), "at most %d delay%s", request.max_delays,
                           request.max_delays == 1 ? "" : "s");
            assert_string_equal(report.why, why);
            assert_true(report.executions > before);
        }
        before = report.executions;
        explore_report_free(&report);
    }
    assert_int_equal(before, 35);
}

static void a_search_that_is_cut_short_says_which_bound_it_has_done(void **state)
{
    struct explore_request request = {
        .policy = EXPLORE_PB, .max_preemptions = -1, .max_executions = 5};
    struct explore_report report = search(&toy, request);

    (void)state;
    assert_int_equal(report.verdict, EXPLORE_INCONCLUSIVE);
    assert_int_equal(report.executions, 5);
    assert_string_equal(report.why,
                        "every execution with at most 1 preemption was run, with 2 not all");
    explore_report_free(&report);
}

/* ---- Threads that spin. ---- */

enum way { LOADS, YIELDS, EXCHANGES, TRIES, ONLY_YIELDS, LOCKS };

struct gate {
    struct sim_atomic *open;
    struct sim_mutex *mutex;
    struct sim_var *flag;
    enum way way;
    bool plain;
};

static bool waits(struct sim *sim, struct gate *gate)
{
    bool open = false;

    switch (gate->way) {
    case YIELDS:
        open = sim_atomic_load(gate->open) == 1;
        if (!open)
            sim_thread_yield(sim);
        return !open;
    case EXCHANGES:
        return sim_atomic_exchange(gate->open, 0) == 0;
    case TRIES:
        open = sim_mutex_trylock(gate->mutex);
        if (open)
            (void)sim_mutex_unlock(gate->mutex);
        return !open;
    case ONLY_YIELDS:
        open = gate->plain;
        if (!open)
            sim_thread_yield(sim);
        return !open;
    case LOCKS:
        sim_mutex_lock(gate->mutex);
        open = sim_read(gate->flag) == 1;
        (void)sim_mutex_unlock(gate->mutex);
        return !open;
    case LOADS:
    default:
        return sim_atomic_load(gate->open) != 1;
    }
}

static enum sim_status wait_for_gate(struct sim *sim, void *arg)
{
    while (waits(sim, arg))
        ;
    return SIM_OK;
}

static enum sim_status gated(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct gate gate = {.open = sim_atomic_new(sim, "open", 0),
                        .mutex = sim_mutex_new(sim, "mutex"),
                        .flag = sim_var_new(sim, "flag", 0),
                        .way = (enum way)params[0]};
    struct sim_thread *waiter = NULL;

    if (gate.way == TRIES)
        sim_mutex_lock(gate.mutex);
    waiter = sim_thread_new(sim, "waiter", wait_for_gate, &gate);
    if (gate.way == TRIES)
        SIM_TRY(sim_mutex_unlock(gate.mutex));
    if (gate.way == LOCKS) {
        sim_mutex_lock(gate.mutex);
        sim_write(gate.flag, 1);
        SIM_TRY(sim_mutex_unlock(gate.mutex));
    }
    sim_atomic_store(gate.open, 1);
    gate.plain = true;
    return sim_thread_join(waiter, NULL);
}

static const struct sim_scenario spins[] = {
    {.name = "loads", .main = gated, .params = {{"way", LOADS, 0, 9, ""}}},
    {.name = "yields", .main = gated, .params = {{"way", YIELDS, 0, 9, ""}}},
    {.name = "exchanges", .main = gated, .params = {{"way", EXCHANGES, 0, 9, ""}}},
    {.name = "tries", .main = gated, .params = {{"way", TRIES, 0, 9, ""}}},
    {.name = "only_yields", .main = gated, .params = {{"way", ONLY_YIELDS, 0, 9, ""}}},
    {.name = "locks", .main = gated, .params = {{"way", LOCKS, 0, 9, ""}}},
};

static void who_spins_does_not_hang_a_search(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS,    EXPLORE_PB,       EXPLORE_DB,
                                                   EXPLORE_RANDOM, EXPLORE_PCT,      EXPLORE_POS,
                                                   EXPLORE_SURW,   EXPLORE_PORTFOLIO};

    (void)state;
    for (size_t i = 0; i < sizeof(spins) / sizeof(spins[0]); i++) {
        for (size_t p = 0; p < sizeof(policies) / sizeof(policies[0]); p++) {
            struct explore_report report =
                search(&spins[i], (struct explore_request){.policy = policies[p],
                                                           .max_preemptions = -1,
                                                           .max_delays = -1,
                                                           .max_executions = p < 3 ? 0 : 200,
                                                           .run.max_steps = 10000});

            assert_int_equal(limits_cut_short(&report), 0);
            assert_int_equal(report.worst, -1);
            assert_true(report.executions > 1);
            if (p < 3) {
                assert_int_equal(report.verdict, EXPLORE_BOUNDED);
                assert_non_null(strstr(report.why, "at most 4 rounds of a loop that waits"));
            } else {
                assert_true(report.verdict == EXPLORE_SAMPLED || report.verdict == EXPLORE_BOUNDED);
            }
            explore_report_free(&report);
        }
    }
}

/* Two that wait for each other's flag, and set it only then: nothing will ever change. */
static enum sim_status wait_then_set(struct sim *sim, void *arg)
{
    struct sim_atomic *const *flags = arg;

    (void)sim;
    while (sim_atomic_load(flags[0]) == 0)
        ;
    sim_atomic_store(flags[1], 1);
    return SIM_OK;
}

static enum sim_status livelock(struct sim *sim, void *arg)
{
    struct sim_atomic *flags[] = {sim_atomic_new(sim, "a", 0), sim_atomic_new(sim, "b", 0), NULL};

    (void)arg;
    flags[2] = flags[0];
    struct sim_thread *other = sim_thread_new(sim, "other", wait_then_set, &flags[1]);

    SIM_TRY(wait_then_set(sim, flags));
    return sim_thread_join(other, NULL);
}

static void what_never_ends_is_cut_short_and_proves_nothing(void **state)
{
    static const struct sim_scenario scenario = {.name = "livelock", .main = livelock};
    struct explore_request request = {
        .policy = EXPLORE_PB, .max_preemptions = -1, .max_executions = 20};
    struct explore_report report;
    char error[256];

    (void)state;
    run_request_init(&request.run, &scenario);
    request.run.max_steps = 500;
    request.keep_going = true;
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_int_equal(report.executions, 20);
    assert_int_equal(report.cut_by_steps, 20);
    assert_int_equal(report.cut_by_memory, 0);
    assert_string_equal(report.why, "20 executions reached the limit of 500 steps");
    assert_int_equal(report.verdict, EXPLORE_INCONCLUSIVE);
    explore_report_free(&report);
}

static void dpor_ends_where_somebody_spins(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(spins) / sizeof(spins[0]); i++) {
        struct explore_report report =
            search(&spins[i], (struct explore_request){.policy = EXPLORE_DPOR});
        /* Who spins on what is not tracked depends on nothing that anybody does. */
        bool held = spins[i].params[0].value != ONLY_YIELDS;

        assert_true(report.executions >= 1);
        assert_int_equal(limits_cut_short(&report), 0);
        assert_int_equal(report.given_up, 0);
        assert_int_equal(report.worst, -1);
        assert_int_equal(report.verdict, held ? EXPLORE_BOUNDED : EXPLORE_EXHAUSTED);
        assert_true(!held || strstr(report.why, "at most 4 rounds of a loop that waits") != NULL);
        explore_report_free(&report);
    }
}

/* ---- Several policies, prefixes, shards, and whoever watches. ---- */

static enum sim_status add(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    (void)sim;
    sim_write(var, sim_read(var) + 1);
    return SIM_OK;
}

static enum sim_status three_adders(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);
    struct sim_thread *a = sim_thread_new(sim, "a", add, var);
    struct sim_thread *b = sim_thread_new(sim, "b", add, var);

    (void)arg;
    SIM_TRY(add(sim, var));
    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static const struct sim_scenario adders = {.name = "adders", .main = three_adders};

static void a_portfolio_says_who_found_it(void **state)
{
    struct explore_report report = search(
        &adders, (struct explore_request){
                     .policy = EXPLORE_PORTFOLIO, .max_preemptions = 0, .max_executions = 100});

    (void)state;
    assert_int_equal(report.executions, 100);
    assert_int_equal(report.verdict, EXPLORE_SAMPLED);
    assert_string_equal(report.why, "by pb, random, pct, pos");
    /* Nothing is lost without a preemption, so the next policy must find it. */
    struct explore_report pb =
        search(&adders, (struct explore_request){.policy = EXPLORE_PB, .max_preemptions = 0});

    assert_true(pb.kinds[SIM_FINDING_LOST_UPDATE].first == 0);
    assert_true(report.kinds[SIM_FINDING_LOST_UPDATE].first > pb.executions);
    explore_report_free(&pb);
    assert_string_equal(report.kinds[SIM_FINDING_LOST_UPDATE].by, "random");
    explore_report_free(&report);
    report =
        search(&toy, (struct explore_request){.policy = EXPLORE_PORTFOLIO, .max_preemptions = 9});
    assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
    assert_int_equal(report.executions, 35);
    explore_report_free(&report);
}

/* Of the toy's 35 schedules, those that begin with 0 and those that begin with 1 are all. */
static void a_prefix_leaves_the_schedules_that_begin_with_it(void **state)
{
    uint32_t choice = 0;
    struct schedule prefix = {.choices = &choice, .count = 1};
    struct explore_request request = {
        .policy = EXPLORE_DFS, .max_preemptions = -1, .prefix = &prefix};
    struct explore_report zero = search(&toy, request);
    struct explore_report one;
    char error[256] = "";

    (void)state;
    choice = 1;
    one = search(&toy, request);
    assert_true(zero.executions > 1 && one.executions > 1);
    assert_int_equal(zero.executions + one.executions, 35);
    explore_report_free(&zero);
    explore_report_free(&one);
    choice = 2;
    run_request_init(&request.run, &toy);
    assert_false(explore(&request, &one, error, sizeof(error)));
    assert_string_equal(error, "the run differs from the schedule: choice 1 has 2 options, and the "
                               "schedule takes number 2");
    explore_report_free(&one);
}

/* Run every shard, and hold that together they are the whole. */
static void assert_divides(struct explore_request request, const struct explore_report *whole)
{
    uint64_t executions = 0;
    uint64_t seen[SIM_FINDING_COUNT] = {0};
    uint64_t first[SIM_FINDING_COUNT] = {0};
    uint32_t busy = 0;

    for (request.shard_index = 0; request.shard_index < request.shard_count;
         request.shard_index++) {
        struct explore_report part = search(&adders, request);

        executions += part.executions;
        busy += part.executions > 0;
        assert_true(part.verdict == whole->verdict);
        for (unsigned k = 0; k < SIM_FINDING_COUNT; k++) {
            uint64_t found = part.kinds[k].first;

            seen[k] += part.kinds[k].executions;
            if (found != 0 && (first[k] == 0 || found < first[k]))
                first[k] = found;
        }
        explore_report_free(&part);
    }
    assert_int_equal(executions, whole->executions);
    assert_int_equal(busy, request.policy == EXPLORE_FIFO ? 1 : request.shard_count);
    for (unsigned k = 0; k < SIM_FINDING_COUNT; k++) {
        assert_int_equal(seen[k], whole->kinds[k].executions);
        if (whole->verdict == EXPLORE_SAMPLED)
            assert_int_equal(first[k], whole->kinds[k].first);
    }
}

static void shards_together_are_the_whole_search(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS,  EXPLORE_PB,     EXPLORE_DB,
                                                   EXPLORE_FIFO, EXPLORE_RANDOM, EXPLORE_PCT,
                                                   EXPLORE_POS,  EXPLORE_SURW};

    (void)state;
    skip_if_sanitized();
    for (size_t p = 0; p < sizeof(policies) / sizeof(policies[0]); p++) {
        struct explore_request request = {
            .policy = policies[p], .max_preemptions = -1, .max_delays = -1};
        struct explore_report whole = search(&adders, request);

        for (request.shard_count = 2; request.shard_count <= 7; request.shard_count++)
            assert_divides(request, &whole);
        explore_report_free(&whole);
    }
}

static void what_cannot_be_divided_says_so(void **state)
{
    struct explore_request request = {.policy = EXPLORE_PORTFOLIO, .shard_count = 2};
    struct explore_report report;
    char error[256] = "";

    (void)state;
    run_request_init(&request.run, &toy);
    assert_false(explore(&request, &report, error, sizeof(error)));
    assert_string_equal(error, "a search by portfolio cannot be divided");
    explore_report_free(&report);
}

static void assert_described(struct explore_sampled sampled, const char *expected)
{
    char text[200];

    strategy_describe(EXPLORE_PCT, 2, &sampled, text, sizeof(text));
    assert_string_equal(text, expected);
}

/* 1 - (1 - 1/20)^10 = 0.40126 */
static void what_sampling_is_worth_is_said_where_it_is_worth_something(void **state)
{
    struct explore_sampled sampled = {.runs = 10, .actors = 2, .assumed = 10, .longest = 10};
    char text[200] = "old";

    (void)state;
    assert_described(sampled, "PCT depth 2: finds a bug of depth 2 with probability at least "
                              "0.4012 (10 tries of 1/(2*10^1))");
    sampled.longest = 11;
    assert_described(sampled, "PCT depth 2: finds a bug of depth 2 in the first choices with "
                              "probability at least 0.4012 (10 tries of 1/(2*10^1))");
    sampled.held = true;
    assert_described(sampled, "PCT depth 2: no bound, since threads spin");
    sampled = (struct explore_sampled){.actors = 2, .assumed = 10};
    assert_described(sampled, "PCT depth 2: no bound, too few executions");
    strategy_describe(EXPLORE_RANDOM, 0, &sampled, text, sizeof(text));
    assert_string_equal(text, "");
}

struct watcher {
    uint64_t most; /* executions after which it has seen enough */
    double share;  /* the last one told */
};

static enum explore_wish watch(void *arg, const struct explore_progress *progress)
{
    struct watcher *watcher = arg;
    char of[64];
    double share = explore_share(progress, of, sizeof(of));

    assert_true(share > watcher->share && share < 1);
    assert_true(progress->depth > 0);
    watcher->share = share;
    return progress->executions < watcher->most ? EXPLORE_GO_ON : EXPLORE_STOP;
}

static void whoever_watches_can_stop_a_search(void **state)
{
    struct watcher watcher = {20, 0};
    struct explore_request request = {
        .policy = EXPLORE_DFS, .max_preemptions = -1, .watch = watch, .watch_arg = &watcher};
    struct explore_report report = search(&toy, request);

    (void)state;
    assert_int_equal(report.executions, 20);
    assert_true(report.interrupted);
    assert_int_equal(report.verdict, EXPLORE_INCONCLUSIVE);
    assert_true(watcher.share > 0.2 && watcher.share < 0.9);
    explore_report_free(&report);
    request.policy = EXPLORE_RANDOM;
    watcher = (struct watcher){20, 0};
    report = search(&toy, request);
    assert_int_equal(report.verdict, EXPLORE_SAMPLED);
    assert_int_equal(report.executions, 20);
    assert_true(report.interrupted);
    explore_report_free(&report);
    request.policy = EXPLORE_DFS;
    watcher = (struct watcher){1000, 0};
    report = search(&toy, request);
    assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
    assert_false(report.interrupted);
    /* It is not asked after the last one, when there is nothing to stop. */
    assert_true(watcher.share > 0.9 && watcher.share < 1);
    explore_report_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_bound_adds_the_schedules_that_cost_more),
        cmocka_unit_test(each_delay_adds_schedules),
        cmocka_unit_test(a_search_that_is_cut_short_says_which_bound_it_has_done),
        cmocka_unit_test(who_spins_does_not_hang_a_search),
        cmocka_unit_test(what_never_ends_is_cut_short_and_proves_nothing),
        cmocka_unit_test(dpor_ends_where_somebody_spins),
        cmocka_unit_test(a_portfolio_says_who_found_it),
        cmocka_unit_test(a_prefix_leaves_the_schedules_that_begin_with_it),
        cmocka_unit_test(shards_together_are_the_whole_search),
        cmocka_unit_test(what_cannot_be_divided_says_so),
        cmocka_unit_test(what_sampling_is_worth_is_said_where_it_is_worth_something),
        cmocka_unit_test(whoever_watches_can_stop_a_search),
    };

    return cmocka_run_group_tests_name("policy_search", tests, NULL, NULL);
}
