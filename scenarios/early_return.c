/* Two clerks book on one account; one of the ways out of the function forgets the mutex. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct account {
    struct sim_mutex *mutex;
    struct sim_var *balance; /* guarded by mutex */
    bool one_way_out;
};

static enum sim_status withdraw(struct account *account, int64_t amount)
{
    bool enough;

    sim_mutex_lock(account->mutex);
    int64_t balance = sim_read(account->balance);

    enough = balance >= amount;
    if (!enough && !account->one_way_out)
        return SIM_OK; /* and the mutex? */
    if (enough)
        sim_write(account->balance, balance - amount);
    return sim_mutex_unlock(account->mutex);
}

static enum sim_status pay_rent(struct sim *sim, void *arg)
{
    (void)sim;
    return withdraw(arg, 80);
}

static enum sim_status pay_phone(struct sim *sim, void *arg)
{
    (void)sim;
    return withdraw(arg, 30);
}

static enum sim_status book(struct sim *sim, bool one_way_out)
{
    struct account account = {.mutex = sim_mutex_new(sim, "account lock"),
                              .balance = sim_var_new(sim, "balance", 100),
                              .one_way_out = one_way_out};
    struct sim_thread *threads[] = {sim_thread_new(sim, "rent", pay_rent, &account),
                                    sim_thread_new(sim, "phone", pay_phone, &account)};

    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return book(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return book(sim, true);
}

const struct sim_scenario early_return = {
    .name = "early_return",
    .title = "A return that skips the unlock",
    .about = "Where there is not enough money the function returns at once, with the mutex. This "
             "time it was the last who wanted it, and nobody noticed; the next one would wait for "
             "ever.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_LEAKED_LOCK,
    .expect_any = SIM_FINDING_LEAKED_LOCK,
};

const struct sim_scenario early_return_fixed = {
    .name = "early_return_fixed",
    .title = "One way out, past the unlock",
    .about = "Whether there is enough money or not, the end of the function is the same, and gives "
             "the mutex back.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
