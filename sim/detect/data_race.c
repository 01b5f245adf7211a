#include "sim/detect/data_race.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

/* What is known of one id: a thread's own clock, or what releases left with an object.  A component
 * of a clock is a thread's number, less 1: threads are numbered from 1 as they are spawned. */
struct race_id {
    struct vclock clock;
    uint32_t number; /* of a thread; 0: it is none that was spawned */
    uint32_t thread; /* id of the one that the actor runs on; 0: not looked up yet */
};

/* One access; its epoch is thread and clock: the thread's own component then. */
struct access {
    struct moment at;
    uint32_t thread; /* number; 0: none */
    uint32_t clock;
};

/* Invariant: while read_count is 0, each read came before the next, and `read` is the last one;
 * then reads holds the last one of each thread since the last write. */
struct race_var {
    uint32_t run;
    uint32_t also;
    struct access write;
    struct access read;
    struct access *reads; /* owned, kept from run to run */
    uint32_t read_count;
    size_t read_capacity;
    bool found;
    bool earlier_writes;
    bool later_writes;
    struct moment earlier; /* of the first race */
    struct moment later;
};

void data_race_begin(struct data_race *detector, const struct registry *registry)
{
    for (uint32_t i = 0; i < detector->used; i++) {
        vclock_reset(&detector->ids[i].clock);
        detector->ids[i].number = 0;
        detector->ids[i].thread = 0;
    }
    detector->registry = registry;
    detector->run++;
    detector->highest = 0;
    detector->threads = 0;
    detector->used = 0;
    detector->found = 0;
    detector->out_of_memory = false;
}

void data_race_free(struct data_race *detector)
{
    for (size_t i = 0; i < detector->id_capacity; i++)
        vclock_free(&detector->ids[i].clock);
    for (size_t i = 0; i < detector->var_capacity; i++)
        free(detector->vars[i].reads);
    free(detector->ids);
    free(detector->vars);
    detector->ids = NULL;
    detector->vars = NULL;
}

/* Make room for an id.  False: out of memory. */
static bool reach(struct data_race *detector, uint32_t id)
{
    if (id <= detector->used)
        return true;
    if (id > detector->id_capacity &&
        !vec_reserve_zeroed(&detector->ids, id, &detector->id_capacity, sizeof(*detector->ids))) {
        detector->out_of_memory = true;
        return false;
    }
    detector->used = id;
    return true;
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

/* The same, looked up once; 0, too, if it was never spawned. */
static __attribute__((noinline)) uint32_t find_thread(struct data_race *detector, uint32_t actor)
{
    if (actor == 0 || !reach(detector, actor))
        return 0;
    if (detector->ids[actor - 1].thread != 0)
        return detector->ids[actor - 1].thread;
    uint32_t thread = thread_of(detector, actor);

    if (thread == 0 || thread > detector->used || detector->ids[thread - 1].number == 0)
        return 0;
    detector->ids[actor - 1].thread = thread;
    return thread;
}

static void join(struct data_race *detector, uint32_t into, uint32_t other)
{
    if (!vclock_join(&detector->ids[into - 1].clock, &detector->ids[other - 1].clock))
        detector->out_of_memory = true;
}

static void tick(struct data_race *detector, uint32_t thread)
{
    struct race_id *id = &detector->ids[thread - 1];

    if (!vclock_set(&id->clock, id->number - 1, vclock_get(&id->clock, id->number - 1) + 1))
        detector->out_of_memory = true;
}

static void release(struct data_race *detector, uint32_t thread, uint32_t object)
{
    if (object == thread || !reach(detector, object))
        return; /* its own end: whoever joins it takes its clock */
    join(detector, object, thread);
    tick(detector, thread);
}

static struct race_var *var_of(struct data_race *detector, uint32_t id)
{
    if (id > detector->var_capacity &&
        !vec_reserve_zeroed(&detector->vars, id, &detector->var_capacity,
                            sizeof(*detector->vars))) {
        detector->out_of_memory = true;
        return NULL;
    }
    struct race_var *var = &detector->vars[id - 1];

    if (var->run != detector->run) {
        var->run = detector->run;
        var->also = 0;
        var->write.thread = 0;
        var->read.thread = 0;
        var->read_count = 0;
        var->found = false;
    }
    if (id > detector->highest)
        detector->highest = id;
    return var;
}

/* Did the earlier access happen before what the thread with this clock does now? */
static inline bool ordered(const struct access *earlier, const struct vclock *clock)
{
    return earlier->thread == 0 || earlier->clock <= vclock_get(clock, earlier->thread - 1);
}

static void note(struct data_race *detector, struct race_var *var, const struct access *earlier,
                 bool earlier_writes, const struct sim_event *event)
{
    if (var->found) {
        var->also++;
        return;
    }
    var->found = true;
    var->earlier = earlier->at;
    var->earlier_writes = earlier_writes;
    var->later = moment_of(event);
    var->later_writes = event->kind == SIM_EV_WRITE;
    detector->found++;
}

/* A read beside others that do not come before it. */
static void share(struct data_race *detector, struct race_var *var, const struct access *now)
{
    uint32_t i = 0;

    if (!vec_reserve_zeroed(&var->reads, var->read_count + 2, &var->read_capacity,
                            sizeof(*var->reads))) {
        detector->out_of_memory = true;
        return;
    }
    if (var->read_count == 0)
        var->reads[var->read_count++] = var->read;
    while (i < var->read_count && var->reads[i].thread != now->thread)
        i++;
    var->reads[i] = *now;
    var->read_count += i == var->read_count;
}

static void on_access(struct data_race *detector, const struct sim_event *event, uint32_t thread,
                      bool write)
{
    const struct race_id *id = &detector->ids[thread - 1];
    struct race_var *var = var_of(detector, event->object);

    if (var == NULL)
        return;
    struct access now = {.at = moment_of(event),
                         .thread = id->number,
                         .clock = vclock_get(&id->clock, id->number - 1)};

    if (!ordered(&var->write, &id->clock))
        note(detector, var, &var->write, true, event);
    if (!write) {
        if (var->read_count > 0 || !ordered(&var->read, &id->clock))
            share(detector, var, &now);
        else
            var->read = now;
        return;
    }
    if (var->read_count == 0 && !ordered(&var->read, &id->clock))
        note(detector, var, &var->read, false, event);
    for (uint32_t i = 0; i < var->read_count; i++)
        if (!ordered(&var->reads[i], &id->clock))
            note(detector, var, &var->reads[i], false, event);
    var->read.thread = 0;
    var->read_count = 0;
    var->write = now;
}

void data_race_spawn(struct data_race *detector, const struct sim_event *event)
{
    const struct sim_object *object = registry_object(detector->registry, event->object);

    if (object == NULL || object->kind != SIM_OBJ_THREAD || !reach(detector, event->object) ||
        detector->ids[event->object - 1].number != 0)
        return;
    uint32_t creator = find_thread(detector, event->actor);

    detector->ids[event->object - 1].number = ++detector->threads;
    detector->ids[event->object - 1].thread = event->object;
    /* A thread is born with what its creator knew, and with a clock of 1 of its own, so that what
     * others know of it, 0, is less. */
    tick(detector, event->object);
    if (creator != 0 && creator != event->object)
        release(detector, creator, event->object);
}

void data_race_order(struct data_race *detector, const struct sim_event *event, enum sim_hb hb)
{
    uint32_t actor = event->actor;
    uint32_t thread =
        actor - 1 < detector->used ? detector->ids[actor - 1].thread : find_thread(detector, actor);

    if (thread == 0)
        thread = find_thread(detector, actor);
    if (thread == 0 || event->object == 0)
        return;
    if (hb == SIM_HB_READ || hb == SIM_HB_WRITE) {
        on_access(detector, event, thread, hb == SIM_HB_WRITE);
        return;
    }
    if (hb != SIM_HB_RELEASE && event->object <= detector->used)
        join(detector, thread, event->object);
    if (hb == SIM_HB_RELEASE || hb == SIM_HB_BOTH)
        release(detector, thread, event->object);
}

static void write_story(const struct race_var *var, uint32_t id, const struct registry *registry,
                        struct sim_finding *finding)
{
    struct story story = story_begin(finding, SIM_FINDING_DATA_RACE, registry);
    const char *name = NAME(registry, id);
    const char *first = NAME(registry, var->earlier.actor);
    const char *second = NAME(registry, var->later.actor);
    const char *does = var->earlier_writes ? "writes" : "reads";
    const char *then = var->later_writes ? "writes" : "reads";

    finding->also = var->also;
    story_say(&story,
              "%s %s %s at step %u and %s %s it at step %u, and nothing orders the two accesses.",
              first, does, name, var->earlier.step, second, then, var->later.step);
    story_step(&story, var->earlier, id, "%s %s %s", first, does, name);
    story_step(&story, var->later, id,
               "%s %s %s, with no lock, join or atomic between: either could come first", second,
               then, name);
}

bool data_race_report(const struct data_race *detector, uint32_t *cursor,
                      struct sim_finding *finding)
{
    while (detector->found > 0 && *cursor < detector->highest) {
        const struct race_var *var = &detector->vars[(*cursor)++];

        if (var->run == detector->run && var->found) {
            write_story(var, *cursor, detector->registry, finding);
            return true;
        }
    }
    return false;
}
