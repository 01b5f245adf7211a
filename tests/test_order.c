/* Schedules as named constraints: read and written, met, refused, and found from a failing run. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/explore/explore.h"
#include "sim/explore/order_run.h"
#include "sim/explore/shrink.h"
#include "sim/policy/order.h"
#include "tests/random_bugs.h"

static void refuses(const char *text, const char *expected)
{
    struct order_spec spec = {0};
    char error[256];

    assert_false(order_spec_parse(&spec, text, error, sizeof(error)));
    assert_string_equal(error, expected);
    assert_null(spec.events);
}

static void reads_as(const char *text, const char *expected)
{
    struct order_spec spec = {0};
    char error[256] = "";

    if (!order_spec_parse(&spec, text, error, sizeof(error)))
        fail_msg("%s: %s", text, error);
    char *written = order_spec_format(&spec);

    assert_string_equal(written, expected);
    free(written);
    order_spec_free(&spec);
}

static void constraints_are_read_and_written(void **state)
{
    (void)state;
    reads_as("A.read(x) < B.write(x)", "A.read(x) < B.write(x)");
    reads_as(" A . read ( x )<B.write(x) ", "A.read(x) < B.write(x)");
    reads_as("A.read(x), B.write(x), C.done()", "A.read(x) < B.write(x) < C.done()");
    reads_as("A.read(x)[1] < A.read(x)[2]", "A.read(x) < A.read(x)[2]");
    reads_as("A.read(x) < B.read(x) < C.read(x), D.read(x) < C.read(x)",
             "A.read(x) < B.read(x) < C.read(x), D.read(x) < C.read(x)");
    reads_as("adder 1.acquire(the lock) < adder 2.done()",
             "adder 1.acquire(the lock) < adder 2.done()");
    reads_as("\"a.b\".read(\"c\\\"d\\\\\") < B.read(\"[x]\")",
             "\"a.b\".read(\"c\\\"d\\\\\") < B.read(\"[x]\")");
    reads_as("A.read(\" x\") < B.read(x)", "A.read(\" x\") < B.read(x)");
}

static void errors_say_what_and_where(void **state)
{
    (void)state;
    refuses("", "column 1: expected the name of a task or thread");
    refuses("A", "column 2: expected '.' and an operation");
    refuses("A.walk(x)", "column 3: expected an operation, as read, write, acquire or notify");
    refuses("A.resume()", "column 3: this is done to a program, not by it");
    refuses("A.read", "column 7: expected '(' and the name of an object");
    refuses("A.read(x", "column 9: expected ')'");
    refuses("A.read(x)[0]", "column 12: expected a number from 1 to 999999999");
    refuses("A.read(x)[1", "column 12: expected ']'");
    refuses("A.read(x)[9999999999]", "column 20: expected a number from 1 to 999999999");
    refuses("A.read(x) <", "column 12: expected the name of a task or thread");
    refuses("A.read(x) < B.read(x), C.read(x)",
            "column 33: expected '<' and the event that comes later");
    refuses("A.read(x) ; B.read(x)", "column 11: expected ',' and another event, or the end");
    refuses("\"A.read(x)", "column 11: a name in double quotes does not end");
    refuses("A.read(x) < B.read(x), B.read(x) < A.read(x)",
            "column 35: this contradicts what stands before it: the event would have to come "
            "before itself");
    refuses("A.read(x), A.read(x)", "column 11: this contradicts what stands before it: the event "
                                    "would have to come before itself");
}

/* A sound text with up to three bytes changed, put in or left out. */
static void spoil(struct prng *prng, char *text, size_t size)
{
    static const char *const sound[] = {
        "A.read(x) < B.write(x), C.done()[2] < A.read(x)",
        "A.read(x), B.write(x), A.write(x)",
        "\"a.b\".acquire(\"[m]\") < adder 2.acquire( the lock )[12]",
    };
    static const char bytes[] = "AB.,<()[]\"\\ 019xread\n\x80";
    uint32_t changes = prng_below(prng, 4);

    (void)snprintf(text, size, "%s", sound[prng_below(prng, 3)]);
    for (uint32_t i = 0; i < changes; i++) {
        size_t length = strlen(text);
        size_t at = prng_below(prng, (uint32_t)length);
        char byte = bytes[prng_below(prng, sizeof(bytes) - 1)];

        switch (prng_below(prng, 3)) {
        case 0:
            text[at] = byte;
            break;
        case 1:
            memmove(text + at + 1, text + at, length - at + 1);
            text[at] = byte;
            break;
        default:
            memmove(text + at, text + at + 1, length - at);
            break;
        }
    }
}

/* Whatever the bytes: it is read, and then reads the same again, or there is an error. */
static void any_text_is_read_or_refused(void **state)
{
    struct prng prng;
    int accepted = 0;
    int refused = 0;

    (void)state;
    prng_seed(&prng, 7);
    for (int i = 0; i < 100000; i++) {
        struct order_spec spec = {0};
        char text[256];
        char error[256] = "";

        spoil(&prng, text, sizeof(text));
        if (!order_spec_parse(&spec, text, error, sizeof(error))) {
            size_t column = strtoul(error + strlen("column "), NULL, 10);

            refused++;
            assert_true(column >= 1 && column <= strlen(text) + 1);
            assert_null(spec.events);
            continue;
        }
        char *written = order_spec_format(&spec);

        accepted++;
        if (spec.pair_count > 0)
            reads_as(written, written);
        free(written);
        order_spec_free(&spec);
    }
    assert_true(accepted > 20000);
    assert_true(refused > 20000);
}

static void long_names_are_refused(void **state)
{
    char text[400];

    (void)state;
    memset(text, 'a', sizeof(text));
    (void)snprintf(text + 200, sizeof(text) - 200, ".read(x)");
    refuses(text, "column 1: a name is longer than 127 bytes");
    text[0] = '"';
    refuses(text, "column 129: a name is longer than 127 bytes");
}

/* Find a schedule for constraints; error as expected ("" if they can be met). */
static struct trace *run_order(const struct run_request *request, const char *text,
                               const char *expected)
{
    struct order_spec spec = {0};
    struct schedule schedule = {0};
    struct trace *trace = NULL;
    char error[ORDER_WHY_MAX];

    assert_true(order_spec_parse(&spec, text, error, sizeof(error)));
    bool met = order_find(request, &spec, &schedule, error, sizeof(error));

    assert_string_equal(error, expected);
    if (met) {
        struct run_request again = *request;

        again.policy = RUN_REPLAY;
        again.schedule = &schedule;
        trace = run_record(&again, error, sizeof(error));
        assert_non_null(trace);
        assert_string_equal(error, "");
    }
    schedule_free(&schedule);
    order_spec_free(&spec);
    return trace;
}

static bool has_kind(const struct trace *trace, enum sim_finding_kind kind)
{
    bool found = false;

    for (size_t i = 0; i < trace->finding_count; i++)
        found |= trace->findings[i].kind == kind;
    return found;
}

static void an_order_loses_an_update_and_another_does_not(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &counter_race_threads);
    struct trace *trace =
        run_order(&request,
                  "adder 1.read(counter), adder 2.read(counter), adder 1.write(counter), "
                  "adder 2.write(counter)",
                  "");

    assert_true(has_kind(trace, SIM_FINDING_LOST_UPDATE));
    trace_free(trace);
    trace = run_order(&request, "adder 2.write(counter) < adder 1.read(counter)", "");
    assert_false(has_kind(trace, SIM_FINDING_LOST_UPDATE));
    trace_free(trace);
}

static void an_order_that_needs_a_lock_first_is_found(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &counter_lock_threads);
    struct trace *trace = run_order(&request, "adder 2.write(counter) < adder 1.read(counter)", "");

    assert_int_equal(trace->finding_count, 0);
    trace_free(trace);
}

static void what_cannot_be_met_is_said(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &counter_race_threads);
    assert_null(run_order(&request, "MainThread.read(counter) < adder 1.write(counter)",
                          "step 13: adder 1.write(counter) came before MainThread.read(counter): "
                          "it could not be held back"));
    assert_null(run_order(&request, "adder 1.read(counter)[2] < adder 2.read(counter)",
                          "step 13: adder 2.read(counter) came before adder 1.read(counter)[2]: it "
                          "could not be held back"));
    assert_null(run_order(&request, "adder 1.read(counter) < adder 3.read(counter)",
                          "step 20: the run ends, and adder 3.read(counter) never came"));
    assert_null(run_order(&request, "adder 1.read(counter) < adder 1.read(counter)[2]",
                          "step 20: the run ends, and adder 1.read(counter)[2] never came so "
                          "often"));
}

static void tasks_wait_only_where_any_may_go_next(void **state)
{
    struct run_request request;

    (void)state;
    run_request_init(&request, &counter_race);
    request.params[0] = 3;
    assert_null(run_order(&request, "Task-4.write(counter) < Task-2.read(counter)",
                          "step 8: Task-2.read(counter) came before Task-4.write(counter): it "
                          "could not be held back"));
    request.level = SIM_LEVEL_ANY;
    trace_free(run_order(&request, "Task-4.write(counter) < Task-2.read(counter)", ""));
}

/* A deadlock, a lost update and random programs: the constraints that are named bring the finding
 * about, alone. */
static int explain_and_check(const struct run_request *run, uint64_t seed)
{
    struct explore_request request = {.run = *run, .policy = EXPLORE_RANDOM, .max_executions = 100};
    struct explore_report report;
    struct shrink_report small;
    struct order_spec spec = {0};
    char error[256];
    int result = -1;

    request.run.seed = seed;
    assert_true(explore(&request, &report, error, sizeof(error)));
    if (report.worst >= 0) {
        assert_true(shrink(run, &report.kinds[report.worst].schedule,
                           (enum sim_finding_kind)report.worst, 0, &small, error, sizeof(error)));
        result = order_explain(run, &small.schedule, &small.target, &spec);
        if (result == 1 && spec.pair_count > 0) {
            char *text = order_spec_format(&spec);
            struct trace *trace = run_order(run, text, "");
            bool found = false;

            for (size_t i = 0; i < trace->finding_count; i++) {
                struct shrink_target other;

                shrink_target_of(&other, trace->registry, &trace->findings[i]);
                found |=
                    other.kind == small.target.kind && strcmp(other.about, small.target.about) == 0;
            }
            assert_true(found);
            trace_free(trace);
            free(text);
        }
        order_spec_free(&spec);
        shrink_report_free(&small);
    }
    explore_report_free(&report);
    return result;
}

static void constraints_are_found_from_failing_runs(void **state)
{
    struct run_request request;
    int found = 0;
    int missed = 0;

    (void)state;
    run_request_init(&request, &counter_race_threads);
    assert_int_equal(explain_and_check(&request, 1), 1);
    run_request_init(&request, &deadlock_abba_threads);
    assert_int_equal(explain_and_check(&request, 1), 1);
    for (int64_t seed = 0; seed < 300; seed++) {
        run_request_init(&request, &random_threads);
        request.params[0] = seed;
        int result = explain_and_check(&request, (uint64_t)seed);

        found += result == 1;
        missed += result == 0;
    }
    print_message("found %d, missed %d\n", found, missed);
    assert_true(found > 20 * missed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constraints_are_read_and_written),
        cmocka_unit_test(errors_say_what_and_where),
        cmocka_unit_test(any_text_is_read_or_refused),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(an_order_loses_an_update_and_another_does_not),
        cmocka_unit_test(an_order_that_needs_a_lock_first_is_found),
        cmocka_unit_test(what_cannot_be_met_is_said),
        cmocka_unit_test(tasks_wait_only_where_any_may_go_next),
        cmocka_unit_test(constraints_are_found_from_failing_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
