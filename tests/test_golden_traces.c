/* The trace of every scenario is the same text, byte for byte, on every machine.
 *
 * A change that is meant shows as a diff of tests/golden/traces; run this program with
 * PICKGLASS_RECORD=1 in the environment to record it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/run.h"
#include "sim/trace/file.h"

/* Enough tasks to show what 10,000 do, and few enough to read. */
enum { TASKS = 3 };

static struct trace *run_small(const struct sim_scenario *scenario)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    if (scenario == &counter_race || scenario == &counter_lock)
        request.params[0] = TASKS;
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL)
        fail_msg("%s: %s", scenario->name, error);
    return trace;
}

/* The whole file, to be freed; "" if there is none. */
static char *read_file(const char *path)
{
    enum { CAPACITY = 1 << 20 };
    char *text = calloc(1, CAPACITY);
    FILE *file = fopen(path, "r");

    assert_non_null(text);
    if (file != NULL) {
        size_t length = fread(text, 1, CAPACITY - 1, file);

        text[length] = '\0';
        (void)fclose(file);
    }
    return text;
}

/* The number of the first line that differs; 0: none. */
static int first_difference(const char *one, const char *two)
{
    int line = 1;

    for (; *one != '\0' && *one == *two; one++, two++)
        line += *one == '\n';
    return *one == *two ? 0 : line;
}

static void traces_are_as_recorded(void **state)
{
    bool record = getenv("PICKGLASS_RECORD") != NULL;
    int differing = 0;

    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        struct trace *trace = run_small(*at);
        char path[512];
        char error[256] = "";
        size_t length = 0;

        (void)snprintf(path, sizeof(path), "%s/tests/golden/traces/%s.trace", PICKGLASS_SOURCE_DIR,
                       (*at)->name);
        if (record && !trace_write(trace, path, error, sizeof(error)))
            fail_msg("%s", error);
        char *golden = read_file(path);
        char *text = trace_format(trace, &length);

        assert_non_null(text);
        int line = first_difference(golden, text);

        if (line != 0) {
            print_error("%s: differs from line %d\n", path, line);
            differing++;
        }
        free(golden);
        free(text);
        trace_free(trace);
    }
    assert_int_equal(differing, 0);
}

static void traces_read_back_are_the_same(void **state)
{
    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        struct trace *trace = run_small(*at);
        char error[256] = "";
        size_t length = 0;
        char *text = trace_format(trace, &length);
        struct trace *again = trace_parse(text, length, (*at)->name, error, sizeof(error));

        if (again == NULL)
            fail_msg("%s", error);
        assert_true(trace_hash(again) == trace_hash(trace));
        free(text);
        trace_free(again);
        trace_free(trace);
    }
}

/* Whom time wakes, nobody wakes: who wakes another has not gone to sleep before. */
static void who_wakes_another_is_awake(void **state)
{
    (void)state;
    for (const struct sim_scenario *const *at = scenarios; *at != NULL; at++) {
        struct trace *trace = run_small(*at);
        bool *asleep = calloc(registry_count(trace->registry) + 1, sizeof(*asleep));

        assert_non_null(asleep);
        for (size_t i = 0; i < trace->event_count; i++) {
            const struct sim_event *e = &trace->events[i];

            if (e->kind == SIM_EV_SUSPEND || e->kind == SIM_EV_RESUME)
                asleep[e->actor] = e->kind == SIM_EV_SUSPEND;
            if (e->kind == SIM_EV_WAKE && e->actor != e->object && asleep[e->actor])
                fail_msg("%s: %u sleeps at step %u, and wakes %u", (*at)->name, e->actor, e->step,
                         e->object);
        }
        free(asleep);
        trace_free(trace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces_are_as_recorded),
        cmocka_unit_test(traces_read_back_are_the_same),
        cmocka_unit_test(who_wakes_another_is_awake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
