#include "sim/sync/event.h"

#include <limits.h>

#include "sim/core/wait.h"

struct sim_flag {
    struct sim *sim;
    struct sim_loop *loop; /* of those who wait; NULL: nobody has yet */
    struct list_node waiters;
    uint32_t id;
    bool set;
};

struct sim_flag *sim_event_new(struct sim *sim, const char *name)
{
    struct sim_flag *event = sim_alloc(sim, sizeof(*event));

    event->sim = sim;
    event->id = sim_object_new(sim, SIM_OBJ_EVENT, name, 0, NULL);
    list_init(&event->waiters);
    return event;
}

enum sim_status(sim_event_wait)(struct sim_flag *event, const struct sim_site *site)
{
    sim_look(event->sim, event->id);
    if (event->set)
        return SIM_OK;
    SIM_TRY(wait_bind(event->sim, &event->loop, "Event"));
    return waitq_park(event->sim, &event->waiters, SIM_WAIT_EVENT, event->id, site);
}

void(sim_event_set)(struct sim_flag *event, const struct sim_site *site)
{
    struct sim *sim = event->sim;
    int64_t waiting = 0;

    sim_look(sim, event->id);
    if (event->set)
        return;
    LIST_EACH(node, &event->waiters)
    {
        waiting++;
    }
    event->set = true;
    sim_op(sim, SIM_EV_SET, .actor = sim_actor(sim), .object = event->id, .value = waiting,
           .site = site);
    (void)waitq_wake(&event->waiters, INT_MAX);
}

void(sim_event_clear)(struct sim_flag *event, const struct sim_site *site)
{
    event->set = false;
    sim_op(event->sim, SIM_EV_CLEAR, .actor = sim_actor(event->sim), .object = event->id,
           .site = site);
}

bool sim_event_is_set(const struct sim_flag *event)
{
    sim_look(event->sim, event->id);
    return event->set;
}
