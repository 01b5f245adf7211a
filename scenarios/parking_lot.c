/* Cars enter a lot with few places: each looks for a free place, and then takes it. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct lot {
    struct sim_mutex *gate;
    struct sim_atomic *cars; /* in the lot */
    int64_t places;
    bool one_at_a_time; /* looking and entering are one step */
};

static bool fits(void *arg)
{
    const struct lot *lot = arg;

    return sim_atomic_load(lot->cars) <= lot->places;
}

static bool full(void *arg)
{
    const struct lot *lot = arg;

    return sim_atomic_load(lot->cars) == lot->places;
}

static bool empty(void *arg)
{
    const struct lot *lot = arg;

    return sim_atomic_load(lot->cars) == 0;
}

static enum sim_status enter(struct lot *lot, bool *entered)
{
    if (lot->one_at_a_time)
        sim_mutex_lock(lot->gate);
    *entered = sim_atomic_load(lot->cars) < lot->places;
    if (*entered)
        (void)sim_atomic_fetch_add(lot->cars, 1);
    return lot->one_at_a_time ? sim_mutex_unlock(lot->gate) : SIM_OK;
}

static enum sim_status drive(struct sim *sim, void *arg)
{
    struct lot *lot = arg;
    bool entered;

    (void)sim;
    SIM_TRY(enter(lot, &entered));
    if (entered)
        (void)sim_atomic_fetch_add(lot->cars, -1);
    return SIM_OK;
}

static enum sim_status open_lot(struct sim *sim, const int64_t *params, bool one_at_a_time)
{
    size_t count = (size_t)params[0];
    struct sim_thread **cars = sim_alloc(sim, count * sizeof(struct sim_thread *));
    struct lot *lot = sim_alloc(sim, sizeof(*lot));

    *lot = (struct lot){.gate = sim_mutex_new(sim, "gate"),
                        .cars = sim_atomic_new(sim, "cars", 0),
                        .places = params[1],
                        .one_at_a_time = one_at_a_time};
    SIM_TRY(sim_invariant(sim, "never more cars than places", fits, lot));
    SIM_TRY(sim_finally(sim, "the lot is empty again", empty, lot));
    if (lot->places == 1)
        SIM_TRY(sim_eventually(sim, "the lot is full once", full, lot));
    for (size_t i = 0; i < count; i++)
        cars[i] = sim_thread_new(sim, sim_format(sim, "car %zu", i + 1), drive, lot);
    for (size_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(cars[i], NULL));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return open_lot(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return open_lot(sim, arg, true);
}

const struct sim_scenario parking_lot = {
    .name = "parking_lot",
    .title = "An invariant: never more cars than places",
    .about =
        "Each operation on the number of cars is atomic, and there is no data race; but between "
        "looking and entering another car takes the last place. Nobody checks that: it is an "
        "invariant, looked at after every step of anyone.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_INVARIANT,
    .params = {{"cars", 2, 1, 1000, "how many cars come"},
               {"places", 1, 1, 1000, "how many places the lot has"}},
};

const struct sim_scenario parking_lot_fixed = {
    .name = "parking_lot_fixed",
    .title = "One car at a time passes the gate",
    .about = "Looking and entering are one step, behind one lock: the invariant holds after every "
             "step, whatever the schedule.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"cars", 2, 1, 1000, "how many cars come"},
               {"places", 1, 1, 1000, "how many places the lot has"}},
};
