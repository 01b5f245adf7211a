#include "sim/detect/lock_order.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

enum { GATES_MAX = 4, INSTANCES_MAX = 8, VISITS_MAX = 100000, WORK_MAX = 1 << 24 };

/* An actor that held `from` asked for `to`. */
struct lock_edge {
    uint32_t from;
    uint32_t to;
    uint32_t gates[GATES_MAX]; /* what else it held */
    uint8_t gate_count;
    bool more_gates;     /* than there is room for: as if all were */
    struct moment taken; /* from */
    struct moment asked; /* to */
    uint32_t loop;       /* thread whose loop ran a task that did not wait between the two; or 0 */
    size_t links;        /* before it asked */
};

/* What `from` has done comes before what `to` does from now on.  From 0: what all have done. */
struct lock_link {
    uint32_t from;
    uint32_t to;
};

void lock_order_begin(struct lock_order *order)
{
    order->edge_count = 0;
    order->link_count = 0;
    order->cycle_count = 0;
    order->work = 0;
    order->up = false;
    order->down = false;
    order->out_of_memory = false;
}

void lock_order_free(struct lock_order *order)
{
    free(order->edges);
    free(order->links);
    free(order->reached);
    order->edges = NULL;
    order->links = NULL;
    order->reached = NULL;
}

static bool is_lock(const struct registry *registry, uint32_t id)
{
    const struct sim_object *object = registry_object(registry, id);

    return object != NULL && (object->kind == SIM_OBJ_LOCK || object->kind == SIM_OBJ_MUTEX);
}

static bool same_gates(const struct lock_edge *a, const struct lock_edge *b)
{
    return a->gate_count == b->gate_count && a->more_gates == b->more_gates &&
           memcmp(a->gates, b->gates, a->gate_count * sizeof(*a->gates)) == 0;
}

static void add_edge(struct lock_order *order, const struct lock_edge *edge)
{
    int instances = 0;

    /* The same again says nothing new, unless something has been ordered since. */
    for (size_t i = 0; i < order->edge_count; i++) {
        const struct lock_edge *at = &order->edges[i];

        if (at->from != edge->from || at->to != edge->to || at->asked.actor != edge->asked.actor ||
            at->loop != edge->loop || !same_gates(at, edge))
            continue;
        if (at->links == edge->links || ++instances == INSTANCES_MAX)
            return;
    }
    if (order->edge_count == LOCK_EDGES_MAX)
        return;
    if (!vec_reserve(&order->edges, order->edge_count + 1, &order->edge_capacity,
                     sizeof(*order->edges))) {
        order->out_of_memory = true;
        return;
    }
    order->edges[order->edge_count++] = *edge;
    order->up |= edge->to > edge->from;
    order->down |= edge->to < edge->from;
}

void lock_order_ask(struct lock_order *order, const struct track *track,
                    const struct sim_event *event)
{
    const struct tracked *actor = track_of(track, event->actor);

    /* It only tries, or gives up some time. */
    bool tries = event->aux != 0;

    if (tries || actor->deadline_ns > event->time_ns || !is_lock(track->registry, event->object))
        return;
    const struct sim_object *self = registry_object(track->registry, event->actor);
    uint32_t loop = self != NULL && self->kind == SIM_OBJ_TASK ? self->parent : 0;
    for (uint32_t held = actor->newest; held != 0; held = track_of(track, held)->below) {
        struct lock_edge edge = {
            .from = held,
            .to = event->object,
            .taken = track_of(track, held)->taken,
            .asked = moment_of(event),
            .loop = actor->wait.step > track_of(track, held)->taken.step ? 0 : loop,
            .links = order->link_count};

        if (held == event->object)
            continue;
        for (uint32_t gate = actor->newest; gate != 0; gate = track_of(track, gate)->below) {
            if (gate == held || gate == event->object)
                continue;
            if (edge.gate_count < GATES_MAX)
                edge.gates[edge.gate_count++] = gate;
            else
                edge.more_gates = true;
        }
        add_edge(order, &edge);
    }
}

static void add_link(struct lock_order *order, uint32_t from, uint32_t to)
{
    if (from == to || to == 0 || order->link_count == LOCK_LINKS_MAX)
        return;
    if (!vec_reserve(&order->links, order->link_count + 1, &order->link_capacity,
                     sizeof(*order->links))) {
        order->out_of_memory = true;
        return;
    }
    order->links[order->link_count++] = (struct lock_link){.from = from, .to = to};
}

void lock_order_link(struct lock_order *order, const struct track *track,
                     const struct sim_event *event, enum sim_hb hb)
{
    if (order->edge_count == 0 || event->kind == SIM_EV_ACQUIRE || event->kind == SIM_EV_RELEASE)
        return;
    if (event->kind == SIM_EV_WAKE) {
        uint32_t by = (uint32_t)event->value;
        bool ended = track_of(track, by)->done.step != 0;

        if (is_lock(track->registry, by) || (event->actor == 0 && by == 0))
            return; /* a lock orders nothing here, nor does a clock */
        add_link(order, event->actor != 0 ? event->actor : ended ? by : 0, event->object);
        return;
    }
    if (hb == SIM_HB_ACQUIRE || hb == SIM_HB_BOTH)
        add_link(order, event->object, event->actor);
    if (hb == SIM_HB_RELEASE || hb == SIM_HB_BOTH)
        add_link(order, event->actor, event->object);
}

/* Does something order the two edges, the earlier one first in order->edges? */
static bool ordered(struct lock_order *order, const struct lock_edge *earlier,
                    const struct lock_edge *later)
{
    size_t highest = later->asked.actor;

    order->work += later->links - earlier->links;
    if (order->work > WORK_MAX)
        return true; /* too long to find out: nothing is claimed */
    for (size_t i = earlier->links; i < later->links; i++)
        highest = order->links[i].to > highest ? order->links[i].to : highest;
    if (!vec_reserve(&order->reached, highest + 1, &order->reached_capacity,
                     sizeof(*order->reached))) {
        order->out_of_memory = true;
        return true;
    }
    memset(order->reached, 0, (highest + 1) * sizeof(*order->reached));
    if (earlier->asked.actor <= highest)
        order->reached[earlier->asked.actor] = true;
    for (size_t i = earlier->links; i < later->links; i++) {
        struct lock_link link = order->links[i];

        if (link.from == 0 || link.from == earlier->asked.actor ||
            (link.from <= highest && order->reached[link.from]))
            order->reached[link.to] = true;
    }
    return order->reached[later->asked.actor];
}

/* Can the two edges be part of one deadlock? */
static bool compatible(struct lock_order *order, uint32_t i, uint32_t j)
{
    const struct lock_edge *a = &order->edges[i < j ? i : j];
    const struct lock_edge *b = &order->edges[i < j ? j : i];

    if (a->asked.actor == b->asked.actor || a->from == b->from || a->more_gates || b->more_gates)
        return false;
    for (unsigned k = 0; k < a->gate_count; k++)
        for (unsigned l = 0; l < b->gate_count; l++)
            if (a->gates[k] == b->gates[l])
                return false;
    return !ordered(order, a, b);
}

/* Did every task ask right after it had taken, on one loop?  Then each must have taken later than
 * the one it waits for, round the cycle: it cannot close. */
static bool at_once(const struct lock_order *order, const struct lock_cycle *cycle)
{
    uint32_t loop = order->edges[cycle->edges[0]].loop;

    for (uint32_t i = 0; i < cycle->length; i++)
        if (order->edges[cycle->edges[i]].loop != loop)
            return false;
    return loop != 0;
}

static void note_cycle(struct lock_order *order, const struct lock_cycle *cycle)
{
    if (at_once(order, cycle))
        return;
    for (uint32_t i = 0; i < order->cycle_count; i++) {
        const struct lock_edge *known = &order->edges[order->cycles[i].edges[0]];

        if (known->from == order->edges[cycle->edges[0]].from) {
            order->cycles[i].also++;
            return;
        }
    }
    if (order->cycle_count < LOCK_CYCLES_MAX)
        order->cycles[order->cycle_count++] = *cycle;
}

/* The next edge from i on that lengthens the path; edge_count if there is none. */
static uint32_t next_edge(struct lock_order *order, const struct lock_cycle *path, uint32_t i)
{
    uint32_t first = order->edges[path->edges[0]].from;
    uint32_t at = order->edges[path->edges[path->length - 1]].to;

    if (at == first || path->length == LOCK_CYCLE_MAX)
        return (uint32_t)order->edge_count;
    for (; i < order->edge_count; i++) {
        bool fits = order->edges[i].from == at && order->edges[i].to >= first;

        for (uint32_t k = 0; fits && k < path->length; k++)
            fits = compatible(order, path->edges[k], i);
        if (fits)
            break;
    }
    return i;
}

/* All cycles that begin with this edge, depth first.  A cycle begins at its lowest lock, so that
 * each is found once. */
static void search(struct lock_order *order, uint32_t first, uint32_t *visits)
{
    struct lock_cycle path = {.edges = {first}, .length = 1};
    uint32_t next[LOCK_CYCLE_MAX] = {0};

    while (path.length > 0 && *visits < VISITS_MAX) {
        uint32_t i = next_edge(order, &path, next[path.length - 1]);

        if (i == order->edge_count) {
            path.length--;
            continue;
        }
        ++*visits;
        next[path.length - 1] = i + 1;
        next[path.length] = 0;
        path.edges[path.length++] = i;
        if (order->edges[i].to == order->edges[first].from)
            note_cycle(order, &path);
    }
}

void lock_order_end(struct lock_order *order)
{
    uint32_t visits = 0;

    if (!order->up || !order->down || order->link_count == LOCK_LINKS_MAX)
        return;
    for (uint32_t i = 0; i < order->edge_count; i++)
        if (order->edges[i].from < order->edges[i].to)
            search(order, i, &visits);
}

bool lock_order_report(const struct lock_order *order, const struct registry *registry,
                       uint32_t *cursor, struct sim_finding *finding)
{
    if (*cursor >= order->cycle_count)
        return false;
    const struct lock_cycle *cycle = &order->cycles[(*cursor)++];
    struct story story = story_begin(finding, SIM_FINDING_LOCK_ORDER, registry);

    finding->also = cycle->also;
    for (uint32_t i = 0; i < cycle->length; i++) {
        const struct lock_edge *edge = &order->edges[cycle->edges[i]];
        const char *who = NAME(registry, edge->asked.actor);
        const char *from = NAME(registry, edge->from);
        const char *to = NAME(registry, edge->to);

        if (i < 2)
            story_say(&story, "%s%s asks for %s at step %u while it holds %s", i > 0 ? "; " : "",
                      who, to, edge->asked.step, from);
        story_step(&story, edge->taken, edge->from, "%s takes %s", who, from);
        story_step(&story, edge->asked, edge->to, "%s asks for %s, holding %s", who, to, from);
    }
    if (cycle->length > 2)
        story_say(&story, "; and so on, round %u locks", cycle->length);
    story_say(&story, ": under another schedule %s could wait for ever.",
              cycle->length > 2 ? "all" : "both");
    return true;
}
