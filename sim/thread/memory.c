#include "sim/thread/memory.h"

#include "sim/core/property_state.h"
#include "sim/core/sched.h"

/* The value that another process than the first has of a variable. */
struct copy {
    struct copy *next;
    int64_t value;
    uint32_t process;
};

struct sim_var {
    struct sim *sim;
    int64_t value;
    int64_t initial;
    struct copy *copies;
    uint32_t id;
};

struct sim_atomic {
    struct sim *sim;
    int64_t value;
    uint32_t id;
};

struct sim_var *sim_var_new(struct sim *sim, const char *name, int64_t initial)
{
    struct sim_var *var = sim_alloc_cleared(sim, sizeof(*var));

    var->sim = sim;
    var->value = initial;
    var->initial = initial;
    var->id = sim_object_new(sim, SIM_OBJ_VAR, name, 0, NULL);
    return var;
}

/* Where another process keeps its value: as it was created, until that process writes it. */
static int64_t *value_in(struct sim_var *var, uint32_t process)
{
    for (struct copy *at = var->copies; at != NULL; at = at->next)
        if (at->process == process)
            return &at->value;
    struct copy *copy = sim_alloc(var->sim, sizeof(*copy));

    *copy = (struct copy){var->copies, var->initial, process};
    var->copies = copy;
    return &copy->value;
}

static int64_t *value_here(struct sim_var *var)
{
    uint32_t process = var->sim->running->process;

    return __builtin_expect(process == 0, 1) ? &var->value : value_in(var, process);
}

/* The operations where that is plain: there is one process, and nobody asks who or where. */
static inline int64_t read_plain(struct sim *sim, const struct sim_var *var)
{
    sim_step(sim);
    summary_read(sim->summary, sim->running->id, var->id);
    return var->value;
}

static inline void write_plain(struct sim *sim, struct sim_var *var, int64_t value)
{
    sim_step(sim);
    summary_write(sim->summary, sim->running->id, var->id);
    if (var->value != value)
        summary_change_to(sim->summary, value);
    var->value = value;
}

/* With a choice before them.  Apart, so that neither operation saves registers where there is none;
 * and what is told from them, so that a thread needs less of its stack where it is not. */
static __attribute__((noinline)) int64_t read_told(struct sim_var *var, const struct sim_site *site)
{
    struct sim *sim = var->sim;
    int64_t value = *value_here(var);

    sim_op(sim, SIM_EV_READ, .actor = sim_actor(sim), .object = var->id, .value = value,
           .site = site);
    return value;
}

static __attribute__((noinline)) int64_t read_chosen(struct sim_var *var,
                                                     const struct sim_site *site)
{
    struct sim *sim = var->sim;

    sched_point(sim, SIM_EV_READ, var->id);
    return __builtin_expect(sim->plain, 1) ? read_plain(sim, var) : read_told(var, site);
}

int64_t(sim_read)(struct sim_var *var, const struct sim_site *site)
{
    return sched_alone_plain(var->sim) ? read_plain(var->sim, var) : read_chosen(var, site);
}

static __attribute__((noinline)) void write_told(struct sim_var *var, int64_t value,
                                                 const struct sim_site *site)
{
    struct sim *sim = var->sim;
    int64_t *here = value_here(var);
    bool changed = *here != value && var->copies == NULL;

    *here = value;
    sim_op(sim, SIM_EV_WRITE, .actor = sim_actor(sim), .object = var->id, .value = value,
           .site = site);
    if (changed)
        sim_changed(sim, value);
}

static __attribute__((noinline)) void write_chosen(struct sim_var *var, int64_t value,
                                                   const struct sim_site *site)
{
    struct sim *sim = var->sim;

    sched_point(sim, SIM_EV_WRITE, var->id);
    if (__builtin_expect(sim->plain, 1))
        write_plain(sim, var, value);
    else
        write_told(var, value, site);
}

void(sim_write)(struct sim_var *var, int64_t value, const struct sim_site *site)
{
    if (sched_alone_plain(var->sim))
        write_plain(var->sim, var, value);
    else
        write_chosen(var, value, site);
}

int64_t sim_var_peek(const struct sim_var *var)
{
    if (var->sim->inspecting != NULL)
        properties_glance(var->sim, var->id, var->value);
    return var->value;
}

struct sim_atomic *sim_atomic_new(struct sim *sim, const char *name, int64_t initial)
{
    struct sim_atomic *atomic = sim_alloc_cleared(sim, sizeof(*atomic));

    atomic->sim = sim;
    atomic->value = initial;
    atomic->id = sim_object_new(sim, SIM_OBJ_ATOMIC, name, 0, NULL);
    return atomic;
}

int64_t(sim_atomic_load)(struct sim_atomic *atomic, const struct sim_site *site)
{
    struct sim *sim = atomic->sim;

    sched_point(sim, SIM_EV_ATOMIC_LOAD, atomic->id);
    sim_op(sim, SIM_EV_ATOMIC_LOAD, .actor = sim_actor(sim), .object = atomic->id,
           .value = atomic->value, .site = site);
    return atomic->value;
}

void(sim_atomic_store)(struct sim_atomic *atomic, int64_t value, const struct sim_site *site)
{
    struct sim *sim = atomic->sim;

    sched_point(sim, SIM_EV_ATOMIC_STORE, atomic->id);
    bool changed = atomic->value != value;

    atomic->value = value;
    sim_op(sim, SIM_EV_ATOMIC_STORE, .actor = sim_actor(sim), .object = atomic->id, .value = value,
           .site = site);
    if (changed)
        sim_changed(sim, value);
}

/* One read-modify-write that nobody can come between; compared: if it was what was expected.
 * Returns the old value. */
static int64_t modify(struct sim_atomic *atomic, int64_t value, bool compared,
                      const struct sim_site *site)
{
    struct sim *sim = atomic->sim;
    int64_t old = atomic->value;

    atomic->value = value;
    sim_op(sim, SIM_EV_ATOMIC_RMW, .actor = sim_actor(sim), .object = atomic->id, .aux = compared,
           .value = value, .site = site);
    if (old != value)
        sim_changed(sim, value);
    return old;
}

int64_t(sim_atomic_exchange)(struct sim_atomic *atomic, int64_t value, const struct sim_site *site)
{
    sched_point(atomic->sim, SIM_EV_ATOMIC_RMW, atomic->id);
    return modify(atomic, value, false, site);
}

int64_t(sim_atomic_fetch_add)(struct sim_atomic *atomic, int64_t delta, const struct sim_site *site)
{
    sched_point(atomic->sim, SIM_EV_ATOMIC_RMW, atomic->id);
    return modify(atomic, (int64_t)((uint64_t)atomic->value + (uint64_t)delta), false, site);
}

bool(sim_atomic_compare_exchange)(struct sim_atomic *atomic, int64_t *expected, int64_t desired,
                                  const struct sim_site *site)
{
    struct sim *sim = atomic->sim;

    sched_point(sim, SIM_EV_ATOMIC_RMW, atomic->id);
    if (atomic->value == *expected) {
        (void)modify(atomic, desired, true, site);
        return true;
    }
    *expected = atomic->value;
    sim_op(sim, SIM_EV_ATOMIC_LOAD, .actor = sim_actor(sim), .object = atomic->id,
           .value = atomic->value, .site = site);
    return false;
}
