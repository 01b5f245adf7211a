#include "sim/thread/compute.h"

#include "sim/core/sched.h"

/* The lock of one process.  Lives in the arena.
 * Invariant: holder is NULL or computes; waiters are blocked, oldest first. */
struct gil {
    struct gil *next;
    struct sim_thread *holder;
    struct list_node waiters;
    uint32_t process;
    uint32_t id;
};

/* sys.getswitchinterval() */
#define SWITCH_INTERVAL_NS (5 * SIM_MS)

static struct gil *gil_of(struct sim *sim, uint32_t process)
{
    for (struct gil *gil = sim->gils; gil != NULL; gil = gil->next)
        if (gil->process == process)
            return gil;
    struct gil *gil = sim_alloc(sim, sizeof(*gil));

    gil->next = sim->gils;
    gil->process = process;
    gil->id = sim_object_new(sim, SIM_OBJ_MUTEX, "GIL", 0, NULL);
    list_init(&gil->waiters);
    sim->gils = gil;
    return gil;
}

static void take(struct sim *sim, struct gil *gil, const struct sim_site *site)
{
    sim_look_changed(sim, gil->id);
    if (gil->holder != NULL) {
        list_append(&gil->waiters, &sim->running->waiting);
        sched_block(sim, SIM_WAIT_GIL, gil->id, 0, site);
        SIM_ASSERT(gil->holder == sim->running);
    }
    gil->holder = sim->running;
}

static void give(struct sim *sim, struct gil *gil)
{
    struct list_node *first = gil->waiters.next;

    sim_look_changed(sim, gil->id);
    gil->holder = NULL;
    if (first == &gil->waiters)
        return;
    list_remove(first);
    gil->holder = container_of(first, struct sim_thread, waiting);
    sched_wake(gil->holder, gil->id);
    sim_look_enabled(sim, gil->holder->id);
}

static void busy(struct sim *sim, int64_t duration_ns, const struct sim_site *site)
{
    (void)sched_block_for(sim, duration_ns, SIM_WAIT_COMPUTE, 0, site);
}

static void compute_in_turns(struct sim *sim, int64_t left_ns, const struct sim_site *site)
{
    struct gil *gil = gil_of(sim, sim->running->process);

    while (left_ns > 0) {
        int64_t slice = left_ns < SWITCH_INTERVAL_NS ? left_ns : SWITCH_INTERVAL_NS;

        take(sim, gil, site);
        busy(sim, slice, site);
        left_ns -= slice;
        give(sim, gil);
    }
}

void(sim_compute)(struct sim *sim, int64_t duration_ns, const struct sim_site *site)
{
    if (duration_ns <= 0)
        return;
    sim_op(sim, SIM_EV_COMPUTE, .actor = sim_actor(sim), .value = duration_ns, .site = site);
    if (sim->gil_enabled)
        compute_in_turns(sim, duration_ns, site);
    else
        busy(sim, duration_ns, site);
}

void sim_enable_gil(struct sim *sim)
{
    sim->gil_enabled = true;
    /* Whoever computes first, it is the same. */
    (void)gil_of(sim, sim->running->process);
}
