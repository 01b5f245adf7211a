/* A queue of work whose owner takes from the bottom and others steal from the top, without a lock
 * (Chase and Lev, Dynamic circular work-stealing deque, SPAA 2005; here of a fixed size). */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { NOTHING = -1 };

struct deque {
    struct sim_atomic *top;    /* the oldest item; only grows */
    struct sim_atomic *bottom; /* behind the newest; the owner's */
    struct sim_var **items;
    struct sim_atomic **done; /* how often each item was worked on */
    int64_t count;
    bool race_for_last;
};

static void push(struct deque *deque, int64_t item)
{
    int64_t bottom = sim_atomic_load(deque->bottom);

    sim_write(deque->items[bottom], item);
    sim_atomic_store(deque->bottom, bottom + 1);
}

/* The last item may be a thief's already: whoever moves top has it. */
static int64_t take_last(struct deque *deque, int64_t bottom)
{
    int64_t top = bottom;
    bool mine = sim_atomic_compare_exchange(deque->top, &top, bottom + 1);

    sim_atomic_store(deque->bottom, bottom + 1);
    return mine ? sim_read(deque->items[bottom]) : NOTHING;
}

static int64_t take(struct deque *deque)
{
    int64_t bottom = sim_atomic_load(deque->bottom) - 1;

    sim_atomic_store(deque->bottom, bottom);
    int64_t top = sim_atomic_load(deque->top);

    if (top > bottom) {
        sim_atomic_store(deque->bottom, bottom + 1);
        return NOTHING;
    }
    if (top == bottom && deque->race_for_last)
        return take_last(deque, bottom);
    return sim_read(deque->items[bottom]);
}

static int64_t steal(struct deque *deque)
{
    int64_t top = sim_atomic_load(deque->top);

    if (top >= sim_atomic_load(deque->bottom))
        return NOTHING;
    int64_t item = sim_read(deque->items[top]);

    return sim_atomic_compare_exchange(deque->top, &top, top + 1) ? item : NOTHING;
}

static void work_on(struct sim *sim, struct deque *deque, int64_t item)
{
    if (item == NOTHING)
        return;
    bool first = sim_atomic_fetch_add(deque->done[item], 1) == 0;

    sim_check(sim, first, "item %lld is worked on twice", (long long)item);
}

static void own(struct sim *sim, struct deque *deque)
{
    for (int64_t i = 0; i < deque->count; i++)
        push(deque, i);
    for (int64_t i = 0; i < deque->count; i++)
        work_on(sim, deque, take(deque));
}

static enum sim_status thieve(struct sim *sim, void *arg)
{
    struct deque *deque = arg;

    for (int64_t i = 0; i < deque->count; i++)
        work_on(sim, deque, steal(deque));
    return SIM_OK;
}

static enum sim_status work(struct sim *sim, const int64_t *params, bool race_for_last)
{
    size_t count = (size_t)params[0];
    size_t thieves = (size_t)params[1];
    struct sim_thread **threads = sim_alloc(sim, thieves * sizeof(struct sim_thread *));
    struct deque deque = {
        .top = sim_atomic_new(sim, "top", 0),
        .bottom = sim_atomic_new(sim, "bottom", 0),
        .items = sim_alloc(sim, count * sizeof(struct sim_var *)),
        .done = sim_alloc(sim, count * sizeof(struct sim_atomic *)),
        .count = params[0],
        .race_for_last = race_for_last,
    };

    for (size_t i = 0; i < count; i++) {
        deque.items[i] = sim_var_new(sim, sim_format(sim, "item %zu", i), NOTHING);
        deque.done[i] = sim_atomic_new(sim, sim_format(sim, "done %zu", i), 0);
    }
    for (size_t i = 0; i < thieves; i++)
        threads[i] = sim_thread_new(sim, sim_format(sim, "thief %zu", i + 1), thieve, &deque);
    own(sim, &deque);
    for (size_t i = 0; i < thieves; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    for (size_t i = 0; i < count; i++)
        sim_check(sim, sim_atomic_load(deque.done[i]) > 0, "item %zu is never worked on", i);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return work(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return work(sim, arg, true);
}

const struct sim_scenario work_stealing_queue = {
    .name = "work_stealing_queue",
    .title = "The last item of a work-stealing queue is taken twice",
    .about =
        "The owner and a thief meet only at the last item, and there both believe to be alone. "
        "The thief has read the bottom before the owner moved it, and both work on the item.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
    .params = {{"items", 2, 1, 1000, "how many the owner puts in"},
               {"thieves", 1, 1, 100, "how many threads steal"}},
};

const struct sim_scenario work_stealing_queue_fixed = {
    .name = "work_stealing_queue_fixed",
    .title = "A work-stealing queue in which the last item is raced for",
    .about = "For the last item the owner must do what a thief does, and move the top: one of them "
             "succeeds. All others it takes without paying for that.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"items", 2, 1, 1000, "how many the owner puts in"},
               {"thieves", 1, 1, 100, "how many threads steal"}},
};
