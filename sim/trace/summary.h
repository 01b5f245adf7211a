/* Summary: what a run of threads comes to, kept while it runs, so that no event of it is made.
 *
 * Nearly every execution of a search shows nothing that an earlier one has not shown.  What the
 * detectors would find in it follows from a few words that each operation brings up to date: which
 * accesses nothing orders (vector clocks, of bytes), which writes overwrite what their writer has
 * not seen, which locks were taken in which order.  Where these words do not decide, the summary is
 * in doubt, and the same execution is run again with its events.
 *
 * It knows threads, mutexes, condition variables, variables and atomics, few of each, and no more:
 * a run that does anything else is refused, which ends it at once.  So is one in which somebody may
 * spin, because then a policy must learn of it. */
#ifndef SIM_TRACE_SUMMARY_H
#define SIM_TRACE_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/status.h"
#include "sim/trace/event.h"
#include "sim/trace/registry.h"

/* Ids are bits of a word; threads are bytes of a clock, which counts to the largest byte (with a
 * sign: those are compared at once by every processor). */
enum { SUMMARY_IDS = 64, SUMMARY_THREADS = 16 };

typedef int8_t summary_bytes __attribute__((vector_size(SUMMARY_THREADS)));

union summary_clock {
    summary_bytes all;
    int8_t of[SUMMARY_THREADS]; /* by number of a thread */
};

/* What is known of one id. */
struct summary_id {
    /* Thread: its own.  Variable: of each thread that has read it since it was written, the own
     * component when it last did.  All others: what those left who released it. */
    union summary_clock clock;
    union {
        struct {             /* variable or atomic */
            uint64_t fresh;  /* who has read it, and not written it since: bit 1 << id */
            uint64_t newer;  /* for whom it was written since they last read it */
            uint64_t led;    /* what those who wrote it had read before: variables */
            uint32_t writer; /* number of who wrote it last, and its component then; 0: nobody */
            uint32_t written;
        } var;
        struct {            /* thread */
            uint64_t held;  /* locks */
            uint64_t reads; /* variables, since it last wrote one */
            uint64_t deeds; /* that changed nothing, since something changed */
            uint32_t since; /* which change that was */
            uint32_t again; /* deeds that were there already */
            uint32_t number;
            uint32_t looked; /* id of what it read last; 0: it has read nothing */
            uint64_t bit;    /* of its id */
        } thread;
    } as;
};

/* In lines of the cache: what is no id's is one of them, but for what is known at the end alone. */
struct summary {
    _Alignas(64) uint64_t taken; /* locks */
    uint64_t woken;              /* threads that waited, and have read and written nothing since */
    uint64_t values; /* sum of what was written, where that was another value than before */
    uint64_t lost;   /* threads that wrote a variable from a stale copy */
    uint32_t changes;
    uint32_t spun;     /* after which change somebody was seen to repeat himself; 0: never */
    uint32_t repeats;  /* which it takes to be seen so */
    uint32_t acquired; /* locks, all told */
    uint8_t threads;
    uint8_t ended;   /* of them */
    bool raced;      /* two accesses of a variable were not ordered */
    bool up;         /* somebody who held a lock asked for one with a higher id */
    bool down;       /* or a lower one */
    bool blocked;    /* somebody was kept waiting for a lock */
    bool unheard;    /* somebody was to be notified, and nobody waited */
    bool doubt;      /* events are needed */
    bool refused;    /* the run was ended, for it did what is not known here */
    uint8_t outcome; /* enum sim_outcome */
    struct summary_id ids[SUMMARY_IDS];
    int64_t end_ns; /* virtual time */
};

#define SUMMARY_BIT(id) (UINT64_C(1) << (id))

/* Who repeats himself so often may spin. */
static inline void summary_begin(struct summary *summary, uint32_t repeats)
{
    summary->taken = 0;
    summary->woken = 0;
    summary->values = 0;
    summary->changes = 1;
    summary->spun = 0;
    summary->repeats = repeats;
    summary->acquired = 0;
    summary->threads = 0;
    summary->ended = 0;
    summary->raced = false;
    summary->lost = 0;
    summary->up = false;
    summary->down = false;
    summary->blocked = false;
    summary->unheard = false;
    summary->doubt = false;
    summary->refused = false;
}

/* A new object has this id.  Returns false if there are too many, or it is of no kind that is known
 * here. */
static inline bool summary_object(struct summary *summary, unsigned kind, uint32_t id)
{
    if (id >= SUMMARY_IDS ||
        (kind != SIM_OBJ_THREAD && kind != SIM_OBJ_MUTEX && kind != SIM_OBJ_CONDVAR &&
         kind != SIM_OBJ_VAR && kind != SIM_OBJ_ATOMIC))
        return false;
    summary->ids[id] = (struct summary_id){0};
    return true;
}

/* The least clock that is not before either; into the first. */
static inline void summary_join(union summary_clock *into, const union summary_clock *other)
{
    summary_bytes more = (summary_bytes)(other->all > into->all);

    into->all = (other->all & more) | (into->all & ~more);
}

static inline bool summary_exceeds(const union summary_clock *clock,
                                   const union summary_clock *other)
{
    union {
        summary_bytes bytes;
        uint64_t words[sizeof(summary_bytes) / sizeof(uint64_t)];
    } more = {.bytes = (summary_bytes)(clock->all > other->all)};

    return (more.words[0] | more.words[1]) != 0;
}

/* The component of a thread, by number. */
static inline uint32_t summary_component(const union summary_clock *clock, uint32_t number)
{
    return (uint8_t)clock->of[number];
}

static inline void summary_tick(struct summary *summary, struct summary_id *thread)
{
    int8_t *own = &thread->clock.of[thread->as.thread.number];

    if (__builtin_expect(*own == INT8_MAX, 0))
        summary->doubt = true;
    else
        ++*own;
}

static inline void summary_release(struct summary *summary, struct summary_id *thread,
                                   uint32_t object)
{
    summary_join(&summary->ids[object].clock, &thread->clock);
    summary_tick(summary, thread);
}

/* Something happened that others can notice: nobody has repeated anything since. */
static inline void summary_change(struct summary *summary)
{
    summary->changes++;
}

/* The same of a variable or atomic, which has another value now. */
static inline void summary_change_to(struct summary *summary, int64_t value)
{
    summary_change(summary);
    summary->values += (uint64_t)value;
}

/* The thread does something that leaves all as it was; of the things that it could be, few are the
 * same number modulo 64. */
static inline void summary_deed(struct summary *summary, struct summary_id *thread, uint32_t what)
{
    uint64_t bit = SUMMARY_BIT(what % 64);

    if (thread->as.thread.since != summary->changes) {
        thread->as.thread.since = summary->changes;
        thread->as.thread.again = 0;
        thread->as.thread.deeds = bit;
    } else if ((thread->as.thread.deeds & bit) == 0) {
        thread->as.thread.deeds |= bit;
    } else if (++thread->as.thread.again >= summary->repeats) {
        summary->spun = summary->changes;
    }
}

/* Different deeds with the same few objects are different numbers. */
enum { SUMMARY_READS = 0, SUMMARY_TAKES = 16, SUMMARY_GIVES = 32, SUMMARY_WRITES = 48 };

/* May somebody spin now? */
static inline bool summary_spins(const struct summary *summary)
{
    return summary->spun == summary->changes;
}

/* Returns false if there are too many threads. */
static inline bool summary_spawn(struct summary *summary, uint32_t actor, uint32_t thread)
{
    struct summary_id *child = &summary->ids[thread];

    if (summary->threads == SUMMARY_THREADS)
        return false;
    child->as.thread.number = summary->threads++;
    child->as.thread.bit = SUMMARY_BIT(thread);
    if (actor != 0)
        summary_release(summary, &summary->ids[actor], thread);
    summary_tick(summary, child);
    summary_change(summary);
    return true;
}

static inline void summary_done(struct summary *summary, unsigned status)
{
    summary->ended++;
    summary->doubt |= status != SIM_OK;
    summary_change(summary);
}

static inline void summary_joined(struct summary *summary, uint32_t actor, uint32_t thread)
{
    summary_join(&summary->ids[actor].clock, &summary->ids[thread].clock);
    summary_change(summary);
}

/* What a read is, of a variable or an atomic. */
static inline void summary_look(struct summary *summary, struct summary_id *thread, uint32_t object)
{
    struct summary_id *var = &summary->ids[object];
    uint64_t bit = thread->as.thread.bit;

    var->as.var.fresh |= bit;
    var->as.var.newer &= ~bit;
    thread->as.thread.looked = object;
    summary->woken &= ~bit;
    summary_deed(summary, thread, SUMMARY_READS + object);
}

static inline void summary_read(struct summary *summary, uint32_t actor, uint32_t object)
{
    struct summary_id *thread = &summary->ids[actor];
    struct summary_id *var = &summary->ids[object];
    uint32_t number = thread->as.thread.number;

    summary->raced |= var->as.var.written > summary_component(&thread->clock, var->as.var.writer);
    thread->as.thread.reads |= SUMMARY_BIT(object);
    summary_look(summary, thread, object);
    var->clock.of[number] = thread->clock.of[number];
}

static inline void summary_load(struct summary *summary, uint32_t actor, uint32_t object)
{
    struct summary_id *thread = &summary->ids[actor];

    summary_join(&thread->clock, &summary->ids[object].clock);
    summary_look(summary, thread, object);
}

/* What a write is; whole: its writer read the old value in the same step. */
static inline void summary_overwrite(struct summary *summary, struct summary_id *thread,
                                     uint32_t object, bool whole)
{
    struct summary_id *var = &summary->ids[object];
    uint64_t bit = thread->as.thread.bit;

    if (!whole)
        summary->lost |= var->as.var.fresh & var->as.var.newer & bit;
    var->as.var.fresh &= ~bit;
    var->as.var.newer = UINT64_MAX;
    /* It may write without having looked again. */
    summary->doubt |= (summary->woken & bit) != 0;
    summary_deed(summary, thread, SUMMARY_WRITES + object);
}

/* A variable is written by who has read others.  Was one of those written since, by somebody who
 * had read this one? */
static inline void summary_decide(struct summary *summary, struct summary_id *thread,
                                  uint32_t object)
{
    uint64_t reads = thread->as.thread.reads;

    thread->as.thread.reads = 0;
    summary->ids[object].as.var.led |= reads;
    for (uint64_t others = reads & ~SUMMARY_BIT(object); others != 0; others &= others - 1) {
        const struct summary_id *other = &summary->ids[__builtin_ctzll(others)];

        summary->doubt |= (other->as.var.led & SUMMARY_BIT(object)) != 0 &&
                          (other->as.var.newer & thread->as.thread.bit) != 0;
    }
}

static inline void summary_write(struct summary *summary, uint32_t actor, uint32_t object)
{
    struct summary_id *thread = &summary->ids[actor];
    struct summary_id *var = &summary->ids[object];
    uint32_t number = thread->as.thread.number;
    bool raced = var->as.var.written > summary_component(&thread->clock, var->as.var.writer);

    summary->raced |= raced | summary_exceeds(&var->clock, &thread->clock);
    var->clock.all = (summary_bytes){0};
    var->as.var.writer = number;
    var->as.var.written = summary_component(&thread->clock, number);
    summary_decide(summary, thread, object);
    summary_overwrite(summary, thread, object, false);
}

/* It is what was expected, before it is written: but it may have been something else since the
 * thread read it. */
static inline void summary_compare(struct summary *summary, uint32_t actor, uint32_t object)
{
    const struct summary_id *var = &summary->ids[object];

    summary->doubt |= (var->as.var.fresh & var->as.var.newer & SUMMARY_BIT(actor)) != 0;
}

/* A store, or a read-modify-write, which is whole. */
static inline void summary_store(struct summary *summary, uint32_t actor, uint32_t object,
                                 bool whole)
{
    struct summary_id *thread = &summary->ids[actor];

    summary_join(&thread->clock, &summary->ids[object].clock);
    summary_release(summary, thread, object);
    summary_overwrite(summary, thread, object, whole);
}

/* Who asks for a lock while holding others makes an order between them. */
static inline void summary_ask(struct summary *summary, const struct summary_id *thread,
                               uint32_t lock)
{
    uint64_t held = thread->as.thread.held;

    summary->up |= (held & (SUMMARY_BIT(lock) - 1)) != 0;
    summary->down |= (held & ~(SUMMARY_BIT(lock) | (SUMMARY_BIT(lock) - 1))) != 0;
}

static inline void summary_block(struct summary *summary, uint32_t actor, uint32_t lock)
{
    summary_ask(summary, &summary->ids[actor], lock);
    summary->blocked = true;
}

static inline void summary_acquire(struct summary *summary, uint32_t actor, uint32_t lock)
{
    struct summary_id *thread = &summary->ids[actor];

    summary_ask(summary, thread, lock);
    summary->doubt |= (summary->taken & SUMMARY_BIT(lock)) != 0;
    summary->taken |= SUMMARY_BIT(lock);
    summary->acquired++;
    thread->as.thread.held |= SUMMARY_BIT(lock);
    summary_join(&thread->clock, &summary->ids[lock].clock);
    summary_deed(summary, thread, SUMMARY_TAKES + lock);
}

static inline void summary_give(struct summary *summary, uint32_t actor, uint32_t lock)
{
    struct summary_id *thread = &summary->ids[actor];

    summary->doubt |= (thread->as.thread.held & SUMMARY_BIT(lock)) == 0;
    summary->taken &= ~SUMMARY_BIT(lock);
    thread->as.thread.held &= ~SUMMARY_BIT(lock);
    summary_release(summary, thread, lock);
    summary_deed(summary, thread, SUMMARY_GIVES + lock);
}

/* A mutex was found held. */
static inline void summary_try(struct summary *summary, uint32_t actor, uint32_t lock)
{
    summary_deed(summary, &summary->ids[actor], SUMMARY_TAKES + lock);
}

/* Somebody waits at a condition variable: because of something that is no longer so? */
static inline void summary_wait(struct summary *summary, uint32_t actor)
{
    uint32_t looked = summary->ids[actor].as.thread.looked;

    summary->doubt |= looked != 0 && summary->unheard &&
                      (summary->ids[looked].as.var.newer & SUMMARY_BIT(actor)) != 0;
    summary->woken &= ~SUMMARY_BIT(actor);
    summary_change(summary);
}

static inline void summary_woken(struct summary *summary, uint32_t actor, unsigned status)
{
    if (status == SIM_OK && summary->ids[actor].as.thread.looked != 0)
        summary->woken |= SUMMARY_BIT(actor);
    summary_change(summary);
}

static inline void summary_notify(struct summary *summary, bool heard)
{
    summary->unheard |= !heard;
    summary_change(summary);
}

#endif
