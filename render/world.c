#include "render/world.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"

enum { LEAST_DISTANCE = 256, COPIES_BYTES = 64 << 20 };

/* Invariant: things is the state after the first `happened` events; copies[i], for i < copied, is
 * that after i * distance. */
struct world {
    const struct trace *trace;
    struct world_thing *things; /* by id; 0: the world itself, whose object is who runs */
    struct world_thing *copies; /* room for all that the run may need; touched as they are made */
    size_t things_count;
    size_t happened;
    size_t distance;
    size_t copied;
    uint32_t *prints; /* events */
    size_t print_count;
    uint32_t *calls; /* events: timers that concern no object */
    size_t call_count;
};

/* Nothing has happened.  Who takes an interpreter's lock is told to nobody, only who waits for it:
 * those locks are known by that. */
static void clear(struct world *world)
{
    const struct trace *trace = world->trace;

    for (size_t i = 0; i < world->things_count; i++)
        world->things[i] = (struct world_thing){.wake_ns = WORLD_NEVER, .timer_ns = WORLD_NEVER};
    for (size_t i = 0; i < trace->event_count; i++)
        if (trace->events[i].kind == SIM_EV_SUSPEND && trace->events[i].aux == SIM_WAIT_GIL)
            world->things[trace->events[i].object].why = SIM_WAIT_GIL;
}

/* The least distance at which all copies fit, and not less than the root of the events. */
static size_t distance_of(size_t events, size_t size)
{
    size_t distance = LEAST_DISTANCE;

    while (distance * distance < events || events / distance * size > COPIES_BYTES)
        distance *= 2;
    return distance;
}

static bool index_events(struct world *world)
{
    const struct trace *trace = world->trace;

    for (size_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *e = &trace->events[i];

        world->print_count += e->kind == SIM_EV_PRINT;
        world->call_count += e->kind == SIM_EV_TIMER && e->object == 0;
    }
    world->prints = calloc(world->print_count + 1, sizeof(*world->prints));
    world->calls = calloc(world->call_count + 1, sizeof(*world->calls));
    if (world->prints == NULL || world->calls == NULL)
        return false;
    size_t prints = 0;
    size_t calls = 0;

    for (uint32_t i = 0; i < trace->event_count; i++) {
        const struct sim_event *e = &trace->events[i];

        if (e->kind == SIM_EV_PRINT)
            world->prints[prints++] = i;
        else if (e->kind == SIM_EV_TIMER && e->object == 0)
            world->calls[calls++] = i;
    }
    return true;
}

struct world *world_new(const struct trace *trace)
{
    struct world *world = calloc(1, sizeof(*world));

    if (world == NULL)
        return NULL;
    world->trace = trace;
    world->things_count = (size_t)registry_count(trace->registry) + 1;
    size_t size = world->things_count * sizeof(*world->things);

    world->distance = distance_of(trace->event_count, size);
    world->things = malloc(size);
    world->copies = malloc((trace->event_count / world->distance + 1) * size);
    if (world->things == NULL || world->copies == NULL || !index_events(world)) {
        world_free(world);
        return NULL;
    }
    clear(world);
    memcpy(world->copies, world->things, size);
    world->copied = 1;
    return world;
}

void world_free(struct world *world)
{
    if (world == NULL)
        return;
    free(world->things);
    free(world->copies);
    free(world->prints);
    free(world->calls);
    free(world);
}

/* Is this a wait of the thread itself, which stops every task of its loop? */
static bool stops_thread(const struct world *world, const struct sim_event *e)
{
    const struct sim_object *object = registry_object(world->trace->registry, e->object);
    unsigned kind = object == NULL ? SIM_OBJ_NONE : object->kind;

    return e->aux == SIM_WAIT_BLOCKING || e->aux == SIM_WAIT_COMPUTE || e->aux == SIM_WAIT_GIL ||
           e->aux == SIM_WAIT_JOIN || e->aux == SIM_WAIT_WORK || kind == SIM_OBJ_MUTEX ||
           kind == SIM_OBJ_CONDVAR;
}

static void suspend(struct world *world, const struct sim_event *e, uint32_t index)
{
    struct world_thing *actor = &world->things[e->actor];
    const struct sim_object *self = registry_object(world->trace->registry, e->actor);

    actor->event = index;
    actor->state = e->aux == SIM_WAIT_YIELD ? WORLD_READY : WORLD_WAITING;
    actor->why = e->aux;
    actor->object = e->object;
    actor->wake_ns = e->value > 0 ? e->value : WORLD_NEVER;
    if (world->things[0].object == e->actor)
        world->things[0].object = 0;
    if (self != NULL && self->kind == SIM_OBJ_TASK && self->parent != 0 && stops_thread(world, e))
        world->things[self->parent].object = e->actor;
}

static void make_ready(struct world_thing *thing, uint32_t index)
{
    if (thing->state != WORLD_WAITING)
        return;
    thing->state = WORLD_READY;
    thing->event = index;
    thing->object = 0;
    thing->wake_ns = WORLD_NEVER;
}

/* A thread that goes on does so as the task that stopped it. */
static void wake(struct world *world, uint32_t id, uint32_t index)
{
    const struct sim_object *self = registry_object(world->trace->registry, id);
    struct world_thing *thing = &world->things[id];

    if (self != NULL && self->kind == SIM_OBJ_THREAD && thing->state != WORLD_WAITING &&
        thing->object != 0) {
        make_ready(&world->things[thing->object], index);
        thing->object = 0;
    }
    make_ready(thing, index);
}

/* What an actor does itself.  False: nothing of that. */
static bool apply_actor(struct world *world, const struct sim_event *e, uint32_t index)
{
    struct world_thing *actor = &world->things[e->actor];
    struct world_thing *head = &world->things[0];

    switch (e->kind) {
    case SIM_EV_RESUME:
        make_ready(actor, index);
        actor->state = WORLD_RUNNING;
        actor->event = index;
        head->object = e->actor;
        return true;
    case SIM_EV_SUSPEND:
        suspend(world, e, index);
        return true;
    case SIM_EV_PREEMPT:
        if (actor->state == WORLD_RUNNING) {
            actor->state = WORLD_READY;
            actor->event = index;
        }
        head->object = 0;
        return true;
    case SIM_EV_DONE:
        *actor = (struct world_thing){.state = WORLD_DONE,
                                      .status = e->aux,
                                      .event = index,
                                      .value = e->value,
                                      .wake_ns = WORLD_NEVER,
                                      .timer_ns = WORLD_NEVER};
        head->object = head->object == e->actor ? 0 : head->object;
        return true;
    default:
        return false;
    }
}

static void set_value(struct world_thing *thing, const struct sim_event *e, uint32_t index,
                      int64_t value)
{
    thing->value = value;
    thing->known = true;
    thing->object = e->actor;
    thing->event = index;
}

/* What an operation makes of the value of its object. */
static void apply_value(struct world_thing *thing, const struct sim_event *e, uint32_t index)
{
    switch (e->kind) {
    case SIM_EV_READ:
    case SIM_EV_ATOMIC_LOAD:
        thing->value = e->value;
        thing->known = true;
        break;
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
    case SIM_EV_SEM_ACQUIRE:
    case SIM_EV_SEM_RELEASE:
    case SIM_EV_BARRIER_ARRIVE:
    case SIM_EV_EXIT:
        set_value(thing, e, index, e->value);
        break;
    case SIM_EV_SET:
    case SIM_EV_CLEAR:
        set_value(thing, e, index, e->kind == SIM_EV_SET);
        break;
    case SIM_EV_PUT:
    case SIM_EV_SUBMIT:
        set_value(thing, e, index, (int64_t)((uint64_t)thing->value + 1));
        break;
    case SIM_EV_GET:
    case SIM_EV_WORK:
        set_value(thing, e, index, (int64_t)((uint64_t)thing->value - 1));
        break;
    default:
        break;
    }
}

/* What becomes of the object. */
static void apply_object(struct world *world, const struct sim_event *e, uint32_t index)
{
    struct world_thing *thing = &world->things[e->object];

    switch (e->kind) {
    case SIM_EV_SPAWN:
        thing->state = WORLD_CREATED;
        thing->event = index;
        break;
    case SIM_EV_WAKE:
        wake(world, e->object, index);
        break;
    case SIM_EV_CANCEL:
        thing->asked = thing->state != WORLD_DONE;
        break;
    case SIM_EV_RESULT:
    case SIM_EV_COMPLETE:
    case SIM_EV_KILL:
        thing->state = WORLD_DONE;
        thing->event = index;
        thing->status = e->kind == SIM_EV_COMPLETE ? e->aux : 0;
        break;
    case SIM_EV_TIMER:
        thing->timer_ns = e->value;
        break;
    case SIM_EV_FIRE:
        thing->timer_ns = WORLD_NEVER;
        break;
    case SIM_EV_ACQUIRE:
    case SIM_EV_RELEASE:
        thing->object = e->kind == SIM_EV_ACQUIRE ? e->actor : 0;
        thing->event = index;
        break;
    default:
        apply_value(thing, e, index);
        break;
    }
}

static void step_forwards(struct world *world)
{
    const struct sim_event *e = &world->trace->events[world->happened];
    uint32_t index = (uint32_t)world->happened;
    bool done = e->actor != 0 && apply_actor(world, e, index);

    if (!done && e->object != 0)
        apply_object(world, e, index);
    world->happened++;
    if (world->happened == world->copied * world->distance) {
        memcpy(world->copies + world->copied * world->things_count, world->things,
               world->things_count * sizeof(*world->things));
        world->copied++;
    }
}

void world_seek(struct world *world, size_t events)
{
    if (events > world->trace->event_count)
        events = world->trace->event_count;
    size_t copy = events / world->distance;

    copy = copy < world->copied ? copy : world->copied - 1;
    if (events < world->happened || copy * world->distance > world->happened) {
        memcpy(world->things, world->copies + copy * world->things_count,
               world->things_count * sizeof(*world->things));
        world->happened = copy * world->distance;
    }
    while (world->happened < events)
        step_forwards(world);
}

size_t world_events(const struct world *world)
{
    return world->happened;
}

size_t world_after(const struct trace *trace, size_t event)
{
    if (event >= trace->event_count)
        return trace->event_count;
    size_t at = event + 1;

    while (at < trace->event_count && trace->events[at].step == trace->events[event].step &&
           trace->events[at].time_ns == trace->events[event].time_ns)
        at++;
    return at;
}

int64_t world_now(const struct world *world)
{
    return world->happened == 0 ? 0 : world->trace->events[world->happened - 1].time_ns;
}

const struct registry *world_registry(const struct world *world)
{
    return world->trace->registry;
}

const struct world_thing *world_thing(const struct world *world, uint32_t id)
{
    SIM_ASSERT(id > 0 && id < world->things_count);
    return &world->things[id];
}

uint32_t world_running(const struct world *world)
{
    return world->things[0].object;
}

static bool is_actor(const struct world *world, uint32_t id)
{
    unsigned kind = registry_object(world->trace->registry, id)->kind;

    return kind == SIM_OBJ_TASK || kind == SIM_OBJ_THREAD;
}

size_t world_in_state(const struct world *world, enum world_state state, uint32_t *ids, size_t most)
{
    size_t count = 0;

    for (uint32_t id = 1; id < world->things_count; id++) {
        if (world->things[id].state != state || !is_actor(world, id))
            continue;
        if (count < most)
            ids[count] = id;
        count++;
    }
    return count;
}

/* Put an id where its event belongs among the first `most` of those that are there already. */
static void put_in_order(const struct world *world, uint32_t *ids, size_t *count, size_t most,
                         uint32_t id)
{
    uint32_t event = world->things[id].event;
    size_t at = *count < most ? *count : most;

    (*count)++;
    while (at > 0 && world->things[ids[at - 1]].event > event) {
        if (at < most)
            ids[at] = ids[at - 1];
        at--;
    }
    if (at < most)
        ids[at] = id;
}

size_t world_waiters(const struct world *world, uint32_t object, uint32_t *ids, size_t most)
{
    size_t count = 0;

    for (uint32_t id = 1; id < world->things_count; id++)
        if (world->things[id].state == WORLD_WAITING && world->things[id].object == object)
            put_in_order(world, ids, &count, most, id);
    return count;
}

size_t world_ready(const struct world *world, uint32_t *ids, size_t most)
{
    size_t count = 0;

    for (uint32_t id = 1; id < world->things_count; id++)
        if ((world->things[id].state == WORLD_READY || world->things[id].state == WORLD_CREATED) &&
            is_actor(world, id))
            put_in_order(world, ids, &count, most, id);
    return count;
}

size_t world_printed(const struct world *world)
{
    size_t low = 0;
    size_t high = world->print_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (world->prints[middle] < world->happened)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const char *world_line(const struct world *world, size_t index)
{
    SIM_ASSERT(index < world->print_count);
    const struct sim_event *e = &world->trace->events[world->prints[index]];

    return registry_text_at(world->trace->registry, (uint32_t)e->value);
}

static void add_timer(struct world_timer *timers, size_t *count, size_t most,
                      struct world_timer timer)
{
    size_t at = *count < most ? *count : most;

    (*count)++;
    while (at > 0 && timers[at - 1].at_ns > timer.at_ns) {
        if (at < most)
            timers[at] = timers[at - 1];
        at--;
    }
    if (at < most)
        timers[at] = timer;
}

size_t world_timers(const struct world *world, struct world_timer *timers, size_t most)
{
    size_t count = 0;
    int64_t now = world_now(world);

    for (uint32_t id = 1; id < world->things_count; id++) {
        const struct world_thing *thing = &world->things[id];

        if (thing->state == WORLD_WAITING && thing->wake_ns != WORLD_NEVER)
            add_timer(timers, &count, most, (struct world_timer){thing->wake_ns, id});
        if (thing->timer_ns != WORLD_NEVER && thing->timer_ns > now)
            add_timer(timers, &count, most, (struct world_timer){thing->timer_ns, id});
    }
    for (size_t i = 0; i < world->call_count && world->calls[i] < world->happened; i++) {
        int64_t at_ns = world->trace->events[world->calls[i]].value;

        if (at_ns > now)
            add_timer(timers, &count, most, (struct world_timer){at_ns, 0});
    }
    return count;
}
