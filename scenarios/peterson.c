/* Mutual exclusion of two threads with nothing but loads and stores (Peterson, Myths about the
 * mutual exclusion problem, 1981).  A thread that is kept out too often goes without, so that every
 * run ends. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct gate {
    struct sim_atomic *wants[2];
    struct sim_atomic *turn; /* who goes first if both want */
    struct sim_var *counter; /* what the gate is for */
    int64_t tries;
};

struct side {
    struct gate *gate;
    int64_t me;
    bool late;
};

static bool may_enter(struct gate *gate, int64_t me)
{
    return sim_atomic_load(gate->wants[1 - me]) == 0 || sim_atomic_load(gate->turn) == me;
}

static bool wait_for_turn(struct sim *sim, struct gate *gate, int64_t me)
{
    for (int64_t i = 0; i < gate->tries; i++) {
        if (may_enter(gate, me))
            return true;
        sim_thread_yield(sim);
    }
    return false;
}

static enum sim_status enter(struct sim *sim, void *arg)
{
    struct side *self = arg;
    struct gate *gate = self->gate;

    if (!self->late)
        sim_atomic_store(gate->wants[self->me], 1);
    sim_atomic_store(gate->turn, 1 - self->me);
    if (self->late)
        sim_atomic_store(gate->wants[self->me], 1);
    if (wait_for_turn(sim, gate, self->me))
        sim_write(gate->counter, sim_read(gate->counter) + 1);
    sim_atomic_store(gate->wants[self->me], 0);
    return SIM_OK;
}

static enum sim_status meet(struct sim *sim, const int64_t *params, bool late)
{
    struct gate gate = {
        .wants = {sim_atomic_new(sim, "left wants", 0), sim_atomic_new(sim, "right wants", 0)},
        .turn = sim_atomic_new(sim, "turn", 0),
        .counter = sim_var_new(sim, "counter", 0),
        .tries = params[0],
    };
    struct side sides[] = {{&gate, 0, late}, {&gate, 1, late}};
    struct sim_thread *left = sim_thread_new(sim, "left", enter, &sides[0]);
    struct sim_thread *right = sim_thread_new(sim, "right", enter, &sides[1]);

    SIM_TRY(sim_thread_join(left, NULL));
    return sim_thread_join(right, NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return meet(sim, arg, false);
}

static enum sim_status run_late(struct sim *sim, void *arg)
{
    return meet(sim, arg, true);
}

const struct sim_scenario peterson = {
    .name = "peterson",
    .title = "Peterson's mutual exclusion",
    .about = "To say that one wants in, then to let the other go first, keeps two threads apart "
             "without any lock. It needs a machine that keeps loads and stores in order.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tries", 2, 1, 100, "how often a thread looks before it goes without"}},
};

const struct sim_scenario peterson_late = {
    .name = "peterson_late",
    .title = "Peterson's mutual exclusion with two lines exchanged",
    .about = "A thread that lets the other go first before it says that it wants in is not seen in "
             "time: the other finds nobody, and both are inside.",
    .main = run_late,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_LOST_UPDATE,
    .params = {{"tries", 2, 1, 100, "how often a thread looks before it goes without"}},
};
