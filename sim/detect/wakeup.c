#include "sim/detect/wakeup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

struct wakeup_id {
    struct moment notified; /* condition: last */
    struct moment unheard;  /* condition: last, with nobody there */
    struct moment wait;     /* actor: its last wait, and what it had read before */
    struct moment read;
    uint32_t condition;
    uint32_t variable; /* 0: it had read nothing */
    uint32_t notify;   /* step of the last notification before it was woken */
    bool woken;        /* and has not written since */
};

void wakeups_begin(struct wakeups *wakeups)
{
    if (wakeups->used > 0)
        memset(wakeups->ids, 0, wakeups->used * sizeof(*wakeups->ids));
    wakeups->used = 0;
    wakeups->woken = 0;
    wakeups->early.count = 0;
    wakeups->unlooped.count = 0;
    wakeups->out_of_memory = false;
}

void wakeups_free(struct wakeups *wakeups)
{
    free(wakeups->ids);
    wakeups->ids = NULL;
}

static bool reach(struct wakeups *wakeups, uint32_t id)
{
    if (id <= wakeups->used)
        return true;
    if (!vec_reserve_zeroed(&wakeups->ids, id, &wakeups->capacity, sizeof(*wakeups->ids))) {
        wakeups->out_of_memory = true;
        return false;
    }
    wakeups->used = id;
    return true;
}

static void on_wait(struct wakeups *wakeups, const struct lost_update *variables,
                    const struct sim_event *event)
{
    struct wakeup_id *actor = &wakeups->ids[event->actor - 1];
    const struct wakeup_id *condition = &wakeups->ids[event->object - 1];

    wakeups->woken -= actor->woken;
    actor->woken = false;
    actor->wait = moment_of(event);
    actor->condition = event->object;
    actor->variable = lost_update_last_read(variables, event->actor, &actor->read);
    if (actor->variable == 0 || condition->unheard.step == 0)
        return;
    struct moment write = lost_update_last_write(variables, actor->variable);

    if (write.step > actor->read.step && write.step <= condition->unheard.step &&
        write.actor != event->actor && write.actor == condition->unheard.actor &&
        wakeups->early.count++ == 0) {
        wakeups->early.read = actor->read;
        wakeups->early.wait = actor->wait;
        wakeups->early.notify = condition->unheard;
        wakeups->early.write = write;
        wakeups->early.condition = event->object;
        wakeups->early.variable = actor->variable;
    }
}

static void on_woken(struct wakeups *wakeups, const struct sim_event *event)
{
    struct wakeup_id *actor = &wakeups->ids[event->actor - 1];

    if (event->aux != 0 || actor->variable == 0 || actor->woken)
        return;
    actor->notify = wakeups->ids[event->object - 1].notified.step;
    actor->woken = true;
    wakeups->woken++;
}

void wakeups_condition(struct wakeups *wakeups, const struct lost_update *variables,
                       const struct sim_event *event)
{
    if (event->object == 0 || !reach(wakeups, event->object))
        return;
    struct wakeup_id *condition = &wakeups->ids[event->object - 1];

    if (event->kind == SIM_EV_NOTIFY) {
        condition->notified = moment_of(event);
        if (event->value == 0)
            condition->unheard = condition->notified;
    } else if (event->actor != 0 && reach(wakeups, event->actor)) {
        if (event->kind == SIM_EV_COND_WAIT)
            on_wait(wakeups, variables, event);
        else
            on_woken(wakeups, event);
    }
}

void wakeups_write(struct wakeups *wakeups, const struct lost_update *variables,
                   const struct sim_event *event)
{
    if (event->actor == 0 || event->actor > wakeups->used || !wakeups->ids[event->actor - 1].woken)
        return;
    struct wakeup_id *actor = &wakeups->ids[event->actor - 1];
    struct moment read = {0};

    actor->woken = false;
    wakeups->woken--;
    (void)lost_update_last_read(variables, event->actor, &read);
    if (read.step != actor->read.step)
        return; /* it has looked at something since */
    struct moment write = lost_update_last_write(variables, actor->variable);

    if (write.step > actor->notify && write.step > actor->read.step &&
        write.actor != event->actor && write.value == actor->read.value &&
        wakeups->unlooped.count++ == 0)
        wakeups->unlooped =
            (struct wakeup_story){.read = actor->read,
                                  .wait = actor->wait,
                                  .notify = wakeups->ids[actor->condition - 1].notified,
                                  .write = write,
                                  .act = moment_of(event),
                                  .condition = actor->condition,
                                  .variable = actor->variable,
                                  .acted_on = event->object,
                                  .count = 1};
}

bool wakeups_report_early(const struct wakeups *wakeups, const struct registry *registry,
                          struct sim_finding *finding)
{
    const struct wakeup_story *early = &wakeups->early;

    if (early->count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_EARLY_NOTIFY, registry);
    const char *waiter = NAME(registry, early->wait.actor);
    const char *other = NAME(registry, early->notify.actor);
    const char *condition = NAME(registry, early->condition);
    const char *variable = NAME(registry, early->variable);

    finding->also = early->count - 1;
    story_say(&story,
              "%s notified %s at step %u, when nobody waited; %s began to wait at step %u, because "
              "of the %s that it had read at step %u, before %s changed it.",
              other, condition, early->notify.step, waiter, early->wait.step, variable,
              early->read.step, other);
    story_step(&story, early->read, early->variable, "%s reads %s = %" PRId64, waiter, variable,
               early->read.value);
    story_step(&story, early->write, early->variable, "%s writes %s = %" PRId64, other, variable,
               early->write.value);
    story_step(&story, early->notify, early->condition, "%s notifies %s: nobody hears it", other,
               condition);
    story_step(&story, early->wait, early->condition,
               "%s waits for %s, on what is no longer so: only a later notification helps", waiter,
               condition);
    return true;
}

bool wakeups_report_unlooped(const struct wakeups *wakeups, const struct registry *registry,
                             struct sim_finding *finding)
{
    const struct wakeup_story *at = &wakeups->unlooped;

    if (at->count == 0)
        return false;
    struct story story = story_begin(finding, SIM_FINDING_WAIT_WITHOUT_LOOP, registry);
    const char *waiter = NAME(registry, at->wait.actor);
    const char *other = NAME(registry, at->write.actor);
    const char *variable = NAME(registry, at->variable);

    finding->also = at->count - 1;
    story_say(&story,
              "%s waited because of %s = %" PRId64
              " and was woken; %s had made that so again at step %u, and %s went on at step %u, to "
              "write %s, without looking again.",
              waiter, variable, at->read.value, other, at->write.step, waiter, at->act.step,
              NAME(registry, at->acted_on));
    story_step(&story, at->read, at->variable, "%s reads %s = %" PRId64, waiter, variable,
               at->read.value);
    story_step(&story, at->wait, at->condition, "%s waits for %s", waiter,
               NAME(registry, at->condition));
    story_step(&story, at->notify, at->condition, "%s notifies %s",
               NAME(registry, at->notify.actor), NAME(registry, at->condition));
    story_step(&story, at->write, at->variable, "%s writes %s = %" PRId64 ": it is as %s saw it",
               other, variable, at->write.value, waiter);
    story_step(&story, at->act, at->acted_on,
               "%s goes on and writes %s: it should look again, in a loop", waiter,
               NAME(registry, at->acted_on));
    return true;
}
