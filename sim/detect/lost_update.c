#include "sim/detect/lost_update.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

struct lost_update_read {
    uint64_t key; /* actor, variable */
    uint32_t epoch;
    bool fresh; /* not yet used for a write */
    uint64_t version;
    struct moment at;
};

struct lost_update_var {
    uint32_t epoch;
    uint32_t also;
    uint64_t version; /* writes so far */
    struct moment last_write;
    struct moment write_before;
    struct moment stale; /* the first lost update: step 0 if there is none */
    struct moment between;
    struct moment over;
};

void lost_update_begin(struct lost_update *detector)
{
    detector->epoch++;
    detector->read_count = 0;
    detector->highest = 0;
    detector->found = 0;
    detector->out_of_memory = false;
}

void lost_update_free(struct lost_update *detector)
{
    free(detector->latest);
    free(detector->reads);
    free(detector->vars);
    detector->latest = NULL;
    detector->reads = NULL;
    detector->vars = NULL;
}

static struct lost_update_read *slot(const struct lost_update *detector, uint64_t key)
{
    size_t mask = detector->read_capacity - 1;
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);

    for (size_t i = (size_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        struct lost_update_read *read = &detector->reads[i];

        if (read->epoch != detector->epoch || read->key == key)
            return read;
    }
}

static bool reads_grow(struct lost_update *detector)
{
    struct lost_update_read *old = detector->reads;
    size_t old_capacity = detector->read_capacity;
    size_t capacity = old_capacity == 0 ? 64 : 2 * old_capacity;
    struct lost_update_read *reads = calloc(capacity, sizeof(*reads));

    if (reads == NULL)
        return false;
    detector->reads = reads;
    detector->read_capacity = capacity;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].epoch == detector->epoch)
            *slot(detector, old[i].key) = old[i];
    free(old);
    return true;
}

/* NULL: out of memory. */
static struct lost_update_var *var_of(struct lost_update *detector, uint32_t id)
{
    if (id > detector->var_capacity &&
        !vec_reserve_zeroed(&detector->vars, id, &detector->var_capacity,
                            sizeof(*detector->vars))) {
        detector->out_of_memory = true;
        return NULL;
    }
    struct lost_update_var *var = &detector->vars[id - 1];

    if (var->epoch != detector->epoch) {
        var->epoch = detector->epoch;
        var->also = 0;
        var->version = 0;
        var->over.step = 0;
    }
    if (id > detector->highest)
        detector->highest = id;
    return var;
}

/* The actor's slot in latest; NULL: out of memory. */
static struct lost_update_read *latest_of(struct lost_update *detector, uint32_t actor)
{
    if (actor >= detector->latest_capacity &&
        !vec_reserve_zeroed(&detector->latest, (size_t)actor + 1, &detector->latest_capacity,
                            sizeof(*detector->latest))) {
        detector->out_of_memory = true;
        return NULL;
    }
    return &detector->latest[actor];
}

/* Keep a read that is no longer the actor's latest. */
static void keep(struct lost_update *detector, const struct lost_update_read *old)
{
    if (2 * (detector->read_count + 1) > detector->read_capacity && !reads_grow(detector)) {
        detector->out_of_memory = true;
        return;
    }
    struct lost_update_read *read = slot(detector, old->key);

    detector->read_count += read->epoch != detector->epoch;
    *read = *old;
}

void lost_update_on_read(struct lost_update *detector, const struct sim_event *event)
{
    uint64_t key = (uint64_t)event->actor << 32 | event->object;
    const struct lost_update_var *var = event->object == 0 ? NULL : var_of(detector, event->object);
    struct lost_update_read *latest = var == NULL ? NULL : latest_of(detector, event->actor);

    if (latest == NULL)
        return;
    /* One that is used is kept, too, if an older one of the same key may be there. */
    if (latest->epoch == detector->epoch && latest->key != key &&
        (latest->fresh || detector->read_count > 0))
        keep(detector, latest);
    *latest = (struct lost_update_read){.key = key,
                                        .epoch = detector->epoch,
                                        .fresh = true,
                                        .version = var->version,
                                        .at = moment_of(event)};
}

/* What the actor read of the variable and has not yet written; NULL: nothing. */
static struct lost_update_read *unused(struct lost_update *detector, const struct sim_event *event)
{
    uint64_t key = (uint64_t)event->actor << 32 | event->object;
    struct lost_update_read *read =
        event->actor < detector->latest_capacity ? &detector->latest[event->actor] : NULL;

    if (read != NULL && read->epoch == detector->epoch && read->key == key)
        return read->fresh ? read : NULL;
    if (detector->read_count == 0)
        return NULL;
    read = slot(detector, key);
    return read->epoch == detector->epoch && read->fresh ? read : NULL;
}

void lost_update_on_write(struct lost_update *detector, const struct sim_event *event)
{
    struct lost_update_var *var = event->object == 0 ? NULL : var_of(detector, event->object);

    if (var == NULL)
        return;
    struct lost_update_read *read = unused(detector, event);

    if (read != NULL) {
        read->fresh = false;
        /* The actor's own write would have made the read unfresh: the last write is another's. */
        if (event->kind != SIM_EV_ATOMIC_RMW && read->version < var->version) {
            if (var->over.step == 0) {
                var->stale = read->at;
                var->between = var->last_write;
                var->over = moment_of(event);
                detector->found++;
            } else {
                var->also++;
            }
        }
    }
    var->version++;
    var->write_before = var->last_write;
    var->last_write = moment_of(event);
}

uint32_t lost_update_last_read(const struct lost_update *detector, uint32_t actor,
                               struct moment *at)
{
    const struct lost_update_read *read =
        actor < detector->latest_capacity ? &detector->latest[actor] : NULL;

    if (read == NULL || read->epoch != detector->epoch)
        return 0;
    *at = read->at;
    return (uint32_t)read->key;
}

/* NULL: it was not written so often in this run. */
static const struct lost_update_var *written(const struct lost_update *detector, uint32_t variable,
                                             uint64_t times)
{
    const struct lost_update_var *var =
        variable - 1 < detector->var_capacity ? &detector->vars[variable - 1] : NULL;

    return var != NULL && var->epoch == detector->epoch && var->version >= times ? var : NULL;
}

struct moment lost_update_last_write(const struct lost_update *detector, uint32_t variable)
{
    const struct lost_update_var *var = written(detector, variable, 1);

    return var == NULL ? (struct moment){0} : var->last_write;
}

struct moment lost_update_write_before(const struct lost_update *detector, uint32_t variable)
{
    const struct lost_update_var *var = written(detector, variable, 2);

    return var == NULL ? (struct moment){0} : var->write_before;
}

static void write_story(const struct lost_update_var *var, uint32_t id,
                        const struct registry *registry, struct sim_finding *finding)
{
    struct story story = story_begin(finding, SIM_FINDING_LOST_UPDATE, registry);
    const char *name = NAME(registry, id);
    const char *loser = NAME(registry, var->between.actor);
    const char *winner = NAME(registry, var->over.actor);

    finding->also = var->also;
    story_say(&story,
              "%s overwrote the write of %s to %s: it read %" PRId64
              " at step %u, %s wrote %" PRId64 " at step %u, and %s wrote %" PRId64
              " at step %u from its stale copy.",
              winner, loser, name, var->stale.value, var->stale.step, loser, var->between.value,
              var->between.step, winner, var->over.value, var->over.step);
    story_step(&story, var->stale, id, "%s reads %s = %" PRId64, winner, name, var->stale.value);
    story_step(&story, var->between, id, "%s writes %s = %" PRId64, loser, name,
               var->between.value);
    story_step(&story, var->over, id,
               "%s writes %s = %" PRId64 " from its stale copy: the update of %s is lost", winner,
               name, var->over.value, loser);
}

bool lost_update_report(const struct lost_update *detector, const struct registry *registry,
                        uint32_t *cursor, struct sim_finding *finding)
{
    while (detector->found > 0 && *cursor < detector->highest) {
        const struct lost_update_var *var = &detector->vars[(*cursor)++];

        if (var->epoch == detector->epoch && var->over.step != 0) {
            write_story(var, *cursor, registry, finding);
            return true;
        }
    }
    return false;
}
