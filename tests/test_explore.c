/* Threads under every schedule: exact numbers, verdicts, and the checks for users' tests. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/explore/explore.h"
#include "sim/policy/random.h"
#include "sim/sim.h"

/* Two threads of steps atomic operations each, started together and not joined one by one. */
struct toy {
    struct sim_atomic *atomic;
    int64_t steps;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct toy *toy = arg;

    (void)sim;
    for (int64_t i = 0; i < toy->steps; i++)
        (void)sim_atomic_fetch_add(toy->atomic, 1);
    return SIM_OK;
}

static enum sim_status two_threads(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct toy toy = {.atomic = sim_atomic_new(sim, "a", 0), .steps = params[0]};
    struct sim_thread *other = sim_thread_new(sim, NULL, work, &toy);

    (void)work(sim, &toy);
    SIM_TRY(sim_thread_join(other, NULL));
    (void)sim_check(sim, sim_atomic_load(toy.atomic) == 2 * toy.steps, "an addition was lost");
    return SIM_OK;
}

static const struct sim_scenario toy = {.name = "toy",
                                        .main = two_threads,
                                        .expect = SIM_CLEAN,
                                        .expect_any = SIM_CLEAN,
                                        .params = {{"steps", 1, 0, 9, ""}}};

static uint64_t executions(int64_t steps, int max_preemptions, enum explore_verdict verdict)
{
    struct explore_request request = {.policy = EXPLORE_DFS, .max_preemptions = max_preemptions};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, &toy);
    request.run.params[0] = steps;
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_int_equal(report.worst, -1);
    assert_int_equal(report.verdict, verdict);
    explore_report_free(&report);
    return report.executions;
}

/* A thread has one place before each operation, and one more before it begins (the other) or after
 * its last operation, where main joins and so always gives way: M = main's operation, T = begin and
 * operations of the other.
 *
 * 0 operations: main joins, the other runs: 1.
 * 1 operation: main stands before m; the other may begin before it.  T may be cut once, before its
 * operation t: m T; T m with T cut or not: begin t m, begin m t.  3.
 * In general main's n operations are put among the other's 1 + n pieces: C(2n + 1, n). */
static void every_interleaving_is_run_exactly_once(void **state)
{
    (void)state;
    assert_int_equal(executions(0, -1, EXPLORE_EXHAUSTED), 1);
    assert_int_equal(executions(1, -1, EXPLORE_EXHAUSTED), 3);
    assert_int_equal(executions(2, -1, EXPLORE_EXHAUSTED), 10);
    assert_int_equal(executions(3, -1, EXPLORE_EXHAUSTED), 35);
    assert_int_equal(executions(4, -1, EXPLORE_EXHAUSTED), 126);
}

static void a_bound_on_preemptions_says_that_it_is_one(void **state)
{
    (void)state;
    assert_int_equal(executions(2, 0, EXPLORE_BOUNDED), 1);
    assert_int_equal(executions(2, 1, EXPLORE_BOUNDED), 3);
    assert_int_equal(executions(2, 9, EXPLORE_EXHAUSTED), 10);
}

static enum sim_status plain_add(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    (void)sim;
    sim_write(var, sim_read(var) + 1);
    return SIM_OK;
}

static enum sim_status lossy(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "money", 0);
    struct sim_thread *other = sim_thread_new(sim, "other", plain_add, var);

    (void)arg;
    SIM_TRY(plain_add(sim, var));
    return sim_thread_join(other, NULL);
}

static const struct sim_scenario loses = {.name = "loses", .main = lossy};

static void checks_hold_and_fail_as_they_should(void **state)
{
    (void)state;
    assert_true(sim_check_all(&toy));
    assert_true(sim_check_bounded(&toy, 1));
    assert_true(sim_check_random(&toy, 1, 100));
    assert_true(sim_check_schedule(&toy, "s1:0"));
    assert_true(sim_expect_finding(&loses, SIM_FINDING_LOST_UPDATE));
    assert_false(sim_expect_finding(&loses, SIM_FINDING_DEADLOCK));
    assert_false(sim_check_all(&loses));
    assert_false(sim_check_random(&loses, 1, 100));
    assert_false(sim_check_schedule(&loses, "s1:0*99"));
    assert_false(sim_check_schedule(&loses, "nonsense"));
    assert_false(sim_check_finds(&toy, "s1:0", SIM_FINDING_LOST_UPDATE));
}

static void a_schedule_found_is_a_schedule_that_finds(void **state)
{
    struct explore_request request = {.policy = EXPLORE_DFS, .max_preemptions = -1};
    struct explore_report report;
    char error[256];

    (void)state;
    run_request_init(&request.run, &loses);
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_int_equal(report.worst, SIM_FINDING_LOST_UPDATE);
    assert_int_equal(report.verdict, EXPLORE_STOPPED);
    char *text = schedule_format(&report.kinds[SIM_FINDING_LOST_UPDATE].schedule);

    assert_true(sim_check_finds(&loses, text, SIM_FINDING_LOST_UPDATE));
    free(text);
    explore_report_free(&report);
}

static void a_failed_check_leaves_its_trace(void **state)
{
    char folder[] = "check_out_XXXXXX";
    char path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("PICKGLASS_OUT", folder, 1), 0);
    assert_int_equal(setenv("PICKGLASS", PICKGLASS_PROGRAM, 1), 0);
    assert_false(sim_check_all(&loses));
    assert_int_equal(unsetenv("PICKGLASS_OUT"), 0);
    (void)snprintf(path, sizeof(path), "%s/loses.trace", folder);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof(path), "%s/loses.png", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Mutual exclusion, signals, and what threads are told. */
struct shop {
    struct sim_mutex *mutex;
    struct sim_condvar *condvar;
    struct sim_var *stock;
};

static enum sim_status buy(struct sim *sim, void *arg)
{
    struct shop *shop = arg;

    sim_mutex_lock(shop->mutex);
    while (sim_read(shop->stock) == 0)
        SIM_TRY(sim_condvar_wait(shop->condvar, shop->mutex));
    sim_write(shop->stock, sim_read(shop->stock) - 1);
    SIM_TRY(sim_mutex_unlock(shop->mutex));
    return sim_return(sim, sim_int(7));
}

static enum sim_status sell(struct sim *sim, void *arg)
{
    struct shop shop = {.mutex = sim_mutex_new(sim, "mutex"),
                        .condvar = sim_condvar_new(sim, "stocked"),
                        .stock = sim_var_new(sim, "stock", 0)};
    struct sim_thread *buyers[2];
    struct sim_value value;

    (void)arg;
    for (int i = 0; i < 2; i++)
        buyers[i] = sim_thread_new(sim, NULL, buy, &shop);
    (void)sim_check(sim, sim_mutex_unlock(shop.mutex) == SIM_RUNTIME_ERROR, "unlocked by nobody");
    sim_mutex_lock(shop.mutex);
    (void)sim_check(sim, !sim_mutex_trylock(shop.mutex), "taken twice");
    sim_write(shop.stock, 2);
    sim_condvar_broadcast(shop.condvar);
    SIM_TRY(sim_mutex_unlock(shop.mutex));
    for (int i = 0; i < 2; i++) {
        SIM_TRY(sim_thread_join(buyers[i], &value));
        (void)sim_check(sim, value.as.integer == 7, "a buyer returned something else");
    }
    (void)sim_check(sim, sim_read(shop.stock) == 0, "stock is left");
    return SIM_OK;
}

static const struct sim_scenario trade = {.name = "trade", .main = sell};

static void threads_with_mutex_and_condvar_hold_under_every_schedule(void **state)
{
    (void)state;
    assert_true(sim_check_bounded(&trade, 2));
    assert_true(sim_check_random(&trade, 5, 2000));
}

static enum sim_status forgetful(struct sim *sim, void *arg)
{
    struct shop shop = {.mutex = sim_mutex_new(sim, "mutex"),
                        .condvar = sim_condvar_new(sim, "stocked"),
                        .stock = sim_var_new(sim, "stock", 0)};
    struct sim_thread *buyer = sim_thread_new(sim, "buyer", buy, &shop);

    (void)arg;
    sim_mutex_lock(shop.mutex);
    sim_write(shop.stock, 1);
    SIM_TRY(sim_mutex_unlock(shop.mutex)); /* and signals nobody */
    return sim_thread_join(buyer, NULL);
}

static const struct sim_scenario no_signal = {.name = "no_signal", .main = forgetful};

static void a_missing_signal_is_found(void **state)
{
    (void)state;
    assert_true(sim_expect_finding(&no_signal, SIM_FINDING_HANG));
}

static enum sim_status boom(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_VALUE_ERROR, "boom");
}

static enum sim_status join_boom(struct sim *sim, void *arg)
{
    struct sim_thread *thread = sim_thread_new(sim, NULL, boom, NULL);

    (void)arg;
    (void)sim_check(sim, sim_thread_join(thread, NULL) == SIM_VALUE_ERROR, "the failure was lost");
    (void)sim_check(sim, strcmp(sim_exception_message(sim_exception(sim)), "boom") == 0,
                    "so was the message");
    return SIM_OK;
}

static const struct sim_scenario joins = {.name = "joins", .main = join_boom};

static void a_failed_thread_tells_who_joins_it(void **state)
{
    (void)state;
    assert_true(sim_check_all(&joins));
}

/* Each of six schedules of three numbers is as likely as the others. */
static void random_choices_are_even_and_repeat_by_seed(void **state)
{
    struct policy_random a;
    struct policy_random b;
    struct sim_choice choice = {.count = 6};
    int counts[6] = {0};

    (void)state;
    policy_random_init(&a, 42, 3);
    policy_random_init(&b, 42, 3);
    a.policy.begin(&a.policy);
    b.policy.begin(&b.policy);
    for (int i = 0; i < 60000; i++) {
        uint32_t taken = a.policy.choose(&a.policy, &choice);

        assert_int_equal(taken, b.policy.choose(&b.policy, &choice));
        counts[taken]++;
    }
    for (int i = 0; i < 6; i++)
        assert_in_range(counts[i], 9600, 10400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_interleaving_is_run_exactly_once),
        cmocka_unit_test(a_bound_on_preemptions_says_that_it_is_one),
        cmocka_unit_test(checks_hold_and_fail_as_they_should),
        cmocka_unit_test(a_schedule_found_is_a_schedule_that_finds),
        cmocka_unit_test(a_failed_check_leaves_its_trace),
        cmocka_unit_test(threads_with_mutex_and_condvar_hold_under_every_schedule),
        cmocka_unit_test(a_missing_signal_is_found),
        cmocka_unit_test(a_failed_thread_tells_who_joins_it),
        cmocka_unit_test(random_choices_are_even_and_repeat_by_seed),
    };

    return cmocka_run_group_tests_name("explore", tests, NULL, NULL);
}
