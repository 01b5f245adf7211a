/* Properties: what must hold after every step, at some step, or at the end. */
#include "tests/test.h"

#include <string.h>

#include "sim/detect/detect.h"
#include "sim/sim.h"

/* What a run of a test's program shows. */
struct shown {
    struct sim *sim;
    struct detectors *detectors;
    const struct sim_finding *findings;
    size_t count;
};

static struct shown show(sim_body_fn main, enum sim_outcome expected)
{
    struct shown shown = {.sim = sim_new(NULL), .detectors = detectors_new()};

    assert_true(sim_add_sink(shown.sim, detectors_sink(shown.detectors)));
    assert_int_equal(sim_run(shown.sim, main, NULL), expected);
    shown.findings = detectors_findings(shown.detectors, &shown.count);
    return shown;
}

static void forget(struct shown *shown)
{
    detectors_free(shown->detectors);
    sim_free(shown->sim);
}

static void expect_clean(sim_body_fn main)
{
    struct shown shown = show(main, SIM_OUTCOME_FINISHED);

    if (shown.count > 0)
        fail_msg("%s", shown.findings[0].sentence);
    forget(&shown);
}

static void expect_sentence(sim_body_fn main, enum sim_outcome outcome, enum sim_finding_kind kind,
                            const char *sentence)
{
    struct shown shown = show(main, outcome);
    bool found = false;

    for (size_t i = 0; i < shown.count; i++) {
        found |=
            shown.findings[i].kind == kind && strcmp(shown.findings[i].sentence, sentence) == 0;
        if (!found)
            print_message("%s\n", shown.findings[i].sentence);
    }
    assert_true(found);
    forget(&shown);
}

struct pair {
    struct sim_var *a;
    struct sim_var *b;
    struct sim_mutex *mutex;
    int64_t plain;
};

static struct pair *pair_new(struct sim *sim)
{
    struct pair *pair = sim_alloc(sim, sizeof(*pair));

    *pair = (struct pair){.a = sim_var_new(sim, "a", 1),
                          .b = sim_var_new(sim, "b", 1),
                          .mutex = sim_mutex_new(sim, "mutex")};
    return pair;
}

static bool sum_is_two(void *arg)
{
    const struct pair *pair = arg;

    return sim_read(pair->a) + sim_read(pair->b) == 2;
}

static bool sum_is_two_outside(void *arg)
{
    const struct pair *pair = arg;

    return sim_mutex_held(pair->mutex) || sim_var_peek(pair->a) + sim_var_peek(pair->b) == 2;
}

static bool plain_is_small(void *arg)
{
    return ((const struct pair *)arg)->plain < 3;
}

static bool a_is_five(void *arg)
{
    return sim_read(((const struct pair *)arg)->a) == 5;
}

static enum sim_status move(struct sim *sim, void *arg)
{
    struct pair *pair = arg;

    (void)sim;
    sim_mutex_lock(pair->mutex);
    sim_write(pair->a, sim_read(pair->a) + 1);
    sim_write(pair->b, sim_read(pair->b) - 1);
    return sim_mutex_unlock(pair->mutex);
}

static enum sim_status breaks_it(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_invariant(sim, "a + b is 2", sum_is_two, pair));
    struct sim_thread *mover = sim_thread_new(sim, "mover", move, pair);

    return sim_thread_join(mover, NULL);
}

static enum sim_status keeps_it_outside(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_invariant(sim, "a + b is 2", sum_is_two_outside, pair));
    struct sim_thread *mover = sim_thread_new(sim, "mover", move, pair);

    return sim_thread_join(mover, NULL);
}

static void a_broken_invariant_names_step_and_who(void **state)
{
    (void)state;
    expect_sentence(
        breaks_it, SIM_OUTCOME_FINISHED, SIM_FINDING_INVARIANT,
        "The invariant \"a + b is 2\" was broken at step 8, when mover wrote a = 2 (a = "
        "2, b = 1).");
    struct shown shown = show(breaks_it, SIM_OUTCOME_FINISHED);
    const struct sim_finding *finding = &shown.findings[0];

    assert_int_equal(finding->step_count, 2);
    assert_int_equal(finding->steps[0].step, 7);
    assert_string_equal(finding->steps[0].caption, "mover reads a = 1");
    assert_int_equal(finding->steps[1].step, 8);
    const struct sim_site *site = registry_site_at(sim_registry(shown.sim), finding->steps[1].site);

    assert_non_null(site);
    assert_string_equal(site->func, "move");
    forget(&shown);
}

static void a_predicate_may_except_critical_sections(void **state)
{
    (void)state;
    expect_clean(keeps_it_outside);
}

/* Plain memory, changed behind the last operation of a thread: it is its doing, not that of whoever
 * runs next. */
static enum sim_status change_plain(struct sim *sim, void *arg)
{
    struct pair *pair = arg;

    sim_write(pair->a, 7);
    pair->plain = 3;
    sim_thread_yield(sim);
    return SIM_OK;
}

static enum sim_status watches_plain_memory(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_invariant(sim, "plain is small", plain_is_small, pair));
    struct sim_thread *changer = sim_thread_new(sim, "changer", change_plain, pair);
    struct sim_thread *other = sim_thread_new(sim, "other", move, pair);

    SIM_TRY(sim_thread_join(changer, NULL));
    return sim_thread_join(other, NULL);
}

static void memory_that_is_not_tracked_is_looked_at_too(void **state)
{
    (void)state;
    expect_sentence(watches_plain_memory, SIM_OUTCOME_FINISHED, SIM_FINDING_INVARIANT,
                    "The invariant \"plain is small\" was broken by changer at step 8.");
}

static enum sim_status false_from_the_beginning(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    return sim_invariant(sim, "a is 5", a_is_five, pair);
}

static enum sim_status breaks_it_three_times(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_invariant(sim, "a + b is 2", sum_is_two, pair));
    for (int i = 0; i < 3; i++) {
        sim_write(pair->a, 9);
        sim_write(pair->a, 10);
        sim_write(pair->a, 1);
    }
    return SIM_OK;
}

static void each_time_that_it_stops_holding_counts(void **state)
{
    (void)state;
    struct shown shown = show(breaks_it_three_times, SIM_OUTCOME_FINISHED);

    assert_int_equal(shown.count, 1);
    assert_int_equal(shown.findings[0].also, 2);
    forget(&shown);
    shown = show(false_from_the_beginning, SIM_OUTCOME_FINISHED);
    assert_int_equal(shown.count, 1);
    forget(&shown);
}

static enum sim_status comes_true(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_eventually(sim, "a is 5", a_is_five, pair));
    sim_write(pair->a, 5);
    sim_write(pair->a, 6);
    sim_write(pair->a, 5);
    return sim_finally(sim, "a is 5 at last", a_is_five, pair);
}

static enum sim_status never_comes_true(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_eventually(sim, "a is 5", a_is_five, pair));
    sim_write(pair->a, 6);
    return SIM_OK;
}

static enum sim_status true_but_not_at_last(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_finally(sim, "a is 5", a_is_five, pair));
    sim_write(pair->a, 5);
    sim_write(pair->a, 4);
    return SIM_OK;
}

static enum sim_status stuck_before_it(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_eventually(sim, "a is 5", a_is_five, pair));
    sim_mutex_lock(pair->mutex);
    sim_mutex_lock(pair->mutex);
    sim_write(pair->a, 5);
    return SIM_OK;
}

static enum sim_status never_ends(struct sim *sim, void *arg)
{
    struct pair *pair = pair_new(sim);

    (void)arg;
    SIM_TRY(sim_eventually(sim, "a is 5", a_is_five, pair));
    for (;;)
        sim_write(pair->a, sim_read(pair->a) % 4);
    return SIM_OK;
}

static void what_should_come_true_is_judged_at_the_end(void **state)
{
    (void)state;
    expect_clean(comes_true);
    expect_sentence(never_comes_true, SIM_OUTCOME_FINISHED, SIM_FINDING_EVENTUALLY,
                    "\"a is 5\" should come true, and never did (a = 6): nothing happens any more "
                    "after step 4.");
    expect_sentence(true_but_not_at_last, SIM_OUTCOME_FINISHED, SIM_FINDING_EVENTUALLY,
                    "\"a is 5\" should hold at the end, and does not (a = 4): nothing happens any "
                    "more after step 5.");
    expect_sentence(stuck_before_it, SIM_OUTCOME_STUCK, SIM_FINDING_EVENTUALLY,
                    "\"a is 5\" should come true, and never did (a = 1): nothing happens any more "
                    "after step 5.");
}

static void a_run_that_was_cut_short_claims_nothing(void **state)
{
    (void)state;
    struct sim_config config = {.max_steps = 1000};
    struct sim *sim = sim_new(&config);
    struct detectors *detectors = detectors_new();

    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    assert_int_equal(sim_run(sim, never_ends, NULL), SIM_OUTCOME_STEPS);
    assert_int_equal(detectors_kinds(detectors) >> SIM_FINDING_EVENTUALLY & 1, 0);
    detectors_free(detectors);
    sim_free(sim);
}

static enum sim_status argument_on_the_stack(struct sim *sim, void *arg)
{
    struct pair pair = {.a = sim_var_new(sim, "a", 5)};

    (void)arg;
    return sim_invariant(sim, "a is 5", a_is_five, &pair);
}

static void an_argument_on_a_stack_is_refused(void **state)
{
    (void)state;
    struct sim *sim = sim_new(NULL);

    assert_int_equal(sim_run(sim, argument_on_the_stack, NULL), SIM_OUTCOME_FAILED);
    assert_int_equal(sim_exception_kind(sim_failure(sim)), SIM_VALUE_ERROR);
    sim_free(sim);
}

/* In a task, with what tasks use. */
struct shop {
    struct sim_queue *queue;
    struct sim_lock *lock;
};

static bool queue_is_short(void *arg)
{
    return sim_queue_size(((const struct shop *)arg)->queue) < 2;
}

static bool lock_was_free(void *arg)
{
    return !sim_lock_locked(((const struct shop *)arg)->lock);
}

static enum sim_status fill_queue(struct sim *sim, void *arg)
{
    struct shop *shop = sim_alloc(sim, sizeof(*shop));

    (void)arg;
    *shop = (struct shop){sim_queue_new(sim, "queue", 0), sim_lock_new(sim, "lock")};
    SIM_TRY(sim_invariant(sim, "the queue is short", queue_is_short, shop));
    SIM_TRY(sim_finally(sim, "the lock is free", lock_was_free, shop));
    SIM_TRY(sim_lock_acquire(shop->lock));
    for (int i = 0; i < 3; i++)
        SIM_TRY(sim_queue_put(shop->queue, sim_int(i)));
    return sim_lock_release(shop->lock);
}

static void a_predicate_may_look_at_queues_and_locks(void **state)
{
    (void)state;
    struct sim *sim = sim_new(NULL);
    struct detectors *detectors = detectors_new();

    assert_true(sim_add_sink(sim, detectors_sink(detectors)));
    assert_int_equal(sim_run_async(sim, fill_queue, NULL), SIM_OUTCOME_FINISHED);
    assert_int_equal(detectors_kinds(detectors), UINT64_C(1) << SIM_FINDING_INVARIANT);
    detectors_free(detectors);
    sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_invariant_names_step_and_who),
        cmocka_unit_test(a_predicate_may_except_critical_sections),
        cmocka_unit_test(memory_that_is_not_tracked_is_looked_at_too),
        cmocka_unit_test(each_time_that_it_stops_holding_counts),
        cmocka_unit_test(what_should_come_true_is_judged_at_the_end),
        cmocka_unit_test(a_run_that_was_cut_short_claims_nothing),
        cmocka_unit_test(an_argument_on_a_stack_is_refused),
        cmocka_unit_test(a_predicate_may_look_at_queues_and_locks),
    };

    return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
