#include "sim/core/wait.h"

enum sim_status wait_bind(struct sim *sim, struct sim_loop **bound, const char *kind)
{
    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    if (*bound == NULL)
        *bound = loop_running(sim);
    if (*bound != loop_running(sim))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "%s is bound to a different event loop", kind);
    return SIM_OK;
}

enum sim_status waitq_park(struct sim *sim, struct list_node *queue, enum sim_wait why,
                           uint32_t object, const struct sim_site *site)
{
    struct waiter waiter;

    if (sim->running->task == NULL)
        return sim_raise(sim, SIM_RUNTIME_ERROR, "no running event loop");
    future_init(&waiter.future, loop_running(sim), object);
    list_append(queue, &waiter.link);
    enum sim_status status = task_wait(sim, &waiter.future, why, object, 0, site);

    list_remove(&waiter.link);
    return status;
}

static struct sim_future *future_of(struct list_node *node)
{
    return &container_of(node, struct waiter, link)->future;
}

int waitq_wake(struct list_node *queue, int count)
{
    int woken = 0;

    for (struct list_node *node = queue->next; node != queue && woken < count; node = node->next) {
        if (future_of(node)->state == FUTURE_PENDING) {
            future_finish(future_of(node), sim_none(), NULL);
            woken++;
        }
    }
    return woken;
}

void waitq_wake_first(struct list_node *queue)
{
    if (!list_empty(queue) && future_of(queue->next)->state == FUTURE_PENDING)
        future_finish(future_of(queue->next), sim_none(), NULL);
}

bool waitq_all_cancelled(const struct list_node *queue)
{
    LIST_EACH(node, queue)
    {
        if (future_of(node)->state != FUTURE_CANCELLED)
            return false;
    }
    return true;
}
