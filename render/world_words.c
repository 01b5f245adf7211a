/* A world in words. */
#include <inttypes.h>
#include <stdio.h>

#include "render/timeline.h"
#include "render/world.h"
#include "sim/base/status.h"

/* What somebody waits for has room for two names of 80 bytes, and a time. */
enum { TEXT_MAX = 480, WAIT_MAX = 320, NAMES_SHOWN = 4, READY_MOST = 1000 };

/* A section: its head goes out with its first line, and there are at most so many lines. */
struct section {
    const struct world *world;
    const struct registry *registry;
    const struct world_teller *teller;
    const char *head;
    size_t lines;
};

static void begin(struct section *s, const char *head)
{
    s->head = head;
    s->lines = 0;
}

/* One more line that has no room any more: it is only counted. */
static bool full(struct section *s)
{
    if (s->lines < s->teller->most)
        return false;
    s->lines++;
    return true;
}

static void say(struct section *s, uint32_t object, const char *text)
{
    if (s->lines++ == 0)
        s->teller->line(s->teller->arg, WORLD_HEAD, 0, s->head);
    if (s->lines <= s->teller->most)
        s->teller->line(s->teller->arg, WORLD_WORDS, object, text);
}

static void end(struct section *s)
{
    char text[TEXT_MAX];

    if (s->lines <= s->teller->most)
        return;
    (void)snprintf(text, sizeof(text), "and %zu more", s->lines - s->teller->most);
    s->teller->line(s->teller->arg, WORLD_MORE, 0, text);
}

/* "waits for lock B, held by Task-3", "sleeps until 20 ms". */
static void wait_words(const struct section *s, const struct world_thing *thing, char out[WAIT_MAX])
{
    const struct sim_object *object = registry_object(s->registry, thing->object);
    char name[REGISTRY_NAME_MAX];
    char holder[REGISTRY_NAME_MAX];
    char time[LABEL_MAX];
    bool lock = object != NULL && (object->kind == SIM_OBJ_LOCK || object->kind == SIM_OBJ_MUTEX);
    uint32_t held_by = lock ? world_thing(s->world, thing->object)->object : 0;
    int used = 0;

    if (thing->why == SIM_WAIT_SLEEP || thing->why == SIM_WAIT_BLOCKING ||
        thing->why == SIM_WAIT_COMPUTE)
        used = snprintf(out, WAIT_MAX, "%s",
                        thing->why == SIM_WAIT_SLEEP      ? "sleeps"
                        : thing->why == SIM_WAIT_BLOCKING ? "blocks its thread"
                                                          : "computes");
    else if (object == NULL)
        used = snprintf(out, WAIT_MAX, "waits (%s)", sim_wait_name(thing->why));
    else
        used = snprintf(out, WAIT_MAX, "%s %.80s",
                        thing->why == SIM_WAIT_FUTURE || thing->why == SIM_WAIT_JOIN ? "awaits"
                                                                                     : "waits for",
                        registry_name(s->registry, thing->object, name));
    if (held_by != 0)
        used += snprintf(out + used, WAIT_MAX - (size_t)used, ", held by %.80s",
                         registry_name(s->registry, held_by, holder));
    if (thing->wake_ns != WORLD_NEVER)
        (void)snprintf(out + used, WAIT_MAX - (size_t)used, " until %s",
                       timeline_time(thing->wake_ns, time));
}

/* "Task-2: awaits gather (asked to stop)". */
static void say_actor(struct section *s, uint32_t id)
{
    const struct world_thing *thing = world_thing(s->world, id);
    char name[REGISTRY_NAME_MAX];
    char words[WAIT_MAX] = "";
    char text[TEXT_MAX];

    if (thing->state == WORLD_WAITING)
        wait_words(s, thing, words);
    else if (thing->state == WORLD_CREATED)
        (void)snprintf(words, sizeof(words), "created, not yet run");
    else if (thing->state == WORLD_DONE)
        (void)snprintf(words, sizeof(words), "%s", sim_status_name((enum sim_status)thing->status));
    (void)snprintf(text, sizeof(text), "%s%s%s%s", registry_name(s->registry, id, name),
                   words[0] == '\0' ? "" : ": ", words, thing->asked ? " (asked to stop)" : "");
    say(s, id, text);
}

/* Those who can run, in the order in which they became ready: a loop takes them in that order. */
static void tell_ready(struct section *s)
{
    uint32_t ids[READY_MOST];
    size_t most = s->teller->most < READY_MOST ? s->teller->most : READY_MOST;
    size_t count = world_ready(s->world, ids, most);

    begin(s, "ready to run, in order");
    for (size_t i = 0; i < count && i < most; i++)
        say_actor(s, ids[i]);
    if (count > most) {
        char text[TEXT_MAX];

        (void)snprintf(text, sizeof(text), "and %zu more", count - most);
        s->teller->line(s->teller->arg, WORLD_MORE, 0, text);
    }
}

static void tell_actors(struct section *s, const char *head, enum world_state state)
{
    begin(s, head);
    for (uint32_t id = 1; id <= registry_count(s->registry); id++) {
        unsigned kind = registry_object(s->registry, id)->kind;

        if ((kind == SIM_OBJ_TASK || kind == SIM_OBJ_THREAD) &&
            world_thing(s->world, id)->state == state && !full(s))
            say_actor(s, id);
    }
    end(s);
}

/* "; waiting: A, B and 3 more", or nothing. */
static void waiters_words(const struct section *s, uint32_t object, char *out, size_t size)
{
    uint32_t ids[NAMES_SHOWN];
    size_t count = world_waiters(s->world, object, ids, NAMES_SHOWN);
    char name[REGISTRY_NAME_MAX];
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%.40s", i == 0 ? "; waiting: " : ", ",
                                 registry_name(s->registry, ids[i], name));
    if (count > NAMES_SHOWN)
        (void)snprintf(out + used, size - used, " and %zu more", count - NAMES_SHOWN);
}

/* How an object stands; false: there is nothing to say. */
static bool object_words(const struct section *s, uint32_t id, char *out, size_t size)
{
    const struct world_thing *thing = world_thing(s->world, id);
    char name[REGISTRY_NAME_MAX];

    switch (registry_object(s->registry, id)->kind) {
    case SIM_OBJ_LOCK:
    case SIM_OBJ_MUTEX:
        if (thing->object == 0)
            (void)snprintf(out, size, "%s", thing->why == SIM_WAIT_GIL ? "taken in turns" : "free");
        else
            (void)snprintf(out, size, "held by %.100s",
                           registry_name(s->registry, thing->object, name));
        return true;
    case SIM_OBJ_EVENT:
        (void)snprintf(out, size, "%s", thing->value != 0 ? "set" : "not set");
        return true;
    case SIM_OBJ_SEMAPHORE:
        (void)snprintf(out, size, thing->known ? "%" PRId64 " permits left" : "all permits left",
                       thing->value);
        return true;
    case SIM_OBJ_BARRIER:
        (void)snprintf(out, size, thing->known ? "%" PRId64 " must still come" : "nobody has come",
                       thing->value);
        return true;
    case SIM_OBJ_QUEUE:
        (void)snprintf(out, size, "%" PRId64 " items", thing->value);
        return true;
    case SIM_OBJ_EXECUTOR:
        (void)snprintf(out, size, "%" PRId64 " jobs wait", thing->value);
        return true;
    case SIM_OBJ_CONDITION:
    case SIM_OBJ_CONDVAR:
        (void)snprintf(out, size, "%s",
                       world_waiters(s->world, id, NULL, 0) == 0 ? "nobody waits" : "waited for");
        return true;
    default:
        return false;
    }
}

static void tell_objects(struct section *s)
{
    char name[REGISTRY_NAME_MAX];
    char words[REGISTRY_NAME_MAX + 40];
    char waiters[TEXT_MAX / 2];
    char text[TEXT_MAX];

    begin(s, "locks and the like");
    for (uint32_t id = 1; id <= registry_count(s->registry); id++) {
        if (!object_words(s, id, words, sizeof(words)) || full(s))
            continue;
        waiters_words(s, id, waiters, sizeof(waiters));
        (void)snprintf(text, sizeof(text), "%.100s: %s%s", registry_name(s->registry, id, name),
                       words, waiters);
        say(s, id, text);
    }
    end(s);
}

static void tell_values(struct section *s)
{
    char name[REGISTRY_NAME_MAX];
    char writer[REGISTRY_NAME_MAX];
    char text[TEXT_MAX];

    begin(s, "values");
    for (uint32_t id = 1; id <= registry_count(s->registry); id++) {
        const struct world_thing *thing = world_thing(s->world, id);
        unsigned kind = registry_object(s->registry, id)->kind;

        if (!thing->known || (kind != SIM_OBJ_VAR && kind != SIM_OBJ_ATOMIC) || full(s))
            continue;
        (void)snprintf(text, sizeof(text), "%.100s = %" PRId64 "%s%.100s",
                       registry_name(s->registry, id, name), thing->value,
                       thing->object == 0 ? "" : ", by ",
                       thing->object == 0 ? "" : registry_name(s->registry, thing->object, writer));
        say(s, id, text);
    }
    end(s);
}

static void tell_timers(struct section *s)
{
    enum { LINES = 32 };
    struct world_timer timers[LINES];
    size_t count = world_timers(s->world, timers, LINES);
    char name[REGISTRY_NAME_MAX];
    char time[LABEL_MAX];
    char text[TEXT_MAX];

    begin(s, "timers set and not fired");
    for (size_t i = 0; i < count && i < LINES; i++) {
        (void)snprintf(text, sizeof(text), "%s: %.100s", timeline_time(timers[i].at_ns, time),
                       timers[i].object == 0 ? "a callback"
                                             : registry_name(s->registry, timers[i].object, name));
        say(s, timers[i].object, text);
    }
    if (count > s->teller->most || count > LINES) {
        (void)snprintf(text, sizeof(text), "and %zu more",
                       count - (s->teller->most < LINES ? s->teller->most : LINES));
        s->teller->line(s->teller->arg, WORLD_MORE, 0, text);
    }
}

/* The last lines: those are what one looks for. */
static void tell_output(struct section *s)
{
    size_t count = world_printed(s->world);
    size_t first = count > s->teller->most ? count - s->teller->most : 0;
    char head[LABEL_MAX];

    (void)snprintf(head, sizeof(head), "printed so far: %zu line%s", count, count == 1 ? "" : "s");
    begin(s, head);
    for (size_t i = first; i < count; i++)
        say(s, 0, world_line(s->world, i));
    s->head = NULL;
}

void world_tell(const struct world *world, const struct world_teller *teller)
{
    struct section s = {.world = world, .registry = world_registry(world), .teller = teller};

    tell_actors(&s, "running", WORLD_RUNNING);
    tell_ready(&s);
    tell_actors(&s, "waiting", WORLD_WAITING);
    tell_actors(&s, "ended", WORLD_DONE);
    tell_objects(&s);
    tell_values(&s);
    tell_timers(&s);
    tell_output(&s);
}
