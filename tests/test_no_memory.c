/* A machine without memory: whatever is asked of it and refused, a run or a search comes to the
 * result that it has elsewhere, or says that there was no memory; never to another. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scenarios/scenarios.h"
#include "sim/detect/detect.h"
#include "sim/explore/explore.h"
#include "sim/explore/fate.h"
#include "sim/explore/shrink.h"
#include "sim/explore/shrink_swap.h"
#include "sim/policy/random.h"
#include "sim/sim.h"
#include "sim/trace/file.h"
#include "sim/trace/recorder.h"

/* The linker sends every call of these here (--wrap, in CMakeLists.txt).  Counted from 1, those
 * from `first` to `last` fail. */
static size_t asked;
static size_t first = SIZE_MAX;
static size_t last;

static bool fails(void)
{
    asked++;
    return asked >= first && asked <= last;
}

/* NOLINTBEGIN(readability-identifier-naming) */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);
FILE *__real_open_memstream(char **text, size_t *size);
char *__real_strdup(const char *text);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset);
FILE *__wrap_open_memstream(char **text, size_t *size);
char *__wrap_strdup(const char *text);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int file, off_t offset)
{
    return fails() ? MAP_FAILED : __real_mmap(at, size, protection, flags, file, offset);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return fails() ? NULL : __real_open_memstream(text, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}
/* NOLINTEND(readability-identifier-naming) */

static void starve(size_t from, size_t to)
{
    asked = 0;
    first = from;
    last = to;
}

/* Returns how many were asked for since. */
static size_t starve_no_more(void)
{
    first = SIZE_MAX;
    return asked;
}

/* What somebody did, in one word; or why they did not. */
struct result {
    size_t asked;
    bool told;
    uint64_t hash;
    char error[256];
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = mix(hash, (unsigned char)*text);
    return hash;
}

typedef struct result (*deed_fn)(const void *arg);

static void compare(const char *name, const struct result *wanted, const struct result *got,
                    size_t at)
{
    if (!got->told && strstr(got->error, "memory") == NULL)
        fail_msg("%s, allocation %zu: '%s'", name, at, got->error);
    if (got->told && got->hash != wanted->hash)
        fail_msg("%s, allocation %zu: another result", name, at);
}

/* Do it with each allocation refused, alone and with all that follow; of very many, with some of
 * them. */
static void refuse_each(const char *name, deed_fn deed, const void *arg)
{
    const size_t most = FIBER_ASAN ? 60 : 300;

    starve(SIZE_MAX, SIZE_MAX);
    const struct result wanted = deed(arg);
    size_t refused = 0;

    assert_true(wanted.told);
    for (size_t at = 1; at <= wanted.asked; at += 1 + wanted.asked / most) {
        starve(at, at);
        const struct result alone = deed(arg);

        compare(name, &wanted, &alone, at);
        starve(at, SIZE_MAX);
        const struct result all = deed(arg);

        compare(name, &wanted, &all, at);
        refused += !all.told;
    }
    assert_true(refused > 0);
}

/* ---- A simulation by itself. ---- */

struct watched {
    struct sim *sim;
    struct policy_random random;
    struct recorder recorder;
    struct trace *trace;
    struct detectors *detectors;
};

static bool watch(struct watched *watched)
{
    watched->sim = sim_new(NULL);
    watched->trace = trace_new();
    watched->detectors = detectors_new();
    if (watched->sim == NULL || watched->trace == NULL || watched->detectors == NULL)
        return false;
    policy_random_init(&watched->random, 7, 0);
    recorder_init(&watched->recorder, watched->trace);
    sim_set_policy(watched->sim, &watched->random.policy);
    return sim_add_sink(watched->sim, &watched->recorder.sink) &&
           sim_add_sink(watched->sim, detectors_sink(watched->detectors));
}

static struct result simulate(const void *arg)
{
    const struct sim_scenario *scenario = arg;
    struct run_request request;
    struct watched watched = {0};
    enum sim_outcome outcome = SIM_OUTCOME_NO_MEMORY;
    size_t count = 0;

    run_request_init(&request, scenario);
    if (watch(&watched))
        outcome = (scenario->async ? sim_run_async : sim_run)(watched.sim, scenario->main,
                                                              request.params);
    struct result result = {.asked = starve_no_more(), .told = outcome != SIM_OUTCOME_NO_MEMORY};

    if (result.told) {
        assert_int_equal(watched.trace->outcome, outcome);
        (void)detectors_findings(watched.detectors, &count);
        result.hash =
            mix(mix(mix(count, outcome), sim_steps(watched.sim)), trace_hash(watched.trace));
    }
    (void)snprintf(result.error, sizeof(result.error), "%s", sim_outcome_words(outcome));
    sim_free(watched.sim);
    trace_free(watched.trace);
    detectors_free(watched.detectors);
    return result;
}

static void a_run_ends_so_whoever_had_no_memory(void **state)
{
    (void)state;
    refuse_each("bounded_buffer", simulate, &bounded_buffer);
    refuse_each("echo_server", simulate, &echo_server);
    refuse_each("to_thread", simulate, &to_thread);
}

/* ---- A run that is recorded, examined and told. ---- */

static struct result record(const void *arg)
{
    struct result result = {0};
    struct trace *trace = run_record(arg, result.error, sizeof(result.error));

    result.asked = starve_no_more();
    result.told = trace != NULL && result.error[0] == '\0';
    if (result.told)
        result.hash = trace_hash(trace);
    trace_free(trace);
    return result;
}

static void a_recorded_run_is_whole_or_there_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; scenarios[i] != NULL; i++) {
        struct run_request request;

        run_request_init(&request, scenarios[i]);
        request.max_steps = FIBER_ASAN ? 2000 : 20000;
        refuse_each(scenarios[i]->name, record, &request);
    }
}

/* ---- A search. ---- */

static uint64_t hash_of(const struct explore_report *report)
{
    uint64_t hash = mix(report->executions, report->found);

    hash = mix(mix(hash, report->cut_by_steps), report->cut_by_memory);
    hash = mix(mix(hash, report->given_up), report->difference.execution);
    hash = mix(mix(hash, report->verdict), (uint64_t)report->worst);
    hash = mix_text(hash, report->why);
    for (int i = 0; i < SIM_FINDING_COUNT; i++) {
        const struct explore_kind *kind = &report->kinds[i];

        hash = mix(mix(hash, kind->executions), kind->first);
        for (size_t k = 0; k < kind->schedule.count; k++)
            hash = mix(hash, kind->schedule.choices[k]);
    }
    for (size_t i = 0; i < report->trials.count; i++)
        hash = mix_text(mix(hash, report->trials.at[i].begins), report->trials.at[i].place);
    return hash;
}

/* What is asked for beside the search itself. */
struct asked {
    const struct sim_scenario *scenario;
    enum explore_policy policy;
    bool twice;
    bool map;
    const char *cancel;
};

static struct result search(const void *arg)
{
    const struct asked *wish = arg;
    struct explore_request request = {.policy = wish->policy,
                                      .max_preemptions = -1,
                                      .max_delays = -1,
                                      .max_executions = 60,
                                      .twice = wish->twice,
                                      .keep_going = true};
    struct explore_report report;
    struct result result = {0};

    run_request_init(&request.run, wish->scenario);
    request.run.cancel = wish->cancel;
    if (wish->map)
        request.map = map_new();
    result.told = (request.map != NULL || !wish->map) &&
                  explore(&request, &report, result.error, sizeof(result.error));
    if (wish->map && request.map == NULL)
        report = (struct explore_report){0};
    result.asked = starve_no_more();
    if (request.map == NULL && wish->map)
        (void)snprintf(result.error, sizeof(result.error), "no memory for the map");
    result.hash = hash_of(&report);
    if (request.map != NULL)
        result.hash = mix(mix(result.hash, request.map->node_count), request.map->pair_count);
    explore_report_free(&report);
    map_free(request.map);
    return result;
}

static void refuse_searches(enum explore_policy policy)
{
    static const struct sim_scenario *const some[] = {
        &counter_race_threads, &bank_transfer_abba, &bounded_buffer,   &last_zero,
        &lost_wakeup,          &echo_server,        &autosave,         &deadlock_timedlock,
        &cache_stampede,       &priority_inversion, &unfair_lock_fixed};

    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        refuse_each(some[i]->name, search, &(struct asked){some[i], policy, false, false, NULL});
}

static void a_search_by_random_does_not_go_on(void **state)
{
    (void)state;
    refuse_searches(EXPLORE_RANDOM);
}

static void a_search_by_dfs_does_not_go_on(void **state)
{
    (void)state;
    refuse_searches(EXPLORE_DFS);
}

static void a_search_by_dpor_does_not_go_on(void **state)
{
    (void)state;
    refuse_searches(EXPLORE_DPOR);
}

static void nor_does_one_by_any_other_policy(void **state)
{
    (void)state;
    for (int policy = 0; policy < EXPLORE_POLICY_COUNT; policy++)
        if (policy != EXPLORE_GUIDED)
            refuse_each("bank_transfer_abba", search,
                        &(struct asked){&bank_transfer_abba, (enum explore_policy)policy, false,
                                        false, NULL});
}

static void nor_one_that_is_asked_for_more(void **state)
{
    (void)state;
    for (int policy = EXPLORE_DFS; policy <= EXPLORE_RANDOM; policy++) {
        enum explore_policy by = (enum explore_policy)policy;

        refuse_each("twice", search, &(struct asked){&bounded_buffer, by, true, false, NULL});
        refuse_each("a map", search, &(struct asked){&bounded_buffer, by, false, true, NULL});
        refuse_each("cancel", search, &(struct asked){&queue_join, by, false, false, "any"});
    }
}

/* ---- What is made of a finding. ---- */

/* Of a run under the schedule. */
struct found {
    struct run_request request;
    struct schedule schedule;
    struct shrink_target target;
};

static void find(struct found *found, const struct sim_scenario *scenario)
{
    struct explore_request request = {
        .policy = EXPLORE_RANDOM, .max_preemptions = -1, .max_executions = 1000};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, scenario);
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_true(report.worst >= 0);
    found->request = request.run;
    found->schedule = (struct schedule){0};
    assert_true(schedule_copy(&found->schedule, &report.kinds[report.worst].schedule));
    explore_report_free(&report);
    found->request.policy = RUN_REPLAY;
    found->request.schedule = &found->schedule;
    struct trace *trace = run_record(&found->request, error, sizeof(error));

    assert_non_null(trace);
    shrink_target_of(&found->target, trace->registry, &trace->findings[0]);
    trace_free(trace);
}

static uint64_t mix_schedule(uint64_t hash, const struct schedule *schedule)
{
    for (size_t i = 0; i < schedule->count; i++)
        hash = mix(hash, schedule->choices[i]);
    return hash;
}

static struct result shrink_it(const void *arg)
{
    const struct found *found = arg;
    struct shrink_report report = {0};
    struct result result = {0};

    result.told =
        shrink(&found->request, &found->schedule, (enum sim_finding_kind)found->target.kind, 2000,
               &report, result.error, sizeof(result.error));
    result.asked = starve_no_more();
    result.hash = mix(mix_schedule(report.runs, &report.schedule), report.minimal);
    shrink_report_free(&report);
    return result;
}

static struct result swap_it(const void *arg)
{
    const struct found *found = arg;
    struct swap_report report = {0};
    struct result result = {.error = "out of memory"};

    result.told = swap_find(&found->request, &found->schedule, &found->target, &report);
    result.asked = starve_no_more();
    result.hash = mix(mix_schedule(report.runs, &report.passing), report.how);
    swap_report_free(&report);
    return result;
}

static struct result measure_it(const void *arg)
{
    const struct found *found = arg;
    struct fate_report report = {0};
    struct result result = {.error = "out of memory"};

    result.told =
        fate_measure(&found->request, &found->schedule, &found->target, 200, 5, 1, &report);
    result.asked = starve_no_more();
    result.hash = mix(report.runs, report.rise);
    for (size_t i = 0; i < report.count; i++)
        result.hash = mix(result.hash, (uint64_t)(report.points[i].share * 1000000));
    fate_report_free(&report);
    return result;
}

static void what_is_made_of_a_finding_is_the_same(void **state)
{
    static const struct sim_scenario *const some[] = {&counter_race_threads, &bank_transfer_abba,
                                                      &lost_wakeup};

    (void)state;
    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
        struct found found;

        find(&found, some[i]);
        refuse_each("shrink", shrink_it, &found);
        refuse_each("swap", swap_it, &found);
        refuse_each("fate", measure_it, &found);
        schedule_free(&found.schedule);
    }
}

/* ---- A trace that says so. ---- */

static void a_trace_can_have_ended_so(void **state)
{
    struct trace *trace = trace_new();
    char error[256];
    size_t length = 0;

    (void)state;
    assert_non_null(trace);
    trace->outcome = SIM_OUTCOME_NO_MEMORY;
    char *text = trace_format(trace, &length);

    assert_non_null(strstr(text, "\noutcome no-memory\n"));
    struct trace *again = trace_parse(text, length, "again", error, sizeof(error));

    assert_non_null(again);
    assert_int_equal(again->outcome, SIM_OUTCOME_NO_MEMORY);
    trace_free(again);
    trace_free(trace);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_ends_so_whoever_had_no_memory),
        cmocka_unit_test(a_recorded_run_is_whole_or_there_is_none),
        cmocka_unit_test(a_search_by_random_does_not_go_on),
        cmocka_unit_test(a_search_by_dfs_does_not_go_on),
        cmocka_unit_test(a_search_by_dpor_does_not_go_on),
        cmocka_unit_test(nor_does_one_by_any_other_policy),
        cmocka_unit_test(nor_one_that_is_asked_for_more),
        cmocka_unit_test(what_is_made_of_a_finding_is_the_same),
        cmocka_unit_test(a_trace_can_have_ended_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
