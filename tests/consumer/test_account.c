/* A unit test as a user writes one: what must hold whatever the schedule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sim/sim.h>

struct account {
    struct sim_var *balance;
    struct sim_mutex *mutex; /* NULL: nothing guards the balance */
};

static enum sim_status deposit(struct sim *sim, void *arg)
{
    struct account *account = arg;

    (void)sim;
    if (account->mutex != NULL)
        sim_mutex_lock(account->mutex);
    sim_write(account->balance, sim_read(account->balance) + 100);
    if (account->mutex != NULL)
        SIM_TRY(sim_mutex_unlock(account->mutex));
    return SIM_OK;
}

static enum sim_status deposit_twice(struct sim *sim, struct account *account)
{
    struct sim_thread *first = sim_thread_new(sim, "first", deposit, account);
    struct sim_thread *second = sim_thread_new(sim, "second", deposit, account);

    SIM_TRY(sim_thread_join(first, NULL));
    SIM_TRY(sim_thread_join(second, NULL));
    (void)sim_check(sim, sim_read(account->balance) == 200, "both deposits arrive");
    return SIM_OK;
}

static enum sim_status run_guarded(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), sim_mutex_new(sim, "account")};

    (void)arg;
    return deposit_twice(sim, &account);
}

static enum sim_status run_unguarded(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), NULL};

    (void)arg;
    return deposit_twice(sim, &account);
}

static const struct sim_scenario guarded = {.name = "guarded", .main = run_guarded};
static const struct sim_scenario unguarded = {.name = "unguarded", .main = run_unguarded};

static void deposits_arrive_under_every_schedule(void **state)
{
    (void)state;
    assert_true(sim_check_all(&guarded));
    assert_true(sim_check_random(&guarded, 1, 100));
}

static void some_schedule_loses_an_unguarded_deposit(void **state)
{
    (void)state;
    assert_true(sim_expect_finding(&unguarded, SIM_FINDING_LOST_UPDATE));
    assert_false(sim_check_all(&unguarded));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deposits_arrive_under_every_schedule),
        cmocka_unit_test(some_schedule_loses_an_unguarded_deposit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
