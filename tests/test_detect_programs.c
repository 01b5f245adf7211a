/* Real programs, each in two versions: with a mistake that the detectors name, and without. */
#include "tests/test.h"

#include <string.h>

#include "sim/detect/detect.h"
#include "sim/sim.h"

enum { STEPS = 4000 };

/* What the tasks of a program share. */
struct shared {
    bool right; /* the version without the mistake */
    struct sim_var *x;
    struct sim_var *y;
    struct sim_lock *a;
    struct sim_lock *b;
    struct sim_condition *condition;
    struct sim_semaphore *permits;
    struct sim_task *worker;
};

struct program {
    sim_body_fn main;
    struct shared *shared;
};

static enum sim_status prepare(struct sim *sim, void *arg)
{
    struct program *program = arg;
    struct shared *s = program->shared;

    s->x = sim_var_new(sim, "x", 0);
    s->y = sim_var_new(sim, "y", 0);
    s->a = sim_lock_new(sim, "lock A");
    s->b = sim_lock_new(sim, "lock B");
    s->condition = sim_condition_new(sim, "condition", s->a);
    s->permits = sim_semaphore_new(sim, "permits", 2);
    return program->main(sim, s);
}

/* Run a version, and give back the kinds of its findings. */
static uint64_t kinds_of(sim_body_fn main, bool right, enum sim_outcome outcome)
{
    struct sim_config config = {.max_steps = STEPS};
    struct sim *sim = sim_new(&config);
    struct detectors *detectors = detectors_new();
    struct shared shared = {.right = right};
    struct program program = {main, &shared};

    assert_non_null(sim);
    assert_non_null(detectors);
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    assert_int_equal(sim_run_async(sim, prepare, &program), outcome);
    uint64_t kinds = detectors_kinds(detectors);

    detectors_free(detectors);
    sim_free(sim);
    return kinds;
}

static void expect(sim_body_fn main, enum sim_finding_kind kind)
{
    assert_int_equal(kinds_of(main, false, SIM_OUTCOME_FINISHED), UINT64_C(1) << kind);
    assert_int_equal(kinds_of(main, true, SIM_OUTCOME_FINISHED), 0);
}

static enum sim_status both(struct sim *sim, sim_body_fn first, sim_body_fn second, void *arg)
{
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "first", first, arg)),
        SIM_FUTURE(sim_task_new(sim, "second", second, arg)),
    };

    return sim_await(sim_gather(sim, tasks, 2, false), NULL);
}

/* Looks before it has the lock, unless it is right. */
static enum sim_status wait_for_x(struct sim *sim, void *arg)
{
    struct shared *s = arg;
    bool there = sim_read(s->x) != 0;

    SIM_TRY(sim_sleep(sim, 10));
    SIM_TRY(sim_lock_acquire(s->a));
    if (s->right)
        there = sim_read(s->x) != 0;
    if (!there)
        SIM_TRY(sim_condition_wait(s->condition));
    return sim_lock_release(s->a);
}

static enum sim_status set_x_and_notify_twice(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    SIM_TRY(sim_lock_acquire(s->a));
    sim_write(s->x, 1);
    SIM_TRY(sim_condition_notify(s->condition, 1));
    SIM_TRY(sim_lock_release(s->a));
    SIM_TRY(sim_sleep(sim, 20));
    SIM_TRY(sim_lock_acquire(s->a));
    SIM_TRY(sim_condition_notify(s->condition, 1));
    return sim_lock_release(s->a);
}

static enum sim_status early(struct sim *sim, void *arg)
{
    return both(sim, wait_for_x, set_x_and_notify_twice, arg);
}

static void who_looks_before_it_has_the_lock_is_notified_early(void **state)
{
    (void)state;
    expect(early, SIM_FINDING_EARLY_NOTIFY);
}

static enum sim_status take_in_a_loop(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    (void)sim;
    SIM_TRY(sim_lock_acquire(s->a));
    while (sim_read(s->x) == 0)
        SIM_TRY(sim_condition_wait(s->condition));
    sim_write(s->x, 0);
    return sim_lock_release(s->a);
}

static enum sim_status take_once(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    if (s->right)
        return take_in_a_loop(sim, arg);
    SIM_TRY(sim_lock_acquire(s->a));
    if (sim_read(s->x) == 0)
        SIM_TRY(sim_condition_wait(s->condition));
    sim_write(s->y, 1);
    return sim_lock_release(s->a);
}

static enum sim_status put(struct shared *s)
{
    SIM_TRY(sim_lock_acquire(s->a));
    sim_write(s->x, 1);
    SIM_TRY(sim_condition_notify_all(s->condition));
    return sim_lock_release(s->a);
}

static enum sim_status put_twice(struct sim *sim, void *arg)
{
    SIM_TRY(sim_sleep(sim, 10));
    SIM_TRY(put(arg));
    SIM_TRY(sim_sleep(sim, 10));
    return put(arg);
}

static enum sim_status unlooped(struct sim *sim, void *arg)
{
    struct sim_task *producer = sim_task_new(sim, "producer", put_twice, arg);

    SIM_TRY(both(sim, take_in_a_loop, take_once, arg));
    return sim_await(producer, NULL);
}

static void who_waits_with_if_goes_on_although_another_was_faster(void **state)
{
    (void)state;
    expect(unlooped, SIM_FINDING_WAIT_WITHOUT_LOOP);
}

static enum sim_status sleep_on(struct sim *sim, void *arg)
{
    struct shared *s = arg;
    enum sim_status status = sim_sleep(sim, SIM_SECOND);

    return s->right ? status : SIM_OK;
}

static enum sim_status cancel_it(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "sleeper", sleep_on, arg);

    SIM_TRY(sim_sleep(sim, 10));
    (void)sim_cancel(task, NULL);
    return sim_sleep(sim, 10);
}

static void who_catches_a_cancellation_and_returns_swallows_it(void **state)
{
    (void)state;
    expect(cancel_it, SIM_FINDING_SWALLOWED_CANCEL);
}

static enum sim_status nap(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return sim_sleep(sim, s->right ? 900 : 1000);
}

static enum sim_status nap_in_time(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, "napper", nap, arg);
    enum sim_status status = sim_wait_for(task, 1000, NULL);

    return status == SIM_TIMEOUT ? SIM_OK : status;
}

static void what_takes_as_long_as_its_time_out_races_with_it(void **state)
{
    (void)state;
    expect(nap_in_time, SIM_FINDING_TIMEOUT_RACE);
}

static enum sim_status take_a(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    (void)sim;
    SIM_TRY(sim_lock_acquire(s->a));
    return s->right ? sim_lock_release(s->a) : SIM_OK;
}

static enum sim_status take_a_permit(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    (void)sim;
    SIM_TRY(sim_semaphore_acquire(s->permits));
    return s->right ? sim_semaphore_release(s->permits) : SIM_OK;
}

static enum sim_status await_take_a(struct sim *sim, void *arg)
{
    return sim_await(sim_task_new(sim, NULL, take_a, arg), NULL);
}

static enum sim_status await_take_a_permit(struct sim *sim, void *arg)
{
    return sim_await(sim_task_new(sim, NULL, take_a_permit, arg), NULL);
}

static void what_is_taken_and_never_given_back_leaks(void **state)
{
    (void)state;
    expect(await_take_a, SIM_FINDING_LEAKED_LOCK);
    expect(await_take_a_permit, SIM_FINDING_LEAKED_PERMIT);
}

/* One of two may leave, if the other stays. */
static enum sim_status leave(struct sim *sim, struct shared *s, struct sim_var *own,
                             struct sim_var *other)
{
    if (s->right)
        SIM_TRY(sim_lock_acquire(s->a));
    bool stays = sim_read(other) == 0;

    SIM_TRY(sim_sleep(sim, 10));
    if (stays)
        sim_write(own, 1);
    return s->right ? sim_lock_release(s->a) : SIM_OK;
}

static enum sim_status leave_x(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return leave(sim, s, s->x, s->y);
}

static enum sim_status leave_y(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return leave(sim, s, s->y, s->x);
}

static enum sim_status both_leave(struct sim *sim, void *arg)
{
    return both(sim, leave_x, leave_y, arg);
}

static void two_who_each_look_at_the_other_and_leave_check_and_then_act(void **state)
{
    (void)state;
    expect(both_leave, SIM_FINDING_CHECK_THEN_ACT);
}

static enum sim_status nest(struct sim *sim, struct sim_lock *outer, struct sim_lock *inner)
{
    SIM_TRY(sim_lock_acquire(outer));
    SIM_TRY(sim_sleep(sim, 10));
    SIM_TRY(sim_lock_acquire(inner));
    SIM_TRY(sim_lock_release(inner));
    return sim_lock_release(outer);
}

static enum sim_status a_then_b(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return nest(sim, s->a, s->b);
}

static enum sim_status b_then_a(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return s->right ? nest(sim, s->a, s->b) : nest(sim, s->b, s->a);
}

static enum sim_status do_not_wait_for_them(struct sim *sim, void *arg)
{
    (void)sim_task_new(sim, "first", a_then_b, arg);
    (void)sim_task_new(sim, "second", b_then_a, arg);
    return sim_sleep(sim, SIM_SECOND);
}

static void two_in_a_deadlock_are_told_of_though_main_ends(void **state)
{
    (void)state;
    assert_int_equal(kinds_of(do_not_wait_for_them, false, SIM_OUTCOME_FINISHED),
                     UINT64_C(1) << SIM_FINDING_DEADLOCK | UINT64_C(1) << SIM_FINDING_PENDING);
    assert_int_equal(kinds_of(do_not_wait_for_them, true, SIM_OUTCOME_FINISHED), 0);
}

static enum sim_status spin(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    for (;;) {
        (void)sim_read(s->y);
        SIM_TRY(sim_sleep(sim, SIM_MS));
    }
}

/* As above, but main awaits one who runs on until the limit. */
static enum sim_status stop_never(struct sim *sim, void *arg)
{
    (void)sim_task_new(sim, "first", a_then_b, arg);
    (void)sim_task_new(sim, "second", b_then_a, arg);
    return spin(sim, arg);
}

static enum sim_status wait_for_both(struct sim *sim, void *arg)
{
    return both(sim, a_then_b, b_then_a, arg);
}

/* The time-out that opens the circle comes after the limit. */
static enum sim_status give_up_one_day(struct sim *sim, void *arg)
{
    (void)sim_task_new(sim, "spinner", spin, arg);
    return sim_wait_for(sim_task_new(sim, "patient", wait_for_both, arg), 1000 * SIM_SECOND, NULL);
}

struct spinners {
    struct sim_mutex *m;
    struct sim_mutex *n;
    struct sim_atomic *stop;
    bool right;
};

static enum sim_status nest_threads(struct sim *sim, struct sim_mutex *outer,
                                    struct sim_mutex *inner)
{
    sim_mutex_lock(outer);
    sim_thread_sleep(sim, 10);
    sim_mutex_lock(inner);
    SIM_TRY(sim_mutex_unlock(inner));
    return sim_mutex_unlock(outer);
}

static enum sim_status thread_m_then_n(struct sim *sim, void *arg)
{
    struct spinners *s = arg;

    return nest_threads(sim, s->m, s->n);
}

static enum sim_status thread_n_then_m(struct sim *sim, void *arg)
{
    struct spinners *s = arg;

    return s->right ? nest_threads(sim, s->m, s->n) : nest_threads(sim, s->n, s->m);
}

static enum sim_status threads_while_main_runs_on(struct sim *sim, void *arg)
{
    struct shared *shared = arg;
    struct spinners s = {.m = sim_mutex_new(sim, "m"),
                         .n = sim_mutex_new(sim, "n"),
                         .stop = sim_atomic_new(sim, "stop", 0),
                         .right = shared->right};

    (void)sim_thread_new(sim, "first", thread_m_then_n, &s);
    (void)sim_thread_new(sim, "second", thread_n_then_m, &s);
    while (sim_atomic_load(s.stop) == 0)
        sim_thread_sleep(sim, 5);
    return SIM_OK;
}

static void two_in_a_deadlock_are_told_of_though_others_run_until_the_limit(void **state)
{
    const uint64_t deadlock = UINT64_C(1) << SIM_FINDING_DEADLOCK;

    (void)state;
    assert_true((kinds_of(stop_never, false, SIM_OUTCOME_STEPS) & deadlock) != 0);
    assert_true((kinds_of(stop_never, true, SIM_OUTCOME_STEPS) & deadlock) == 0);
    assert_true((kinds_of(threads_while_main_runs_on, false, SIM_OUTCOME_STEPS) & deadlock) != 0);
    assert_true((kinds_of(threads_while_main_runs_on, true, SIM_OUTCOME_STEPS) & deadlock) == 0);
    assert_true((kinds_of(give_up_one_day, false, SIM_OUTCOME_STEPS) & deadlock) == 0);
}

static enum sim_status first_then_second(struct sim *sim, void *arg)
{
    struct sim_task *later = sim_task_new(sim, "later", b_then_a, arg);

    SIM_TRY(sim_await(later, NULL));
    return sim_await(sim_task_new(sim, "last", a_then_b, arg), NULL);
}

static void tasks_that_never_overlap_cannot_deadlock(void **state)
{
    (void)state;
    assert_int_equal(kinds_of(first_then_second, false, SIM_OUTCOME_FINISHED), 0);
}

/* Each gives way to the other as long as the other wants to go, and waits a turn between any two
 * things that it does. */
static enum sim_status be_polite(struct sim *sim, struct sim_var *own, struct sim_var *other)
{
    bool may_go = false;

    while (!may_go) {
        sim_write(own, 1);
        SIM_TRY(sim_sleep(sim, 0));
        may_go = sim_read(other) == 0;
        SIM_TRY(sim_sleep(sim, 0));
        sim_write(own, 0);
        SIM_TRY(sim_sleep(sim, 0));
    }
    return SIM_OK;
}

static enum sim_status polite_x(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    return be_polite(sim, s->x, s->y);
}

static enum sim_status polite_y(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    if (s->right)
        SIM_TRY(sim_sleep(sim, 10));
    return be_polite(sim, s->y, s->x);
}

static enum sim_status after_you(struct sim *sim, void *arg)
{
    return both(sim, polite_x, polite_y, arg);
}

static enum sim_status count_for_ever(struct sim *sim, void *arg)
{
    struct shared *s = arg;

    for (int64_t i = 0;; i++) {
        sim_write(s->x, i);
        SIM_TRY(sim_sleep(sim, 0));
    }
    return SIM_OK;
}

static void two_who_always_give_way_are_a_livelock(void **state)
{
    (void)state;
    const uint64_t livelock = UINT64_C(1) << SIM_FINDING_LIVELOCK;
    const uint64_t limit = UINT64_C(1) << SIM_FINDING_LIMIT;
    /* Each acts on what the other then changes, too. */
    const uint64_t also = UINT64_C(1) << SIM_FINDING_CHECK_THEN_ACT;

    assert_int_equal(kinds_of(after_you, false, SIM_OUTCOME_STEPS), livelock | also);
    assert_int_equal(kinds_of(after_you, true, SIM_OUTCOME_FINISHED), 0);
    assert_int_equal(kinds_of(count_for_ever, false, SIM_OUTCOME_STEPS), limit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_looks_before_it_has_the_lock_is_notified_early),
        cmocka_unit_test(who_waits_with_if_goes_on_although_another_was_faster),
        cmocka_unit_test(who_catches_a_cancellation_and_returns_swallows_it),
        cmocka_unit_test(what_takes_as_long_as_its_time_out_races_with_it),
        cmocka_unit_test(what_is_taken_and_never_given_back_leaks),
        cmocka_unit_test(two_who_each_look_at_the_other_and_leave_check_and_then_act),
        cmocka_unit_test(two_in_a_deadlock_are_told_of_though_main_ends),
        cmocka_unit_test(two_in_a_deadlock_are_told_of_though_others_run_until_the_limit),
        cmocka_unit_test(tasks_that_never_overlap_cannot_deadlock),
        cmocka_unit_test(two_who_always_give_way_are_a_livelock),
    };

    return cmocka_run_group_tests_name("detect_programs", tests, NULL, NULL);
}
