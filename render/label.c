/* The words on a timeline. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "render/timeline.h"
#include "sim/base/status.h"

char *timeline_time(int64_t time_ns, char out[LABEL_MAX])
{
    static const struct {
        int64_t ns;
        const char *unit;
    } units[] = {{1000000000, "s"}, {1000000, "ms"}, {1000, "us"}, {1, "ns"}};
    int unit = 0;

    while (unit < 3 && time_ns != 0 && time_ns < units[unit].ns)
        unit++;
    int64_t whole = time_ns / units[unit].ns;
    int64_t part = unit == 3 ? 0 : time_ns % units[unit].ns / (units[unit].ns / 1000);
    int digits = 3;

    while (digits > 0 && part % 10 == 0) {
        part /= 10;
        digits--;
    }
    if (digits > 0)
        (void)snprintf(out, LABEL_MAX, "%" PRId64 ".%0*" PRId64 " %s", whole, digits, part,
                       units[unit].unit);
    else
        (void)snprintf(out, LABEL_MAX, "%" PRId64 " %s", whole, units[unit].unit);
    return out;
}

/* A name of at most so many bytes, with no character cut in two. */
static char *cut(char *name, size_t most)
{
    size_t length = strlen(name);

    if (length > most) {
        length = most;
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80)
            length--;
        name[length] = '\0';
    }
    return name;
}

/* Verb, and whether an object or a value follows. */
struct phrase {
    const char *verb;
    bool object;
    bool value;
};

static struct phrase phrase_of(unsigned kind)
{
    static const struct phrase phrases[SIM_EVENT_COUNT] = {
        [SIM_EV_SPAWN] = {"start", true, false},
        [SIM_EV_CANCEL] = {"cancel", true, false},
        [SIM_EV_JOIN] = {"join", true, false},
        [SIM_EV_RESULT] = {"complete", true, false},
        [SIM_EV_ACQUIRE] = {"take", true, false},
        [SIM_EV_RELEASE] = {"release", true, false},
        [SIM_EV_BLOCK] = {"ask for", true, false},
        [SIM_EV_SET] = {"set", true, false},
        [SIM_EV_CLEAR] = {"clear", true, false},
        [SIM_EV_COND_WAIT] = {"wait for", true, false},
        [SIM_EV_NOTIFY] = {"notify", true, false},
        [SIM_EV_READ] = {"read", true, true},
        [SIM_EV_ATOMIC_LOAD] = {"read", true, true},
        [SIM_EV_WRITE] = {"write", true, true},
        [SIM_EV_ATOMIC_STORE] = {"write", true, true},
        [SIM_EV_ATOMIC_RMW] = {"update", true, true},
        [SIM_EV_SEM_ACQUIRE] = {"take a permit of", true, false},
        [SIM_EV_SEM_RELEASE] = {"give a permit of", true, false},
        [SIM_EV_BARRIER_ARRIVE] = {"come to", true, false},
        [SIM_EV_BARRIER_LEAVE] = {"leave", true, false},
        [SIM_EV_BARRIER_RESET] = {"reset", true, false},
        [SIM_EV_BARRIER_ABORT] = {"break", true, false},
        [SIM_EV_PUT] = {"put into", true, false},
        [SIM_EV_GET] = {"get from", true, false},
        [SIM_EV_TASK_DONE] = {"item done of", true, false},
        [SIM_EV_QUEUE_JOIN] = {"joined", true, false},
        [SIM_EV_SHUTDOWN] = {"shut down", true, false},
        [SIM_EV_SUBMIT] = {"submit to", true, false},
        [SIM_EV_WORK] = {"take a job of", true, false},
        [SIM_EV_COMPLETE] = {"complete", true, false},
        [SIM_EV_SETTLE] = {"get the outcome of", true, false},
        [SIM_EV_CREATE] = {"make", true, false},
        [SIM_EV_AWAITED] = {"run", true, false},
        [SIM_EV_KILL] = {"kill", true, false},
        [SIM_EV_CONNECT] = {"connect to", true, false},
        [SIM_EV_ACCEPT] = {"accept", true, false},
        [SIM_EV_SEND] = {"send to", true, false},
        [SIM_EV_RECEIVE] = {"receive from", true, false},
        [SIM_EV_CLOSE] = {"close", true, false},
        [SIM_EV_EXIT] = {"exit", false, false},
        [SIM_EV_REAP] = {"learn the end of", true, false},
        [SIM_EV_FILE] = {"use", true, false},
        [SIM_EV_COMPUTE] = {"compute", false, false},
        [SIM_EV_DONE] = {"end", false, false},
        [SIM_EV_RESUME] = {"run", false, false},
        [SIM_EV_PREEMPT] = {"preempted", false, false},
        [SIM_EV_WAKE] = {"wake", true, false},
        [SIM_EV_LOOP_CLOSE] = {"close the loop", false, false},
    };

    if (kind < SIM_EVENT_COUNT && phrases[kind].verb != NULL)
        return phrases[kind];
    return (struct phrase){sim_event_name(kind), false, false};
}

const char *timeline_state_name(enum lane_state state)
{
    static const char *const names[LANE_STATE_COUNT] = {"created", "ready", "running", "awaiting",
                                                        "blocked"};

    return names[state];
}

/* The beginning of what is printed. */
static char *said(const struct trace *trace, const struct sim_event *e, char out[REGISTRY_NAME_MAX])
{
    (void)snprintf(out, REGISTRY_NAME_MAX, "%s",
                   registry_text_at(trace->registry, (uint32_t)e->value));
    return cut(out, 60);
}

char *timeline_op_label(const struct timeline *timeline, size_t event, char out[LABEL_MAX])
{
    const struct trace *trace = timeline->trace;
    const struct sim_event *e = &trace->events[event];
    struct phrase phrase = phrase_of(e->kind);
    char name[REGISTRY_NAME_MAX];

    if (e->kind == SIM_EV_SUSPEND)
        (void)snprintf(out, LABEL_MAX, "%s",
                       e->aux == SIM_WAIT_YIELD                                  ? "yield"
                       : e->aux == SIM_WAIT_SLEEP                                ? "sleep"
                       : e->aux == SIM_WAIT_BLOCKING                             ? "block"
                       : e->aux == SIM_WAIT_COMPUTE                              ? "compute"
                       : e->aux == SIM_WAIT_LOCK || e->aux == SIM_WAIT_SEMAPHORE ? "wait"
                                                                                 : "await");
    else if (e->kind == SIM_EV_RAISE)
        (void)snprintf(out, LABEL_MAX, "raise %s", sim_status_name((enum sim_status)e->aux));
    else if (e->kind == SIM_EV_PRINT)
        (void)snprintf(out, LABEL_MAX, "\xE2\x80\x9C%s\xE2\x80\x9D", said(trace, e, name));
    else if (e->kind == SIM_EV_CHECK)
        (void)snprintf(out, LABEL_MAX, "check fails");
    else if (phrase.value)
        (void)snprintf(out, LABEL_MAX, "%s %s = %" PRId64, phrase.verb,
                       cut(registry_name(trace->registry, e->object, name), 60), e->value);
    else if (phrase.object)
        (void)snprintf(out, LABEL_MAX, "%s %s", phrase.verb,
                       cut(registry_name(trace->registry, e->object, name), 70));
    else
        (void)snprintf(out, LABEL_MAX, "%s", phrase.verb);
    return out;
}

char *timeline_option_label(const struct registry *registry, unsigned op, uint32_t object,
                            char out[LABEL_MAX])
{
    struct phrase phrase = phrase_of(op);
    char name[REGISTRY_NAME_MAX];

    if (op == SIM_EV_RESUME)
        (void)snprintf(out, LABEL_MAX, "goes on");
    else if (phrase.object && object != 0)
        (void)snprintf(out, LABEL_MAX, "%s %s", phrase.verb,
                       cut(registry_name(registry, object, name), 70));
    else
        (void)snprintf(out, LABEL_MAX, "%s", phrase.verb);
    return out;
}

/* The verb alone, without the word that leads to a name. */
static const char *verb_alone(const char *verb, char out[LABEL_MAX])
{
    static const char *const leading[] = {" a permit of", " for", " to",      " into",
                                          " from",        " of",  " a job of"};
    size_t length = strlen(verb);

    for (size_t i = 0; i < sizeof(leading) / sizeof(leading[0]); i++) {
        size_t end = strlen(leading[i]);

        if (length > end && strcmp(verb + length - end, leading[i]) == 0) {
            (void)snprintf(out, LABEL_MAX, "%.*s", (int)(length - end), verb);
            return out;
        }
    }
    return verb;
}

char *timeline_op_short(const struct timeline *timeline, size_t event, char out[LABEL_MAX])
{
    const struct sim_event *e = &timeline->trace->events[event];
    struct phrase phrase = phrase_of(e->kind);
    char verb[LABEL_MAX];

    if (e->kind == SIM_EV_SUSPEND)
        return timeline_op_label(timeline, event, out);
    if (phrase.value)
        (void)snprintf(out, LABEL_MAX, "%s %" PRId64, phrase.verb, e->value);
    else
        (void)snprintf(out, LABEL_MAX, "%s", verb_alone(phrase.verb, verb));
    return out;
}

char *timeline_op_brief(const struct timeline *timeline, size_t event, char out[LABEL_MAX])
{
    const struct sim_event *e = &timeline->trace->events[event];

    out[0] = '\0';
    if (e->kind == SIM_EV_READ || e->kind == SIM_EV_ATOMIC_LOAD)
        (void)snprintf(out, LABEL_MAX, "R %" PRId64, e->value);
    else if (e->kind == SIM_EV_WRITE || e->kind == SIM_EV_ATOMIC_STORE ||
             e->kind == SIM_EV_ATOMIC_RMW)
        (void)snprintf(out, LABEL_MAX, "W %" PRId64, e->value);
    return out;
}

/* Who held the lock when the actor began to wait: the event before says. */
static uint32_t holder_of(const struct trace *trace, size_t event)
{
    for (size_t i = event; i > 0 && trace->events[event].step - trace->events[i - 1].step <= 1; i--)
        if (trace->events[i - 1].kind == SIM_EV_BLOCK &&
            trace->events[i - 1].actor == trace->events[event].actor)
            return (uint32_t)trace->events[i - 1].value;
    return 0;
}

/* What somebody who waits does, before the name of what he waits for. */
static const char *waiting(unsigned why)
{
    switch (why) {
    case SIM_WAIT_FUTURE:
    case SIM_WAIT_JOIN:
        return "awaits";
    case SIM_WAIT_BARRIER:
        return "waits at";
    case SIM_WAIT_GET:
        return "waits for an item in";
    case SIM_WAIT_WORK:
        return "idle in";
    case SIM_WAIT_CONNECT:
        return "connects to";
    case SIM_WAIT_RECEIVE:
        return "waits for bytes from";
    case SIM_WAIT_PUT:
    case SIM_WAIT_DRAIN:
        return "waits for room in";
    case SIM_WAIT_QUEUE_JOIN:
    case SIM_WAIT_CLOSED:
    case SIM_WAIT_PROCESS:
        return "waits for the end of";
    case SIM_WAIT_SLEEP:
        return "sleeps";
    case SIM_WAIT_BLOCKING:
        return "blocks its loop";
    case SIM_WAIT_COMPUTE:
        return "computes";
    default:
        return "waits for";
    }
}

char *timeline_wait_label(const struct timeline *timeline, size_t event, char out[LABEL_MAX])
{
    const struct trace *trace = timeline->trace;
    const struct sim_event *e = &trace->events[event];
    char name[REGISTRY_NAME_MAX];
    char holder[REGISTRY_NAME_MAX];
    char time[LABEL_MAX];

    out[0] = '\0';
    if (e->kind != SIM_EV_SUSPEND || e->aux == SIM_WAIT_YIELD)
        return out;
    (void)registry_name(trace->registry, e->object, name);
    if (e->aux == SIM_WAIT_SLEEP || e->aux == SIM_WAIT_BLOCKING || e->aux == SIM_WAIT_COMPUTE)
        (void)snprintf(out, LABEL_MAX, "%s %.60s", waiting(e->aux),
                       timeline_time(e->value - e->time_ns, time));
    else if (e->aux == SIM_WAIT_LOCK && holder_of(trace, event) != 0)
        (void)snprintf(out, LABEL_MAX, "waits for %s, held by %s", cut(name, 36),
                       cut(registry_name(trace->registry, holder_of(trace, event), holder), 36));
    else
        (void)snprintf(out, LABEL_MAX, "%s %s", waiting(e->aux), cut(name, 70));
    return out;
}
