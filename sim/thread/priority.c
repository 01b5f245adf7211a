#include "sim/thread/priority.h"

#include "sim/thread/mutex_state.h"

static void tell(const struct sim_thread *thread)
{
    sim_note(thread->sim, SIM_EV_PRIORITY, .actor = sim_actor(thread->sim), .object = thread->id,
             .aux = thread->lent > thread->priority, .value = thread->lent);
}

/* The priority that a mutex lends to its holder. */
static int lends(const struct sim_mutex *mutex)
{
    int most = mutex->protocol == SIM_MUTEX_PROTECT ? mutex->ceiling : 0;

    LIST_EACH(node, &mutex->waiters)
    {
        const struct sim_thread *waiter = container_of(node, struct sim_thread, waiting);

        if (mutex->protocol == SIM_MUTEX_INHERIT && waiter->lent > most)
            most = waiter->lent;
    }
    return most;
}

/* Lend once more to those whose lenders have become more.  Returns false when nothing changes. */
static bool lend_more(struct sim *sim)
{
    bool changed = false;

    LIST_EACH(node, &sim->protocols)
    {
        const struct sim_mutex *mutex = container_of(node, struct sim_mutex, lends);
        int most = mutex->holder == NULL ? 0 : lends(mutex);

        if (mutex->holder == NULL || most <= mutex->holder->lent)
            continue;
        mutex->holder->lent = most;
        changed = true;
    }
    return changed;
}

void priorities_lend(struct sim *sim)
{
    if (!sim->priorities || list_empty(&sim->protocols))
        return;
    for (uint32_t i = 0; i < sim->thread_count; i++) {
        struct sim_thread *thread = sim->threads[i];

        thread->lent_before = thread->lent;
        thread->lent = thread->priority;
    }
    while (lend_more(sim))
        continue;
    for (uint32_t i = 0; i < sim->thread_count; i++)
        if (sim->threads[i]->lent != sim->threads[i]->lent_before)
            tell(sim->threads[i]);
    sched_prefer(sim);
}

void priorities_check_ceiling(const struct sim_mutex *mutex, const struct sim_site *site)
{
    struct sim *sim = mutex->sim;
    const struct sim_thread *self = sim->running;

    if (mutex->protocol == SIM_MUTEX_PROTECT)
        (sim_check)(sim, self->priority <= mutex->ceiling, site,
                    "the priority of who locks, %d, is above the mutex's ceiling, %d",
                    self->priority, mutex->ceiling);
}

void sim_use_priorities(struct sim *sim)
{
    if (sim->priorities)
        return;
    sim->priorities = true;
    for (uint32_t i = 0; i < sim->thread_count; i++)
        tell(sim->threads[i]);
    priorities_lend(sim);
    sched_prefer(sim);
}

enum sim_status sim_thread_set_priority(struct sim_thread *thread, int priority)
{
    struct sim *sim = thread->sim;

    if (priority < 0 || priority > SIM_PRIORITY_MAX)
        return sim_raise(sim, SIM_VALUE_ERROR, "a priority is 0 to %d, not %d", SIM_PRIORITY_MAX,
                         priority);
    thread->priority = priority;
    thread->lent = priority;
    if (!sim->priorities)
        return SIM_OK;
    tell(thread);
    priorities_lend(sim);
    sched_prefer(sim);
    return SIM_OK;
}

int sim_thread_priority(const struct sim_thread *thread)
{
    return thread->priority;
}

int sim_thread_priority_now(const struct sim_thread *thread)
{
    return thread->lent;
}

enum sim_status sim_mutex_set_protocol(struct sim_mutex *mutex, enum sim_mutex_protocol protocol,
                                       int ceiling)
{
    struct sim *sim = mutex->sim;

    if (protocol == SIM_MUTEX_PROTECT && (ceiling < 0 || ceiling > SIM_PRIORITY_MAX))
        return sim_raise(sim, SIM_VALUE_ERROR, "a ceiling is 0 to %d, not %d", SIM_PRIORITY_MAX,
                         ceiling);
    if (mutex->holder != NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "the protocol of a mutex that is held");
    list_remove(&mutex->lends);
    mutex->protocol = (uint8_t)protocol;
    mutex->ceiling = (uint8_t)(protocol == SIM_MUTEX_PROTECT ? ceiling : 0);
    if (protocol != SIM_MUTEX_NONE)
        list_append(&sim->protocols, &mutex->lends);
    return SIM_OK;
}
