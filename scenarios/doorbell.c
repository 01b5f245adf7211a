/* A shop: whoever finds no customer in it sits down until the bell rings. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct shop {
    struct sim_mutex *door;
    struct sim_condvar *bell;
    struct sim_atomic *customers; /* in the shop, not served */
    int64_t expected;
    bool looks_at_the_door; /* with the mutex, until it waits */
};

static enum sim_status wait_for_bell(struct sim *sim, struct shop *shop)
{
    if (sim_atomic_load(shop->customers) > 0)
        return SIM_OK;
    sim_thread_sleep(sim, 2 * SIM_SECOND); /* to the chair */
    sim_mutex_lock(shop->door);
    SIM_TRY(sim_condvar_wait(shop->bell, shop->door));
    return sim_mutex_unlock(shop->door);
}

static enum sim_status wait_for_customer(struct sim *sim, struct shop *shop)
{
    sim_thread_sleep(sim, 2 * SIM_SECOND);
    sim_mutex_lock(shop->door);
    while (sim_atomic_load(shop->customers) == 0)
        SIM_TRY(sim_condvar_wait(shop->bell, shop->door));
    return sim_mutex_unlock(shop->door);
}

static enum sim_status serve(struct sim *sim, void *arg)
{
    struct shop *shop = arg;

    for (int64_t served = 0; served < shop->expected;) {
        SIM_TRY(shop->looks_at_the_door ? wait_for_customer(sim, shop) : wait_for_bell(sim, shop));
        int64_t here = sim_atomic_exchange(shop->customers, 0);

        served += here;
        if (here > 0)
            sim_print(sim, "served: %lld", (long long)served);
    }
    return SIM_OK;
}

static enum sim_status come(struct shop *shop)
{
    sim_mutex_lock(shop->door);
    (void)sim_atomic_fetch_add(shop->customers, 1);
    sim_condvar_signal(shop->bell);
    return sim_mutex_unlock(shop->door);
}

static enum sim_status bring_customers(struct sim *sim, void *arg)
{
    struct shop *shop = arg;

    for (int64_t i = 0; i < shop->expected; i++) {
        sim_thread_sleep(sim, (i == 0 ? 1 : 60) * SIM_SECOND);
        SIM_TRY(come(shop));
    }
    return SIM_OK;
}

static enum sim_status open_shop(struct sim *sim, bool looks_at_the_door)
{
    struct shop shop = {.door = sim_mutex_new(sim, "door"),
                        .bell = sim_condvar_new(sim, "bell"),
                        .customers = sim_atomic_new(sim, "customers", 0),
                        .expected = 2,
                        .looks_at_the_door = looks_at_the_door};
    struct sim_thread *threads[] = {sim_thread_new(sim, "shopkeeper", serve, &shop),
                                    sim_thread_new(sim, "street", bring_customers, &shop)};

    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return open_shop(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return open_shop(sim, true);
}

const struct sim_scenario doorbell = {
    .name = "doorbell",
    .title = "The bell rings between looking and waiting",
    .about = "Nobody is in the shop, the shopkeeper goes to the chair, and on the way the bell "
             "rings for nobody. The customer is served a minute later, when the next one comes; "
             "the last customer of a day would be there for ever.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_EARLY_NOTIFY,
    .expect_any = SIM_FINDING_EARLY_NOTIFY,
};

const struct sim_scenario doorbell_fixed = {
    .name = "doorbell_fixed",
    .title = "Look with the lock that the wait gives back",
    .about = "Who looks with the mutex held, and waits without giving it back before, cannot miss "
             "the bell: nobody comes in between.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
