/* Mutual exclusion of two threads with nothing but loads and stores, the first that was found
 * (Dekker; in Dijkstra, Cooperating sequential processes, 1965).  A thread that is kept out too
 * often goes without, so that every run ends. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct gate {
    struct sim_atomic *wants[2];
    struct sim_atomic *turn; /* who need not step back */
    struct sim_var *counter; /* what the gate is for */
    int64_t tries;
};

struct side {
    struct gate *gate;
    int64_t me;
};

static void want(struct side *self, int64_t value)
{
    sim_atomic_store(self->gate->wants[self->me], value);
}

/* Both want in: who does not have the turn steps back until it has. */
static void step_back(struct sim *sim, struct side *self)
{
    if (sim_atomic_load(self->gate->turn) != self->me) {
        want(self, 0);
        sim_thread_yield(sim);
        want(self, 1);
    } else {
        sim_thread_yield(sim);
    }
}

static enum sim_status enter(struct sim *sim, void *arg)
{
    struct side *self = arg;
    struct gate *gate = self->gate;

    want(self, 1);
    for (int64_t i = 0; i < gate->tries; i++) {
        if (sim_atomic_load(gate->wants[1 - self->me]) == 0) {
            sim_write(gate->counter, sim_read(gate->counter) + 1);
            /* An exchange, though the old value is of no use: what is written does not come from
             * any value that was read before. */
            (void)sim_atomic_exchange(gate->turn, 1 - self->me);
            break;
        }
        step_back(sim, self);
    }
    want(self, 0);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct gate gate = {
        .wants = {sim_atomic_new(sim, "left wants", 0), sim_atomic_new(sim, "right wants", 0)},
        .turn = sim_atomic_new(sim, "turn", 0),
        .counter = sim_var_new(sim, "counter", 0),
        .tries = params[0],
    };
    struct side sides[] = {{&gate, 0}, {&gate, 1}};
    struct sim_thread *left = sim_thread_new(sim, "left", enter, &sides[0]);
    struct sim_thread *right = sim_thread_new(sim, "right", enter, &sides[1]);

    SIM_TRY(sim_thread_join(left, NULL));
    return sim_thread_join(right, NULL);
}

const struct sim_scenario dekker = {
    .name = "dekker",
    .title = "Dekker's mutual exclusion",
    .about = "Nobody enters without having seen that the other does not want in, so never both do; "
             "if both want, the one whose turn it is not steps back.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"tries", 2, 1, 100, "how often a thread looks before it goes without"}},
};
