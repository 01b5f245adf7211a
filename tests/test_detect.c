/* Detectors, fed with events typed here: each finds what it is for, and nothing else. */
#include "tests/test.h"

#include <string.h>

#include "sim/base/status.h"
#include "sim/detect/detect.h"

enum { MAIN = 1, A, B, X, L1, L2, COND, T1, T2 };

struct fixture {
    struct registry *reg;
    struct detectors *detectors;
    uint32_t step;
};

static int setup(void **state)
{
    static struct fixture f;
    static const struct {
        const char *name;
        enum sim_object_kind kind;
        uint32_t parent;
    } objects[] = {
        {"MainThread", SIM_OBJ_THREAD, 0}, {"A", SIM_OBJ_TASK, MAIN},
        {"B", SIM_OBJ_TASK, MAIN},         {"x", SIM_OBJ_VAR, 0},
        {"L1", SIM_OBJ_LOCK, 0},           {"L2", SIM_OBJ_LOCK, 0},
        {"cond", SIM_OBJ_CONDITION, 0},    {"T1", SIM_OBJ_THREAD, MAIN},
        {"T2", SIM_OBJ_THREAD, MAIN},
    };

    f.reg = registry_new();
    f.detectors = detectors_new();
    f.step = 0;
    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
        (void)registry_add(f.reg, objects[i].kind, objects[i].name, objects[i].parent, 0);
    detectors_sink(f.detectors)->begin(detectors_sink(f.detectors), f.reg);
    *state = &f;
    return f.reg == NULL || f.detectors == NULL;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    detectors_free(f->detectors);
    registry_free(f->reg);
    return 0;
}

static void say(struct fixture *f, uint32_t actor, enum sim_event_kind kind, uint32_t object,
                unsigned aux, int64_t value)
{
    struct sim_event event = {.step = ++f->step,
                              .actor = actor,
                              .object = object,
                              .kind = (uint8_t)kind,
                              .aux = (uint8_t)aux,
                              .value = value};
    struct sink *sink = detectors_sink(f->detectors);

    sink->event(sink, &event);
}

static const struct sim_finding *end(struct fixture *f, enum sim_outcome outcome, size_t *count)
{
    say(f, MAIN, SIM_EV_END, 0, outcome, 0);
    const struct sim_finding *findings = detectors_findings(f->detectors, count);

    assert_int_equal(detectors_found(f->detectors), *count > 0);
    return findings;
}

static void expect_only(struct fixture *f, enum sim_outcome outcome, enum sim_finding_kind kind,
                        const char *words)
{
    size_t count = 0;
    const struct sim_finding *findings = end(f, outcome, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, kind);
    if (strstr(findings[0].sentence, words) == NULL)
        fail_msg("'%s' does not say '%s'", findings[0].sentence, words);
}

static void expect_clean(struct fixture *f)
{
    size_t count = 0;

    (void)end(f, SIM_OUTCOME_FINISHED, &count);
    assert_int_equal(count, 0);
}

static void a_write_from_a_stale_copy_is_a_lost_update(void **state)
{
    struct fixture *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    say(f, B, SIM_EV_READ, X, 0, 0);
    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, A, SIM_EV_WRITE, X, 0, 1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_LOST_UPDATE,
                "A overwrote the write of B to x: it read 0 at step 1, B wrote 1 at step 3, and A "
                "wrote 1 at step 4");
}

static void reading_again_before_writing_loses_nothing(void **state)
{
    struct fixture *f = *state;

    say(f, A, SIM_EV_READ, X, 0, 0);
    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, A, SIM_EV_READ, X, 0, 1);
    say(f, A, SIM_EV_WRITE, X, 0, 2);
    say(f, A, SIM_EV_WRITE, X, 0, 3);
    expect_clean(f);
}

static void a_write_without_a_read_loses_nothing(void **state)
{
    struct fixture *f = *state;

    say(f, B, SIM_EV_WRITE, X, 0, 1);
    say(f, A, SIM_EV_WRITE, X, 0, 2);
    say(f, A, SIM_EV_READ, X, 0, 2);
    say(f, B, SIM_EV_ATOMIC_RMW, X, 0, 3);
    expect_clean(f);
}

static void spawn(struct fixture *f, uint32_t creator, uint32_t thread)
{
    say(f, creator, SIM_EV_SPAWN, thread, 0, 0);
}

static void unordered_accesses_of_two_threads_are_a_data_race(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    spawn(f, MAIN, T1);
    spawn(f, MAIN, T2);
    say(f, T1, SIM_EV_WRITE, X, 0, 1);
    say(f, T2, SIM_EV_READ, X, 0, 1);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_DATA_RACE,
                "T1 writes x at step 4 and T2 reads it at step 5");
}

static void a_lock_orders_accesses(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    spawn(f, MAIN, T1);
    spawn(f, MAIN, T2);
    for (uint32_t thread = T1; thread <= T2; thread++) {
        say(f, thread, SIM_EV_ACQUIRE, L1, 0, 0);
        say(f, thread, SIM_EV_READ, X, 0, 0);
        say(f, thread, SIM_EV_WRITE, X, 0, 1);
        say(f, thread, SIM_EV_RELEASE, L1, 0, 0);
    }
    expect_clean(f);
}

static void different_locks_do_not_order_accesses(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    spawn(f, MAIN, T1);
    spawn(f, MAIN, T2);
    for (uint32_t thread = T1; thread <= T2; thread++) {
        say(f, thread, SIM_EV_ACQUIRE, thread == T1 ? L1 : L2, 0, 0);
        say(f, thread, SIM_EV_WRITE, X, 0, 1);
        say(f, thread, SIM_EV_RELEASE, thread == T1 ? L1 : L2, 0, 0);
    }
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_DATA_RACE, "T1 writes x at step 5");
}

static void spawn_and_join_order_accesses(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    say(f, MAIN, SIM_EV_WRITE, X, 0, 1);
    spawn(f, MAIN, T1);
    say(f, T1, SIM_EV_READ, X, 0, 1);
    say(f, T1, SIM_EV_WRITE, X, 0, 2);
    say(f, T1, SIM_EV_DONE, T1, SIM_OK, 0);
    say(f, MAIN, SIM_EV_JOIN, T1, 0, 0);
    say(f, MAIN, SIM_EV_WRITE, X, 0, 3);
    expect_clean(f);
}

static void a_read_before_the_join_is_a_data_race(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    spawn(f, MAIN, T1);
    say(f, T1, SIM_EV_READ, X, 0, 0);
    say(f, MAIN, SIM_EV_WRITE, X, 0, 1);
    say(f, T1, SIM_EV_DONE, T1, SIM_OK, 0);
    say(f, MAIN, SIM_EV_JOIN, T1, 0, 0);
    expect_only(f, SIM_OUTCOME_FINISHED, SIM_FINDING_DATA_RACE, "T1 reads x at step 3");
}

static void tasks_of_one_loop_do_not_race(void **state)
{
    struct fixture *f = *state;

    spawn(f, 0, MAIN);
    spawn(f, MAIN, T1);
    say(f, A, SIM_EV_WRITE, X, 0, 1);
    say(f, B, SIM_EV_WRITE, X, 0, 2);
    expect_clean(f);
}

static void take(struct fixture *f, uint32_t actor, uint32_t lock)
{
    say(f, actor, SIM_EV_ACQUIRE, lock, 0, 0);
}

static void wait_for_lock(struct fixture *f, uint32_t actor, uint32_t lock, uint32_t holder)
{
    say(f, actor, SIM_EV_BLOCK, lock, 0, holder);
    say(f, actor, SIM_EV_SUSPEND, lock, SIM_WAIT_LOCK, 0);
}

static void opposite_orders_are_a_deadlock_with_its_cycle(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;

    take(f, A, L1);
    take(f, B, L2);
    wait_for_lock(f, A, L2, B);
    wait_for_lock(f, B, L1, A);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STUCK, &count);

    assert_int_equal(count, 1);
    assert_int_equal(findings[0].kind, SIM_FINDING_DEADLOCK);
    assert_string_equal(findings[0].sentence,
                        "A waits for L2, held by B since step 2; B waits for L1, held by A since "
                        "step 1: a cycle that nobody can leave.");
    assert_int_equal(findings[0].edge_count, 2);
    assert_int_equal(findings[0].edges[0].waiter, A);
    assert_int_equal(findings[0].edges[0].holder, B);
}

static void taking_a_lock_twice_is_a_self_deadlock(void **state)
{
    struct fixture *f = *state;

    take(f, A, L1);
    wait_for_lock(f, A, L1, A);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_SELF_DEADLOCK,
                "A waits at step 2 for L1, which it holds itself since step 1");
}

static void a_lock_of_the_dead_is_abandoned(void **state)
{
    struct fixture *f = *state;
    size_t count = 0;

    take(f, A, L1);
    say(f, A, SIM_EV_DONE, A, SIM_VALUE_ERROR, 0);
    wait_for_lock(f, B, L1, A);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STUCK, &count);

    assert_int_equal(count, 2);
    assert_int_equal(findings[0].kind, SIM_FINDING_ABANDONED_LOCK);
    assert_int_equal(findings[1].kind, SIM_FINDING_UNHANDLED);
    assert_non_null(strstr(findings[1].sentence, "A ended at step 2 with ValueError"));
}

static void a_notification_before_the_wait_is_lost(void **state)
{
    struct fixture *f = *state;

    say(f, B, SIM_EV_NOTIFY, COND, 0, 0);
    say(f, A, SIM_EV_COND_WAIT, COND, 0, 0);
    say(f, A, SIM_EV_SUSPEND, COND, SIM_WAIT_CONDITION, 0);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_LOST_WAKEUP,
                "B notified cond at step 1, when nobody waited; A began to wait at step 2");
}

static void a_wait_that_nobody_ever_notified_is_a_hang(void **state)
{
    struct fixture *f = *state;

    say(f, A, SIM_EV_COND_WAIT, COND, 0, 0);
    say(f, A, SIM_EV_SUSPEND, COND, SIM_WAIT_CONDITION, 0);
    say(f, B, SIM_EV_SUSPEND, A, SIM_WAIT_FUTURE, 0);
    expect_only(f, SIM_OUTCOME_STUCK, SIM_FINDING_HANG, "A waits since step 2 for cond");
}

static void a_stuck_run_always_has_a_finding(void **state)
{
    expect_only(*state, SIM_OUTCOME_STUCK, SIM_FINDING_HANG, "Nothing can run any more");
}

static void an_exception_that_was_looked_at_is_no_finding(void **state)
{
    struct fixture *f = *state;

    say(f, A, SIM_EV_DONE, A, SIM_VALUE_ERROR, 0);
    say(f, B, SIM_EV_RETRIEVE, A, 0, 0);
    say(f, B, SIM_EV_DONE, B, SIM_CANCELLED, 0);
    expect_clean(f);
}

static void mains_exception_is_nobodys_when_the_loop_closes(void **state)
{
    struct fixture *f = *state;
    uint32_t text = registry_text(f->reg, "no money", 8);

    say(f, A, SIM_EV_RAISE, 0, SIM_VALUE_ERROR, text);
    say(f, A, SIM_EV_DONE, A, SIM_VALUE_ERROR, 0);
    say(f, MAIN, SIM_EV_LOOP_CLOSE, A, 0, 0);
    say(f, MAIN, SIM_EV_RETRIEVE, A, 0, 0);
    expect_only(f, SIM_OUTCOME_FAILED, SIM_FINDING_UNHANDLED, "with ValueError: no money");
}

static void failed_checks_limits_and_pending_tasks_are_told(void **state)
{
    struct fixture *f = *state;
    uint32_t text = registry_text(f->reg, "x is 3", 6);
    size_t count = 0;

    say(f, A, SIM_EV_CHECK, 0, 0, text);
    say(f, MAIN, SIM_EV_PENDING, B, 0, 0);
    const struct sim_finding *findings = end(f, SIM_OUTCOME_STEPS, &count);

    assert_int_equal(count, 3);
    assert_int_equal(findings[0].kind, SIM_FINDING_CHECK);
    assert_non_null(strstr(findings[0].sentence, "x is 3"));
    assert_int_equal(findings[1].kind, SIM_FINDING_LIMIT);
    assert_int_equal(findings[2].kind, SIM_FINDING_PENDING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_write_from_a_stale_copy_is_a_lost_update),
        TEST(reading_again_before_writing_loses_nothing),
        TEST(a_write_without_a_read_loses_nothing),
        TEST(unordered_accesses_of_two_threads_are_a_data_race),
        TEST(a_lock_orders_accesses),
        TEST(different_locks_do_not_order_accesses),
        TEST(spawn_and_join_order_accesses),
        TEST(a_read_before_the_join_is_a_data_race),
        TEST(tasks_of_one_loop_do_not_race),
        TEST(opposite_orders_are_a_deadlock_with_its_cycle),
        TEST(taking_a_lock_twice_is_a_self_deadlock),
        TEST(a_lock_of_the_dead_is_abandoned),
        TEST(a_notification_before_the_wait_is_lost),
        TEST(a_wait_that_nobody_ever_notified_is_a_hang),
        TEST(a_stuck_run_always_has_a_finding),
        TEST(an_exception_that_was_looked_at_is_no_finding),
        TEST(mains_exception_is_nobodys_when_the_loop_closes),
        TEST(failed_checks_limits_and_pending_tasks_are_told),
    };

    return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
