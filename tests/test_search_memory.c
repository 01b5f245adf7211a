/* What a whole search asks of the system: nothing for an execution that is like those before it. */
#include "tests/test.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "sim/explore/explore.h"
#include "sim/sim.h"

/* The linker sends every call of these here (--wrap, in CMakeLists.txt). */
static size_t asked;

/* NOLINTBEGIN(readability-identifier-naming) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);

void *__wrap_malloc(size_t size)
{
    asked++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    asked++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    asked++;
    return __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    asked++;
    return __real_aligned_alloc(alignment, size);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    asked++;
    return __real_mmap(at, size, protection, flags, file, offset);
}

/* NOLINTEND(readability-identifier-naming) */

/* ---- A program with a little of everything that threads do, and more schedules than are run. ----
 */

struct shared {
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
    struct sim_var *full;
    struct sim_var *sum;
    struct sim_atomic *count;
};

enum { ROUNDS = 4 };

static enum sim_status move(struct shared *shared, int64_t from)
{
    for (int i = 0; i < ROUNDS; i++) {
        sim_mutex_lock(shared->mutex);
        while (sim_read(shared->full) != from)
            SIM_TRY(sim_condvar_wait(shared->changed, shared->mutex));
        sim_write(shared->full, 1 - from);
        sim_condvar_signal(shared->changed);
        SIM_TRY(sim_mutex_unlock(shared->mutex));
        sim_write(shared->sum, sim_read(shared->sum) + 1);
        (void)sim_atomic_fetch_add(shared->count, 1);
    }
    return SIM_OK;
}

static enum sim_status put(struct sim *sim, void *arg)
{
    (void)sim;
    return move(arg, 0);
}

static enum sim_status take(struct sim *sim, void *arg)
{
    (void)sim;
    return move(arg, 1);
}

static enum sim_status program(struct sim *sim, void *arg)
{
    struct shared shared = {.mutex = sim_mutex_new(sim, "mutex"),
                            .changed = sim_condvar_new(sim, "changed"),
                            .full = sim_var_new(sim, "full", 0),
                            .sum = sim_var_new(sim, "sum", 0),
                            .count = sim_atomic_new(sim, "count", 0)};
    struct sim_thread *a = sim_thread_new(sim, "a", put, &shared);
    struct sim_thread *b = sim_thread_new(sim, "b", take, &shared);

    (void)arg;
    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static const struct sim_scenario scenario = {.name = "program", .main = program};
static const struct sim_scenario contained = {
    .name = "program", .main = program, .contained = true};

/* ---- */

struct meter {
    uint64_t from; /* executions that are not measured: the first ones make room */
    uint64_t executions;
    size_t before; /* asked, when that many had been run */
};

static enum explore_wish watch(void *arg, const struct explore_progress *progress)
{
    struct meter *meter = arg;

    (void)progress;
    if (++meter->executions == meter->from)
        meter->before = asked;
    return EXPLORE_GO_ON;
}

/* How often the executions after the first `from` of `count` asked for memory. */
static size_t asked_after(const struct sim_scenario *of, enum explore_policy policy, uint64_t from,
                          uint64_t count)
{
    struct meter meter = {.from = from};
    struct explore_request request = {.policy = policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = count,
                                      .keep_going = true,
                                      .watch = watch,
                                      .watch_arg = &meter};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, of);
    asked = 0;
    assert_true(explore(&request, &report, error, sizeof(error)));
    size_t after = asked - meter.before;

    /* It did ask before, and what was measured was run. */
    assert_true(meter.before > 0);
    assert_true(report.executions == count);
    assert_true(meter.executions > from);
    assert_true(report.found > 0);
    explore_report_free(&report);
    return after;
}

enum { EXECUTIONS = FIBER_ASAN ? 4000 : 20000 };

static void a_search_asks_for_memory_only_at_its_beginning(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM, EXPLORE_PCT,
                                                   EXPLORE_POS};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        assert_int_equal(asked_after(&scenario, policies[i], 1000, EXECUTIONS), 0);
}

/* Snapshots are kept where others were. */
static void a_search_from_snapshots_asks_for_memory_only_at_its_beginning(void **state)
{
    static const enum explore_policy policies[] = {EXPLORE_DFS, EXPLORE_RANDOM};

    (void)state;
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
        assert_int_equal(asked_after(&contained, policies[i], 1000, EXECUTIONS), 0);
}

/* The first execution of a depth-first search makes all the room that one like it needs. */
static void the_second_execution_asks_for_nothing(void **state)
{
    (void)state;
    assert_int_equal(asked_after(&scenario, EXPLORE_DFS, 1, 2), 0);
}

/* What dpor must still try takes room, which is used again: it asks less often than once in a
 * hundred executions. */
static void dpor_asks_seldom(void **state)
{
    (void)state;
    assert_true(asked_after(&scenario, EXPLORE_DPOR, EXECUTIONS / 2, EXECUTIONS) <
                EXECUTIONS / 2 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_search_asks_for_memory_only_at_its_beginning),
        cmocka_unit_test(a_search_from_snapshots_asks_for_memory_only_at_its_beginning),
        cmocka_unit_test(the_second_execution_asks_for_nothing),
        cmocka_unit_test(dpor_asks_seldom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
