#include "sim/detect/holding.h"

static unsigned kind_of(const struct track *track, uint32_t id)
{
    const struct sim_object *object = registry_object(track->registry, id);

    return object == NULL ? SIM_OBJ_NONE : object->kind;
}

void holding_resume(struct holding *holding, const struct track *track,
                    const struct sim_event *event)
{
    const struct tracked *holder = track_of(track, event->actor);
    bool inside = holder->wait_why == SIM_WAIT_BLOCKING || holder->wait_why == SIM_WAIT_COMPUTE ||
                  holder->wait_why == SIM_WAIT_GIL || holder->wait_why == SIM_WAIT_JOIN;

    /* A task that blocks its thread does not await. */
    if (!holder->suspended || inside || kind_of(track, holder->wait_object) == SIM_OBJ_MUTEX ||
        kind_of(track, holder->wait_object) == SIM_OBJ_CONDVAR ||
        kind_of(track, event->actor) != SIM_OBJ_TASK)
        return;
    for (uint32_t id = holder->newest; id != 0; id = track_of(track, id)->below) {
        const struct tracked *lock = track_of(track, id);
        const struct tracked *waiter = track_of(track, lock->first_waiter);

        if (kind_of(track, id) != SIM_OBJ_MUTEX || !waiter->suspended ||
            waiter->wait_object != id || holding->count++ > 0)
            continue;
        holding->taken = lock->taken;
        holding->wait = holder->wait;
        holding->asked = waiter->block;
        holding->lock = id;
        holding->wait_object = holder->wait_object;
        holding->loop = kind_of(track, lock->first_waiter) == SIM_OBJ_TASK;
    }
}

bool holding_report(const struct holding *holding, const struct registry *registry,
                    struct sim_finding *finding)
{
    if (holding->count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_AWAIT_UNDER_LOCK, registry);
    const char *holder = NAME(registry, holding->wait.actor);
    const char *waiter = NAME(registry, holding->asked.actor);
    const char *lock = NAME(registry, holding->lock);
    const char *what = holding->wait_object == 0 ? "" : NAME(registry, holding->wait_object);

    finding->also = holding->count - 1;
    story_say(&story,
              "%s held %s while it awaited%s%s from step %u on, and %s, which asked for %s at step "
              "%u, could not go on%s.",
              holder, lock, what[0] == '\0' ? "" : " ", what, holding->wait.step, waiter, lock,
              holding->asked.step, holding->loop ? ", nor could its loop" : "");
    story_step(&story, holding->taken, holding->lock, "%s takes %s", holder, lock);
    /* In the order in which they came. */
    for (int i = 0; i < 2; i++) {
        bool asks = (holding->asked.step < holding->wait.step) == (i == 0);

        if (asks)
            story_step(&story, holding->asked, holding->lock, "%s waits for %s", waiter, lock);
        else
            story_step(&story, holding->wait, holding->wait_object, "%s awaits%s%s, holding %s",
                       holder, what[0] == '\0' ? "" : " ", what, lock);
    }
    return true;
}
