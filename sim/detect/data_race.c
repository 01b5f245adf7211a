#include "sim/detect/data_race.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

/* One access; clock is the thread's own component then. */
struct access {
    struct moment at;
    uint32_t thread; /* id; 0: none */
    uint32_t clock;
    bool write;
};

struct race_var {
    uint32_t id;
    uint32_t also;
    struct access write;
    struct access *reads; /* the last of each thread; owned, kept from run to run */
    uint32_t read_count;
    size_t read_capacity;
    struct access earlier; /* the first race: thread 0 if there is none */
    struct access later;
};

void data_race_begin(struct data_race *detector, const struct registry *registry)
{
    for (uint32_t i = 0; i < detector->used; i++)
        vclock_reset(&detector->clocks[i]);
    detector->registry = registry;
    detector->var_count = 0;
    detector->threads = 0;
    detector->used = 0;
    detector->found = 0;
    detector->out_of_memory = false;
}

void data_race_free(struct data_race *detector)
{
    for (size_t i = 0; i < detector->clock_capacity; i++)
        vclock_free(&detector->clocks[i]);
    for (size_t i = 0; i < detector->var_capacity; i++)
        free(detector->vars[i].reads);
    free(detector->clocks);
    free(detector->vars);
    detector->clocks = NULL;
    detector->vars = NULL;
}

static struct vclock *clock_of(struct data_race *detector, uint32_t id)
{
    if (!vec_reserve_zeroed(&detector->clocks, id, &detector->clock_capacity,
                            sizeof(*detector->clocks))) {
        detector->out_of_memory = true;
        return NULL;
    }
    if (id > detector->used)
        detector->used = id;
    return &detector->clocks[id - 1];
}

/* The thread that an actor runs on; 0 if that is not known. */
static uint32_t thread_of(const struct data_race *detector, uint32_t actor)
{
    const struct sim_object *object = registry_object(detector->registry, actor);

    /* A parent has a smaller id than its child, so this ends. */
    while (object != NULL && object->kind == SIM_OBJ_TASK) {
        actor = object->parent;
        object = registry_object(detector->registry, actor);
    }
    return object != NULL && object->kind == SIM_OBJ_THREAD ? actor : 0;
}

static void acquire(struct data_race *detector, uint32_t thread, uint32_t object)
{
    if (clock_of(detector, thread) == NULL || clock_of(detector, object) == NULL)
        return;
    detector->out_of_memory |=
        !vclock_join(&detector->clocks[thread - 1], &detector->clocks[object - 1]);
}

static void tick(struct data_race *detector, uint32_t thread)
{
    struct vclock *clock = clock_of(detector, thread);

    if (clock != NULL)
        detector->out_of_memory |=
            !vclock_set(clock, thread - 1, vclock_get(clock, thread - 1) + 1);
}

static void release(struct data_race *detector, uint32_t thread, uint32_t object)
{
    if (object == thread)
        return; /* its own end: whoever joins it takes its clock */
    acquire(detector, object, thread);
    tick(detector, thread);
}

static struct race_var *var_of(struct data_race *detector, uint32_t id)
{
    for (uint32_t i = 0; i < detector->var_count; i++)
        if (detector->vars[i].id == id)
            return &detector->vars[i];
    if (!vec_reserve_zeroed(&detector->vars, detector->var_count + 1, &detector->var_capacity,
                            sizeof(*detector->vars))) {
        detector->out_of_memory = true;
        return NULL;
    }
    struct race_var *var = &detector->vars[detector->var_count++];
    struct race_var fresh = {.id = id, .reads = var->reads, .read_capacity = var->read_capacity};

    *var = fresh;
    return var;
}

/* Did the earlier access happen before what the thread does now? */
static bool ordered(const struct data_race *detector, const struct access *earlier, uint32_t thread)
{
    return earlier->thread == 0 || earlier->thread == thread ||
           earlier->clock <= vclock_get(&detector->clocks[thread - 1], earlier->thread - 1);
}

static void compare(struct data_race *detector, struct race_var *var, const struct access *earlier,
                    const struct access *now)
{
    if (ordered(detector, earlier, now->thread))
        return;
    if (var->earlier.thread != 0) {
        var->also++;
        return;
    }
    var->earlier = *earlier;
    var->later = *now;
    detector->found++;
}

static void on_access(struct data_race *detector, const struct sim_event *event, uint32_t thread,
                      bool write)
{
    struct vclock *clock = clock_of(detector, thread);
    struct race_var *var = clock == NULL ? NULL : var_of(detector, event->object);

    if (var == NULL)
        return;
    struct access now = {.at = moment_of(event),
                         .thread = thread,
                         .clock = vclock_get(clock, thread - 1),
                         .write = write};

    compare(detector, var, &var->write, &now);
    if (write) {
        for (uint32_t i = 0; i < var->read_count; i++)
            compare(detector, var, &var->reads[i], &now);
        var->write = now;
        return;
    }
    uint32_t i = 0;

    while (i < var->read_count && var->reads[i].thread != thread)
        i++;
    if (i == var->read_count && !vec_reserve_zeroed(&var->reads, ++var->read_count,
                                                    &var->read_capacity, sizeof(*var->reads))) {
        var->read_count--;
        detector->out_of_memory = true;
        return;
    }
    var->reads[i] = now;
}

/* A thread is born with what its creator knew, and with a clock of 1 of its own, so that what
 * others know of it, 0, is less. */
static void on_spawn(struct data_race *detector, const struct sim_event *event)
{
    const struct sim_object *object = registry_object(detector->registry, event->object);
    uint32_t creator = thread_of(detector, event->actor);

    if (object == NULL || object->kind != SIM_OBJ_THREAD)
        return;
    detector->threads++;
    tick(detector, event->object);
    if (creator != 0 && creator != event->object)
        release(detector, creator, event->object);
}

void data_race_event(struct data_race *detector, const struct sim_event *event)
{
    enum sim_hb hb = sim_event_hb(event->kind);

    if (event->kind == SIM_EV_SPAWN)
        on_spawn(detector, event);
    if (event->kind == SIM_EV_SPAWN || hb == SIM_HB_NONE || detector->threads < 2 ||
        event->object == 0)
        return;
    uint32_t thread = thread_of(detector, event->actor);

    if (thread == 0)
        return;
    if (hb == SIM_HB_READ || hb == SIM_HB_WRITE)
        on_access(detector, event, thread, hb == SIM_HB_WRITE);
    if (hb == SIM_HB_ACQUIRE || hb == SIM_HB_BOTH)
        acquire(detector, thread, event->object);
    if (hb == SIM_HB_RELEASE || hb == SIM_HB_BOTH)
        release(detector, thread, event->object);
}

static void write_story(const struct race_var *var, const struct registry *registry,
                        struct sim_finding *finding)
{
    struct story story = story_begin(finding, SIM_FINDING_DATA_RACE, registry);
    const struct access *a = &var->earlier;
    const struct access *b = &var->later;
    const char *name = NAME(registry, var->id);
    const char *first = NAME(registry, a->at.actor);
    const char *second = NAME(registry, b->at.actor);

    finding->also = var->also;
    story_say(&story,
              "%s %s %s at step %u and %s %s it at step %u, and nothing orders the two accesses.",
              first, a->write ? "writes" : "reads", name, a->at.step, second,
              b->write ? "writes" : "reads", b->at.step);
    story_step(&story, a->at, var->id, "%s %s %s", first, a->write ? "writes" : "reads", name);
    story_step(&story, b->at, var->id,
               "%s %s %s, with no lock, join or atomic between: either could come first", second,
               b->write ? "writes" : "reads", name);
}

bool data_race_report(const struct data_race *detector, uint32_t *cursor,
                      struct sim_finding *finding)
{
    while (detector->found > 0 && *cursor < detector->var_count) {
        const struct race_var *var = &detector->vars[(*cursor)++];

        if (var->earlier.thread != 0) {
            write_story(var, detector->registry, finding);
            return true;
        }
    }
    return false;
}
