/* Two threads lock two accounts in opposite order, and wait for the second no longer than a tenth
 * of a second: that is no deadlock any more, but both give up at the same moment, and nothing is
 * done. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct transfer {
    const char *name;
    struct sim_mutex *first;
    struct sim_mutex *second;
    struct sim_var *made;
    int64_t pause_ns; /* before another attempt; 0: there is none */
};

/* Returns SIM_TIMEOUT, and leaves both as they were, if the second cannot be had. */
static enum sim_status attempt(struct sim *sim, const struct transfer *self)
{
    sim_mutex_lock(self->first);
    sim_print(sim, "%s: has the first account", self->name);
    sim_thread_sleep(sim, 10 * SIM_MS);
    enum sim_status locked = sim_mutex_timedlock(self->second, sim_now(sim) + 100 * SIM_MS);

    if (locked == SIM_OK) {
        sim_write(self->made, sim_read(self->made) + 1);
        sim_print(sim, "%s: made", self->name);
        SIM_TRY(sim_mutex_unlock(self->second));
    }
    SIM_TRY(sim_mutex_unlock(self->first));
    return locked;
}

static enum sim_status transfer(struct sim *sim, void *arg)
{
    const struct transfer *self = arg;
    enum sim_status status = attempt(sim, self);

    while (status == SIM_TIMEOUT && self->pause_ns > 0) {
        sim_print(sim, "%s: once more", self->name);
        sim_thread_sleep(sim, self->pause_ns);
        status = attempt(sim, self);
    }
    if (status != SIM_TIMEOUT)
        return status;
    sim_print(sim, "%s: gave up", self->name);
    return SIM_OK;
}

static enum sim_status bank(struct sim *sim, int64_t pause_ns)
{
    struct sim_mutex *a = sim_mutex_new(sim, "account A");
    struct sim_mutex *b = sim_mutex_new(sim, "account B");
    struct sim_var *made = sim_var_new(sim, "transfers made", 0);
    struct transfer there = {"A to B", a, b, made, pause_ns};
    struct transfer back = {"B to A", b, a, made, 3 * pause_ns};
    struct sim_thread *threads[] = {sim_thread_new(sim, there.name, transfer, &there),
                                    sim_thread_new(sim, back.name, transfer, &back)};

    for (int i = 0; i < 2; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    sim_print(sim, "transfers made: %d of 2", (int)sim_read(made));
    sim_check(sim, sim_read(made) == 2, "a transfer was not made");
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return bank(sim, 0);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return bank(sim, 50 * SIM_MS);
}

const struct sim_scenario deadlock_timedlock = {
    .name = "deadlock_timedlock",
    .title = "A time limit turns a deadlock into lost work",
    .about = "Both threads hold one account and wait for the other's, a tenth of a second at most. "
             "Nobody waits for ever, so nobody notices: both give up at the same moment, and "
             "neither transfer is made.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_CHECK,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario deadlock_timedlock_fixed = {
    .name = "deadlock_timedlock_fixed",
    .title = "Who gives up lets go, and tries again after a time of its own",
    .about = "Each releases what it holds, waits, and begins anew. They wait for different times: "
             "with the same, they would meet again and again.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
