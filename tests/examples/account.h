/* What the examples test: deposits into one account, with a lock and without. */
#ifndef EXAMPLES_ACCOUNT_H
#define EXAMPLES_ACCOUNT_H

/* cmocka wants these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/sim.h"

struct account {
    struct sim_var *balance;
    struct sim_mutex *mutex; /* NULL: nothing guards the balance */
};

static inline enum sim_status deposit(struct sim *sim, void *arg)
{
    struct account *account = arg;

    (void)sim;
    if (account->mutex != NULL)
        sim_mutex_lock(account->mutex);
    sim_write(account->balance, sim_read(account->balance) + 100);
    return account->mutex == NULL ? SIM_OK : sim_mutex_unlock(account->mutex);
}

static inline enum sim_status deposit_twice(struct sim *sim, struct account *account)
{
    struct sim_thread *anna = sim_thread_new(sim, "Anna", deposit, account);
    struct sim_thread *bob = sim_thread_new(sim, "Bob", deposit, account);

    SIM_TRY(sim_thread_join(anna, NULL));
    SIM_TRY(sim_thread_join(bob, NULL));
    (void)sim_check(sim, sim_read(account->balance) == 200, "both deposits arrive");
    return SIM_OK;
}

static inline enum sim_status with_lock(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), sim_mutex_new(sim, "account")};

    (void)arg;
    return deposit_twice(sim, &account);
}

static inline enum sim_status without_lock(struct sim *sim, void *arg)
{
    struct account account = {sim_var_new(sim, "balance", 0), NULL};

    (void)arg;
    return deposit_twice(sim, &account);
}

static const struct sim_scenario locked = {.name = "locked", .main = with_lock};
static const struct sim_scenario unlocked = {.name = "unlocked", .main = without_lock};

#endif
