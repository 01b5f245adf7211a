#include "sim/detect/fairness.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"
#include "sim/trace/trace.h"

/* Who waits for one thing, in order of arrival: linked through actors by id. */
struct fairness_line {
    uint32_t first;
    uint32_t last;
};

struct fairness_id {
    struct fairness_stat stat;
    struct fairness_line line; /* object: who waits for it */
    int64_t since_ns;          /* actor: suspended */
    uint32_t next;             /* actor: in the line where it stands */
    uint32_t before;
    bool resumed;    /* actor: since it stands there */
    uint32_t stands; /* actor: 0: nowhere; READY, or an object's id */
};

#define READY UINT32_MAX

struct fairness {
    struct sink sink; /* first */
    const struct registry *registry;
    struct fairness_id *ids; /* by id; owned */
    size_t capacity;
    uint32_t used;
    struct fairness_line ready; /* who could run, and does not */
    bool out_of_memory;
};

static void begin(struct sink *sink, const struct registry *registry)
{
    struct fairness *fairness = (struct fairness *)sink;

    if (fairness->used > 0)
        memset(fairness->ids, 0, fairness->used * sizeof(*fairness->ids));
    fairness->registry = registry;
    fairness->used = 0;
    fairness->ready = (struct fairness_line){0};
    fairness->out_of_memory = false;
}

static bool reach(struct fairness *fairness, uint32_t id)
{
    if (id == READY)
        return false;
    if (id < fairness->used)
        return true;
    if (!vec_reserve_zeroed(&fairness->ids, (size_t)id + 1, &fairness->capacity,
                            sizeof(*fairness->ids))) {
        fairness->out_of_memory = true;
        return false;
    }
    fairness->used = id + 1;
    return true;
}

static struct fairness_line *line_of(struct fairness *fairness, uint32_t where)
{
    return where == READY ? &fairness->ready : &fairness->ids[where].line;
}

static void leave(struct fairness *fairness, uint32_t actor)
{
    struct fairness_id *at = &fairness->ids[actor];

    if (at->stands == 0)
        return;
    struct fairness_line *line = line_of(fairness, at->stands);

    *(at->before == 0 ? &line->first : &fairness->ids[at->before].next) = at->next;
    *(at->next == 0 ? &line->last : &fairness->ids[at->next].before) = at->before;
    at->stands = 0;
    at->next = 0;
    at->before = 0;
}

static void stand(struct fairness *fairness, uint32_t actor, uint32_t where)
{
    struct fairness_id *at = &fairness->ids[actor];

    leave(fairness, actor);
    struct fairness_line *line = line_of(fairness, where);

    at->stands = where;
    at->resumed = false;
    at->before = line->last;
    *(line->last == 0 ? &line->first : &fairness->ids[line->last].next) = actor;
    line->last = actor;
}

static void overtake(struct fairness_stat *victim, uint32_t by, uint32_t where)
{
    uint32_t slot = 0;

    victim->overtaken++;
    victim->served_before += where != READY;
    while (slot < victim->overtaker_count && victim->overtakers[slot].actor != by)
        slot++;
    if (slot == OVERTAKERS_MAX)
        return;
    if (slot == victim->overtaker_count)
        victim->overtakers[victim->overtaker_count++] = (struct fairness_overtaker){by, 0};
    victim->overtakers[slot].times++;
}

/* The actor is served: whoever stands in the line before it is overtaken. */
static void serve(struct fairness *fairness, uint32_t actor, uint32_t where)
{
    for (uint32_t id = line_of(fairness, where)->first; id != 0 && id != actor;
         id = fairness->ids[id].next)
        overtake(&fairness->ids[id].stat, actor, where);
    if (fairness->ids[actor].stands == where)
        leave(fairness, actor);
}

static bool is_served(unsigned why)
{
    return why == SIM_WAIT_LOCK || why == SIM_WAIT_SEMAPHORE || why == SIM_WAIT_GET ||
           why == SIM_WAIT_PUT;
}

static void on_suspend(struct fairness *fairness, const struct sim_event *event)
{
    struct fairness_id *at = &fairness->ids[event->actor];

    at->since_ns = event->time_ns;
    at->stat.unended =
        (struct fairness_wait){.step = event->step, .object = event->object, .why = event->aux};
    if (event->aux == SIM_WAIT_YIELD)
        stand(fairness, event->actor, READY);
    else if (is_served(event->aux) && event->object != 0 && reach(fairness, event->object))
        stand(fairness, event->actor, event->object);
}

static void on_resume(struct fairness *fairness, const struct sim_event *event)
{
    struct fairness_stat *stat = &fairness->ids[event->actor].stat;
    struct fairness_wait wait = stat->unended;

    /* Who is woken for a lock stands in its line until he has it, or does something else. */
    fairness->ids[event->actor].resumed = true;
    if (fairness->ids[event->actor].stands == READY)
        serve(fairness, event->actor, READY);
    if (wait.step == 0)
        return;
    wait.time_ns = event->time_ns - fairness->ids[event->actor].since_ns;
    wait.steps = event->step - wait.step;
    stat->waits++;
    stat->unended.step = 0;
    if (stat->longest.step == 0 || wait.time_ns > stat->longest.time_ns ||
        (wait.time_ns == stat->longest.time_ns && wait.steps > stat->longest.steps))
        stat->longest = wait;
}

/* Does the actor, who has run again, do without what it waited for? */
static bool gives_up(const struct fairness_id *actor, unsigned kind)
{
    return actor->stands != 0 && actor->resumed && kind != SIM_EV_RESUME &&
           kind != SIM_EV_PREEMPT && kind != SIM_EV_CHOICE && kind != SIM_EV_ACQUIRE &&
           kind != SIM_EV_SEM_ACQUIRE && kind != SIM_EV_GET && kind != SIM_EV_PUT &&
           kind != SIM_EV_COND_WOKEN;
}

static void event(struct sink *sink, const struct sim_event *event)
{
    struct fairness *fairness = (struct fairness *)sink;

    if (!reach(fairness, event->actor) || !reach(fairness, event->object))
        return;
    if (gives_up(&fairness->ids[event->actor], event->kind))
        leave(fairness, event->actor);
    switch (event->kind) {
    case SIM_EV_SUSPEND:
        if (event->actor != 0)
            on_suspend(fairness, event);
        break;
    case SIM_EV_RESUME:
        if (event->actor != 0)
            on_resume(fairness, event);
        break;
    case SIM_EV_SPAWN:
    case SIM_EV_WAKE:
        if (event->object != 0 && fairness->ids[event->object].stands == 0)
            stand(fairness, event->object, READY);
        break;
    case SIM_EV_ACQUIRE:
    case SIM_EV_SEM_ACQUIRE:
    case SIM_EV_GET:
    case SIM_EV_PUT:
        if (event->actor != 0 && event->object != 0)
            serve(fairness, event->actor, event->object);
        break;
    case SIM_EV_DONE:
    case SIM_EV_KILL:
        leave(fairness, event->kind == SIM_EV_DONE ? event->actor : event->object);
        break;
    default:
        break;
    }
}

struct fairness *fairness_new(void)
{
    struct fairness *fairness = calloc(1, sizeof(*fairness));

    if (fairness != NULL)
        fairness->sink = (struct sink){.begin = begin, .event = event};
    return fairness;
}

void fairness_free(struct fairness *fairness)
{
    if (fairness == NULL)
        return;
    free(fairness->ids);
    free(fairness);
}

struct sink *fairness_sink(struct fairness *fairness)
{
    return &fairness->sink;
}

void fairness_read(struct fairness *fairness, const struct trace *trace)
{
    begin(&fairness->sink, trace->registry);
    for (size_t i = 0; i < trace->event_count; i++)
        event(&fairness->sink, &trace->events[i]);
}

const struct fairness_stat *fairness_of(const struct fairness *fairness, uint32_t actor)
{
    static const struct fairness_stat nothing;

    return actor < fairness->used ? &fairness->ids[actor].stat : &nothing;
}

int fairness_out_of_memory(const struct fairness *fairness)
{
    return fairness->out_of_memory;
}
