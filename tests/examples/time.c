/* Time-outs that pass early, and tasks that are cancelled: a scenario says that they are explored,
 * and every check of it does so. */
#include "account.h"

static enum sim_status notify(struct sim *sim, void *arg)
{
    struct account *account = arg;

    (void)sim;
    sim_mutex_lock(account->mutex);
    sim_write(account->balance, 100);
    return sim_mutex_unlock(account->mutex);
}

/* It hopes that a second is enough. */
static enum sim_status hope(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), sim_mutex_new(sim, "account")};
    struct sim_thread *bank = sim_thread_new(sim, "bank", notify, &account);

    (void)arg;
    sim_thread_sleep(sim, SIM_SECOND);
    sim_mutex_lock(account.mutex);
    (void)sim_check(sim, sim_read(account.balance) == 100, "the money is there after a second");
    SIM_TRY(sim_mutex_unlock(account.mutex));
    return sim_thread_join(bank, NULL);
}

static enum sim_status hold(struct sim *sim, void *arg)
{
    struct sim_lock *lock = arg;

    SIM_TRY(sim_lock_acquire(lock));
    SIM_TRY(sim_sleep(sim, SIM_SECOND)); /* cancelled here, it keeps the lock */
    return sim_lock_release(lock);
}

static enum sim_status hold_once(struct sim *sim, void *arg)
{
    struct sim_lock *lock = sim_lock_new(sim, "lock");
    struct sim_future *holder = SIM_FUTURE(sim_task_new(sim, "holder", hold, lock));

    (void)arg;
    SIM_TRY(sim_await(sim_gather(sim, &holder, 1, true), NULL));
    (void)sim_check(sim, !sim_lock_locked(lock), "the lock is free");
    return SIM_OK;
}

static void a_second_is_not_always_enough(void **state)
{
    struct sim_scenario scenario = {.name = "hope", .main = hope};

    (void)state;
    assert_true(sim_check_all(&scenario)); /* a deadline passes only when nothing can run */
    scenario.time = SIM_TIME_EXPLORED;     /* it may pass at any point */
    assert_true(sim_expect_finding(&scenario, SIM_FINDING_CHECK));
}

static void a_cancelled_task_must_release_its_lock(void **state)
{
    struct sim_scenario scenario = {.name = "hold", .main = hold_once, .async = true};

    (void)state;
    assert_true(sim_check_all(&scenario)); /* nobody cancels it */
    scenario.cancel = "holder";            /* at each of its awaits; "any": any task */
    assert_true(sim_expect_finding(&scenario, SIM_FINDING_CHECK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_is_not_always_enough),
        cmocka_unit_test(a_cancelled_task_must_release_its_lock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
