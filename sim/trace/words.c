#include "sim/trace/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/status.h"

static const int64_t second_ns = 1000000000;

char *words_actor(const struct registry *registry, uint32_t actor, char out[REGISTRY_NAME_MAX])
{
    if (actor != 0)
        return registry_name(registry, actor, out);
    (void)snprintf(out, REGISTRY_NAME_MAX, "the loop");
    return out;
}

char *words_place(const struct registry *registry, uint16_t site, char *out, size_t size)
{
    const struct sim_site *at = registry_site_at(registry, site);

    out[0] = '\0';
    if (at != NULL) {
        const char *slash = strrchr(at->file, '/');

        (void)snprintf(out, size, "%s:%d", slash == NULL ? at->file : slash + 1, at->line);
    }
    return out;
}

/* What an operation does with its object: the words before its name, and those around the value
 * behind it. */
static const struct {
    const char *verb;  /* NULL: the event's own name */
    const char *value; /* NULL: not said */
} verbs[SIM_EVENT_COUNT] = {
    [SIM_EV_SPAWN] = {"starts", NULL},
    [SIM_EV_LOOP_CLOSE] = {"closes its loop, after", NULL},
    [SIM_EV_PENDING] = {"finds still pending", NULL},
    [SIM_EV_CANCEL] = {"cancels", NULL},
    [SIM_EV_TIMER] = {"sets a timer for", NULL},
    [SIM_EV_FIRE] = {"lets the timer go off for", NULL},
    [SIM_EV_TASK_DONE] = {"reports an item done of", NULL},
    [SIM_EV_QUEUE_JOIN] = {"has waited for the end of", NULL},
    [SIM_EV_JOIN] = {"has waited for the end of", NULL},
    [SIM_EV_RESULT] = {"gives a result to", NULL},
    [SIM_EV_ACQUIRE] = {"takes", NULL},
    [SIM_EV_TRY] = {"looks in vain for", NULL},
    [SIM_EV_RELEASE] = {"releases", NULL},
    [SIM_EV_SET] = {"sets", NULL},
    [SIM_EV_CLEAR] = {"clears", NULL},
    [SIM_EV_COND_WAIT] = {"begins to wait for", NULL},
    [SIM_EV_COND_WOKEN] = {"is notified by", NULL},
    [SIM_EV_NOTIFY] = {"notifies", ", and wakes "},
    [SIM_EV_READ] = {"reads", " = "},
    [SIM_EV_WRITE] = {"writes", " = "},
    [SIM_EV_ATOMIC_LOAD] = {"loads", " = "},
    [SIM_EV_ATOMIC_STORE] = {"stores", " = "},
    [SIM_EV_ATOMIC_RMW] = {"changes", " = "},
    [SIM_EV_SEM_ACQUIRE] = {"takes a permit of", ", permits left: "},
    [SIM_EV_SEM_RELEASE] = {"gives back a permit of", ", permits now: "},
    [SIM_EV_BARRIER_ARRIVE] = {"arrives at", ", still to come: "},
    [SIM_EV_BARRIER_LEAVE] = {"leaves", ", as number "},
    [SIM_EV_PUT] = {"puts into", ": "},
    [SIM_EV_GET] = {"gets from", ": "},
    [SIM_EV_SEND] = {"sends through", ", bytes: "},
    [SIM_EV_RECEIVE] = {"receives from", ", bytes: "},
    [SIM_EV_CLOSE] = {"closes", NULL},
    [SIM_EV_PROPERTY] = {"breaks", NULL},
    [SIM_EV_PRIORITY] = {"gives a priority to", ": "},
};

/* What happens because it was explored, and not because the program did something. */
static bool say_explored(const struct registry *registry, const struct sim_event *event, char *out,
                         size_t size)
{
    char name[REGISTRY_NAME_MAX];

    if (event->kind == SIM_EV_CLOCK)
        (void)snprintf(out, size, "the deadline at %" PRId64 ".%09" PRId64 " s passes%s",
                       event->value / second_ns, event->value % second_ns,
                       event->aux == 1 ? ", although others could go on" : "");
    else if (event->kind == SIM_EV_COND_WOKEN && event->value == 1)
        (void)snprintf(out, size, "wakes for no reason from %s",
                       registry_name(registry, event->object, name));
    else if (event->kind == SIM_EV_COND_WOKEN && event->aux == SIM_TIMEOUT)
        (void)snprintf(out, size, "has waited too long for %s",
                       registry_name(registry, event->object, name));
    else if (event->kind == SIM_EV_CANCEL && event->aux == SIM_CANCEL_TAKEN_BACK)
        (void)snprintf(out, size, "takes back the request to stop");
    else if (event->kind == SIM_EV_CANCEL && event->aux != 0)
        (void)snprintf(out, size, "%s is cancelled, as %s",
                       registry_name(registry, event->object, name),
                       event->aux == SIM_CANCEL_BEGINS ? "it begins to wait" : "its wait ends");
    else
        return false;
    return true;
}

static void say_wait(const struct registry *registry, const struct sim_event *event, char *out,
                     size_t size)
{
    char name[REGISTRY_NAME_MAX];

    if (event->object != 0 && event->value > event->time_ns)
        (void)snprintf(out, size, "waits for %s, until %" PRId64 ".%09" PRId64 " s at most",
                       registry_name(registry, event->object, name), event->value / second_ns,
                       event->value % second_ns);
    else if (event->object != 0)
        (void)snprintf(out, size, "waits for %s", registry_name(registry, event->object, name));
    else if (event->aux == SIM_WAIT_SLEEP || event->aux == SIM_WAIT_BLOCKING)
        (void)snprintf(out, size, "sleeps until %" PRId64 ".%09" PRId64 " s",
                       event->value / second_ns, event->value % second_ns);
    else if (event->aux == SIM_WAIT_YIELD)
        (void)snprintf(out, size, "gives way");
    else
        (void)snprintf(out, size, "waits (%s)", sim_wait_name(event->aux));
}

static void say_plain(const struct registry *registry, const struct sim_event *event, char *out,
                      size_t size)
{
    char name[REGISTRY_NAME_MAX];
    const char *verb =
        verbs[event->kind].verb == NULL ? sim_event_name(event->kind) : verbs[event->kind].verb;

    if (event->object == 0)
        (void)snprintf(out, size, "%s", verb);
    else if (verbs[event->kind].value != NULL)
        (void)snprintf(out, size, "%s %s%s%" PRId64, verb,
                       registry_name(registry, event->object, name), verbs[event->kind].value,
                       event->value);
    else
        (void)snprintf(out, size, "%s %s", verb, registry_name(registry, event->object, name));
}

char *words_event(const struct registry *registry, const struct sim_event *event, char *out,
                  size_t size)
{
    char name[REGISTRY_NAME_MAX];
    char holder[REGISTRY_NAME_MAX];

    if (say_explored(registry, event, out, size))
        return out;
    switch (event->kind) {
    case SIM_EV_RESUME:
        (void)snprintf(out, size, "%s", event->value == 1 ? "begins" : "goes on");
        break;
    case SIM_EV_PREEMPT:
        (void)snprintf(out, size, "is interrupted");
        break;
    case SIM_EV_SUSPEND:
        say_wait(registry, event, out, size);
        break;
    case SIM_EV_BLOCK:
        (void)snprintf(out, size, "waits for %s, held by %s",
                       registry_name(registry, event->object, name),
                       words_actor(registry, (uint32_t)event->value, holder));
        break;
    case SIM_EV_DONE:
        (void)snprintf(out, size, "ends (%s)", sim_status_name((enum sim_status)event->aux));
        break;
    case SIM_EV_PRINT:
        (void)snprintf(out, size, "prints \"%s\"",
                       registry_text_at(registry, (uint32_t)event->value));
        break;
    case SIM_EV_CHECK:
        (void)snprintf(out, size, "checks, in vain: %s",
                       registry_text_at(registry, (uint32_t)event->value));
        break;
    case SIM_EV_RAISE:
        (void)snprintf(out, size, "raises %s: %s", sim_status_name((enum sim_status)event->aux),
                       registry_text_at(registry, (uint32_t)event->value));
        break;
    default:
        say_plain(registry, event, out, size);
        break;
    }
    return out;
}
