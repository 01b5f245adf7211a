/* Two walkers meet in a corridor, and each steps aside for the other, again and again. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { LEFT, RIGHT };

/* Of the corridor, seen from its entrance. */
struct walker {
    struct sim_atomic *side;
    struct sim_atomic *other_side;
    int keep_to; /* where it steps aside to; -1: wherever it is not */
};

static enum sim_status walk(struct sim *sim, void *arg)
{
    struct walker *walker = arg;
    int64_t side = LEFT;

    for (;;) {
        sim_thread_sleep(sim, 1 * SIM_SECOND); /* a step forward */
        if (sim_atomic_load(walker->other_side) != side)
            return SIM_OK;
        sim_thread_sleep(sim, 1 * SIM_SECOND); /* a step aside */
        side = walker->keep_to >= 0 ? walker->keep_to : side == LEFT ? RIGHT : LEFT;
        sim_atomic_store(walker->side, side);
    }
}

static enum sim_status meet(struct sim *sim, bool rule)
{
    struct sim_atomic *sides[] = {sim_atomic_new(sim, "side of Anna", LEFT),
                                  sim_atomic_new(sim, "side of Bob", LEFT)};
    /* They face each other: the right hand of one is the left one of the other. */
    struct walker anna = {sides[0], sides[1], rule ? RIGHT : -1};
    struct walker bob = {sides[1], sides[0], rule ? LEFT : -1};
    struct sim_thread *threads[] = {sim_thread_new(sim, "Anna", walk, &anna),
                                    sim_thread_new(sim, "Bob", walk, &bob)};

    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return meet(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return meet(sim, true);
}

const struct sim_scenario corridor = {
    .name = "corridor",
    .title = "Two who always give way to each other",
    .about =
        "Both see that the way is blocked, and both step aside, to the same side. Nobody waits "
        "for anybody, everybody moves, and nobody gets on: a livelock. As long as they keep in "
        "step it does not end.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_LIVELOCK,
    .expect_any = SIM_FINDING_LIVELOCK,
    .max_steps = 2100,
};

const struct sim_scenario corridor_fixed = {
    .name = "corridor_fixed",
    .title = "Everybody keeps to the right",
    .about = "A rule that does not treat both alike ends it: each steps to its own right, where "
             "the other does not go, and they pass.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .max_steps = 2100,
};
