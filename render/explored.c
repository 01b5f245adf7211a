#include "render/explored.h"

#include <stdio.h>

#include "render/timeline.h"

enum explored explored_kind(const struct sim_event *event)
{
    if (event->kind == SIM_EV_CLOCK && event->aux == 1)
        return EXPLORED_EARLY;
    if (event->kind == SIM_EV_CANCEL &&
        (event->aux == SIM_CANCEL_BEGINS || event->aux == SIM_CANCEL_ENDS))
        return EXPLORED_CANCEL;
    if (event->kind == SIM_EV_COND_WOKEN && event->value == 1)
        return EXPLORED_WAKE;
    return EXPLORED_NOTHING;
}

size_t explored_next(const struct trace *trace, size_t from)
{
    while (from < trace->event_count && explored_kind(&trace->events[from]) == EXPLORED_NOTHING)
        from++;
    return from;
}

char *explored_words(const struct trace *trace, const struct sim_event *event,
                     char out[EXPLORED_WORDS_MAX])
{
    char time[LABEL_MAX];
    char name[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX];

    out[0] = '\0';
    switch (explored_kind(event)) {
    case EXPLORED_EARLY:
        (void)snprintf(out, EXPLORED_WORDS_MAX,
                       "step %u: the deadline at %s passes before its turn", event->step,
                       timeline_time(event->value, time));
        break;
    case EXPLORED_CANCEL:
        (void)snprintf(out, EXPLORED_WORDS_MAX, "step %u: %.60s is cancelled from outside, as %s",
                       event->step, registry_name(trace->registry, event->object, name),
                       event->aux == SIM_CANCEL_BEGINS ? "it begins to wait" : "its wait ends");
        break;
    case EXPLORED_WAKE:
        (void)snprintf(out, EXPLORED_WORDS_MAX, "step %u: %.60s wakes from %.60s for no reason",
                       event->step, registry_name(trace->registry, event->actor, name),
                       registry_name(trace->registry, event->object, object));
        break;
    case EXPLORED_NOTHING:
    case EXPLORED_COUNT:
        break;
    }
    return out;
}
