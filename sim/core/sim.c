#include "sim/core/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/fiber_pool.h"
#include "sim/core/loop_state.h"
#include "sim/core/property_state.h"
#include "sim/core/sched.h"
#include "sim/core/snapshot.h"
#include "sim/core/state.h"
#include "sim/core/task_state.h"

enum { DEFAULT_STACK = (FIBER_ASAN ? 256 : 60) << 10 };

/* Room for a first thread, which nobody could leave to end the run if there were none for it: it
 * stays as long as the simulation. */
static bool make_room(struct sim *sim)
{
    if (arena_alloc(&sim->arena, sizeof(struct sim_thread)) == NULL)
        return false;
    arena_reset(&sim->arena);
    return registry_make_room(sim->registry) && fiber_pool_make_room(sim->fibers) &&
           sched_make_room(sim);
}

struct sim *sim_new(const struct sim_config *config)
{
    struct sim *sim = aligned_alloc(_Alignof(struct sim), sizeof(*sim));
    struct sim_config chosen = config == NULL ? (struct sim_config){0} : *config;

    if (sim == NULL)
        return NULL;
    memset(sim, 0, sizeof(*sim));
    sim->level = chosen.level;
    sim->time = chosen.time;
    sim->early_most = chosen.early == 0 ? SIM_EARLY_DEFAULT : chosen.early;
    sim->cancel = chosen.cancel;
    sim->event_limit = EVENTS_MAX;
    sim->max_steps = chosen.max_steps == 0 ? SIM_MAX_STEPS_DEFAULT : chosen.max_steps;
    arena_init(&sim->arena, sim_config_memory(&chosen));
    sim->registry = registry_new();
    sim->fibers = fiber_pool_new(chosen.stack_size == 0 ? DEFAULT_STACK : chosen.stack_size);
    if (sim->registry == NULL || sim->fibers == NULL || !make_room(sim)) {
        sim_free(sim);
        return NULL;
    }
    return sim;
}

void sim_free(struct sim *sim)
{
    if (sim == NULL)
        return;
    loops_free(sim);
    snapshots_free(sim->snapshots);
    if (sim->fibers != NULL)
        fiber_pool_free(sim->fibers);
    registry_free(sim->registry);
    schedule_free(&sim->schedule);
    timers_free(&sim->sleeps);
    timers_free(&sim->alarms);
    arena_free(&sim->arena);
    free(sim->threads);
    enabled_free(&sim->enabled);
    free(sim->options);
    free(sim);
}

void sim_set_policy(struct sim *sim, struct policy *policy)
{
    sim->policy = policy;
}

static void want(struct sim *sim, const bool *ignores)
{
    for (int kind = 0; kind < SIM_EVENT_COUNT; kind++)
        sim->wanted[kind] |= ignores == NULL || !ignores[kind];
}

bool sim_add_sink(struct sim *sim, struct sink *sink)
{
    if (sim->sink_count == SINKS_MAX)
        return false;
    sim->sinks[sim->sink_count++] = sink;
    want(sim, sink->ignores);
    sim->words |= !sink->wordless;
    sim->elaborate = sim->words;
    if (sink->events == NULL)
        sim->event_limit = 1;
    return true;
}

/* What must be told, when that may have changed.  A summary refuses what it does not know. */
static void want_again(struct sim *sim)
{
    memset(sim->wanted, 0, sizeof(sim->wanted));
    if (sim->summary == NULL) {
        for (uint32_t i = 0; i < sim->sink_count; i++)
            if (sim->only == NULL || sim->sinks[i] == sim->only)
                want(sim, sim->sinks[i]->ignores);
        return;
    }
    for (int kind = 0; kind < SIM_EVENT_COUNT; kind++)
        sim->wanted[kind] = !sim_passes_summary((enum sim_event_kind)kind);
    memcpy(sim->wanted_first, sim->wanted, sizeof(sim->wanted));
    if (sim->only != NULL)
        want(sim, sim->only->ignores);
    memcpy(sim->wanted_then, sim->wanted, sizeof(sim->wanted));
}

/* Properties want to be asked after every operation: the last run may have had some. */
static void forget_properties(struct sim *sim)
{
    sim->inspecting = NULL;
    if (sim->properties == NULL)
        return;
    sim->properties = NULL;
    sim->elaborate = sim->words;
    want_again(sim);
}

void sim_set_summary(struct sim *sim, struct summary *summary)
{
    sim->summary_next = summary;
}

static void tell_begin(struct sim *sim)
{
    registry_reset(sim->registry);
    for (uint32_t i = 0; i < sim->sink_count; i++)
        if (sim->sinks[i]->begin != NULL && (sim->only == NULL || sim->sinks[i] == sim->only))
            sim->sinks[i]->begin(sim->sinks[i], sim->registry);
}

/* All sinks are told of the run; or none, since there is a summary; or that of a policy which knows
 * answers. */
static void begin_sinks(struct sim *sim)
{
    const struct policy *policy = sim->policy;
    bool beside = sim->summary_next != NULL && policy != NULL && policy->answers != NULL;

    struct sink *only = beside ? policy->answers->sink : NULL;

    if (sim->summary != sim->summary_next || sim->only != only) {
        sim->summary = sim->summary_next;
        sim->only = only;
        want_again(sim);
    }
    if (sim->summary == NULL || sim->only != NULL)
        tell_begin(sim);
}

/* Can the policy do without events, but where somebody may spin? */
static bool asks_blindly(const struct policy *policy)
{
    return policy == NULL ||
           (!policy->every && (policy->learns == NULL ? policy->blind : policy->patience > 1));
}

/* Who is asked while a summary is kept. */
static inline struct policy *summary_asks(struct policy *policy)
{
    return policy != NULL && policy->learns != NULL ? policy->deputy : policy;
}

/* A summary is kept of a run of threads, where time is no choice. */
static void begin_summary(struct sim *sim)
{
    const struct policy *policy = sim->policy;

    summary_begin(sim->summary,
                  policy != NULL && policy->learns != NULL ? policy->patience - 1 : UINT32_MAX);
    sim->summary_asks = summary_asks(sim->policy);
    sim->plain =
        !sim->lists_options &&
        (sim->answers != NULL || (sim->summary_asks != NULL && sim->summary_asks->draw != NULL));
    sim->mute = sim->only == NULL || sim->plain;
    if (sim->answers != NULL) {
        sim->repeater.draw = sim_answers_draw;
        sim->summary_asks = &sim->repeater;
    }
    if (sim->only != NULL)
        memcpy(sim->wanted, sim->mute ? sim->wanted_first : sim->wanted_then, sizeof(sim->wanted));
    sim->summary->refused = (sim->only == NULL && !asks_blindly(policy)) || sim->async_main ||
                            sim->rescue != 0 || sim->time != SIM_TIME_LATE ||
                            sim->level == SIM_LEVEL_TIMING;
}

/* What the policy wants of a run that begins. */
static void begin_asking(struct sim *sim)
{
    sim->unasked = sim->policy != NULL && sim->policy->every ? 0 : 1;
    sim->asked_from = sim->time == SIM_TIME_EXPLORED ? 0 : sim->unasked;
    bool looks = sim->policy != NULL && !sim->policy->blind;

    sim->answers = sim->policy == NULL ? NULL : sim->policy->answers;
    if (sim->answers != NULL && sim->answers->next == sim->answers->count)
        sim->answers = NULL;
    sim->learner = NULL;
    sim->asks_late = looks && sim->policy->learns == NULL;
    sim->lists_options = sim->wanted[SIM_EV_CHOICE] || looks;
    sim->plain = false;
    sim->mute = false;
    sim->news = true;
    if (sim->summary != NULL)
        begin_summary(sim);
    for (uint32_t i = 0; i < sim->sink_count; i++) {
        sim->told[i] = 0;
        if (sim->summary != NULL || sim->policy == NULL || sim->sinks[i] != sim->policy->learns)
            continue;
        sim->learner = sim->sinks[i];
        sim->learner_at = i;
    }
}

/* Forget the last run; keep its memory.  Tell sinks that another begins. */
static void reset(struct sim *sim)
{
    fiber_pool_reset(sim->fibers);
    loops_reset(sim);
    timers_reset(&sim->sleeps);
    timers_reset(&sim->alarms);
    arena_reset(&sim->arena);
    sim->schedule.count = 0;
    sim->event_count = 0;
    sim->quiet = 0;
    sim->thread_count = 0;
    sim->runnable = 0;
    sim->running = NULL;
    sim->by_time = false;
    sim->now_ns = 0;
    sim->timer_order = 0;
    sim->object_count = 0;
    sim->task_count = 0;
    forget_properties(sim);
    sim->priorities = false;
    sim->rescue = sim->rescue_next;
    sim->rescue_next = 0;
    if (sim->usual_max_steps != 0)
        sim->max_steps = sim->usual_max_steps;
    sim->usual_max_steps = 0;
    sim->steps_left = sim->max_steps + 1;
    list_init(&sim->protocols);
    sim->gils = NULL;
    sim->network = NULL;
    sim->machine = NULL;
    sim->at_exit = NULL;
    sim->close_generators = NULL;
    sim->gil_enabled = false;
    sim->result = sim_none();
    sim->failure = NULL;
    sim->clock = 0;
    sim->early_left = sim->early_most;
    sim->withheld = 0;
    sim->cancel_tried = false;
    sim->cancel_when_woken = NULL;
    begin_sinks(sim);
}

/* Make the first thread. */
static void begin_main(struct sim *sim, sim_body_fn main, void *arg)
{
    struct sim_thread *first = sched_thread_new(sim, "MainThread", main, arg, NULL);

    SIM_ASSERT(sim->thread_count == 1);
    if (sim->time != SIM_TIME_LATE || sim->level == SIM_LEVEL_TIMING)
        sim->clock = sim_object_new(sim, SIM_OBJ_CLOCK, "clock", 0, NULL);
    sim->running = first;
}

/* Make ready to run, where nothing is left of the last run.  Returns false if the summary refuses
 * the run. */
static __attribute__((noinline)) bool begin_anew(struct sim *sim, sim_body_fn main, void *arg)
{
    begin_asking(sim);
    if (sim->summary != NULL && sim->summary->refused)
        return false;
    if (sim->snapshots == NULL || !snapshots_restore(sim))
        begin_main(sim, main, arg);
    return true;
}

/* The same, after the last run; maybe from a snapshot. */
static inline bool begin(struct sim *sim, sim_body_fn main, void *arg)
{
    bool ready = sim->snapshots != NULL && snapshots_ready(sim);

    if (!ready)
        reset(sim);
    if (sim->policy != NULL && sim->policy->begin != NULL)
        sim->policy->begin(sim->policy);
    if (ready) {
        if (summary_asks(sim->policy) == sim->summary_asks && snapshots_go_on(sim))
            return true;
        reset(sim);
    }
    return begin_anew(sim, main, arg);
}

/* Had a sink, or the names that it reads, no memory? */
static bool was_out_of_memory(const struct sim *sim)
{
    bool out_of_memory = registry_out_of_memory(sim->registry);

    for (uint32_t i = 0; i < sim->sink_count; i++)
        out_of_memory |=
            sim->sinks[i]->out_of_memory && (sim->only == NULL || sim->sinks[i] == sim->only);
    return out_of_memory;
}

/* Inline: when a run is over, few returns go another way than the processor expects. */
static inline __attribute__((always_inline)) enum sim_outcome run(struct sim *sim, sim_body_fn main,
                                                                  void *arg)
{
    if (!begin(sim, main, arg))
        return SIM_OUTCOME_DIVERGED;
    /* In one search it is the same host again and again. */
    if (FIBER_ASAN || sim->fibers->host != &sim->host)
        fiber_pool_watch(sim->fibers, &sim->host);
    sim->outcome = SIM_OUTCOME_OVERFLOW; /* unless it ends in another way */
    sched_run(sim);

    if (sim->summary != NULL) {
        sim->summary->outcome = (uint8_t)sim->outcome;
        sim->summary->end_ns = sim->now_ns;
        if (sim->mute)
            return sim->outcome;
    }
    const struct fiber *overrun = fiber_pool_overrun(sim->fibers);

    if (sim->properties != NULL)
        properties_end(sim);
    sim_note(sim, SIM_EV_END, .actor = overrun == NULL ? sim_actor(sim) : overrun->actor,
             .aux = sim->outcome);
    if (sim->learner != NULL)
        sim->told[sim->learner_at] = sim->event_count; /* no choice comes any more */
    sim_tell(sim);
    if (__builtin_expect(was_out_of_memory(sim), 0))
        sim->outcome = SIM_OUTCOME_NO_MEMORY;
    return sim->outcome;
}

enum sim_outcome sim_run(struct sim *sim, sim_body_fn main, void *arg)
{
    sim->async_main = false;
    return run(sim, main, arg);
}

static enum sim_status carry_loop(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_loop_run(sim, sim->main, sim->main_arg, &sim->running->value);
}

enum sim_outcome sim_run_async(struct sim *sim, sim_body_fn main, void *arg)
{
    sim->async_main = true;
    sim->main = main;
    sim->main_arg = arg;
    return run(sim, carry_loop, NULL);
}

void sim_abandon(struct sim *sim, enum sim_outcome outcome)
{
    SIM_ASSERT(sim->running != NULL);
    sim->outcome = outcome;
    fiber_leave(&sim->host);
}

void sim_out_of_memory(struct sim *sim)
{
    sim_abandon(sim, SIM_OUTCOME_NO_MEMORY);
}

void sim_out_of_arena(struct sim *sim, size_t size, size_t alignment)
{
    bool full = arena_is_full(&sim->arena, size, alignment);

    sim_abandon(sim, full ? SIM_OUTCOME_MEMORY : SIM_OUTCOME_NO_MEMORY);
}

void sim_refuse(struct sim *sim)
{
    sim->summary->refused = true;
    if (sim->only == NULL)
        sim_abandon(sim, SIM_OUTCOME_DIVERGED);
    if (sim->mute)
        registry_keep(sim->registry, sim->object_count);
    sim->summary = NULL;
    sim->plain = false;
    sim->mute = false;
    want_again(sim);
}

const struct schedule *sim_schedule(const struct sim *sim)
{
    return &sim->schedule;
}

const struct registry *sim_registry(const struct sim *sim)
{
    return sim->registry;
}

void sim_rescue(struct sim *sim, uint32_t actor, uint32_t steps)
{
    sim->rescue_next = actor;
    sim->rescue_steps = steps;
}

unsigned sim_withheld(const struct sim *sim)
{
    return sim->withheld;
}

uint32_t sim_steps(const struct sim *sim)
{
    return sim_step_now(sim);
}

bool sim_priorities_used(const struct sim *sim)
{
    return sim->priorities;
}

struct sim_value sim_result(const struct sim *sim)
{
    return sim->result;
}

const struct sim_exception *sim_failure(const struct sim *sim)
{
    return sim->failure;
}

int64_t sim_now(struct sim *sim)
{
    sim_look_clock(sim);
    return sim->now_ns;
}

void *sim_alloc(struct sim *sim, size_t size)
{
    void *memory = arena_alloc(&sim->arena, size);

    if (memory == NULL)
        sim_out_of_arena(sim, size, ARENA_PIECE);
    return memset(memory, 0, size);
}

const char *sim_strdup(struct sim *sim, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;

    return memcpy(sim_alloc(sim, size), text, size);
}

uint32_t sim_task_id(const struct sim_task *task)
{
    return task_id(task);
}

uint32_t sim_waker(const struct sim *sim)
{
    const struct sim_thread *thread = sim->running;

    if (thread == NULL || sim->by_time || (thread->loop != NULL && thread->task == NULL))
        return 0;
    return sim_actor(sim);
}

uint32_t sim_object_register(struct sim *sim, enum sim_object_kind kind, const char *name,
                             uint32_t parent, const struct sim_site *site)
{
    if (sim->summary != NULL &&
        (sim->mute || !summary_object(sim->summary, kind, registry_count(sim->registry) + 1)))
        sim_refuse(sim);
    uint32_t id = sim->words ? registry_add(sim->registry, kind, name, parent,
                                            registry_site(sim->registry, site))
                             : registry_add_unnamed(sim->registry, kind, parent);

    if (id == 0)
        sim_out_of_memory(sim);
    return id;
}

/* Not inline: who emits then needs no room for it. */
__attribute__((noinline)) void sim_tell_one(struct sim *sim, uint32_t at)
{
    struct sink *sink = sim->sinks[at];
    uint32_t told = sim->told[at];

    sim->told[at] = sim->event_count;
    if (told == sim->event_count)
        return;
    if (sink->events != NULL)
        sink->events(sink, sim->events + told, sim->event_count - told);
    else
        for (; told < sim->event_count; told++)
            sink->event(sink, &sim->events[told]);
}

__attribute__((noinline)) void sim_tell(struct sim *sim)
{
    for (uint32_t i = 0; i < sim->sink_count; i++) {
        if (sim->only == NULL || sim->sinks[i] == sim->only)
            sim_tell_one(sim, i);
        sim->told[i] = 0;
    }
    sim->event_count = 0;
}

void sim_choice_tell(const struct sim_choice *choice, const struct sink *sink)
{
    struct sim *sim = choice->sim;

    for (uint32_t i = 0; i < sim->sink_count; i++)
        if (sim->sinks[i] == sink)
            sim_tell_one(sim, i);
    sim->news = false;
}

bool sim_choice_has_news(const struct sim_choice *choice)
{
    return choice->sim->news;
}

/* Make the event; site is its id.  Whoever emits many does not wait for the sinks each time. */
static inline __attribute__((always_inline)) void put(struct sim *sim, unsigned kind_and_aux,
                                                      uint32_t actor, uint32_t object,
                                                      int64_t value, uint16_t site)
{
    struct sim_event *event = &sim->events[sim->event_count];

    event->time_ns = sim->now_ns;
    event->value = value;
    event->step = sim_step_now(sim);
    event->actor = actor;
    event->object = object;
    event->site = site;
    event->kind = (uint8_t)kind_and_aux;
    event->aux = (uint8_t)(kind_and_aux >> 8);
    if (++sim->event_count == sim->event_limit)
        sim_tell(sim);
}

static __attribute__((noinline)) void emit_with_site(struct sim *sim, unsigned kind_and_aux,
                                                     uint32_t actor, uint32_t object, int64_t value,
                                                     const struct sim_site *site)
{
    put(sim, kind_and_aux, actor, object, value, registry_site(sim->registry, site));
}

void sim_put_event(struct sim *sim, const struct sim_event *event)
{
    sim->events[sim->event_count] = *event;
    if (++sim->event_count == sim->event_limit)
        sim_tell(sim);
}

static __attribute__((noinline)) void emit_with_properties(struct sim *sim, unsigned kind_and_aux,
                                                           uint32_t actor, uint32_t object,
                                                           int64_t value,
                                                           const struct sim_site *site)
{
    properties_event(sim, &(struct emission){.kind = (enum sim_event_kind)(kind_and_aux & 0xff),
                                             .aux = kind_and_aux >> 8,
                                             .actor = actor,
                                             .object = object,
                                             .value = value,
                                             .site = site});
}

void sim_emit_event(struct sim *sim, unsigned kind_and_aux, uint32_t actor, uint32_t object,
                    int64_t value, const struct sim_site *site)
{
    if (!sim->elaborate)
        put(sim, kind_and_aux, actor, object, value, 0);
    else if (sim->properties == NULL)
        emit_with_site(sim, kind_and_aux, actor, object, value, site);
    else
        emit_with_properties(sim, kind_and_aux, actor, object, value, site);
}
