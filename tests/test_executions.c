/* What makes one execution of a search cheap: it asks the system for nothing that the last one had,
 * and makes, lists and names only what somebody reads. */
#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scenarios/scenarios.h"
#include "sim/base/format.h"
#include "sim/base/prng.h"
#include "sim/core/enabled.h"
#include "sim/core/policy.h"
#include "sim/detect/detect.h"
#include "sim/policy/random.h"
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

/* ---- Programs: threads, and tasks. ---- */

enum { ITEMS = 40 };

struct buffer {
    struct sim_mutex *mutex;
    struct sim_condvar *changed;
    struct sim_var *full;
};

static enum sim_status move(struct buffer *buffer, int64_t from)
{
    for (int i = 0; i < ITEMS; i++) {
        sim_mutex_lock(buffer->mutex);
        while (sim_read(buffer->full) != from)
            SIM_TRY(sim_condvar_wait(buffer->changed, buffer->mutex));
        sim_write(buffer->full, 1 - from);
        sim_condvar_broadcast(buffer->changed);
        SIM_TRY(sim_mutex_unlock(buffer->mutex));
    }
    return SIM_OK;
}

static enum sim_status produce(struct sim *sim, void *arg)
{
    (void)sim;
    return move(arg, 0);
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    sim_print(sim, "%s takes %d items", "the consumer", ITEMS);
    return move(arg, 1);
}

static enum sim_status threads(struct sim *sim, void *arg)
{
    struct buffer buffer = {.mutex = sim_mutex_new(sim, "mutex"),
                            .changed = sim_condvar_new(sim, "changed"),
                            .full = sim_var_new(sim, "full", 0)};
    struct sim_thread *a = sim_thread_new(sim, sim_format(sim, "producer %d", 1), produce, &buffer);
    struct sim_thread *b = sim_thread_new(sim, "consumer", consume, &buffer);

    (void)arg;
    SIM_TRY(sim_thread_join(a, NULL));
    return sim_thread_join(b, NULL);
}

static enum sim_status add(struct sim *sim, void *arg)
{
    int64_t before = sim_read((struct sim_var *)arg);

    SIM_TRY(sim_sleep(sim, 0));
    sim_write((struct sim_var *)arg, before + 1);
    return SIM_OK;
}

static enum sim_status tasks(struct sim *sim, void *arg)
{
    struct sim_var *sum = sim_var_new(sim, "sum", 0);
    struct sim_future *all[4];

    (void)arg;
    for (int i = 0; i < 4; i++)
        all[i] = SIM_FUTURE(sim_task_new(sim, NULL, add, sum));
    SIM_TRY(sim_await(sim_gather(sim, all, 4, false), NULL));
    return sim_sleep(sim, 5 * SIM_MS);
}

/* Run executions 0 .. count-1 of a seed. */
static void run_all(struct sim *sim, struct policy_random *random, sim_body_fn main, bool async,
                    int count)
{
    policy_random_init(random, 1, 0);
    for (int i = 0; i < count; i++)
        (void)(async ? sim_run_async : sim_run)(sim, main, NULL);
}

static void executions_ask_for_no_memory(sim_body_fn main, bool async)
{
    enum { EXECUTIONS = 2000 };
    struct sim_config config = {.level = SIM_LEVEL_ANY};
    struct sim *sim = sim_new(&config);
    struct detectors *detectors = detectors_new();
    struct policy_random random;

    assert_non_null(sim);
    assert_non_null(detectors);
    sim_set_policy(sim, &random.policy);
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    asked = 0;
    run_all(sim, &random, main, async, EXECUTIONS);
    assert_true(asked > 0);
    /* They are the same again: whatever the longest of them needs is there. */
    asked = 0;
    run_all(sim, &random, main, async, EXECUTIONS);
    assert_int_equal(asked, 0);
    detectors_free(detectors);
    sim_free(sim);
}

static void executions_of_threads_ask_for_no_memory(void **state)
{
    (void)state;
    executions_ask_for_no_memory(threads, false);
}

static void executions_of_tasks_ask_for_no_memory(void **state)
{
    (void)state;
    executions_ask_for_no_memory(tasks, true);
}

/* ---- Which threads can run. ---- */

static void the_nth_that_can_run_is_found(void **state)
{
    enum { THREADS = 200, ROUNDS = 2000 };
    bool member[THREADS] = {false};
    struct enabled set = {0};
    struct prng prng;

    (void)state;
    prng_seed(&prng, 3);
    for (uint32_t count = 1; count <= THREADS; count += count < 70 ? 1 : 13) {
        for (uint32_t i = 0; i < count; i++) {
            assert_true(enabled_make_room(&set, i));
            member[i] = prng_below(&prng, 3) != 0 || i == 0;
            if (member[i])
                enabled_add(&set, i);
        }
        uint32_t from = prng_below(&prng, count);
        uint32_t nth = 0;

        for (uint32_t i = 0; i < count; i++)
            if (member[(from + i) % count])
                assert_int_equal(enabled_nth(&set, count, from, nth++), (from + i) % count);
        enabled_remove(&set, 0);
        if (nth > 1)
            assert_int_not_equal(enabled_nth(&set, count, 0, 0), 0);
    }
    enabled_free(&set);
}

/* ---- Sinks. ---- */

enum { KEPT = 4096 };

struct keeper {
    struct sink sink; /* first */
    const struct registry *registry;
    struct sim_event events[KEPT];
    size_t count;
    bool ignores[SIM_EVENT_COUNT];
};

static void keep_begin(struct sink *sink, const struct registry *registry)
{
    ((struct keeper *)sink)->count = 0;
    ((struct keeper *)sink)->registry = registry;
}

static void keep(struct sink *sink, const struct sim_event *event)
{
    struct keeper *keeper = (struct keeper *)sink;

    assert_true(keeper->count < KEPT);
    keeper->events[keeper->count++] = *event;
}

static void keep_all(struct sink *sink, const struct sim_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        keep(sink, &events[i]);
}

/* Run threads() once under execution 5 of seed 1. */
static struct sim *keep_run(struct keeper *keeper, struct keeper *other)
{
    struct policy_random random;
    struct sim *sim = sim_new(NULL);

    assert_non_null(sim);
    policy_random_init(&random, 1, 5);
    sim_set_policy(sim, &random.policy);
    assert_true(sim_add_sink(sim, &keeper->sink));
    if (other != NULL)
        assert_true(sim_add_sink(sim, &other->sink));
    assert_int_equal(sim_run(sim, threads, NULL), SIM_OUTCOME_FINISHED);
    return sim;
}

static void sinks_are_told_the_same_at_once_and_late(void **state)
{
    static struct keeper now = {.sink = {.begin = keep_begin, .event = keep}};
    static struct keeper late = {.sink = {.begin = keep_begin, .event = keep, .events = keep_all}};
    static struct keeper beside = {
        .sink = {.begin = keep_begin, .event = keep, .events = keep_all}};

    (void)state;
    sim_free(keep_run(&now, &beside));
    sim_free(keep_run(&late, NULL));
    assert_true(now.count > 512); /* more than are held back at a time */
    assert_int_equal(late.count, now.count);
    assert_int_equal(beside.count, now.count);
    assert_memory_equal(late.events, now.events, now.count * sizeof(now.events[0]));
    assert_memory_equal(beside.events, now.events, now.count * sizeof(now.events[0]));
}

static void what_every_sink_ignores_is_not_made(void **state)
{
    static struct keeper all = {.sink = {.begin = keep_begin, .event = keep}};
    static struct keeper some = {.sink = {.begin = keep_begin, .event = keep}};
    size_t at = 0;

    (void)state;
    some.ignores[SIM_EV_CHOICE] = true;
    some.ignores[SIM_EV_PREEMPT] = true;
    some.sink.ignores = some.ignores;
    sim_free(keep_run(&all, NULL));
    sim_free(keep_run(&some, NULL));
    assert_true(some.count < all.count);
    /* What is left is in order, with the steps that it has when all is told. */
    for (size_t i = 0; i < all.count; i++) {
        if (at < some.count && all.events[i].kind == some.events[at].kind &&
            all.events[i].step == some.events[at].step &&
            all.events[i].actor == some.events[at].actor)
            at++;
        else
            assert_true(all.events[i].kind == SIM_EV_CHOICE ||
                        all.events[i].kind == SIM_EV_PREEMPT);
    }
    assert_int_equal(at, some.count);
    /* Another sink that wants them gets them. */
    sim_free(keep_run(&some, &all));
    assert_int_equal(some.count, all.count);
}

static void names_and_places_are_kept_for_who_reads_them(void **state)
{
    static struct keeper blind = {.sink = {.begin = keep_begin, .event = keep, .wordless = true}};
    static struct keeper reader = {.sink = {.begin = keep_begin, .event = keep}};
    char name[REGISTRY_NAME_MAX];

    (void)state;
    struct sim *sim = keep_run(&blind, NULL);

    assert_int_equal(registry_site_count(sim_registry(sim)), 0);
    assert_null(registry_object(sim_registry(sim), 1)->name);
    sim_free(sim);
    sim = keep_run(&blind, &reader);
    assert_true(registry_site_count(sim_registry(sim)) > 5);
    assert_string_equal(registry_name(sim_registry(sim), 1, name), "MainThread");
    sim_free(sim);
    assert_int_equal(blind.count, reader.count);
}

/* Kinds of findings of an execution of a scenario. */
static uint64_t kinds_of(struct sim *sim, struct detectors *detectors,
                         const struct sim_scenario *scenario)
{
    int64_t params[SIM_PARAMS_MAX];

    for (int i = 0; i < SIM_PARAMS_MAX; i++)
        params[i] = scenario->params[i].value < 50 ? scenario->params[i].value : 50;
    (void)(scenario->async ? sim_run_async : sim_run)(sim, scenario->main, params);
    return detectors_kinds(detectors);
}

static struct sim *watched(struct detectors *detectors, struct policy_random *random)
{
    struct sim_config config = {.level = SIM_LEVEL_ANY, .max_steps = 20000};
    struct sim *sim = sim_new(&config);

    assert_non_null(sim);
    policy_random_init(random, 9, 0);
    sim_set_policy(sim, &random->policy);
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    return sim;
}

/* What a search tells detectors is enough for them to find what they find when told all. */
static void searches_find_what_detectors_find_that_are_told_all(void **state)
{
    enum { EXECUTIONS = 60 };
    uint64_t seen = 0;

    (void)state;
    for (size_t i = 0; scenarios[i] != NULL; i++) {
        struct detectors *some = detectors_new();
        struct detectors *all = detectors_new();
        struct policy_random random[2];

        assert_non_null(some);
        assert_non_null(all);
        detectors_sink(some)->wordless = true;
        detectors_sink(all)->ignores = NULL;
        detectors_sink(all)->events = NULL;
        struct sim *search = watched(some, &random[0]);
        struct sim *full = watched(all, &random[1]);

        for (int run = 0; run < EXECUTIONS; run++) {
            uint64_t kinds = kinds_of(search, some, scenarios[i]);

            seen |= kinds;
            assert_int_equal(kinds, kinds_of(full, all, scenarios[i]));
            assert_int_equal(sim_steps(search), sim_steps(full));
        }
        sim_free(search);
        sim_free(full);
        detectors_free(some);
        detectors_free(all);
    }
    assert_true(__builtin_popcountll(seen) > 8);
}

/* ---- Policies. ---- */

struct looker {
    struct policy policy; /* first */
    const struct keeper *keeper;
    uint32_t choices;
    uint32_t listed;
    bool untold; /* a thread stood before an operation, and its last event had not been told of */
};

static uint32_t look(struct policy *policy, const struct sim_choice *choice)
{
    struct looker *looker = (struct looker *)policy;

    looker->choices++;
    looker->listed += choice->options != NULL;
    looker->untold |= looker->keeper->count == 0;
    for (uint32_t i = 0; choice->options != NULL && i < choice->count; i++)
        assert_true(choice->options[i].actor != 0);
    return choice->count - 1;
}

static void options_are_listed_for_policies_that_look(void **state)
{
    static struct keeper late = {.sink = {.begin = keep_begin, .event = keep, .events = keep_all}};
    struct looker looker = {.policy = {.choose = look}, .keeper = &late};
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_non_null(sim);
    late.ignores[SIM_EV_CHOICE] = true;
    late.sink.ignores = late.ignores;
    assert_true(sim_add_sink(sim, &late.sink));
    sim_set_policy(sim, &looker.policy);
    (void)sim_run(sim, threads, NULL);
    assert_true(looker.choices > 10);
    assert_int_equal(looker.listed, looker.choices);
    /* Sinks know all that has happened when it looks. */
    assert_false(looker.untold);
    looker = (struct looker){.policy = {.choose = look, .blind = true}, .keeper = &late};
    (void)sim_run(sim, threads, NULL);
    assert_true(looker.choices > 10);
    assert_int_equal(looker.listed, 0);
    assert_true(looker.untold);
    sim_free(sim);
}

/* ---- Formats. ---- */

/* What both say of a format and its arguments; false if the plain one cannot. */
static bool same(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool same(const char *format, ...)
{
    char expected[64];
    char out[64];
    size_t length = 0;
    va_list args;

    va_start(args, format);
    bool known = format_plain(out, sizeof(out), format, args, &length);
    int wanted = vsnprintf(expected, sizeof(expected), format, args);

    va_end(args);
    if (!known)
        return false;
    assert_string_equal(out, expected);
    assert_int_equal(length, wanted);
    return true;
}

static void plain_formats_are_as_printf_writes_them(void **state)
{
    static const char sixty[] = "123456789 123456789 123456789 123456789 123456789 123456789 ";

    (void)state;
    assert_true(same("nothing%s", ""));
    assert_true(same("adder %zu", SIZE_MAX));
    assert_true(same("%d %i %d", -1, INT32_MIN, INT32_MAX));
    assert_true(same("%ld%lld%lld", -5L, (long long)INT64_MIN, (long long)INT64_MAX));
    assert_true(same("%u %lu %llu", UINT32_MAX, 0UL, (unsigned long long)UINT64_MAX));
    assert_true(same("%s: 100%% %c", "done", 'x'));
    assert_true(same("%s%s", sixty, "123"));
    assert_false(same("%s%s", sixty, "1234"));
    assert_false(same("%5d", 1));
    assert_false(same("%.3s", "long"));
    assert_false(same("%x", 255U));
    assert_false(same("%d and %f", 1, 0.5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(executions_of_threads_ask_for_no_memory),
        cmocka_unit_test(executions_of_tasks_ask_for_no_memory),
        cmocka_unit_test(the_nth_that_can_run_is_found),
        cmocka_unit_test(sinks_are_told_the_same_at_once_and_late),
        cmocka_unit_test(what_every_sink_ignores_is_not_made),
        cmocka_unit_test(names_and_places_are_kept_for_who_reads_them),
        cmocka_unit_test(searches_find_what_detectors_find_that_are_told_all),
        cmocka_unit_test(options_are_listed_for_policies_that_look),
        cmocka_unit_test(plain_formats_are_as_printf_writes_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
