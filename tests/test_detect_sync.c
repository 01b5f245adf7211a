/* A run that is stuck at a semaphore, barrier or queue says who waits for what. */
#include "tests/test.h"

#include <string.h>

#include "sim/detect/detect.h"
#include "sim/sim.h"

/* Run main, which must get stuck, and return its only finding. */
static struct sim_finding stuck(sim_body_fn main)
{
    struct sim *sim = sim_new(NULL);
    struct detectors *detectors = detectors_new();
    size_t count = 0;

    assert_non_null(sim);
    assert_non_null(detectors);
    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    assert_int_equal(sim_run_async(sim, main, NULL), SIM_OUTCOME_STUCK);
    const struct sim_finding *findings = detectors_findings(detectors, &count);

    assert_int_equal(count, 1);
    struct sim_finding finding = findings[0];

    detectors_free(detectors);
    sim_free(sim);
    return finding;
}

static void expect(sim_body_fn main, enum sim_finding_kind kind, const char *sentence)
{
    struct sim_finding finding = stuck(main);

    assert_int_equal(finding.kind, kind);
    assert_string_equal(finding.sentence, sentence);
}

struct pair {
    struct sim_semaphore *first;
    struct sim_semaphore *second;
};

static enum sim_status take_both(struct sim *sim, void *arg)
{
    const struct pair *pair = arg;

    SIM_TRY(sim_semaphore_acquire(pair->first));
    SIM_TRY(sim_sleep(sim, 0));
    SIM_TRY(sim_semaphore_acquire(pair->second));
    SIM_TRY(sim_semaphore_release(pair->second));
    return sim_semaphore_release(pair->first);
}

static enum sim_status two_want_two(struct sim *sim, void *arg)
{
    struct sim_semaphore *permits = sim_semaphore_new(sim, "permits", 2);
    struct pair pair = {permits, permits};
    struct sim_task *a = sim_task_new(sim, "A", take_both, &pair);
    struct sim_task *b = sim_task_new(sim, "B", take_both, &pair);

    (void)arg;
    SIM_TRY(sim_await(a, NULL));
    return sim_await(b, NULL);
}

static void two_who_want_two_permits_of_two_are_a_deadlock(void **state)
{
    struct sim_finding finding = stuck(two_want_two);

    (void)state;
    assert_int_equal(finding.kind, SIM_FINDING_DEADLOCK);
    assert_non_null(strstr(finding.sentence, "A waits for permits, held by B since step"));
    assert_non_null(strstr(finding.sentence, "B waits for permits, held by A since step"));
    assert_int_equal(finding.edge_count, 2);
}

static enum sim_status opposite_orders(struct sim *sim, void *arg)
{
    struct sim_semaphore *x = sim_semaphore_new(sim, "x", 1);
    struct sim_semaphore *y = sim_semaphore_new(sim, "y", 1);
    struct pair xy = {x, y};
    struct pair yx = {y, x};
    struct sim_task *a = sim_task_new(sim, "A", take_both, &xy);
    struct sim_task *b = sim_task_new(sim, "B", take_both, &yx);

    (void)arg;
    SIM_TRY(sim_await(a, NULL));
    return sim_await(b, NULL);
}

static void opposite_orders_of_semaphores_are_a_deadlock(void **state)
{
    struct sim_finding finding = stuck(opposite_orders);

    (void)state;
    assert_int_equal(finding.kind, SIM_FINDING_DEADLOCK);
    assert_non_null(strstr(finding.sentence, "A waits for y, held by B since step"));
    assert_non_null(strstr(finding.sentence, "B waits for x, held by A since step"));
}

static enum sim_status take_twice(struct sim *sim, void *arg)
{
    struct sim_semaphore *permits = sim_semaphore_new(sim, "permits", 1);

    (void)arg;
    SIM_TRY(sim_semaphore_acquire(permits));
    return sim_semaphore_acquire(permits);
}

static void taking_the_only_permit_twice_is_a_self_deadlock(void **state)
{
    (void)state;
    expect(take_twice, SIM_FINDING_SELF_DEADLOCK,
           "Task-1 waits at step 4 for permits, which it holds itself since step 3: only it could "
           "release it.");
}

static enum sim_status take_and_end(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_semaphore_acquire(arg);
}

static enum sim_status take_what_is_gone(struct sim *sim, void *arg)
{
    struct sim_semaphore *permits = sim_semaphore_new(sim, "permits", 2);

    (void)arg;
    SIM_TRY(sim_semaphore_acquire(permits));
    SIM_TRY(sim_await(sim_task_new(sim, "A", take_and_end, permits), NULL));
    return sim_semaphore_acquire(permits);
}

static void a_permit_of_the_dead_is_abandoned(void **state)
{
    struct sim_finding finding = stuck(take_what_is_gone);

    (void)state;
    assert_int_equal(finding.kind, SIM_FINDING_ABANDONED_LOCK);
    assert_non_null(strstr(finding.sentence, "for a permit of permits, which A took at step"));
}

static enum sim_status give_one(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_semaphore_release(arg);
}

static enum sim_status wait_for_two_signals(struct sim *sim, void *arg)
{
    struct sim_semaphore *signals = sim_semaphore_new(sim, "signals", 0);

    (void)arg;
    sim_task_new(sim, "A", give_one, signals);
    SIM_TRY(sim_semaphore_acquire(signals));
    return sim_semaphore_acquire(signals);
}

static void who_takes_what_others_give_holds_nothing(void **state)
{
    struct sim_finding finding = stuck(wait_for_two_signals);

    (void)state;
    assert_int_equal(finding.kind, SIM_FINDING_HANG);
    assert_non_null(strstr(finding.sentence, "for signals, and nobody is left"));
}

static enum sim_status come(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_barrier_wait(arg, NULL);
}

static enum sim_status too_few(struct sim *sim, void *arg)
{
    struct sim_barrier *barrier = sim_barrier_new(sim, "start", 5);
    struct sim_task *a = sim_task_new(sim, "A", come, barrier);
    struct sim_task *b = sim_task_new(sim, "B", come, barrier);

    (void)arg;
    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(b, NULL);
    return sim_await(a, NULL);
}

static void a_barrier_that_too_few_reach_says_how_many_are_missing(void **state)
{
    struct sim_finding finding = stuck(too_few);

    (void)state;
    assert_int_equal(finding.kind, SIM_FINDING_HANG);
    assert_non_null(strstr(finding.sentence, "for 4 more to come to start, and nobody"));
}

static enum sim_status get_nothing(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_queue_get(sim_queue_new(sim, "jobs", 0), NULL);
}

static enum sim_status put_too_much(struct sim *sim, void *arg)
{
    struct sim_queue *jobs = sim_queue_new(sim, "jobs", 1);

    (void)arg;
    SIM_TRY(sim_queue_put(jobs, sim_int(1)));
    return sim_queue_put(jobs, sim_int(2));
}

static enum sim_status join_undone(struct sim *sim, void *arg)
{
    struct sim_queue *jobs = sim_queue_new(sim, "jobs", 0);

    (void)arg;
    SIM_TRY(sim_queue_put(jobs, sim_int(1)));
    SIM_TRY(sim_queue_get(jobs, NULL));
    return sim_queue_join(jobs);
}

static void a_queue_says_what_is_waited_for(void **state)
{
    (void)state;
    expect(get_nothing, SIM_FINDING_HANG,
           "Task-1 waits since step 3 for an item in jobs, and nobody is left who could end that.");
    expect(put_too_much, SIM_FINDING_HANG,
           "Task-1 waits since step 4 for room in jobs, and nobody is left who could end that.");
    expect(join_undone, SIM_FINDING_HANG,
           "Task-1 waits since step 5 for the items of jobs to be done, and nobody is left who "
           "could end that. 1 item was taken and never reported done.");
}

static enum sim_status sleep_with_mutex(struct sim *sim, void *arg)
{
    sim_mutex_lock(arg);
    SIM_TRY(sim_sleep(sim, 1000));
    return sim_mutex_unlock(arg);
}

static enum sim_status two_with_a_mutex(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");
    struct sim_task *a = sim_task_new(sim, "A", sleep_with_mutex, mutex);
    struct sim_task *b = sim_task_new(sim, "B", sleep_with_mutex, mutex);

    (void)arg;
    SIM_TRY(sim_await(a, NULL));
    return sim_await(b, NULL);
}

/* What it waits for comes to it only through the loop that the other one stops. */
static void a_mutex_across_an_await_is_a_deadlock_with_the_loop(void **state)
{
    (void)state;
    expect(two_with_a_mutex, SIM_FINDING_DEADLOCK,
           "A needs the loop, which B blocks; B waits for mutex, held by A since step 7: a cycle "
           "that nobody can leave.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_who_want_two_permits_of_two_are_a_deadlock),
        cmocka_unit_test(opposite_orders_of_semaphores_are_a_deadlock),
        cmocka_unit_test(taking_the_only_permit_twice_is_a_self_deadlock),
        cmocka_unit_test(a_permit_of_the_dead_is_abandoned),
        cmocka_unit_test(who_takes_what_others_give_holds_nothing),
        cmocka_unit_test(a_barrier_that_too_few_reach_says_how_many_are_missing),
        cmocka_unit_test(a_queue_says_what_is_waited_for),
        cmocka_unit_test(a_mutex_across_an_await_is_a_deadlock_with_the_loop),
    };

    return cmocka_run_group_tests_name("detect_sync", tests, NULL, NULL);
}
