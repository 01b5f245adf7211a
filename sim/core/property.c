#include "sim/core/property_state.h"

#include "sim/core/task_state.h"

enum { INSPECTED_MAX = 6 }; /* what a finding shows of what a predicate saw */

struct glance {
    int64_t value;
    uint32_t object;
    bool mutex;
};

/* What a predicate has looked at, each object once.  In the arena. */
struct glances {
    struct glance *at;
    uint32_t count;
    uint32_t capacity;
};

/* Lives in the arena. */
struct property {
    struct property *next;
    sim_predicate_fn predicate;
    void *arg;
    struct glances seen;   /* when it was asked last */
    struct glances before; /* the time before that */
    uint32_t id;
    uint32_t process; /* whose variables it sees */
    uint16_t site;
    uint8_t kind; /* enum sim_property_kind */
    bool holds;
    bool held_once;
};

/* Lives in the arena. */
struct properties {
    struct property *first; /* in the order in which they were made */
    struct property *last;
    struct sim_event step; /* the last one: whoever resumes next has not changed anything yet */
};

static void glance(struct sim *sim, struct glances *glances, struct glance seen)
{
    for (uint32_t i = 0; i < glances->count; i++)
        if (glances->at[i].object == seen.object)
            return;
    if (glances->count == glances->capacity) {
        uint32_t capacity = glances->capacity == 0 ? 4 : 2 * glances->capacity;
        struct glance *at = sim_alloc(sim, capacity * sizeof(*at));

        if (glances->count > 0)
            memcpy(at, glances->at, glances->count * sizeof(*at));
        glances->at = at;
        glances->capacity = capacity;
    }
    glances->at[glances->count++] = seen;
}

void properties_glance(struct sim *sim, uint32_t object, int64_t value)
{
    if (object != 0)
        glance(sim, &sim->inspecting->seen, (struct glance){value, object, false});
}

void properties_glance_mutex(struct sim *sim, uint32_t mutex, bool held)
{
    glance(sim, &sim->inspecting->seen, (struct glance){held, mutex, true});
}

/* What a predicate hangs on beside what is tracked nobody can know who only sees the steps; and of
 * two mutexes nobody would learn in which order they were taken. */
static void note_untracked(struct sim *sim, const struct property *property)
{
    uint32_t mutexes = 0;

    for (uint32_t i = 0; i < property->seen.count; i++)
        mutexes += property->seen.at[i].mutex;
    if (property->kind != SIM_PROPERTY_FINALLY && (property->seen.count == 0 || mutexes > 1))
        sim->untracked_property = true;
}

/* Ask the predicate, as if nothing had happened. */
static bool ask(struct sim *sim, struct property *property)
{
    struct sim_thread *thread = sim->running;
    uint32_t steps_left = sim->steps_left;
    uint32_t max_steps = sim->max_steps;
    uint32_t unasked = sim->unasked;
    uint32_t asked_from = sim->asked_from;
    uint32_t process = thread->process;
    bool looks = sim->wanted[SIM_EV_LOOK];
    struct glances before = property->before;

    property->before = property->seen;
    property->seen = before;
    property->seen.count = 0;
    sim->inspecting = property;
    sim->steps_left += UINT32_MAX - max_steps;
    sim->max_steps = UINT32_MAX;
    sim->unasked = UNASKED_INSIDE;
    sim->asked_from = UNASKED_INSIDE;
    sim->wanted[SIM_EV_LOOK] = true;
    thread->process = property->process;
    bool holds = property->predicate(property->arg);

    thread->process = process;
    sim->wanted[SIM_EV_LOOK] = looks;
    sim->unasked = unasked;
    sim->asked_from = asked_from;
    sim->max_steps = max_steps;
    sim->steps_left = steps_left;
    sim->inspecting = NULL;
    property->held_once |= holds;
    note_untracked(sim, property);
    return holds;
}

static bool has(const struct glances *glances, uint32_t object)
{
    for (uint32_t i = 0; i < glances->count; i++)
        if (glances->at[i].object == object)
            return true;
    return false;
}

/* What a step that changed something of it depends on, for a policy that must know: all that the
 * predicate sees, and all that it saw before.  But not whether a mutex is held: whoever takes it or
 * gives it up changes that, and so depends on all the rest. */
static void tell_looks(struct sim *sim, const struct property *property,
                       const struct sim_event *step)
{
    const struct glances *both[] = {&property->before, &property->seen};

    for (int i = 0; i < 2; i++)
        for (uint32_t k = 0; k < both[i]->count; k++)
            if (!both[i]->at[k].mutex)
                sim_put_event(sim, &(struct sim_event){.kind = SIM_EV_LOOK,
                                                       .time_ns = step->time_ns,
                                                       .step = step->step,
                                                       .actor = step->actor,
                                                       .object = both[i]->at[k].object});
}

static void tell_broken(struct sim *sim, const struct property *property,
                        const struct sim_event *step)
{
    struct sim_event event = {.kind = SIM_EV_PROPERTY,
                              .aux = SIM_PROPERTY_SAW,
                              .time_ns = step->time_ns,
                              .step = step->step,
                              .actor = step->actor,
                              .site = step->site};

    for (uint32_t i = 0; i < property->seen.count && i < INSPECTED_MAX; i++) {
        event.object = property->seen.at[i].object;
        event.value = property->seen.at[i].value;
        sim_put_event(sim, &event);
    }
    event.aux = property->kind;
    event.object = property->id;
    event.value = 0;
    sim_put_event(sim, &event);
}

/* Operations that leave their object as it was. */
static bool only_looks(unsigned kind)
{
    return kind == SIM_EV_READ || kind == SIM_EV_ATOMIC_LOAD || kind == SIM_EV_TRY ||
           kind == SIM_EV_LOOK || kind == SIM_EV_BLOCK || kind == SIM_EV_SUSPEND ||
           kind == SIM_EV_RESUME || kind == SIM_EV_WAKE;
}

static void look_at_all(struct sim *sim, const struct sim_event *step)
{
    for (struct property *at = sim->properties->first; at != NULL; at = at->next) {
        bool held = at->holds;

        if (at->kind == SIM_PROPERTY_FINALLY ||
            (at->kind != SIM_PROPERTY_INVARIANT && at->held_once))
            continue;
        at->holds = ask(sim, at);
        if (sim->unasked == 0 && !only_looks(step->kind) &&
            (has(&at->before, step->object) || has(&at->seen, step->object)))
            tell_looks(sim, at, step);
        if (at->kind == SIM_PROPERTY_INVARIANT && held && !at->holds)
            tell_broken(sim, at, step);
    }
}

/* What a predicate does: it may look, and nothing else. */
static void inside(struct sim *sim, const struct emission *emission)
{
    bool a_predicate_only_looks = emission->kind == SIM_EV_READ ||
                                  emission->kind == SIM_EV_ATOMIC_LOAD ||
                                  emission->kind == SIM_EV_TRY || emission->kind == SIM_EV_LOOK;

    SIM_ASSERT(a_predicate_only_looks);
    properties_glance(sim, emission->object, emission->value);
}

void properties_event(struct sim *sim, const struct emission *emission)
{
    if (sim->inspecting != NULL) {
        inside(sim, emission);
        return;
    }
    struct sim_event event = {.time_ns = sim->now_ns,
                              .value = emission->value,
                              .step = sim_step_now(sim),
                              .actor = emission->actor,
                              .object = emission->object,
                              .site = sim->words ? registry_site(sim->registry, emission->site) : 0,
                              .kind = (uint8_t)emission->kind,
                              .aux = (uint8_t)emission->aux};

    /* What has changed by now was done by who ran before. */
    if (emission->kind == SIM_EV_RESUME && sim->properties->step.step != 0)
        look_at_all(sim, &sim->properties->step);
    sim_put_event(sim, &event);
    if (emission->kind == SIM_EV_CHOICE || emission->kind == SIM_EV_LOOK ||
        emission->kind == SIM_EV_END)
        return;
    sim->properties->step = event;
    if (emission->kind != SIM_EV_RESUME)
        look_at_all(sim, &event);
}

static bool on_stack_of(const struct fiber *fiber, const void *arg)
{
    return fiber != NULL && fiber->low != NULL && (const char *)arg >= fiber->low &&
           (const char *)arg < fiber->low + fiber->size;
}

static bool on_stack(const struct sim *sim, const void *arg)
{
    const struct sim_thread *self = sim->running;

    if (self->task != NULL && on_stack_of(self->task->fiber, arg))
        return true;
    for (uint32_t i = 0; i < sim->thread_count; i++)
        if (on_stack_of(sim->threads[i]->fiber, arg))
            return true;
    return false;
}

/* Sinks must be told of everything now: that is when it is looked at. */
static void watch_steps(struct sim *sim)
{
    for (int kind = 0; kind < SIM_EVENT_COUNT; kind++)
        sim->wanted[kind] |= kind != SIM_EV_CHOICE && kind != SIM_EV_LOOK;
}

static enum sim_status add(struct sim *sim, struct property *made, const char *name,
                           const struct sim_site *site)
{
    if (on_stack(sim, made->arg))
        return sim_raise(
            sim, SIM_VALUE_ERROR,
            "the argument of property \"%s\" lies on a stack, which may end before the "
            "run: take its memory from sim_alloc",
            name);
    made->id = sim_object_new(sim, SIM_OBJ_PROPERTY, name, 0, site);
    /* Nobody could be told. */
    if (sim->sink_count == 0)
        return SIM_OK;
    struct property *property = sim_alloc(sim, sizeof(*property));

    *property = *made;
    property->process = sim->running->process;
    property->site = sim->words ? registry_site(sim->registry, site) : 0;
    if (sim->properties == NULL) {
        sim->properties = sim_alloc(sim, sizeof(*sim->properties));
        sim->elaborate = true;
        watch_steps(sim);
    }
    struct properties *all = sim->properties;

    *(all->first == NULL ? &all->first : &all->last->next) = property;
    all->last = property;
    struct sim_event here = {.time_ns = sim->now_ns,
                             .step = sim_step_now(sim),
                             .actor = sim_actor(sim),
                             .site = property->site,
                             .kind = SIM_EV_PROPERTY};

    property->holds = ask(sim, property);
    if (sim->unasked == 0 && property->kind != SIM_PROPERTY_FINALLY)
        tell_looks(sim, property, &here);
    if (property->kind == SIM_PROPERTY_INVARIANT && !property->holds)
        tell_broken(sim, property, &here);
    return SIM_OK;
}

bool sim_properties_tracked(const struct sim *sim)
{
    return !sim->untracked_property;
}

enum sim_status(sim_invariant)(struct sim *sim, const char *name, sim_predicate_fn predicate,
                               void *arg, const struct sim_site *site)
{
    struct property made = {.predicate = predicate, .arg = arg, .kind = SIM_PROPERTY_INVARIANT};

    return add(sim, &made, name, site);
}

enum sim_status(sim_eventually)(struct sim *sim, const char *name, sim_predicate_fn predicate,
                                void *arg, const struct sim_site *site)
{
    struct property made = {.predicate = predicate, .arg = arg, .kind = SIM_PROPERTY_EVENTUALLY};

    return add(sim, &made, name, site);
}

enum sim_status(sim_finally)(struct sim *sim, const char *name, sim_predicate_fn predicate,
                             void *arg, const struct sim_site *site)
{
    struct property made = {.predicate = predicate, .arg = arg, .kind = SIM_PROPERTY_FINALLY};

    return add(sim, &made, name, site);
}

void properties_end(struct sim *sim)
{
    struct sim_event end = {
        .time_ns = sim->now_ns, .step = sim_step_now(sim), .actor = sim_actor(sim)};

    if (sim->outcome != SIM_OUTCOME_FINISHED && sim->outcome != SIM_OUTCOME_FAILED &&
        sim->outcome != SIM_OUTCOME_STUCK)
        return;
    for (struct property *at = sim->properties->first; at != NULL; at = at->next) {
        bool asked = at->kind == SIM_PROPERTY_FINALLY ||
                     (at->kind == SIM_PROPERTY_EVENTUALLY && !at->held_once);

        if (!asked || ask(sim, at))
            continue;
        end.site = at->site;
        tell_broken(sim, at, &end);
    }
}
