/* Mutexes and ends of threads that are waited for until a deadline: under every schedule, also
 * where deadlines may pass at any point. */
#include "tests/test.h"

#include <string.h>

#include "tests/body.h"

#include "sim/policy/dfs.h"

/* Runs a program of threads under all schedules; each EXPECT of it must hold. */
static int runs_of(sim_body_fn main, enum sim_time time)
{
    struct claims claims = {.sink = {.begin = claims_begin, .event = claims_event}};
    struct sim *sim = sim_new(&(struct sim_config){.time = time});
    struct policy_dfs dfs;
    int runs = 0;

    assert_non_null(sim);
    policy_dfs_init(&dfs, -1);
    sim_set_policy(sim, &dfs.policy);
    assert_true(sim_add_sink(sim, &claims.sink));
    do {
        assert_string_equal(sim_outcome_name(sim_run(sim, main, NULL)), "finished");
        assert_int_equal(claims.failed, 0);
        runs++;
    } while (policy_dfs_next(&dfs));
    policy_dfs_free(&dfs);
    sim_free(sim);
    return runs;
}

struct holder {
    struct sim_mutex *mutex;
    int64_t from_ns;
    int64_t until_ns;
};

static enum sim_status hold(struct sim *sim, void *arg)
{
    const struct holder *self = arg;

    sim_thread_sleep(sim, self->from_ns);
    sim_mutex_lock(self->mutex);
    sim_thread_sleep(sim, self->until_ns - sim_now(sim));
    return sim_mutex_unlock(self->mutex);
}

static enum sim_status a_free_one(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");

    (void)arg;
    EXPECT(sim_mutex_timedlock(mutex, 10) == SIM_OK);
    EXPECT(sim_now(sim) == 0 && sim_mutex_held(mutex));
    SIM_TRY(sim_mutex_unlock(mutex));
    /* As trylock. */
    EXPECT(sim_mutex_timedlock(mutex, 0) == SIM_OK);
    EXPECT(sim_mutex_timedlock(mutex, 0) == SIM_TIMEOUT);
    EXPECT(sim_mutex_timedlock(mutex, -1) == SIM_TIMEOUT);
    EXPECT(sim_now(sim) == 0);
    /* Nobody else could unlock it. */
    EXPECT(sim_mutex_timedlock(mutex, 7) == SIM_TIMEOUT);
    EXPECT(sim_now(sim) == 7 && sim_exception(sim) == NULL);
    return sim_mutex_unlock(mutex);
}

static void a_free_mutex_is_taken_at_once_and_ones_own_never(void **state)
{
    (void)state;
    assert_int_equal(runs_of(a_free_one, SIM_TIME_LATE), 1);
    assert_int_equal(runs_of(a_free_one, SIM_TIME_EXPLORED), 1);
}

static enum sim_status wait_too_short(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");
    struct holder holder = {mutex, 0, 20};
    struct sim_thread *thread = sim_thread_new(sim, NULL, hold, &holder);

    (void)arg;
    sim_thread_sleep(sim, 1);
    EXPECT(sim_mutex_timedlock(mutex, 10) == SIM_TIMEOUT);
    EXPECT(sim_now(sim) == 10 && sim_mutex_held(mutex));
    EXPECT(sim_mutex_unlock(mutex) == SIM_RUNTIME_ERROR);
    /* It waits no more, and can wait again. */
    EXPECT(sim_mutex_timedlock(mutex, 30) == SIM_OK);
    EXPECT(sim_now(sim) == 20);
    SIM_TRY(sim_mutex_unlock(mutex));
    SIM_TRY(sim_thread_join(thread, NULL));
    EXPECT(!sim_mutex_held(mutex) && sim_now(sim) == 20);
    return SIM_OK;
}

static void who_waits_too_long_gives_up_at_the_deadline(void **state)
{
    (void)state;
    assert_int_equal(runs_of(wait_too_short, SIM_TIME_LATE), 1);
}

/* One after the other has it; whoever is shut out again keeps his deadline. */
static enum sim_status queue_up(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");
    struct holder holders[] = {{mutex, 0, 5}, {mutex, 2, 20}};
    struct sim_thread *threads[] = {sim_thread_new(sim, NULL, hold, &holders[0]),
                                    sim_thread_new(sim, NULL, hold, &holders[1])};

    (void)arg;
    sim_thread_sleep(sim, 1);
    enum sim_status status = sim_mutex_timedlock(mutex, 10);

    /* At 5 both wanted it. */
    EXPECT(status == SIM_OK ? sim_now(sim) == 5 : sim_now(sim) == 10);
    EXPECT(status == SIM_OK || status == SIM_TIMEOUT);
    sim_print(sim, "%s", sim_status_name(status));
    if (status == SIM_OK)
        SIM_TRY(sim_mutex_unlock(mutex));
    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    EXPECT(sim_now(sim) == 20);
    return SIM_OK;
}

static void whoever_is_shut_out_again_keeps_the_deadline(void **state)
{
    (void)state;
    assert_true(runs_of(queue_up, SIM_TIME_LATE) > 2);
}

static enum sim_status want_until_ten(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = arg;
    int64_t deadline_ns = 10;
    enum sim_status status = sim_mutex_timedlock(mutex, deadline_ns);

    EXPECT(status == SIM_OK || (status == SIM_TIMEOUT && sim_now(sim) >= deadline_ns));
    if (status != SIM_OK)
        return SIM_OK;
    sim_thread_sleep(sim, 1);
    EXPECT(sim_mutex_held(mutex));
    return sim_mutex_unlock(mutex);
}

static enum sim_status want_it_all(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");
    struct sim_thread *threads[2];

    (void)arg;
    for (int i = 0; i < 2; i++)
        threads[i] = sim_thread_new(sim, NULL, want_until_ten, mutex);
    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    EXPECT(!sim_mutex_held(mutex));
    EXPECT(sim_mutex_trylock(mutex));
    return sim_mutex_unlock(mutex);
}

static void nobody_gives_up_before_the_deadline_whenever_that_passes(void **state)
{
    (void)state;
    assert_true(runs_of(want_it_all, SIM_TIME_EXPLORED) > runs_of(want_it_all, SIM_TIME_LATE));
}

static enum sim_status end_at_ten(struct sim *sim, void *arg)
{
    sim_thread_sleep(sim, 10);
    if (arg != NULL)
        return sim_raise(sim, SIM_VALUE_ERROR, "no");
    sim_return(sim, sim_int(42));
    return SIM_OK;
}

static enum sim_status join_in_time(struct sim *sim, void *arg)
{
    struct sim_thread *thread = sim_thread_new(sim, NULL, end_at_ten, NULL);
    struct sim_thread *failing = sim_thread_new(sim, NULL, end_at_ten, &thread);
    struct sim_value value = sim_int(1);

    (void)arg;
    EXPECT(sim_thread_timedjoin(thread, 0, &value) == SIM_TIMEOUT && sim_now(sim) == 0);
    EXPECT(sim_thread_timedjoin(thread, 4, &value) == SIM_TIMEOUT && sim_now(sim) == 4);
    EXPECT(value.as.integer == 1);
    EXPECT(sim_thread_timedjoin(thread, 1000, &value) == SIM_OK && sim_now(sim) == 10);
    EXPECT(value.as.integer == 42);
    EXPECT(sim_thread_timedjoin(thread, 1000, NULL) == SIM_OK);
    EXPECT(sim_thread_timedjoin(thread, 0, NULL) == SIM_OK && sim_now(sim) == 10);
    EXPECT(sim_thread_timedjoin(failing, 1000, NULL) == SIM_VALUE_ERROR);
    EXPECT(sim_thread_timedjoin(sim_thread_self(sim), 5, NULL) == SIM_RUNTIME_ERROR);
    return SIM_OK;
}

static void an_end_is_waited_for_until_the_deadline(void **state)
{
    (void)state;
    assert_true(runs_of(join_in_time, SIM_TIME_LATE) > 1);
}

/* What somebody who gives up has lent is taken back. */
static enum sim_status hold_ten(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = arg;

    sim_mutex_lock(mutex);
    sim_thread_sleep(sim, 10);
    EXPECT(sim_thread_priority_now(sim_thread_self(sim)) == 1);
    return sim_mutex_unlock(mutex);
}

static enum sim_status lend_until_five(struct sim *sim, void *arg)
{
    struct sim_mutex *mutex = sim_mutex_new(sim, "mutex");

    (void)arg;
    sim_use_priorities(sim);
    SIM_TRY(sim_mutex_set_protocol(mutex, SIM_MUTEX_INHERIT, 0));
    struct sim_thread *low = sim_thread_new(sim, "low", hold_ten, mutex);

    SIM_TRY(sim_thread_set_priority(low, 1));
    SIM_TRY(sim_thread_set_priority(sim_thread_self(sim), 9));
    sim_thread_sleep(sim, 1);
    EXPECT(sim_thread_priority_now(low) == 1);
    EXPECT(sim_mutex_timedlock(mutex, 5) == SIM_TIMEOUT);
    EXPECT(sim_thread_priority_now(low) == 1 && sim_now(sim) == 5);
    return sim_thread_join(low, NULL);
}

static void a_priority_is_lent_until_the_deadline(void **state)
{
    (void)state;
    assert_true(runs_of(lend_until_five, SIM_TIME_LATE) >= 1);
}

/* ---- What a trace says of it. ---- */

struct watch {
    struct sink sink; /* first */
    char text[512];
};

static void watch_event(struct sink *sink, const struct sim_event *event)
{
    struct watch *watch = (struct watch *)sink;
    size_t used = strlen(watch->text);

    if (event->kind == SIM_EV_ACQUIRE || event->kind == SIM_EV_BLOCK || event->kind == SIM_EV_TRY ||
        event->kind == SIM_EV_FIRE || (event->kind == SIM_EV_SUSPEND && event->object != 0))
        (void)snprintf(watch->text + used, sizeof(watch->text) - used, "%d %s %d %d; ",
                       (int)event->time_ns, sim_event_name(event->kind), event->aux,
                       (int)event->value);
}

static void a_trace_says_until_when_somebody_waits(void **state)
{
    struct watch watch = {.sink = {.event = watch_event}};
    struct sim *sim = sim_new(NULL);

    (void)state;
    assert_non_null(sim);
    assert_true(sim_add_sink(sim, &watch.sink));
    assert_int_equal(sim_run(sim, wait_too_short, NULL), SIM_OUTCOME_FINISHED);
    sim_free(sim);
    assert_string_equal(watch.text, "0 acquire 0 0; 1 fire 0 0; 1 block 1 3; 1 suspend 3 10; "
                                    "10 fire 0 0; 10 block 1 3; 10 suspend 3 30; 20 fire 0 0; "
                                    "20 acquire 1 0; ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_mutex_is_taken_at_once_and_ones_own_never),
        cmocka_unit_test(who_waits_too_long_gives_up_at_the_deadline),
        cmocka_unit_test(whoever_is_shut_out_again_keeps_the_deadline),
        cmocka_unit_test(nobody_gives_up_before_the_deadline_whenever_that_passes),
        cmocka_unit_test(an_end_is_waited_for_until_the_deadline),
        cmocka_unit_test(a_priority_is_lent_until_the_deadline),
        cmocka_unit_test(a_trace_says_until_when_somebody_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
