/* A consumer looks at the flag once, waits, and believes that it was woken for a reason. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct mailbox {
    struct sim_mutex *mutex;
    struct sim_condvar *filled;
    struct sim_var *letters;
    bool looks_again;
    int64_t taken;
};

static enum sim_status send(struct sim *sim, void *arg)
{
    struct mailbox *box = arg;

    (void)sim;
    sim_mutex_lock(box->mutex);
    sim_write(box->letters, sim_read(box->letters) + 1);
    sim_condvar_signal(box->filled);
    return sim_mutex_unlock(box->mutex);
}

static enum sim_status receive(struct sim *sim, void *arg)
{
    struct mailbox *box = arg;

    sim_mutex_lock(box->mutex);
    if (sim_read(box->letters) == 0)
        SIM_TRY(sim_condvar_wait(box->filled, box->mutex));
    while (box->looks_again && sim_read(box->letters) == 0)
        SIM_TRY(sim_condvar_wait(box->filled, box->mutex));
    box->taken = sim_read(box->letters);
    sim_check(sim, box->taken > 0, "a letter is taken from an empty mailbox");
    sim_write(box->letters, box->taken - 1);
    return sim_mutex_unlock(box->mutex);
}

static enum sim_status correspond(struct sim *sim, bool looks_again)
{
    struct mailbox box = {.mutex = sim_mutex_new(sim, "mutex"),
                          .filled = sim_condvar_new(sim, "filled"),
                          .letters = sim_var_new(sim, "letters", 0),
                          .looks_again = looks_again};
    struct sim_thread *receiver = sim_thread_new(sim, "receiver", receive, &box);
    struct sim_thread *sender = sim_thread_new(sim, "sender", send, &box);

    SIM_TRY(sim_thread_join(sender, NULL));
    SIM_TRY(sim_thread_join(receiver, NULL));
    sim_print(sim, "letters taken: 1, left: %d", (int)sim_read(box.letters));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return correspond(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return correspond(sim, true);
}

const struct sim_scenario spurious_wakeup = {
    .name = "spurious_wakeup",
    .title = "Woken for no reason",
    .about = "A wait for a condition variable may end without a signal, as POSIX says. Who has an "
             "`if` round it takes what is not there. No schedule of signals shows that: it takes "
             "--time explored.",
    .main = run,
    .contained = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .time = SIM_TIME_EXPLORED,
};

const struct sim_scenario spurious_wakeup_fixed = {
    .name = "spurious_wakeup_fixed",
    .title = "Look again after every wait",
    .about = "The wait stands in a loop that looks at the state again: a wake-up for no reason "
             "costs one more round.",
    .main = run_fixed,
    .contained = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .time = SIM_TIME_EXPLORED,
};
