/* What must hold after every step of anyone, at some time, or at the end. */
#include "account.h"

struct bank {
    struct sim_var *from;
    struct sim_var *to;
    struct sim_mutex *mutex;
    bool forgets;
};

static bool nothing_is_lost(void *arg)
{
    const struct bank *bank = arg;

    /* Between the two writes, with the mutex held, nobody looks. */
    return sim_mutex_held(bank->mutex) || sim_read(bank->from) + sim_read(bank->to) == 100;
}

static bool all_has_moved(void *arg)
{
    return sim_read(((const struct bank *)arg)->to) == 100;
}

static enum sim_status transfer(struct sim *sim, void *arg)
{
    struct bank *bank = arg;

    (void)sim;
    sim_mutex_lock(bank->mutex);
    sim_write(bank->from, sim_read(bank->from) - 50);
    if (bank->forgets)
        return sim_mutex_unlock(bank->mutex);
    sim_write(bank->to, sim_read(bank->to) + 50);
    return sim_mutex_unlock(bank->mutex);
}

static enum sim_status move_all(struct sim *sim, bool forgets)
{
    /* What a predicate looks at lives as long as the run: not on a stack. */
    struct bank *bank = sim_alloc(sim, sizeof(*bank));

    *bank = (struct bank){sim_var_new(sim, "from", 100), sim_var_new(sim, "to", 0),
                          sim_mutex_new(sim, "bank"), forgets};
    SIM_TRY(sim_invariant(sim, "nothing is lost", nothing_is_lost, bank));
    SIM_TRY(sim_finally(sim, "all has moved", all_has_moved, bank));
    struct sim_thread *anna = sim_thread_new(sim, "Anna", transfer, bank);
    struct sim_thread *bob = sim_thread_new(sim, "Bob", transfer, bank);

    SIM_TRY(sim_thread_join(anna, NULL));
    return sim_thread_join(bob, NULL);
}

static enum sim_status careful(struct sim *sim, void *arg)
{
    (void)arg;
    return move_all(sim, false);
}

static enum sim_status careless(struct sim *sim, void *arg)
{
    (void)arg;
    return move_all(sim, true);
}

static const struct sim_scenario keeps = {.name = "keeps", .main = careful};
static const struct sim_scenario loses = {.name = "loses", .main = careless};

static void it_holds_after_every_step(void **state)
{
    (void)state;
    assert_true(sim_check_all(&keeps));
}

static void a_step_that_breaks_it_is_found(void **state)
{
    (void)state;
    assert_true(sim_expect_finding(&loses, SIM_FINDING_INVARIANT));
    assert_true(sim_expect_finding(&loses, SIM_FINDING_EVENTUALLY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_after_every_step),
        cmocka_unit_test(a_step_that_breaks_it_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
