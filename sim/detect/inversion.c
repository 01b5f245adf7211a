#include "sim/detect/inversion.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

enum { CHAIN_MAX = 64 };

struct inversion_thread {
    int64_t own;
};

void inversion_begin(struct inversion *inversion)
{
    if (inversion->used > 0)
        memset(inversion->threads, 0, inversion->used * sizeof(*inversion->threads));
    inversion->used = 0;
    inversion->count = 0;
    inversion->out_of_memory = false;
}

void inversion_free(struct inversion *inversion)
{
    free(inversion->threads);
    inversion->threads = NULL;
}

void inversion_priority(struct inversion *inversion, const struct sim_event *event)
{
    uint32_t id = event->object;

    /* What is lent is none of its own. */
    if (id == 0 || event->aux != 0)
        return;
    if (id > inversion->used) {
        if (!vec_reserve_zeroed(&inversion->threads, id, &inversion->capacity,
                                sizeof(*inversion->threads))) {
            inversion->out_of_memory = true;
            return;
        }
        inversion->used = id;
    }
    inversion->threads[id - 1].own = event->value;
}

static int64_t own(const struct inversion *inversion, uint32_t id)
{
    return id == 0 || id > inversion->used ? 0 : inversion->threads[id - 1].own;
}

static bool is_kind(const struct track *track, uint32_t id, enum sim_object_kind kind)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object != NULL && object->kind == kind;
}

/* Who of the holders that the actor waits for, one behind the other, is ready, and who waits for
 * that one; 0: none. */
static uint32_t ready_holder(const struct track *track, uint32_t actor, uint32_t *waiter)
{
    for (int i = 0; i < CHAIN_MAX; i++) {
        uint32_t holder = track_awaited(track, actor);
        const struct tracked *at = track_of(track, holder);

        if (holder == 0 || at->done.step != 0)
            return 0;
        *waiter = actor;
        if (!at->suspended)
            return holder;
        /* Woken, and not yet run. */
        if (at->woken.step != 0)
            return holder;
        actor = holder;
    }
    return 0;
}

void inversion_resume(struct inversion *inversion, const struct track *track,
                      const struct sim_event *event)
{
    int64_t middle = own(inversion, event->actor);

    for (uint32_t id = 1; id <= inversion->used && id <= track->count; id++) {
        const struct tracked *high = track_of(track, id);

        if (own(inversion, id) <= middle || !high->suspended || high->wait_why != SIM_WAIT_LOCK ||
            !is_kind(track, high->wait_object, SIM_OBJ_MUTEX) || high->woken.step != 0)
            continue;
        uint32_t waiter = id;
        uint32_t low = ready_holder(track, id, &waiter);

        if (low == 0 || low == event->actor || own(inversion, low) >= middle ||
            inversion->count++ > 0)
            continue;
        inversion->taken = track_taken(track, waiter);
        inversion->direct = waiter == id;
        inversion->wait = high->wait;
        inversion->wait.actor = id;
        inversion->resume = moment_of(event);
        inversion->lock = track_of(track, waiter)->wait_object;
        inversion->low = own(inversion, low);
        inversion->middle = middle;
        inversion->high = own(inversion, id);
    }
}

bool inversion_report(const struct inversion *inversion, const struct registry *registry,
                      struct sim_finding *finding)
{
    if (inversion->count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_PRIORITY_INVERSION, registry);
    const char *high = NAME(registry, inversion->wait.actor);
    const char *low = NAME(registry, inversion->taken.actor);
    const char *middle = NAME(registry, inversion->resume.actor);
    const char *lock = NAME(registry, inversion->lock);

    finding->also = inversion->count - 1;
    story_say(&story,
              "%s (priority %" PRId64 ") waits %sfor %s, held by %s (%" PRId64
              "), which is ready and does not run, because %s (%" PRId64 ") does since step %u.",
              high, inversion->high, inversion->direct ? "" : "through others ", lock, low,
              inversion->low, middle, inversion->middle, inversion->resume.step);
    story_edge(&story, inversion->wait.actor, inversion->lock, inversion->taken.actor);
    story_step(&story, inversion->taken, inversion->lock, "%s takes %s, with priority %" PRId64,
               low, lock, inversion->low);
    story_step(&story, inversion->wait, inversion->lock,
               "%s waits for %s%s, with priority %" PRId64, high, lock,
               inversion->direct ? "" : " through others", inversion->high);
    story_step(&story, inversion->resume, 0,
               "%s runs, with priority %" PRId64 ", in the place of %s: %s waits for both", middle,
               inversion->middle, low, high);
    return true;
}
