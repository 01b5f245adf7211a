#include "sim/explore/shrink_order.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/policy/order_spec.h"

#define NOBODY UINT32_MAX

static bool reads(const struct step_node *node)
{
    return node->kind == SIM_EV_READ || node->kind == SIM_EV_ATOMIC_LOAD;
}

bool step_order_conflicts(const struct step_node *a, const struct step_node *b)
{
    return a->actor != b->actor && a->object != 0 && a->object == b->object &&
           !(reads(a) && reads(b));
}

static bool add_edge(struct step_order *order, uint32_t from, uint32_t to)
{
    if (!vec_reserve(&order->edges, 2 * (order->edge_count + 1), &order->edge_capacity,
                     sizeof(*order->edges)))
        return false;
    order->edges[2 * order->edge_count] = from;
    order->edges[2 * order->edge_count + 1] = to;
    order->edge_count++;
    return true;
}

/* What is known while the events are read; by id, each NOBODY at first. */
struct builder {
    uint32_t *last;   /* actor: its last node */
    uint32_t *waker;  /* actor: the node that woke or made it */
    uint32_t *writer; /* object: the last node that was no read */
    uint32_t *reader; /* object: the last node that read it since */
    uint32_t *before; /* node: the read of the same object before it */
};

static bool builder_init(struct builder *builder, size_t ids, size_t nodes)
{
    uint32_t *all = malloc((4 * ids + nodes) * sizeof(*all));

    if (all == NULL)
        return false;
    memset(all, 0xff, (4 * ids + nodes) * sizeof(*all));
    *builder = (struct builder){all, all + ids, all + 2 * ids, all + 3 * ids, all + 4 * ids};
    return true;
}

static bool link_object(struct step_order *order, struct builder *builder, uint32_t index)
{
    const struct step_node *node = &order->nodes[index];
    uint32_t *writer = &builder->writer[node->object];
    uint32_t *reader = &builder->reader[node->object];
    bool ok = *writer == NOBODY || add_edge(order, *writer, index);

    if (node->object == 0)
        return true;
    if (reads(node)) {
        builder->before[index] = *reader;
        *reader = index;
        return ok;
    }
    for (uint32_t read = *reader; ok && read != NOBODY; read = builder->before[read])
        ok = add_edge(order, read, index);
    *reader = NOBODY;
    *writer = index;
    return ok;
}

static bool link_node(struct step_order *order, struct builder *builder, uint32_t index)
{
    const struct step_node *node = &order->nodes[index];
    uint32_t *last = &builder->last[node->actor];
    uint32_t *waker = &builder->waker[node->actor];

    if (*last != NOBODY && !add_edge(order, *last, index))
        return false;
    if (*waker != NOBODY && !add_edge(order, *waker, index))
        return false;
    *waker = NOBODY;
    *last = index;
    if (node->kind == SIM_EV_SPAWN)
        builder->waker[node->object] = index;
    return link_object(order, builder, index);
}

static bool build(struct step_order *order, const struct trace *trace, struct builder *builder)
{
    int64_t now = 0;
    uint32_t epoch = 0;
    uint32_t *done = calloc(order->actors, sizeof(*done));

    if (done == NULL)
        return false;
    bool ok = true;

    for (size_t i = 0; ok && i < trace->event_count; i++) {
        const struct sim_event *event = &trace->events[i];

        epoch += event->time_ns != now;
        now = event->time_ns;
        if (event->kind == SIM_EV_WAKE)
            builder->waker[event->object] = builder->last[event->actor];
        if (!order_is_operation(event->kind))
            continue;
        uint32_t index = (uint32_t)order->count++;

        order->nodes[index] = (struct step_node){.actor = event->actor,
                                                 .object = event->object,
                                                 .nth = done[event->actor]++,
                                                 .epoch = epoch,
                                                 .step = event->step,
                                                 .site = event->site,
                                                 .kind = event->kind};
        ok = link_node(order, builder, index);
    }
    free(done);
    return ok;
}

static void find_owners(struct step_order *order, const struct registry *registry)
{
    for (uint32_t id = 0; id < order->actors; id++) {
        const struct sim_object *object = registry_object(registry, id);
        bool task = object != NULL && object->kind == SIM_OBJ_TASK;

        order->owner[id] = task && object->parent < order->actors ? object->parent : id;
        order->carries[order->owner[id]] |= order->owner[id] != id;
    }
}

/* The first place of each actor, where its operations stand one after the other. */
static void count_actors(struct step_order *order)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < order->count; i++)
        order->first[order->nodes[i].actor]++;
    for (uint32_t id = 0; id <= order->actors; id++) {
        uint32_t mine = order->first[id];

        order->first[id] = sum;
        sum += mine;
    }
}

static void put(struct step_order *order, uint32_t index, uint32_t place)
{
    const struct step_node *node = &order->nodes[index];

    order->place[order->first[node->actor] + node->nth] = place;
}

bool step_order_init(struct step_order *order, const struct lab *lab)
{
    const struct trace *trace = lab->trace;
    struct builder builder = {0};

    *order = (struct step_order){.choices = lab->choices,
                                 .choice_count = lab->choice_count,
                                 .actors = registry_count(trace->registry) + 1};
    order->nodes = calloc(trace->event_count + 1, sizeof(*order->nodes));
    order->place = malloc((trace->event_count + 1) * sizeof(*order->place));
    order->first = calloc((size_t)order->actors + 1, sizeof(*order->first));
    order->owner = malloc(order->actors * sizeof(*order->owner));
    order->carries = calloc(order->actors, sizeof(*order->carries));
    bool ok = order->nodes != NULL && order->place != NULL && order->first != NULL &&
              order->owner != NULL && order->carries != NULL &&
              builder_init(&builder, order->actors, trace->event_count) &&
              build(order, trace, &builder);

    free(builder.last);
    if (!ok)
        return false;
    find_owners(order, trace->registry);
    count_actors(order);
    for (uint32_t i = 0; i < order->count; i++)
        put(order, i, i);
    return true;
}

void step_order_free(struct step_order *order)
{
    free(order->nodes);
    free(order->edges);
    free(order->first);
    free(order->place);
    free(order->owner);
    free(order->carries);
    *order = (struct step_order){0};
}

/* Edges by the node at their beginning, and how many lead to each. */
struct graph {
    uint32_t *begin;  /* by node; one more at the end */
    uint32_t *to;     /* later nodes */
    uint32_t *waits;  /* by node: how many it needs that are not done */
    uint32_t *actors; /* by actor: its nodes, as first; in order */
    uint32_t *done;   /* by actor: how many of them are done */
};

static bool graph_init(struct graph *graph, const struct step_order *order)
{
    size_t nodes = order->count;

    *graph = (struct graph){.begin = calloc(nodes + 2, sizeof(uint32_t)),
                            .to = malloc((order->edge_count + 1) * sizeof(uint32_t)),
                            .waits = calloc(nodes + 1, sizeof(uint32_t)),
                            .actors = malloc((nodes + 1) * sizeof(uint32_t)),
                            .done = calloc(order->actors, sizeof(uint32_t))};
    if (graph->begin == NULL || graph->to == NULL || graph->waits == NULL ||
        graph->actors == NULL || graph->done == NULL)
        return false;
    for (size_t i = 0; i < order->edge_count; i++) {
        graph->begin[order->edges[2 * i] + 2]++;
        graph->waits[order->edges[2 * i + 1]]++;
    }
    for (size_t i = 2; i < nodes + 2; i++)
        graph->begin[i] += graph->begin[i - 1];
    for (size_t i = 0; i < order->edge_count; i++)
        graph->to[graph->begin[order->edges[2 * i] + 1]++] = order->edges[2 * i + 1];
    for (uint32_t i = 0; i < nodes; i++)
        graph->actors[order->first[order->nodes[i].actor] + order->nodes[i].nth] = i;
    return true;
}

static void graph_free(struct graph *graph)
{
    free(graph->begin);
    free(graph->to);
    free(graph->waits);
    free(graph->actors);
    free(graph->done);
}

/* The next node of an actor if it may be done now; NOBODY if not. */
static uint32_t ready_node(const struct step_order *order, const struct graph *graph,
                           uint32_t actor, uint32_t epoch)
{
    uint32_t place = order->first[actor] + graph->done[actor];

    if (place >= order->first[actor + 1])
        return NOBODY;
    uint32_t node = graph->actors[place];

    return graph->waits[node] == 0 && order->nodes[node].epoch <= epoch ? node : NOBODY;
}

bool step_order_together(struct step_order *order)
{
    struct graph graph;
    uint32_t actor = order->count == 0 ? 0 : order->nodes[0].actor;
    uint32_t place = 0;
    uint32_t epoch = 0;
    uint32_t left = 0; /* of this epoch */
    size_t seen = 0;
    bool ok = graph_init(&graph, order);

    while (ok && place < order->count) {
        if (left == 0)
            epoch = order->nodes[place].epoch;
        for (; left == 0 || (seen < order->count && order->nodes[seen].epoch == epoch); seen++)
            left++;
        uint32_t node = ready_node(order, &graph, actor, epoch);

        /* One is ready always: the earliest that is left, at least. */
        for (; node == NOBODY; node = ready_node(order, &graph, actor, epoch))
            actor = (actor + 1) % order->actors;
        put(order, node, place++);
        graph.done[actor]++;
        left--;
        for (uint32_t i = graph.begin[node]; i < graph.begin[node + 1]; i++)
            graph.waits[graph.to[i]]--;
    }
    graph_free(&graph);
    return ok;
}

/* Mark what depends on early, between it and late.  Edges are sorted by neither end, but each leads
 * to a later node, and those that lead to a node were added with it: one pass is enough. */
static void mark_dependents(const struct step_order *order, uint32_t early, uint32_t late,
                            bool *marked)
{
    marked[early] = true;
    for (size_t i = 0; i < order->edge_count; i++) {
        uint32_t from = order->edges[2 * i];
        uint32_t to = order->edges[2 * i + 1];

        if (from >= early && to < late && marked[from])
            marked[to] = true;
    }
}

/* Does late need something that is marked, otherwise than through the object itself (as the release
 * of a lock by who took it before)? */
static bool needs_marked(const struct step_order *order, uint32_t early, uint32_t late,
                         const bool *marked)
{
    for (size_t i = 0; i < order->edge_count; i++) {
        uint32_t from = order->edges[2 * i];

        if (order->edges[2 * i + 1] == late && marked[from] &&
            order->nodes[from].object != order->nodes[late].object)
            return true;
    }
    return order->nodes[early].epoch != order->nodes[late].epoch;
}

bool step_order_swapped(struct step_order *order, uint32_t early, uint32_t late, bool *possible)
{
    bool *marked = calloc(order->count + 1, sizeof(*marked));
    uint32_t place = 0;

    if (marked == NULL)
        return false;
    mark_dependents(order, early, late, marked);
    *possible = !needs_marked(order, early, late, marked);
    for (uint32_t i = 0; *possible && i < late; i++)
        if (!marked[i])
            put(order, i, place++);
    if (*possible)
        put(order, late, place++);
    for (uint32_t i = early; *possible && i < late; i++)
        if (marked[i])
            put(order, i, place++);
    for (uint32_t i = late + 1; *possible && i < order->count; i++)
        put(order, i, place++);
    free(marked);
    return true;
}

/* The place of the next operation of an actor; NOBODY if it has no more. */
static uint32_t next_place(const struct step_order *order, const struct lab *lab, uint32_t actor)
{
    if (actor >= order->actors)
        return NOBODY;
    uint32_t at = order->first[actor] + lab_ops(lab, actor);

    return at < order->first[actor + 1] ? order->place[at] : NOBODY;
}

/* The same of a thread, or of a task that it runs. */
static uint32_t next_of_thread(const struct step_order *order, const struct lab *lab,
                               uint32_t thread)
{
    uint32_t least = next_place(order, lab, thread);

    if (thread >= order->actors || !order->carries[thread])
        return least;
    for (uint32_t id = 0; id < order->actors; id++) {
        if (id == thread || order->owner[id] != thread)
            continue;
        uint32_t place = next_place(order, lab, id);

        if (place < least)
            least = place;
    }
    return least;
}

static uint32_t follow_number(const struct step_order *order, const struct lab *lab,
                              const struct sim_choice *choice)
{
    uint32_t actor = choice->options[0].actor;

    for (size_t i = 0; i < order->choice_count; i++) {
        const struct lab_choice *recorded = &order->choices[i];

        if (sim_choice_is_number(recorded->kind) && recorded->first == actor &&
            recorded->ops == lab_ops(lab, actor))
            return recorded->taken < choice->count ? recorded->taken : 0;
    }
    return 0;
}

uint32_t step_order_follow(void *arg, const struct lab *lab, const struct sim_choice *choice)
{
    const struct step_order *order = arg;
    uint32_t least = NOBODY;
    uint32_t taken = 0;

    if (sim_choice_is_number(choice->kind))
        return follow_number(order, lab, choice);
    for (uint32_t i = 0; i < choice->count; i++) {
        uint32_t actor = choice->options[i].actor;
        uint32_t place = choice->kind == SIM_CHOICE_THREAD ? next_of_thread(order, lab, actor)
                                                           : next_place(order, lab, actor);

        if (place < least) {
            least = place;
            taken = i;
        }
    }
    return taken;
}
