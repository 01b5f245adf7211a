/* Small random programs of threads, and the order of dependent events of an execution, worked out
 * the slow way: for tests that compare what a search says with all there is. */
#ifndef TESTS_RANDOM_THREADS_H
#define TESTS_RANDOM_THREADS_H

#include <string.h>

#include "sim/base/prng.h"
#include "sim/core/policy.h"
#include "sim/sim.h"
#include "sim/trace/sink.h"

enum { MAX_THREADS = 4, MAX_OPS = 12, VARIABLES = 2, MUTEXES = 2, MAX_EVENTS = 256 };

enum op_kind {
    OP_READ,
    OP_WRITE,
    OP_ADD, /* an atomic read-modify-write */
    OP_LOAD,
    OP_LOCK,
    OP_UNLOCK,
    OP_TRY,
    OP_WAIT,
    OP_SIGNAL,
    OP_BROADCAST,
    OP_SKIP_IF_ODD, /* the next operation, if what was read last is odd */
    OP_YIELD,
    OP_KINDS,
    OP_NUMBER = OP_KINDS, /* a choice among two values */
    OP_SLEEP,
    OP_TIMED_WAIT,
    OP_NOW,
    OP_TIMED_LOCK,
    OP_TIMED_JOIN, /* of a thread that was started before this one */
    OP_LOOK_JOIN,  /* the same, with a deadline that has passed */
    OP_ALL_KINDS
};

struct op {
    uint8_t kind;
    uint8_t object;
};

struct program {
    struct op ops[MAX_THREADS][MAX_OPS];
    int counts[MAX_THREADS];
    int threads;
    bool joins;     /* main waits for all of them */
    bool impatient; /* but no longer than for a time */
    bool explored;  /* deadlines may pass at any point */
};

/* What a program leaves behind. */
struct ending {
    int64_t seen[MAX_THREADS]; /* a digest of what each thread has read */
    int64_t variables[VARIABLES];
    int64_t atomic;
};

struct world {
    const struct program *program;
    struct ending *ending;
    struct sim_var *variables[VARIABLES];
    struct sim_atomic *atomic;
    struct sim_mutex *mutexes[MUTEXES];
    struct sim_condvar *condvar;
    struct sim_thread *threads[MAX_THREADS];
    /* Told before threads begin; NULL: nobody. */
    enum sim_status (*prepare)(struct sim *sim, struct world *world);
};

struct worker {
    const struct world *world;
    int number;
    bool holds[MUTEXES];
    int64_t last;
    int64_t gave_up; /* a digest of how the last waits ended that nobody can have noticed yet */
};

static inline struct program random_program(uint64_t seed, int kinds)
{
    struct prng prng;
    struct program program = {0};

    prng_seed(&prng, seed);
    program.threads = 2 + (int)prng_below(&prng, MAX_THREADS - 1);
    program.joins = prng_below(&prng, 4) != 0;
    int ops = 2 + (int)prng_below(&prng, MAX_OPS - 1);

    for (int i = 0; i < ops; i++) {
        int thread = (int)prng_below(&prng, (uint32_t)program.threads);

        program.ops[thread][program.counts[thread]++] =
            (struct op){(uint8_t)prng_below(&prng, (uint32_t)kinds), (uint8_t)prng_below(&prng, 2)};
    }
    return program;
}

static inline void lock(struct worker *self, int mutex)
{
    if (!self->holds[mutex])
        sim_mutex_lock(self->world->mutexes[mutex]);
    self->holds[mutex] = true;
}

static inline void unlock(struct worker *self, int mutex)
{
    if (self->holds[mutex])
        (void)sim_mutex_unlock(self->world->mutexes[mutex]);
    self->holds[mutex] = false;
}

static inline void saw(struct worker *self, int64_t value)
{
    int64_t *seen = &self->world->ending->seen[self->number];

    self->last = value;
    *seen = (int64_t)((uint64_t)*seen * 31 + (uint64_t)value + 1 + (uint64_t)self->gave_up);
    self->gave_up = 0;
}

/* What only its own thread can know; it counts when that does something else, or ends. */
static inline void felt(struct worker *self, int64_t value)
{
    self->gave_up = 7 * self->gave_up + 1000 + value;
}

static inline void lock_until(struct sim *sim, struct worker *self, int mutex)
{
    if (self->holds[mutex])
        return;
    enum sim_status status =
        sim_mutex_timedlock(self->world->mutexes[mutex], sim_now(sim) + 1 + self->number % 2);

    self->holds[mutex] = status == SIM_OK;
    felt(self, (int64_t)status);
}

static inline void join_until(struct sim *sim, struct worker *self, int thread, int64_t delay_ns)
{
    if (thread >= self->number)
        return;
    enum sim_status status =
        sim_thread_timedjoin(self->world->threads[thread], sim_now(sim) + delay_ns, NULL);

    felt(self, (int64_t)status);
}

static inline void perform(struct sim *sim, struct worker *self, struct op op)
{
    const struct world *world = self->world;
    int object = op.object;

    switch (op.kind) {
    case OP_READ:
        saw(self, sim_read(world->variables[object]));
        break;
    case OP_WRITE:
        sim_write(world->variables[object], 10 * self->number + self->last + 1);
        break;
    case OP_ADD:
        saw(self, sim_atomic_fetch_add(world->atomic, 1));
        break;
    case OP_LOAD:
        saw(self, sim_atomic_load(world->atomic));
        break;
    case OP_LOCK:
        lock(self, object);
        break;
    case OP_UNLOCK:
        unlock(self, object);
        break;
    case OP_TRY:
        if (!self->holds[object]) {
            self->holds[object] = sim_mutex_trylock(world->mutexes[object]);
            saw(self, self->holds[object]);
        }
        break;
    case OP_WAIT:
        lock(self, 0);
        (void)!sim_condvar_wait(world->condvar, world->mutexes[0]);
        break;
    case OP_SIGNAL:
        sim_condvar_signal(world->condvar);
        break;
    case OP_BROADCAST:
        sim_condvar_broadcast(world->condvar);
        break;
    case OP_YIELD:
        sim_thread_yield(sim);
        break;
    case OP_NUMBER:
        self->last = sim_choose_number(sim, 2);
        break;
    case OP_SLEEP:
        sim_thread_sleep(sim, 1 + object);
        break;
    case OP_TIMED_WAIT:
        lock(self, 0);
        saw(self, (int64_t)sim_condvar_timedwait(world->condvar, world->mutexes[0],
                                                 sim_now(sim) + 1 + object));
        break;
    case OP_NOW:
        saw(self, sim_now(sim));
        break;
    case OP_TIMED_LOCK:
        lock_until(sim, self, object);
        break;
    case OP_TIMED_JOIN:
        join_until(sim, self, object, 1 + object);
        break;
    case OP_LOOK_JOIN:
        join_until(sim, self, object, 0);
        break;
    default:
        break;
    }
}

static inline enum sim_status work(struct sim *sim, void *arg)
{
    struct worker *self = arg;
    const struct program *program = self->world->program;

    for (int i = 0; i < program->counts[self->number]; i++) {
        struct op op = program->ops[self->number][i];

        if (op.kind == OP_SKIP_IF_ODD)
            i += (int)(self->last & 1);
        else
            perform(sim, self, op);
    }
    for (int i = 0; i < MUTEXES; i++)
        unlock(self, i);
    saw(self, 0);
    return SIM_OK;
}

/* main of every program; arg: struct world with program and ending, to be filled in */
static inline enum sim_status run_program(struct sim *sim, void *arg)
{
    struct world *world = arg;
    struct worker workers[MAX_THREADS] = {{0}};
    struct sim_thread **threads = world->threads;

    memset(world->ending, 0, sizeof(*world->ending));
    for (int i = 0; i < VARIABLES; i++)
        world->variables[i] = sim_var_new(sim, NULL, 0);
    world->atomic = sim_atomic_new(sim, NULL, 0);
    for (int i = 0; i < MUTEXES; i++)
        world->mutexes[i] = sim_mutex_new(sim, NULL);
    world->condvar = sim_condvar_new(sim, NULL);
    if (world->prepare != NULL)
        SIM_TRY(world->prepare(sim, world));
    for (int i = 0; i < world->program->threads; i++) {
        workers[i] = (struct worker){.world = world, .number = i};
        threads[i] = sim_thread_new(sim, NULL, work, &workers[i]);
    }
    for (int i = 0; i < world->program->threads && world->program->joins; i++)
        if (world->program->impatient)
            SIM_TRY(sim_thread_timedjoin(threads[i], 2, NULL));
        else
            SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

/* The variables as a run, however it ended, has left them. */
static inline void note_ending(struct world *world)
{
    for (int i = 0; i < VARIABLES; i++)
        world->ending->variables[i] = sim_var_peek(world->variables[i]);
}

/* ---- The order of dependent events. ---- */

struct order {
    struct sink sink; /* first */
    struct sim_event events[MAX_EVENTS];
    int count;
    uint64_t
        hash; /* of the execution that ended last: the same for all orders that are equivalent */
};

static inline bool matters(const struct sim_event *event)
{
    static const bool kinds[SIM_EVENT_COUNT] = {
        [SIM_EV_SPAWN] = true,   [SIM_EV_DONE] = true,        [SIM_EV_JOIN] = true,
        [SIM_EV_ACQUIRE] = true, [SIM_EV_RELEASE] = true,     [SIM_EV_READ] = true,
        [SIM_EV_WRITE] = true,   [SIM_EV_ATOMIC_LOAD] = true, [SIM_EV_ATOMIC_RMW] = true,
        [SIM_EV_TRY] = true,     [SIM_EV_COND_WAIT] = true,   [SIM_EV_NOTIFY] = true,
        [SIM_EV_CHOICE] = true,
    };

    return kinds[event->kind] && (event->kind != SIM_EV_CHOICE || event->aux == SIM_CHOICE_NUMBER);
}

static inline bool only_reads(const struct sim_event *event)
{
    return event->kind == SIM_EV_READ || event->kind == SIM_EV_ATOMIC_LOAD ||
           event->kind == SIM_EV_TRY || event->kind == SIM_EV_JOIN;
}

static inline bool dependent(const struct sim_event *a, const struct sim_event *b)
{
    if (a->actor == b->actor)
        return true;
    if (a->kind == SIM_EV_SPAWN && a->object == b->actor)
        return true;
    /* What happens after the clock has moved comes after all that was before. */
    if (a->time_ns != b->time_ns)
        return true;
    if (a->kind == SIM_EV_CHOICE || b->kind == SIM_EV_CHOICE)
        return false;
    /* The end of the first thread is the end of everything. */
    if ((a->kind == SIM_EV_DONE && a->actor == 1) || (b->kind == SIM_EV_DONE && b->actor == 1))
        return true;
    return a->object == b->object && !(only_reads(a) && only_reads(b));
}

/* A number that an actor chose, or an end that it has waited for. */
static inline bool is_idle(const struct sim_event *event)
{
    return event->kind == SIM_EV_CHOICE || (event->kind == SIM_EV_JOIN && event->aux == 0);
}

/* If it did nothing after that, it is as good as not done. */
static inline void drop_idle(struct order *order)
{
    int kept = 0;

    for (int i = 0; i < order->count; i++) {
        bool idle = is_idle(&order->events[i]);

        for (int k = i + 1; idle && k < order->count; k++)
            idle = is_idle(&order->events[k]) || order->events[k].actor != order->events[i].actor;
        if (!idle)
            order->events[kept++] = order->events[i];
    }
    order->count = kept;
}

/* The least order of those that are equivalent, the first actor that can going first. */
static inline uint64_t normal_form(const struct order *order)
{
    bool done[MAX_EVENTS] = {false};
    int before[MAX_EVENTS] = {0}; /* how many that it depends on are not done */
    uint64_t hash = UINT64_C(1469598103934665603);

    for (int i = 0; i < order->count; i++)
        for (int k = 0; k < i; k++)
            before[i] += dependent(&order->events[k], &order->events[i]);
    for (int left = order->count; left > 0; left--) {
        int best = -1;

        for (int i = 0; i < order->count; i++)
            if (!done[i] && before[i] == 0 &&
                (best < 0 || order->events[i].actor < order->events[best].actor))
                best = i;
        const struct sim_event *event = &order->events[best];
        uint64_t words[] = {event->actor, event->kind, event->object,
                            event->kind == SIM_EV_CHOICE ? (uint64_t)event->value : 0,
                            (uint64_t)event->time_ns};

        done[best] = true;
        for (int i = best + 1; i < order->count; i++)
            before[i] -= dependent(event, &order->events[i]);
        for (int i = 0; i < 5; i++)
            hash = (hash ^ words[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static inline void order_begin(struct sink *sink, const struct registry *registry)
{
    (void)registry;
    ((struct order *)sink)->count = 0;
}

static inline void order_event(struct sink *sink, const struct sim_event *event)
{
    struct order *order = (struct order *)sink;

    if (event->kind == SIM_EV_END) {
        drop_idle(order);
        order->hash = normal_form(order);
    } else if (matters(event) && order->count < MAX_EVENTS) {
        order->events[order->count++] = *event;
    }
}

#endif
