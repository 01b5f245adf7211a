/* Traces: registry, file, and what the reader refuses. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/trace/file.h"
#include "sim/trace/trace.h"

static const struct sim_site here = {"dir/a file.c", "a\\b", 7};

/* A small trace with something of everything, and awkward strings. */
static struct trace *make(void)
{
    struct trace *t = trace_new();

    (void)snprintf(t->program, sizeof(t->program), "story\nwith \\ two lines");
    (void)snprintf(t->policy, sizeof(t->policy), "fifo");
    (void)snprintf(t->level, sizeof(t->level), "any");
    t->max_memory = 5000000;
    uint16_t site = registry_site(t->registry, &here);
    uint32_t thread = registry_add(t->registry, SIM_OBJ_THREAD, "MainThread", 0, 0);
    uint32_t task = registry_add(t->registry, SIM_OBJ_TASK, NULL, thread, site);
    uint32_t var = registry_add(t->registry, SIM_OBJ_VAR, "t\x01\xff \xd0\x96", 0, site);
    uint32_t text = registry_text(t->registry, "hello\n", 6);

    assert_true(schedule_push(&t->schedule, 1));
    const struct sim_event events[] = {
        {.step = 1, .kind = SIM_EV_SPAWN, .actor = thread, .object = task, .site = site},
        {.step = 2, .kind = SIM_EV_READ, .actor = task, .object = var, .value = -5},
        {.step = 3, .kind = SIM_EV_PRINT, .actor = task, .value = text, .time_ns = 1000},
        {.step = 3, .kind = SIM_EV_END, .aux = SIM_OUTCOME_STUCK, .time_ns = 1000},
    };

    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        assert_true(trace_add_event(t, &events[i]));
    struct sim_finding finding = {.kind = SIM_FINDING_HANG, .step_count = 1, .edge_count = 1};

    (void)snprintf(finding.sentence, sizeof(finding.sentence), "Task-1 hangs.");
    finding.steps[0] = (struct finding_step){.step = 2, .actor = task, .site = site};
    finding.edges[0] = (struct finding_edge){.waiter = task, .object = var};
    assert_true(trace_add_finding(t, &finding));
    t->outcome = SIM_OUTCOME_STUCK;
    return t;
}

static void what_is_written_is_read_back_the_same(void **state)
{
    struct trace *t = make();
    size_t length = 0;
    size_t again_length = 0;
    char error[256];
    char *text = trace_format(t, &length);
    struct trace *read = trace_parse(text, length, "t", error, sizeof(error));

    (void)state;
    assert_non_null(read);
    char *again = trace_format(read, &again_length);

    assert_int_equal(length, again_length);
    assert_memory_equal(text, again, length);
    assert_true(trace_hash(t) == trace_hash(read));
    assert_string_equal(read->program, t->program);
    assert_int_equal(read->max_memory, 5000000);
    assert_string_equal(registry_object(read->registry, 3)->name,
                        registry_object(t->registry, 3)->name);
    free(text);
    free(again);
    trace_free(read);
    trace_free(t);
}

static void a_trace_cut_anywhere_is_refused_with_its_line(void **state)
{
    struct trace *t = make();
    size_t length = 0;
    char error[256];
    char *text = trace_format(t, &length);

    (void)state;
    for (size_t cut = 0; cut < length; cut++) {
        /* In memory of exactly that size, so that a sanitizer sees a read past the end. */
        char *part = malloc(cut == 0 ? 1 : cut);

        assert_non_null(part);
        memcpy(part, text, cut);
        struct trace *read = trace_parse(part, cut, "cut", error, sizeof(error));

        assert_null(read);
        assert_int_equal(strncmp(error, "cut:", 4), 0);
        free(part);
    }
    free(text);
    trace_free(t);
}

static void random_damage_never_crashes_the_reader(void **state)
{
    struct trace *t = make();
    size_t length = 0;
    char error[256];
    char *text = trace_format(t, &length);
    char *copy = malloc(length);
    struct prng prng;
    int refused = 0;

    (void)state;
    assert_non_null(copy);
    prng_seed(&prng, 1);
    for (int i = 0; i < 20000; i++) {
        memcpy(copy, text, length);
        for (uint32_t k = prng_below(&prng, 4) + 1; k > 0; k--)
            copy[prng_below(&prng, (uint32_t)length)] = (char)prng_below(&prng, 256);
        struct trace *read = trace_parse(copy, length, "damaged", error, sizeof(error));

        refused += read == NULL;
        trace_free(read);
    }
    assert_true(refused > 10000);
    free(copy);
    free(text);
    trace_free(t);
}

static void malformed_lines_are_refused_with_the_reason(void **state)
{
    static const struct {
        const char *from; /* replaced in the good trace */
        const char *to;
        const char *reason;
    } rows[] = {
        {"pickglass-trace 1", "pickglass-trace 2", "version"},
        {"pickglass-trace 1", "something else", "not a trace"},
        {"memory 5000000", "memory 0", "0 is not from 1 to "},
        {"memory 5000000", "memory -1", "-1 is not from 1 to "},
        {"memory 5000000", "memory 99999999999999999999", "whole number of 64 bits"},
        {"memory 5000000", "memory 1 1", "something follows"},
        {"outcome stuck", "outcome lost", "'lost' is not a known name"},
        {"e 0 2 read 2 3", "e 0 2 read 9 3", "9 is not from 0 to 3"},
        {"e 0 2 read 2 3", "e 0 2 eat 2 3", "'eat' is not a known name"},
        {"e 0 2 read", "e 0 99999999999999999999 read", "whole number of 64 bits"},
        {"e 0 2 read", "e 0 0 read", "backwards"},
        {"print 2 0 0 1", "print 2 0 0 8", "no text 8"},
        {"events 4", "events 5", "expected 'e'"},
        {"events 4", "events 3", "expected 'findings'"},
        {"schedule s1:1", "schedule s1:x", "schedule: column 4"},
        {"\\x01", "\\x0", "backslash"},
        {"\nend\n", "\nend\nmore\n", "follows the end"},
    };
    struct trace *t = make();
    size_t length = 0;
    char *text = trace_format(t, &length);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char bad[4096];
        char error[256];
        const char *at = strstr(text, rows[i].from);

        assert_non_null(at);
        (void)snprintf(bad, sizeof(bad), "%.*s%s%s", (int)(at - text), text, rows[i].to,
                       at + strlen(rows[i].from));
        assert_null(trace_parse(bad, strlen(bad), "bad", error, sizeof(error)));
        if (strstr(error, rows[i].reason) == NULL)
            fail_msg("row %zu: '%s' does not say '%s'", i, error, rows[i].reason);
    }
    free(text);
    trace_free(t);
}

static void a_file_that_cannot_be_written_leaves_nothing(void **state)
{
    struct trace *t = make();
    char error[256] = "";

    (void)state;
    assert_false(trace_write(t, "/nonexistent/folder/x.trace", error, sizeof(error)));
    assert_non_null(strstr(error, "/nonexistent/folder/x.trace: cannot write: No such file"));
    assert_null(trace_read("/nonexistent/x.trace", error, sizeof(error)));
    assert_non_null(strstr(error, "/nonexistent/x.trace: cannot read: No such file"));
    trace_free(t);
}

static void sites_are_one_for_one_place(void **state)
{
    struct registry *reg = registry_new();
    struct sim_site same = {"dir/a file.c", "a\\b", 7};
    struct sim_site other = {"dir/a file.c", "a\\b", 8};

    (void)state;
    assert_int_equal(registry_site(reg, &here), 1);
    assert_int_equal(registry_site(reg, &same), 1);
    assert_int_equal(registry_site(reg, &other), 2);
    assert_int_equal(registry_site(reg, NULL), 0);
    registry_reset(reg);
    assert_int_equal(registry_site(reg, &other), 1);
    registry_free(reg);
}

static void schedules_read_and_write_as_text(void **state)
{
    static const char *const good[] = {"s1:", "s1:0", "s1:0*12.1.0*3", "s1:4294967294"};
    static const char *const bad[] = {"",
                                      "s1",
                                      "s2:0",
                                      "s1:.",
                                      "s1:0.",
                                      "s1:0..1",
                                      "s1:-1",
                                      "s1:0*0",
                                      "s1:0*",
                                      "s1: 0",
                                      "s1:0*1000000001",
                                      "s1:0*99999999.0*2",
                                      "s1:4294967295",
                                      "s1:0x1",
                                      "s1:1*2*3"};
    struct schedule schedule = {0};
    char error[128];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_true(schedule_parse(&schedule, good[i], error, sizeof(error)));
        char *text = schedule_format(&schedule);

        assert_string_equal(text, good[i]);
        free(text);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (schedule_parse(&schedule, bad[i], error, sizeof(error)))
            fail_msg("'%s' was taken", bad[i]);
        assert_int_equal(strncmp(error, "column ", 7), 0);
        assert_int_equal(schedule.count, 0);
    }
    schedule_free(&schedule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back_the_same),
        cmocka_unit_test(a_trace_cut_anywhere_is_refused_with_its_line),
        cmocka_unit_test(random_damage_never_crashes_the_reader),
        cmocka_unit_test(malformed_lines_are_refused_with_the_reason),
        cmocka_unit_test(a_file_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(sites_are_one_for_one_place),
        cmocka_unit_test(schedules_read_and_write_as_text),
    };

    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
