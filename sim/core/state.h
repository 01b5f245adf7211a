/* The inside of a simulation, for core and for the families of primitives built on it. */
#ifndef SIM_CORE_STATE_H
#define SIM_CORE_STATE_H

#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/assert.h"
#include "sim/base/list.h"
#include "sim/core/enabled.h"
#include "sim/core/fiber.h"
#include "sim/core/future.h"
#include "sim/core/policy.h"
#include "sim/core/ready.h"
#include "sim/core/sim.h"
#include "sim/core/timers.h"
#include "sim/trace/sink.h"
#include "sim/trace/summary.h"

struct sim_loop;

enum { SINKS_MAX = 8, EVENTS_MAX = 512 };

struct sim_exception {
    enum sim_status kind;
    const char *message;
    const struct sim_exception *cause;
    const struct sim_exception *const *members; /* of a group */
    size_t member_count;
};

/* Values of context variables: changed by replacing the whole. */
struct context_map;

/* Lives in the task or thread whose own it is, or in the arena. */
struct sim_context {
    const struct context_map *map; /* NULL: no variable is set */
    struct sim_context *below;     /* entered from this one, or (itself) from no such; NULL: not */
};

enum thread_state { THREAD_RUNNABLE, THREAD_BLOCKED, THREAD_DONE };

/* Lives in the arena.
 * Invariant: exactly the runnable threads can be chosen; sim->runnable counts them, and
 * sim->enabled has their indexes. */
struct sim_thread {
    struct sim *sim;
    struct fiber *fiber;   /* its own stack; NULL when done */
    struct sim_loop *loop; /* that it runs now; NULL: none */
    struct sim_task *task; /* that its loop runs now; NULL: none */
    sim_body_fn body;
    void *arg;
    struct list_node waiting; /* in the queue of what blocks it */
    struct list_node joiners; /* threads that wait for its end */
    struct timer timer;       /* of a sleep */
    const struct sim_exception *raised;
    const struct sim_exception *exception; /* with which it ended */
    struct sim_value value;
    uint32_t id;
    uint32_t index; /* in sim->threads */
    uint32_t op_object;
    uint32_t process; /* whose variables it sees; 0: the first */
    uint32_t handles; /* that it has made outside tasks */
    uint8_t op;       /* announced: what it stands before */
    uint8_t state;
    bool timed_out; /* its timer has fired since it was started */
    bool spurious;  /* it has woken for no reason in this run */
    bool gives_up;  /* it waits for a mutex until a deadline */
    enum sim_status status;
    const struct sim_site *wanting; /* where it asked for the mutex that it wants */
    int64_t gives_up_ns;            /* when it wants it no more, if it gives up */
    struct fiber *base;             /* who steps tasks: its own stack, but for an eager start */
    void (*rescue)(struct sim_thread *self); /* wake it where it waits; NULL: it cannot be */
    void *waits_at;                          /* of that */
    int priority;                            /* its own */
    int lent;                    /* what counts: its own, or a higher one that is lent to it */
    int lent_before;             /* while what is lent is worked out anew */
    struct sim_context own;      /* outside tasks */
    struct sim_context *context; /* entered; NULL: its own */
};

/* Invariant: what stands before max_steps is no more than a line of the cache, and nothing that is
 * the same in all runs: a snapshot puts it back as a whole. */
struct sim {
    _Alignas(ARENA_LINE) uint32_t steps_left; /* of max_steps, and the one that is too many */
    uint32_t runnable;
    uint32_t thread_count;
    uint32_t object_count; /* ids given out while nobody listens */
    unsigned withheld;     /* set of enum sim_withheld */
    int64_t now_ns;
    uint64_t timer_order;
    struct sim_thread *running;
    const struct sim_exception *failure;

    /* Touched at every event, too. */
    _Alignas(ARENA_LINE) uint32_t max_steps;
    uint32_t sink_count;
    uint32_t unasked;    /* so many options are not a choice: 1, or 0 if the policy asks for each */
    uint32_t asked_from; /* as unasked for threads, or 0 if the clock may go in their place */
    struct arena arena;
    bool wanted[SIM_EVENT_COUNT]; /* a sink must be told of events of this kind */
    bool by_time;                 /* who is woken now is woken by time, not by who runs */
    bool lists_options;           /* for the policy, or for a sink that is told of choices */
    bool plain;                   /* a summary is kept, and the policy draws: nobody looks closer */
    bool mute;                    /* a summary is kept, and no event is made */
    bool words;                   /* some sink reads names and places */
    bool elaborate;               /* an event is more than written down: words, or properties */
    bool news;                    /* see sim_choice_has_news */
    bool asks_late;               /* the policy may read what all sinks learn: tell them first */
    uint32_t event_count;         /* in events: the sinks are not yet told of them */
    uint32_t event_limit;         /* at which they are told: 1 if some sink cannot wait */
    uint32_t quiet;               /* operations in a row, at most, that have changed nothing */
    struct summary *summary;      /* kept in place of events; NULL: sinks are told of events */
    struct policy *summary_asks;  /* the policy, while a summary is kept */
    struct summary *summary_next; /* the same, of the next runs */
    struct sim_answers *answers;  /* to the next choices; NULL: the policy is asked */
    struct policy repeater;       /* asked in its place: gives those answers */

    struct snapshots *snapshots; /* NULL: none are kept */
    bool saves;                  /* the running thread has gone to the host to be saved */
    struct fiber host;
    struct fiber_pool *fibers;
    struct policy *policy;
    struct registry *registry;
    struct sink *sinks[SINKS_MAX];
    uint32_t told[SINKS_MAX]; /* so many of events the sink has been told of */
    struct sink *only;        /* of the sinks, this alone is told of this run; NULL: all are */
    struct sink *learner;     /* that of the policy: told before each choice; NULL: it has none */
    uint32_t learner_at;      /* in sinks */
    struct schedule schedule;

    struct sim_thread **threads; /* owned */
    uint32_t thread_capacity;
    struct enabled enabled;
    struct sim_option *options; /* owned; room for the options of one choice */
    size_t option_capacity;
    struct timers sleeps;        /* of threads */
    struct timers alarms;        /* of what happens outside of threads: the network, say */
    struct sim_loop *loops;      /* newest first, also those that are closed */
    struct sim_loop *idle_loops; /* whose memory can be used again */

    uint32_t task_count;
    enum sim_level level;
    enum sim_time time;
    uint32_t clock;      /* its id, where its steps are choices; 0: they are not */
    uint32_t early_most; /* deadlines that may pass before their turn in a run */
    uint32_t early_left;
    const char *cancel;                 /* see struct sim_config */
    struct sim_task *cancel_when_woken; /* NULL: none */
    const struct sim_site *cancel_site; /* of the await */
    enum sim_outcome outcome;
    struct properties *properties; /* of this run; NULL: none */
    struct property *inspecting;   /* whose predicate is being asked now; NULL: none */
    struct gil *gils;              /* one a process, once it computes */
    struct network *network;       /* NULL: nothing has used it yet */
    struct machine *machine;       /* processes and files; NULL: as above */
    /* Of the asynchronous generators, once there is one: closes a loop's; takes turns. */
    void (*close_generators)(struct sim_loop *loop);
    void (*at_exit)(struct sim *sim); /* on the first thread, when main has ended; NULL: nothing */
    uint32_t rescue;                  /* whom to wake when nothing can run; 0: nobody */
    uint32_t rescue_next;             /* the same, of the next run */
    uint32_t rescue_steps;
    uint32_t usual_max_steps;   /* what max_steps is again in the next run; 0: as it is */
    struct list_node protocols; /* mutexes that lend priorities */
    bool async_main;            /* the first thread only carries main's loop: it makes no events */
    bool gil_enabled;
    bool cancel_tried;       /* in this run: there is one for a run */
    bool untracked_property; /* in this run or an earlier one: see sim_properties_tracked */
    bool priorities;         /* one processor, for the ready threads of the highest priority */
    struct sim_value result;
    sim_body_fn main;
    void *main_arg;
    bool wanted_first[SIM_EVENT_COUNT]; /* what wanted is while a summary alone is kept */
    bool wanted_then[SIM_EVENT_COUNT];  /* and when the one sink is told of events, too */
    struct sim_event events[EVENTS_MAX];
};

/* How many steps were taken. */
static inline uint32_t sim_step_now(const struct sim *sim)
{
    return sim->max_steps + 1 - sim->steps_left;
}

uint32_t sim_task_id(const struct sim_task *task);

/* Who acts: the running task, or the running thread; 0 before there is one. */
static inline uint32_t sim_actor(const struct sim *sim)
{
    const struct sim_thread *thread = sim->running;

    if (thread == NULL)
        return 0;
    return thread->task == NULL ? thread->id : sim_task_id(thread->task);
}

/* Who wakes: as sim_actor, but 0 from a callback of the loop, and where time does. */
uint32_t sim_waker(const struct sim *sim);

/* End the run from anywhere in it.  Never returns. */
_Noreturn void sim_abandon(struct sim *sim, enum sim_outcome outcome);

/* The same where the machine has no memory; and where a piece of the arena was refused, of so many
 * bytes and so aligned, for that or for the run's own limit. */
_Noreturn void sim_out_of_memory(struct sim *sim);
_Noreturn void sim_out_of_arena(struct sim *sim, size_t size, size_t alignment);

/* As sim_alloc, but not cleared, and in lines of the cache that nothing else shares: for what there
 * are many of. */
static inline void *sim_alloc_lines(struct sim *sim, size_t size)
{
    void *memory = arena_alloc_lines(&sim->arena, size);

    if (__builtin_expect(memory == NULL, 0))
        sim_out_of_arena(sim, size, ARENA_LINE);
    return memory;
}

/* As sim_alloc, for a few words: size is a constant, so that clearing it takes no call. */
static inline __attribute__((always_inline)) void *sim_alloc_cleared(struct sim *sim, size_t size)
{
    void *memory = arena_alloc(&sim->arena, size);

    if (__builtin_expect(memory == NULL, 0))
        sim_out_of_arena(sim, size, ARENA_PIECE);
    /* Of more at once the compiler makes a string instruction, which takes longer than a call. */
    size_t at = 0;

    for (; at + ARENA_LINE <= size; at += ARENA_LINE)
        memset((char *)memory + at, 0, ARENA_LINE);
    memset((char *)memory + at, 0, size - at);
    return memory;
}

/* Register a new object for the trace.  Returns its id. */
uint32_t sim_object_register(struct sim *sim, enum sim_object_kind kind, const char *name,
                             uint32_t parent, const struct sim_site *site);

static inline uint32_t sim_object_new(struct sim *sim, enum sim_object_kind kind, const char *name,
                                      uint32_t parent, const struct sim_site *site)
{
    if (__builtin_expect(sim->sink_count == 0, 1))
        return ++sim->object_count;
    if (sim->mute && summary_object(sim->summary, kind, sim->object_count + 1))
        return ++sim->object_count;
    return sim_object_register(sim, kind, name, parent, site);
}

/* A copy of a string in the arena; NULL stays NULL. */
const char *sim_strdup(struct sim *sim, const char *text);

/* An exception in the arena. */
const struct sim_exception *sim_exception_new(struct sim *sim, enum sim_status kind,
                                              const char *message,
                                              const struct sim_exception *cause);

/* Where the running task or thread keeps the exception it met last. */
const struct sim_exception **sim_raised(struct sim *sim);

/* The exception that a body ended with, given the status that it returned. */
const struct sim_exception *sim_ended_with(struct sim *sim, enum sim_status status,
                                           const struct sim_exception *raised);

/* True for KeyboardInterrupt and SystemExit, which end the loop in which a task raises them; the
 * exception may be NULL. */
static inline bool exception_interrupts(const struct sim_exception *exception)
{
    return exception != NULL &&
           (exception->kind == SIM_KEYBOARD_INTERRUPT || exception->kind == SIM_SYSTEM_EXIT);
}

/* What an exception or value looks like in an event. */
static inline int64_t sim_value_number(struct sim_value value)
{
    return value.type == SIM_INT ? value.as.integer : 0;
}

struct emission {
    enum sim_event_kind kind;
    uint32_t actor;
    uint32_t object;
    unsigned aux;
    int64_t value;
    const struct sim_site *site;
};

/* Tell the sinks, sooner or later.  All in registers: whoever may have to say something then needs
 * no room for it on its stack. */
void sim_emit_event(struct sim *sim, unsigned kind_and_aux, uint32_t actor, uint32_t object,
                    int64_t value, const struct sim_site *site);

/* The same, whether or not there are properties; with its site's id, and at a step and time that
 * may have been the last. */
void sim_put_event(struct sim *sim, const struct sim_event *event);

/* The last operation has given a variable or atomic another value, though its kind need not. */
static inline void sim_changed(struct sim *sim, int64_t value)
{
    sim->quiet = 0;
    if (sim->summary != NULL)
        summary_change_to(sim->summary, value);
}

/* Tell the sinks what they have not been told yet; or one of them. */
void sim_tell(struct sim *sim);
void sim_tell_one(struct sim *sim, uint32_t at);

/* Count the operations in a row that may have left everything as it was, for all that others can
 * notice.  Of a constant kind, this is one instruction. */
static inline void sim_count_quiet(struct sim *sim, enum sim_event_kind kind)
{
    bool passes = kind == SIM_EV_BLOCK || kind == SIM_EV_RESUME || kind == SIM_EV_WAKE ||
                  kind == SIM_EV_PREEMPT || kind == SIM_EV_CHOICE || kind == SIM_EV_LOOK;
    bool quiet = kind == SIM_EV_READ || kind == SIM_EV_WRITE || kind == SIM_EV_ATOMIC_LOAD ||
                 kind == SIM_EV_ATOMIC_STORE || kind == SIM_EV_ATOMIC_RMW ||
                 kind == SIM_EV_ACQUIRE || kind == SIM_EV_TRY || kind == SIM_EV_RELEASE ||
                 kind == SIM_EV_SUSPEND;

    if (quiet)
        sim->quiet++;
    else if (!passes)
        sim->quiet = 0;
}

/* A summary does not tell what happens now: the run is to be run again with its events.  Ends it at
 * once; but where a sink is told of it beside the summary, the summary alone ends. */
void sim_refuse(struct sim *sim);

/* Of what a summary has no need. */
static inline bool sim_passes_summary(enum sim_event_kind kind)
{
    return kind == SIM_EV_RESUME || kind == SIM_EV_PREEMPT || kind == SIM_EV_CHOICE ||
           kind == SIM_EV_WAKE || kind == SIM_EV_LOOK || kind == SIM_EV_RAISE || kind == SIM_EV_END;
}

/* Keep the summary; each of a constant kind, of which little is left then.  Accesses. */
static inline __attribute__((always_inline)) bool
sim_summarize_access(struct summary *summary, const struct emission *emission)
{
    uint32_t actor = emission->actor;
    uint32_t object = emission->object;

    switch ((unsigned)emission->kind) {
    case SIM_EV_READ:
        summary_read(summary, actor, object);
        return true;
    case SIM_EV_WRITE:
        summary_write(summary, actor, object);
        return true;
    case SIM_EV_ATOMIC_LOAD:
        summary_load(summary, actor, object);
        return true;
    case SIM_EV_ATOMIC_RMW:
        if (emission->aux != 0)
            summary_compare(summary, actor, object);
        summary_store(summary, actor, object, true);
        return true;
    case SIM_EV_ATOMIC_STORE:
        summary_store(summary, actor, object, false);
        return true;
    default:
        return false;
    }
}

/* Mutexes and condition variables. */
static inline __attribute__((always_inline)) bool
sim_summarize_wait(struct summary *summary, const struct emission *emission)
{
    uint32_t actor = emission->actor;
    uint32_t object = emission->object;

    switch ((unsigned)emission->kind) {
    case SIM_EV_ACQUIRE:
        summary_acquire(summary, actor, object);
        return true;
    case SIM_EV_RELEASE:
        summary_give(summary, actor, object);
        return true;
    case SIM_EV_BLOCK:
        summary_block(summary, actor, object);
        return true;
    case SIM_EV_TRY:
        summary_try(summary, actor, object);
        return true;
    case SIM_EV_COND_WAIT:
        summary_wait(summary, actor);
        return true;
    case SIM_EV_COND_WOKEN:
        summary_woken(summary, actor, emission->aux);
        return true;
    case SIM_EV_NOTIFY:
        summary_notify(summary, emission->value != 0);
        return true;
    default:
        return false;
    }
}

/* Threads.  False, too, where there are too many. */
static inline __attribute__((always_inline)) bool
sim_summarize_thread(struct summary *summary, const struct emission *emission)
{
    switch ((unsigned)emission->kind) {
    case SIM_EV_SPAWN:
        return summary_spawn(summary, emission->actor, emission->object);
    case SIM_EV_JOIN:
        summary_joined(summary, emission->actor, emission->object);
        return true;
    case SIM_EV_DONE:
        summary_done(summary, emission->aux);
        return true;
    case SIM_EV_SUSPEND:
        if (emission->aux != SIM_WAIT_LOCK)
            summary_change(summary);
        return true;
    case SIM_EV_PRINT:
        summary_change(summary);
        return true;
    default:
        return false;
    }
}

static inline __attribute__((always_inline)) void sim_emit(struct sim *sim,
                                                           struct emission emission)
{
    if (sim->summary != NULL && !sim_passes_summary(emission.kind) &&
        !sim_summarize_access(sim->summary, &emission) &&
        !sim_summarize_wait(sim->summary, &emission) &&
        !sim_summarize_thread(sim->summary, &emission))
        sim_refuse(sim);
    if (sim->mute)
        return;
    sim_count_quiet(sim, emission.kind);
    if (emission.kind != SIM_EV_RESUME && emission.kind != SIM_EV_JOIN)
        sim->news = true;
    sim_emit_event(sim, (unsigned)emission.kind | (emission.aux & 0xff) << 8, emission.actor,
                   emission.object, emission.value, emission.site);
}

#define FIRST_OF(first, ...) first

/* Tell the sinks of a consequence of the last operation.  One predictable branch if none must be
 * told. */
#define sim_note(sim_, ...)                                                                        \
    do {                                                                                           \
        if (__builtin_expect((sim_)->wanted[FIRST_OF(__VA_ARGS__, )], 0))                          \
            sim_emit((sim_), (struct emission){.kind = __VA_ARGS__});                              \
    } while (0)

/* Count a step: down, which is done and tested at once. */
static inline void sim_step(struct sim *sim)
{
    if (__builtin_expect(--sim->steps_left == 0, 0))
        sim_abandon(sim, SIM_OUTCOME_STEPS);
}

/* The same as sim_note for an operation: it is a step of its own. */
#define sim_op(sim_, ...)                                                                          \
    do {                                                                                           \
        sim_step(sim_);                                                                            \
        sim_note((sim_), __VA_ARGS__);                                                             \
    } while (0)

/* What `unasked` is while a predicate is asked: nobody is switched to. */
#define UNASKED_INSIDE UINT32_MAX

/* Somebody looks at the state of an object, which is no event but for a policy that must know what
 * steps depend on, and for a property that does. */
static inline void sim_look(struct sim *sim, uint32_t object)
{
    if (__builtin_expect(sim->unasked + 1 < 2, 0))
        sim_note(sim, SIM_EV_LOOK, .actor = sim_actor(sim), .object = object);
}

/* The same in a way that only a policy must know of, if it must know of every step. */
static inline void sim_look_how(struct sim *sim, uint32_t object, enum sim_look how, int64_t value)
{
    if (__builtin_expect(sim->unasked == 0, 0))
        sim_note(sim, SIM_EV_LOOK, .actor = sim_actor(sim), .object = object, .aux = how,
                 .value = value);
}

/* The same for what has changed, although it is no event. */
static inline void sim_look_changed(struct sim *sim, uint32_t object)
{
    sim_look_how(sim, object, SIM_LOOK_CHANGED, 0);
}

/* The same for a thread that has ended, by who has waited for that. */
static inline void sim_look_ended(struct sim *sim, uint32_t thread)
{
    sim_look_how(sim, thread, SIM_LOOK_ENDED, 0);
}

/* The same for a thread that can go on, where the event of that is about something else. */
static inline void sim_look_enabled(struct sim *sim, uint32_t thread)
{
    sim_look_how(sim, thread, SIM_LOOK_ENABLED, 0);
}

/* The same for a loop that ends; where tasks go as they stand, it is known before who is left. */
static inline void sim_look_stops(struct sim *sim, uint32_t thread)
{
    if (sim->level == SIM_LEVEL_ANY)
        sim_look_how(sim, thread, SIM_LOOK_STOPS, 0);
}

/* The same for a call that a loop can make from now on, which is no step of a task, and as it makes
 * it; and for the beginning of a turn (SIM_LOOK_CALL_ADDED, _CALL_MADE, _TURN). */
static inline void sim_look_call(struct sim *sim, enum sim_look how, int64_t call)
{
    sim_look_how(sim, 0, how, call);
}

/* The same for the nth item of a queue that is added at its end or taken from its front; or
 * somebody goes, for there is none (SIM_LOOK_ITEM_ADDED, _ITEM_TAKEN, _ITEM_NONE).  To add one and
 * to take another are independent. */
static inline void sim_look_item(struct sim *sim, uint32_t queue, enum sim_look how, uint32_t nth)
{
    sim_look_how(sim, queue, how, nth);
}

/* Somebody reads the clock, or begins or ends to wait for it.  Where its steps are no choices, that
 * matters only where others may go before and after who keeps the loop waiting. */
static inline void sim_look_clock(struct sim *sim)
{
    if (__builtin_expect(sim->clock != 0, 0))
        sim_look(sim, sim->clock);
    else if (sim->level == SIM_LEVEL_ANY)
        sim_look_how(sim, 0, SIM_LOOK_TIME, 0);
}

#endif
