/* The core: clocks, fibers, limits, runs that repeat. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/prng.h"
#include "sim/core/fiber.h"
#include "sim/core/timers.h"
#include "sim/detect/detect.h"
#include "sim/detect/explain.h"
#include "sim/explore/explore.h"
#include "sim/sim.h"
#include "sim/trace/recorder.h"
#include "sim/trace/trace.h"

static void timers_come_in_order_of_deadline_then_creation(void **state)
{
    enum { COUNT = 2000 };
    static struct timer timers[COUNT];
    struct timers heap = {0};
    struct prng prng;
    size_t left = COUNT;

    (void)state;
    memset(timers, 0, sizeof(timers));
    prng_seed(&prng, 7);
    for (uint64_t i = 0; i < COUNT; i++) {
        timers[i].when_ns = prng_below(&prng, 100);
        timers[i].order = i;
        assert_true(timers_add(&heap, &timers[i]));
    }
    for (int i = 0; i < COUNT; i += 3) {
        timers_remove(&heap, &timers[i]);
        timers_remove(&heap, &timers[i]);
        left--;
    }
    int64_t when = -1;
    uint64_t order = 0;

    for (; timers_first(&heap) != NULL; left--) {
        struct timer *first = timers_first(&heap);

        assert_true(first->when_ns > when || (first->when_ns == when && first->order > order));
        when = first->when_ns;
        order = first->order;
        timers_remove(&heap, first);
    }
    assert_int_equal(left, 0);
    timers_free(&heap);
}

static void an_arena_gives_aligned_memory_up_to_its_limit(void **state)
{
    struct arena arena;
    size_t given = 0;

    (void)state;
    arena_init(&arena, 1 << 20);
    for (int round = 0; round < 3; round++) {
        void *memory = NULL;

        given = 0;
        while ((memory = arena_alloc(&arena, 1000)) != NULL) {
            assert_int_equal((uintptr_t)memory % 16, 0);
            memset(memory, round, 1000);
            given += 1000;
        }
        arena_reset(&arena);
    }
    assert_true(given > 900000 && given <= 1 << 20);
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, 2 << 20));
    arena_free(&arena);
}

/* Give out pieces of random sizes until the limit is reached, some as lines of the cache; note when
 * that was.  With large pieces, what is kept from before fits badly. */
static size_t exhaust(struct arena *arena, uint64_t seed, size_t *given)
{
    struct prng prng;
    size_t pieces = 0;

    prng_seed(&prng, seed);
    for (;; pieces++) {
        size_t size = 1 + prng_below(&prng, seed % 2 == 0 ? 300000 : 300);
        bool lines = prng_below(&prng, 3) == 0;
        char *memory = lines ? arena_alloc_lines(arena, size) : arena_alloc(arena, size);

        if (memory == NULL)
            break;
        assert_int_equal((uintptr_t)memory % (lines ? ARENA_LINE : 16), 0);
        memset(memory, 1, size);
    }
    *given = arena_given(arena);
    return pieces;
}

/* The limit of a run is one of its program, whatever was run before it in the same memory. */
static void the_limit_of_an_arena_does_not_depend_on_its_past(void **state)
{
    enum { SEEDS = 12, LIMIT = (3 << 20) + 16 };
    size_t pieces[SEEDS];
    size_t given[SEEDS];
    struct arena arena;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        arena_init(&arena, LIMIT);
        pieces[seed] = exhaust(&arena, seed, &given[seed]);
        assert_true(given[seed] <= LIMIT);
        arena_free(&arena);
    }
    /* Each after each other. */
    for (uint64_t first = 0; first < SEEDS; first++) {
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            size_t again = 0;

            arena_init(&arena, LIMIT);
            (void)exhaust(&arena, first, &again);
            arena_reset(&arena);
            assert_int_equal(exhaust(&arena, seed, &again), pieces[seed]);
            assert_int_equal(again, given[seed]);
            arena_free(&arena);
        }
    }
}

static void an_arena_gives_all_up_to_its_limit(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < 1 << 16; i++)
        assert_non_null(arena_alloc(&arena, 16));
    assert_null(arena_alloc(&arena, 1));
    arena_reset(&arena);
    assert_non_null(arena_alloc(&arena, 1 << 20));
    assert_null(arena_alloc(&arena, 1));
    arena_free(&arena);
}

/* The first values for seed 0, as the reference implementation gives them. */
static void random_numbers_are_the_published_ones(void **state)
{
    uint64_t mix = 0;
    struct prng prng = {{1, 2, 3, 4}};

    (void)state;
    assert_true(prng_splitmix(&mix) == UINT64_C(0xE220A8397B1DCDAF));
    assert_true(prng_next(&prng) == 11520);
    assert_true(prng_next(&prng) == 0);
    assert_true(prng_next(&prng) == 1509978240);
    for (int i = 0; i < 1000; i++)
        assert_true(prng_below(&prng, 7) < 7);
}

struct ping {
    struct fiber host;
    struct fiber *fiber;
    int count;
};

static void ping(void *arg)
{
    struct ping *p = arg;

    for (;;) {
        p->count++;
        fiber_switch(p->fiber, &p->host);
    }
}

static void fibers_switch_and_their_stacks_are_used_again(void **state)
{
    struct fiber_pool *pool = fiber_pool_new(64 << 10);
    struct ping p = {.count = 0};

    (void)state;
    assert_non_null(pool);
    p.fiber = fiber_new(pool, ping, &p);
    for (int i = 1; i <= 1000; i++) {
        fiber_switch(&p.host, p.fiber);
        assert_int_equal(p.count, i);
    }
    struct fiber *first = p.fiber;

    fiber_pool_reset(pool);
    p.fiber = fiber_new(pool, ping, &p);
    assert_ptr_equal(p.fiber, first);
    fiber_switch(&p.host, p.fiber);
    assert_int_equal(p.count, 1001);
    fiber_pool_free(pool);
}

static void forty_thousand_fibers_fit(void **state)
{
    struct fiber_pool *pool = fiber_pool_new(16 << 10);
    int made = 0;

    (void)state;
    assert_non_null(pool);
    while (made < 40000 && fiber_new(pool, ping, NULL) != NULL)
        made++;
    assert_int_equal(made, 40000);
    fiber_pool_free(pool);
}

#if !FIBER_ASAN && !defined(FIBER_UCONTEXT)
static int64_t deep(volatile int64_t depth)
{
    volatile char frame[512];

    frame[0] = (char)depth;
    return depth <= 0 ? frame[0] : deep(depth - 1) + frame[0];
}

static enum sim_status overrun(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_return(sim, sim_int(deep(1000000)));
}

/* Where it stands last before that. */
static const int last_line = __LINE__ + 6;

static enum sim_status write_and_overrun(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "meals", 0);

    sim_write(var, sim_read(var) + 1);
    return overrun(sim, arg);
}

static enum sim_status start_overrun(struct sim *sim, void *arg)
{
    return sim_await(sim_task_new(sim, "glutton", overrun, arg), NULL);
}

static void an_overrun_stack_ends_the_run_and_names_the_task(void **state)
{
    struct sim *sim = sim_new(NULL);
    struct detectors *detectors = detectors_new();
    size_t count = 0;

    (void)state;
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sim_run_async(sim, start_overrun, NULL), SIM_OUTCOME_OVERFLOW);
        const struct sim_finding *findings = detectors_findings(detectors, &count);

        assert_int_equal(count, 1);
        assert_int_equal(findings[0].kind, SIM_FINDING_OVERFLOW);
        assert_non_null(strstr(findings[0].sentence, "glutton overran its stack"));
    }
    detectors_free(detectors);
    sim_free(sim);
}

static enum sim_status start_thread_overrun(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "var", 0);
    struct sim_thread *thread = sim_thread_new(sim, "guzzler", write_and_overrun, arg);

    sim_write(var, 1);
    return sim_thread_join(thread, NULL);
}

static const struct sim_scenario overrunning = {.name = "overrunning",
                                                .title = "",
                                                .about = "",
                                                .main = start_thread_overrun,
                                                .expect = SIM_FINDING_OVERFLOW,
                                                .expect_any = SIM_FINDING_OVERFLOW};

/* A search finds it as it finds other errors: in every execution here, and each can be replayed. */
static void an_overrun_stack_of_a_thread_is_a_finding_of_a_search(void **state)
{
    struct explore_request request = {
        .policy = EXPLORE_DFS, .max_preemptions = -1, .max_delays = -1, .keep_going = true};
    struct explore_report report;
    char error[256] = "";

    (void)state;
    run_request_init(&request.run, &overrunning);
    if (!explore(&request, &report, error, sizeof(error)))
        fail_msg("%s", error);
    assert_int_equal(report.worst, SIM_FINDING_OVERFLOW);
    assert_true(report.executions > 1 && report.found == report.executions);
    assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
    request.run.policy = RUN_REPLAY;
    request.run.schedule = &report.kinds[SIM_FINDING_OVERFLOW].schedule;
    struct trace *trace = run_record(&request.run, error, sizeof(error));

    assert_non_null(trace);
    assert_int_equal(trace->outcome, SIM_OUTCOME_OVERFLOW);
    assert_int_equal(trace->finding_count, 1);
    assert_non_null(strstr(trace->findings[0].sentence, "guzzler overran its stack after step "));
    assert_string_equal(trace->findings[0].steps[1].caption, "guzzler overruns its stack");
    /* Of what led there, the last that is known, with its place. */
    const struct finding_step *last = &trace->findings[0].steps[0];
    char place[64];
    char *text = explain_format(trace);

    assert_memory_equal(last->caption, "guzzler writes meals = ", 23);
    assert_int_equal(registry_site_at(trace->registry, last->site)->line, last_line);
    (void)snprintf(place, sizeof(place), " (test_core.c:%d)\n", last_line);
    assert_non_null(text);
    assert_non_null(strstr(text, place));
    free(text);
    trace_free(trace);
    explore_report_free(&report);
}
#endif

static enum sim_status spin(struct sim *sim, void *arg)
{
    (void)arg;
    for (;;)
        SIM_TRY(sim_sleep(sim, 0));
}

static enum sim_status hoard(struct sim *sim, void *arg)
{
    while (sim_alloc(sim, 10000) != NULL)
        ;
    return *(enum sim_status *)arg; /* not reached: a full arena ends the run */
}

static void limits_end_a_run_and_not_the_process(void **state)
{
    struct sim_config config = {.max_steps = 1000, .max_memory = 4 << 20};
    struct sim *sim = sim_new(&config);

    (void)state;
    assert_int_equal(sim_run_async(sim, spin, NULL), SIM_OUTCOME_STEPS);
    assert_int_equal(sim_run(sim, hoard, NULL), SIM_OUTCOME_MEMORY);
    assert_int_equal(sim_run_async(sim, spin, NULL), SIM_OUTCOME_STEPS);
    sim_free(sim);
}

static enum sim_status nap(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, SIM_MS));
    sim_print(sim, "%s at %lld", sim_task_name(sim_current_task(sim)), (long long)sim_now(sim));
    return sim_return(sim, sim_int(sim_now(sim)));
}

static enum sim_status naps(struct sim *sim, void *arg)
{
    struct sim_future *futures[5];
    struct sim_value result;

    (void)arg;
    for (int i = 0; i < 5; i++)
        futures[i] = SIM_FUTURE(sim_task_new(sim, NULL, nap, NULL));
    SIM_TRY(sim_await(sim_gather(sim, futures, 5, false), &result));
    return sim_return(sim, result.as.items[4]);
}

static void a_simulation_runs_again_and_again_the_same(void **state)
{
    struct sim *sim = sim_new(NULL);
    struct trace *trace = trace_new();
    struct recorder recorder;
    uint64_t hash = 0;

    (void)state;
    recorder_init(&recorder, trace);
    assert_true(sim_add_sink(sim, &recorder.sink));
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(sim_run_async(sim, naps, NULL), SIM_OUTCOME_FINISHED);
        assert_int_equal(sim_result(sim).as.integer, SIM_MS);
        if (i == 0)
            hash = trace_hash(trace);
        else if (i % 100 == 0)
            assert_true(trace_hash(trace) == hash);
    }
    trace_free(trace);
    sim_free(sim);
}

static enum sim_status misuse(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, NULL);
    struct sim_condition *cond = sim_condition_new(sim, NULL, lock);
    struct sim_future *future = sim_future_new(sim, NULL);
    enum sim_status *got = arg;
    struct sim_value value;

    got[0] = sim_lock_release(lock);
    got[1] = sim_condition_notify(cond, 1);
    got[2] = sim_condition_wait(cond);
    got[3] = sim_future_result(future, &value);
    got[4] = sim_future_set_result(future, sim_int(1));
    got[5] = sim_future_set_result(future, sim_int(2));
    got[6] = sim_await(sim_current_task(sim), NULL);
    got[7] = sim_loop_run(sim, misuse, NULL, NULL);
    return SIM_OK;
}

static void misuse_is_an_error_and_never_a_crash(void **state)
{
    static const enum sim_status expected[] = {
        SIM_RUNTIME_ERROR, SIM_RUNTIME_ERROR, SIM_RUNTIME_ERROR, SIM_INVALID_STATE, SIM_OK,
        SIM_INVALID_STATE, SIM_RUNTIME_ERROR, SIM_RUNTIME_ERROR};
    enum sim_status got[8];
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_int_equal(sim_run_async(sim, misuse, got), SIM_OUTCOME_FINISHED);
    assert_memory_equal(got, expected, sizeof(got));
    sim_free(sim);
}

static enum sim_status outside(struct sim *sim, void *arg)
{
    enum sim_status *got = arg;

    got[0] = sim_sleep(sim, SIM_SECOND);
    got[1] = sim_lock_acquire(sim_lock_new(sim, NULL));
    got[2] = sim_event_wait(sim_event_new(sim, NULL));
    return SIM_OK;
}

static enum sim_status nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
    return SIM_OK;
}

static void do_nothing(struct sim *sim, void *arg)
{
    (void)sim;
    (void)arg;
}

static enum sim_status create_without_a_loop(struct sim *sim, void *arg)
{
    bool *refused = arg;
    size_t count = 1;

    refused[0] = sim_task_new(sim, NULL, nothing, NULL) == NULL;
    refused[1] = sim_future_new(sim, NULL) == NULL;
    refused[2] = sim_call_soon(sim, do_nothing, NULL) == NULL;
    refused[3] = sim_call_later(sim, 1, do_nothing, NULL) == NULL;
    refused[4] = sim_all_tasks(sim, &count) == NULL && count == 0;
    refused[5] = sim_gather(sim, NULL, 0, false) == NULL;
    refused[6] = sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR;
    return SIM_OK;
}

static void creating_without_a_loop_is_an_error(void **state)
{
    bool refused[7] = {false};
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_int_equal(sim_run(sim, create_without_a_loop, refused), SIM_OUTCOME_FINISHED);
    for (size_t i = 0; i < sizeof(refused); i++)
        assert_true(refused[i]);
    sim_free(sim);
}

static enum sim_status settle_a_task(struct sim *sim, void *arg)
{
    enum sim_status *got = arg;
    struct sim_task *task = sim_task_new(sim, NULL, nothing, NULL);

    got[0] = sim_future_set_result(SIM_FUTURE(task), sim_int(1));
    got[1] = sim_future_set_exception(SIM_FUTURE(task), SIM_VALUE_ERROR, "no");
    return sim_await(task, NULL);
}

static void a_task_s_outcome_is_its_own(void **state)
{
    enum sim_status got[2];
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_int_equal(sim_run_async(sim, settle_a_task, got), SIM_OUTCOME_FINISHED);
    assert_int_equal(got[0], SIM_RUNTIME_ERROR);
    assert_int_equal(got[1], SIM_RUNTIME_ERROR);
    sim_free(sim);
}

static void awaiting_outside_of_a_task_is_an_error(void **state)
{
    enum sim_status got[3];
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_int_equal(sim_run(sim, outside, got), SIM_OUTCOME_FINISHED);
    assert_int_equal(got[0], SIM_RUNTIME_ERROR);
    assert_int_equal(got[1], SIM_OK); /* it was free: nothing to wait for */
    assert_int_equal(got[2], SIM_RUNTIME_ERROR);
    sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_come_in_order_of_deadline_then_creation),
        cmocka_unit_test(an_arena_gives_aligned_memory_up_to_its_limit),
        cmocka_unit_test(an_arena_gives_all_up_to_its_limit),
        cmocka_unit_test(the_limit_of_an_arena_does_not_depend_on_its_past),
        cmocka_unit_test(random_numbers_are_the_published_ones),
        cmocka_unit_test(fibers_switch_and_their_stacks_are_used_again),
        cmocka_unit_test(forty_thousand_fibers_fit),
#if !FIBER_ASAN && !defined(FIBER_UCONTEXT)
        cmocka_unit_test(an_overrun_stack_ends_the_run_and_names_the_task),
        cmocka_unit_test(an_overrun_stack_of_a_thread_is_a_finding_of_a_search),
#endif
        cmocka_unit_test(limits_end_a_run_and_not_the_process),
        cmocka_unit_test(a_simulation_runs_again_and_again_the_same),
        cmocka_unit_test(misuse_is_an_error_and_never_a_crash),
        cmocka_unit_test(awaiting_outside_of_a_task_is_an_error),
        cmocka_unit_test(creating_without_a_loop_is_an_error),
        cmocka_unit_test(a_task_s_outcome_is_its_own),
    };

    return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
