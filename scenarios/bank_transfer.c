/* Money goes from one account to another: what must happen under one lock, and in which order two
 * locks are taken. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { ACCOUNTS = 2, OPENING = 100 };

struct account {
    struct sim_mutex *mutex;
    struct sim_var *balance; /* guarded by mutex */
};

struct bank {
    struct account accounts[ACCOUNTS];
};

struct transfer {
    struct bank *bank;
    int from;
    int to;
    int64_t amount;
};

static void add(struct account *account, int64_t amount)
{
    sim_write(account->balance, sim_read(account->balance) + amount);
}

static enum sim_status add_locked(struct account *account, int64_t amount)
{
    sim_mutex_lock(account->mutex);
    add(account, amount);
    return sim_mutex_unlock(account->mutex);
}

/* Every access is locked, but what was enough may be gone when it is taken. */
static enum sim_status check_then_withdraw(struct sim *sim, void *arg)
{
    struct transfer *self = arg;
    struct account *from = &self->bank->accounts[self->from];

    (void)sim;
    sim_mutex_lock(from->mutex);
    bool enough = sim_read(from->balance) >= self->amount;

    SIM_TRY(sim_mutex_unlock(from->mutex));
    if (!enough)
        return SIM_OK;
    SIM_TRY(add_locked(from, -self->amount));
    return add_locked(&self->bank->accounts[self->to], self->amount);
}

static enum sim_status move_locked(struct transfer *self, int first, int second)
{
    struct account *accounts = self->bank->accounts;

    sim_mutex_lock(accounts[first].mutex);
    sim_mutex_lock(accounts[second].mutex);
    if (sim_read(accounts[self->from].balance) >= self->amount) {
        add(&accounts[self->from], -self->amount);
        add(&accounts[self->to], self->amount);
    }
    SIM_TRY(sim_mutex_unlock(accounts[second].mutex));
    return sim_mutex_unlock(accounts[first].mutex);
}

static enum sim_status lock_from_to(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    (void)sim;
    return move_locked(self, self->from, self->to);
}

static enum sim_status lock_in_order(struct sim *sim, void *arg)
{
    struct transfer *self = arg;

    (void)sim;
    return self->from < self->to ? move_locked(self, self->from, self->to)
                                 : move_locked(self, self->to, self->from);
}

static void audit(struct sim *sim, const struct bank *bank)
{
    int64_t sum = 0;

    for (int i = 0; i < ACCOUNTS; i++) {
        int64_t balance = sim_read(bank->accounts[i].balance);

        sim_check(sim, balance >= 0, "account %d is overdrawn: %lld", i + 1, (long long)balance);
        sum += balance;
    }
    sim_check(sim, sum == (int64_t)ACCOUNTS * OPENING, "the accounts hold %lld", (long long)sum);
}

static enum sim_status trade(struct sim *sim, sim_body_fn body)
{
    struct bank bank;

    for (int i = 0; i < ACCOUNTS; i++)
        bank.accounts[i] = (struct account){
            sim_mutex_new(sim, sim_format(sim, "lock of account %d", i + 1)),
            sim_var_new(sim, sim_format(sim, "account %d", i + 1), OPENING),
        };
    struct transfer rent = {&bank, 0, 1, 80};
    struct transfer gift = {&bank, 0, 1, 30};
    struct transfer wages = {&bank, 1, 0, 5};
    struct sim_thread *threads[] = {
        sim_thread_new(sim, "rent", body, &rent),
        sim_thread_new(sim, "gift", body, &gift),
        sim_thread_new(sim, "wages", body, &wages),
    };

    for (size_t i = 0; i < 3; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    audit(sim, &bank);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return trade(sim, check_then_withdraw);
}

static enum sim_status run_abba(struct sim *sim, void *arg)
{
    (void)arg;
    return trade(sim, lock_from_to);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return trade(sim, lock_in_order);
}

const struct sim_scenario bank_transfer = {
    .name = "bank_transfer",
    .title = "An account is overdrawn, though every access is locked",
    .about = "Two transfers both find enough money before either takes it. The lock is given up "
             "between the look and the withdrawal, so what was seen does not hold any more.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario bank_transfer_abba = {
    .name = "bank_transfer_abba",
    .title = "Transfers that lock the payer first",
    .about =
        "With both accounts locked no money is lost, but transfers in opposite directions lock "
        "them in opposite order, and can wait for each other for ever.",
    .main = run_abba,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_LOCK_ORDER,
    .expect_any = SIM_FINDING_DEADLOCK,
};

const struct sim_scenario bank_transfer_fixed = {
    .name = "bank_transfer_fixed",
    .title = "Transfers that lock both accounts in order of number",
    .about = "Look and withdrawal are under one lock, and whoever needs two takes the lower number "
             "first: neither overdraft nor deadlock.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
