#include "sim/detect/lost_update.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

struct lost_update_read {
    uint64_t key;
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
    struct moment stale; /* the first lost update: step 0 if there is none */
    struct moment between;
    struct moment over;
};

void lost_update_begin(struct lost_update *detector)
{
    detector->epoch++;
    detector->read_count = 0;
    detector->found = 0;
    detector->out_of_memory = false;
}

void lost_update_free(struct lost_update *detector)
{
    free(detector->reads);
    free(detector->vars);
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

static struct lost_update_var *var_of(struct lost_update *detector, uint32_t id)
{
    if (!vec_reserve_zeroed(&detector->vars, id, &detector->var_capacity, sizeof(*detector->vars)))
        return NULL;
    struct lost_update_var *var = &detector->vars[id - 1];

    if (var->epoch != detector->epoch)
        *var = (struct lost_update_var){.epoch = detector->epoch};
    return var;
}

static void on_read(struct lost_update *detector, const struct lost_update_var *var,
                    const struct sim_event *event)
{
    uint64_t key = (uint64_t)event->actor << 32 | event->object;

    if (2 * (detector->read_count + 1) > detector->read_capacity && !reads_grow(detector)) {
        detector->out_of_memory = true;
        return;
    }
    struct lost_update_read *read = slot(detector, key);

    detector->read_count += read->epoch != detector->epoch;
    *read = (struct lost_update_read){.key = key,
                                      .epoch = detector->epoch,
                                      .fresh = true,
                                      .version = var->version,
                                      .at = moment_of(event)};
}

static void on_write(struct lost_update *detector, struct lost_update_var *var,
                     const struct sim_event *event)
{
    uint64_t key = (uint64_t)event->actor << 32 | event->object;
    struct lost_update_read *read = detector->read_capacity == 0 ? NULL : slot(detector, key);

    if (read != NULL && read->epoch == detector->epoch && read->fresh) {
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
    var->last_write = moment_of(event);
}

void lost_update_event(struct lost_update *detector, const struct sim_event *event)
{
    bool reads = event->kind == SIM_EV_READ || event->kind == SIM_EV_ATOMIC_LOAD;
    bool writes = event->kind == SIM_EV_WRITE || event->kind == SIM_EV_ATOMIC_STORE ||
                  event->kind == SIM_EV_ATOMIC_RMW;

    if ((!reads && !writes) || event->object == 0)
        return;
    struct lost_update_var *var = var_of(detector, event->object);

    if (var == NULL)
        detector->out_of_memory = true;
    else if (reads)
        on_read(detector, var, event);
    else
        on_write(detector, var, event);
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
    while (detector->found > 0 && *cursor < detector->var_capacity) {
        const struct lost_update_var *var = &detector->vars[(*cursor)++];

        if (var->epoch == detector->epoch && var->over.step != 0) {
            write_story(var, *cursor, registry, finding);
            return true;
        }
    }
    return false;
}
