#include "sim/explore/mapper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/core/policy.h"
#include "sim/core/sim.h"

/* Operations of one execution that are looked at, and those on one object that are put into pairs.
 */
enum { DONE_MAX = 4 * MAP_OPS_MAX, ALIKE_MAX = 64 };

/* An operation that this execution did. */
struct mapper_done {
    uint32_t object; /* of the registry */
    uint32_t actor;
    uint32_t op; /* of the map */
    uint32_t nth;
    uint8_t kind;
};

static void begin(struct sink *sink, const struct registry *registry)
{
    struct mapper *mapper = (struct mapper *)sink;

    sink->out_of_memory = false;
    mapper->registry = registry;
    mapper->count = 0;
}

static void on_events(struct sink *sink, const struct sim_event *events, size_t count)
{
    struct mapper *mapper = (struct mapper *)sink;

    if (!vec_reserve(&mapper->events, mapper->count + count, &mapper->capacity,
                     sizeof(*mapper->events))) {
        mapper->map->out_of_memory = true;
        sink->out_of_memory = true;
        return;
    }
    memcpy(&mapper->events[mapper->count], events, count * sizeof(*events));
    mapper->count += count;
}

static void on_event(struct sink *sink, const struct sim_event *event)
{
    on_events(sink, event, 1);
}

void mapper_init(struct mapper *mapper, struct map *map)
{
    *mapper = (struct mapper){.sink = {.begin = begin, .event = on_event, .events = on_events},
                              .map = map};
}

void mapper_free(struct mapper *mapper)
{
    free(mapper->events);
    free(mapper->names);
    free(mapper->done);
    mapper_init(mapper, mapper->map);
}

/* ---- What choices led to. ---- */

static const char *name_of(const struct mapper *mapper, uint32_t id, char out[REGISTRY_NAME_MAX])
{
    return id == 0 ? "the loop" : registry_name(mapper->registry, id, out);
}

static void put_place(const struct mapper *mapper, uint16_t id, char *out, size_t size)
{
    const struct sim_site *site = registry_site_at(mapper->registry, id);

    out[0] = '\0';
    if (site == NULL)
        return;
    const char *slash = strrchr(site->file, '/');

    (void)snprintf(out, size, "%s:%d", slash == NULL ? site->file : slash + 1, site->line);
}

/* A deadline passes, and whom it concerns, if it is known. */
static void describe_deadline(const struct mapper *mapper, int64_t when_ns, uint32_t whom,
                              char *out, size_t size)
{
    char name[REGISTRY_NAME_MAX];
    int64_t ms = when_ns / (SIM_SECOND / 1000);

    (void)snprintf(out, size, "the deadline %s%s%sat %" PRId64 ".%03" PRId64 " s passes",
                   whom == 0 ? "" : "of ", whom == 0 ? "" : name_of(mapper, whom, name),
                   whom == 0 ? "" : " ", ms / 1000, ms % 1000);
}

/* Which deadline passed at this choice, by what happened before the next one. */
static void describe_time(const struct mapper *mapper, size_t choice, char *out, size_t size)
{
    const struct sim_event *passed = NULL;
    uint32_t whom = 0;
    int64_t when_ns = 0;
    uint32_t number = (uint32_t)((uint64_t)mapper->events[choice].value >> 32);

    for (size_t i = choice + 1; i < mapper->count; i++) {
        const struct sim_event *event = &mapper->events[i];

        if (event->kind == SIM_EV_CHOICE || event->kind == SIM_EV_RESUME)
            break;
        if (event->kind != SIM_EV_CLOCK && event->kind != SIM_EV_FIRE &&
            (event->kind != SIM_EV_WAKE || passed == NULL))
            continue;
        if (passed == NULL)
            when_ns = event->kind == SIM_EV_CLOCK ? event->value : event->time_ns;
        passed = event;
        whom = whom != 0 || event->kind == SIM_EV_CLOCK ? whom : event->object;
    }
    if (passed == NULL)
        (void)snprintf(out, size, "no deadline passes");
    else
        describe_deadline(mapper, when_ns, whom, out, size);
    size_t length = strlen(out);

    /* Several may pass at one time, and whom each concerns is not known yet. */
    if (passed != NULL && whom == 0)
        (void)snprintf(out + length, size - length, " (option %u)", number);
}

/* What was chosen that is no step of anybody's. */
static void describe_number(const struct mapper *mapper, size_t choice, char *out, size_t size)
{
    const struct sim_event *taken = &mapper->events[choice];
    uint32_t number = (uint32_t)((uint64_t)taken->value >> 32);
    char name[REGISTRY_NAME_MAX];
    const char *actor = name_of(mapper, taken->actor, name);

    if (taken->aux == SIM_CHOICE_TIME)
        describe_time(mapper, choice, out, size);
    else if (taken->aux == SIM_CHOICE_WAKE)
        (void)snprintf(out, size, "%s %s", actor, number == 0 ? "waits" : "wakes for no reason");
    else if (taken->aux == SIM_CHOICE_CANCEL && number == 0)
        (void)snprintf(out, size, "%s is not cancelled here", actor);
    else if (taken->aux == SIM_CHOICE_CANCEL)
        (void)snprintf(out, size, "%s is cancelled as its wait %s", actor,
                       number == 1 ? "begins" : "ends");
    else
        (void)snprintf(out, size, "%s takes number %u", actor, number);
}

/* What the actor that was taken at this event did next: "A write counter (counter.c:12)". */
static void describe(const struct mapper *mapper, size_t choice, char *out, size_t size)
{
    const struct sim_event *taken = &mapper->events[choice];
    char actor[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX];
    char place[160];

    if (sim_choice_is_number(taken->aux)) {
        describe_number(mapper, choice, out, size);
        return;
    }
    for (size_t i = choice + 1; i < mapper->count; i++) {
        const struct sim_event *event = &mapper->events[i];

        if (event->actor != taken->object || event->kind == SIM_EV_CHOICE ||
            event->kind == SIM_EV_PREEMPT || event->kind == SIM_EV_RESUME)
            continue;
        if (event->kind == SIM_EV_CLOCK) {
            uint32_t whom =
                i + 1 < mapper->count && event[1].kind == SIM_EV_WAKE ? event[1].object : 0;

            describe_deadline(mapper, event->value, whom, out, size);
            return;
        }
        put_place(mapper, event->site, place, sizeof(place));
        bool itself = event->object == 0 || event->object == event->actor;

        (void)snprintf(out, size, "%s %s%s%s%s%s%s", name_of(mapper, event->actor, actor),
                       sim_event_name(event->kind), itself ? "" : " ",
                       itself ? "" : name_of(mapper, event->object, object),
                       place[0] == '\0' ? "" : " (", place, place[0] == '\0' ? "" : ")");
        return;
    }
    (void)snprintf(out, size, "%s goes on", name_of(mapper, taken->object, actor));
}

/* The event of the next choice from here on; mapper->count: there is none. */
static size_t next_choice(const struct mapper *mapper, size_t from)
{
    while (from < mapper->count && mapper->events[from].kind != SIM_EV_CHOICE)
        from++;
    return from;
}

static void walk(struct mapper *mapper, const struct schedule *schedule, uint64_t kinds)
{
    struct map *map = mapper->map;
    size_t event = next_choice(mapper, 0);
    uint32_t node = 0;
    char label[2 * REGISTRY_NAME_MAX + 256];

    map_tally(&map->nodes[0].tally, kinds);
    for (size_t i = 0; i < schedule->count && i < map->depth && event < mapper->count; i++) {
        uint32_t child = map_child(map, node, schedule->choices[i]);

        map->nodes[node].offered = (uint32_t)((uint64_t)mapper->events[event].value & UINT32_MAX);
        if (child == 0) {
            describe(mapper, event, label, sizeof(label));
            child = map_add_child(map, node, schedule->choices[i], label);
            if (child == 0)
                return;
        }
        node = child;
        map_tally(&map->nodes[node].tally, kinds);
        event = next_choice(mapper, event + 1);
    }
    if (schedule->count >= map->depth && event < mapper->count) {
        map->nodes[node].offered = (uint32_t)((uint64_t)mapper->events[event].value & UINT32_MAX);
        map->nodes[node].folded = true;
        map_set_example(map, node, schedule, kinds != 0);
    }
}

/* ---- What came before what. ---- */

static bool is_operation(const struct sim_event *event, const struct sim_event *next)
{
    switch (event->kind) {
    case SIM_EV_ATOMIC_LOAD:
        /* The first half of one that writes, too. */
        return next == NULL || next->kind != SIM_EV_ATOMIC_RMW || next->actor != event->actor ||
               next->object != event->object;
    case SIM_EV_READ:
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
    case SIM_EV_ACQUIRE:
    case SIM_EV_TRY:
    case SIM_EV_SET:
    case SIM_EV_CLEAR:
    case SIM_EV_COND_WAIT:
    case SIM_EV_NOTIFY:
    case SIM_EV_SEM_ACQUIRE:
    case SIM_EV_SEM_RELEASE:
    case SIM_EV_PUT:
    case SIM_EV_GET:
        return event->object != 0;
    default:
        return false;
    }
}

static uint32_t text_of(struct mapper *mapper, uint32_t id)
{
    char name[REGISTRY_NAME_MAX];

    if (mapper->names[id] == 0)
        mapper->names[id] = map_text(mapper->map, name_of(mapper, id, name));
    return mapper->names[id];
}

static uint32_t nth_of(const struct mapper *mapper, const struct sim_event *event)
{
    for (size_t i = mapper->done_count; i-- > 0;) {
        const struct mapper_done *done = &mapper->done[i];

        if (done->object == event->object && done->actor == event->actor &&
            done->kind == event->kind)
            return done->nth + 1;
    }
    return 1;
}

/* Remember an operation.  Returns false when out of memory. */
static bool do_operation(struct mapper *mapper, const struct sim_event *event)
{
    struct map_op op = {.kind = event->kind, .nth = nth_of(mapper, event)};
    char place[160];

    if (op.nth > MAP_NTH_MAX || mapper->done_count == DONE_MAX) {
        mapper->map->left_out = true;
        return true;
    }
    op.actor = text_of(mapper, event->actor);
    op.object = text_of(mapper, event->object);
    put_place(mapper, event->site, place, sizeof(place));
    op.place = map_text(mapper->map, place);
    uint32_t id = map_op(mapper->map, &op);

    if (!vec_reserve(&mapper->done, mapper->done_count + 1, &mapper->done_capacity,
                     sizeof(*mapper->done)))
        return false;
    mapper->done[mapper->done_count++] =
        (struct mapper_done){event->object, event->actor, id, op.nth, event->kind};
    return true;
}

/* All pairs on the object of this operation with those before it. */
static void pair_up(struct mapper *mapper, size_t second, uint64_t kinds)
{
    const struct mapper_done *b = &mapper->done[second];
    int alike = 0;

    for (size_t i = second; i-- > 0;) {
        const struct mapper_done *a = &mapper->done[i];

        if (a->object != b->object)
            continue;
        if (++alike > ALIKE_MAX) {
            mapper->map->left_out = true;
            return;
        }
        if (a->actor != b->actor && a->op != b->op && a->op < MAP_OPS_MAX && b->op < MAP_OPS_MAX &&
            map_conflict(a->kind, b->kind))
            map_order(mapper->map, a->op, b->op, kinds);
    }
}

bool mapper_note(struct mapper *mapper, const struct schedule *schedule, uint64_t kinds)
{
    struct map *map = mapper->map;
    size_t names = (size_t)registry_count(mapper->registry) + 1;

    if (!vec_reserve(&mapper->names, names, &mapper->name_capacity, sizeof(*mapper->names)))
        return false;
    memset(mapper->names, 0, names * sizeof(*mapper->names));
    mapper->done_count = 0;
    walk(mapper, schedule, kinds);
    for (size_t i = 0; i < mapper->count; i++) {
        const struct sim_event *event = &mapper->events[i];
        const struct sim_event *next = i + 1 < mapper->count ? event + 1 : NULL;

        if (is_operation(event, next) && !do_operation(mapper, event))
            return false;
    }
    for (size_t i = 1; i < mapper->done_count; i++)
        pair_up(mapper, i, kinds);
    if (map->node_count > MAP_NODES_MAX || map->example_sizes > MAP_EXAMPLES_MAX)
        map_fold(map);
    return !map->out_of_memory;
}
