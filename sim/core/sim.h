/* Simulation: one run of one program on a virtual clock, under a schedule that a policy chooses.
 *
 * Everything that a run makes lives in the run's arena: nothing made by a program is ever freed
 * by it, and a run may be abandoned at any instruction. */
#ifndef SIM_CORE_SIM_H
#define SIM_CORE_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"
#include "sim/base/value.h"
#include "sim/trace/event.h"
#include "sim/trace/registry.h"
#include "sim/trace/schedule.h"

struct sim;
struct policy;
struct sink;

/* A body: of main, of a task, of a thread.  Its status is how it ends; what it returns to whoever
 * awaits it is set with sim_return. */
typedef enum sim_status (*sim_body_fn)(struct sim *sim, void *arg);

/* A state of the program, true or not: what somebody waits for, or what must hold.  It must not
 * block. */
typedef bool (*sim_predicate_fn)(void *arg);

/* Virtual time in nanoseconds. */
#define SIM_NS INT64_C(1)
#define SIM_US (INT64_C(1000) * SIM_NS)
#define SIM_MS (INT64_C(1000) * SIM_US)
#define SIM_SECOND (INT64_C(1000) * SIM_MS)

/* Which orders of ready tasks, and of what they wait for, a policy may choose from.  Each is also
 * possible at the next (of "any" with time explored). */
enum sim_level {
    SIM_LEVEL_FIFO,   /* what CPython does with exactly these durations */
    SIM_LEVEL_TIMING, /* what it could do if sleeps, time-outs and I/O took longer or shorter */
    SIM_LEVEL_ANY,    /* any ready task may go next: what another loop might do */
};

/* When virtual time moves. */
enum sim_time {
    SIM_TIME_LATE,     /* when nothing can run: a deadline never comes in anybody's way */
    SIM_TIME_EXPLORED, /* at any point the earliest pending deadline may pass; and a thread may wake
                          from a condition variable for no reason, once in a run */
};

/* How many deadlines pass before their turn, at most, if nothing else is said. */
enum { SIM_EARLY_DEFAULT = 8, SIM_EARLY_MOST = 1000 };

/* After how many steps a run is stopped, if nothing else is said, and with how much memory; it can
 * always have some. */
enum { SIM_MAX_STEPS_DEFAULT = 100000000, SIM_MAX_MEMORY_LEAST = 1 << 20 };
#define SIM_MAX_MEMORY_DEFAULT ((size_t)8 << 30)

struct sim_config {
    enum sim_level level;
    enum sim_time time;
    uint32_t early;     /* in a run: so many deadlines may pass before their turn; 0: the default */
    const char *cancel; /* the task that may be cancelled at one of its awaits, by name; "any": any
                           one; NULL: none; borrowed */
    uint32_t max_steps; /* 0: the default */
    size_t max_memory;  /* of the arena, in bytes; 0: the default */
    size_t stack_size;  /* of each fiber; 0: 60 KiB (256 KiB under ASan); rounded up to pages */
};

/* The limit on memory that this sets, in bytes. */
static inline size_t sim_config_memory(const struct sim_config *config)
{
    size_t most = config->max_memory == 0 ? SIM_MAX_MEMORY_DEFAULT : config->max_memory;

    return most < SIM_MAX_MEMORY_LEAST ? SIM_MAX_MEMORY_LEAST : most;
}

/* Create a simulation.  config may be NULL.  Returns NULL when out of memory.  Owner: the caller,
 * who frees it with sim_free. */
struct sim *sim_new(const struct sim_config *config);
void sim_free(struct sim *sim);

/* Who chooses; borrowed.  NULL (the default) takes option 0 always: FIFO. */
void sim_set_policy(struct sim *sim, struct policy *policy);

/* Tell sink of every event from the next run on; borrowed; at most 8.  Returns false when full. */
bool sim_add_sink(struct sim *sim, struct sink *sink);

struct summary;

/* In the next runs, keep this summary (trace/summary.h; borrowed) in place of events, of which no
 * sink is told (but that of a policy which knows answers: policy.h); NULL: make them again.  Where
 * that cannot be, a run is refused, as the summary then says. */
void sim_set_summary(struct sim *sim, struct summary *summary);

/* Run main as the first thread ("MainThread"), and all that it starts, until main has ended or
 * nothing can run.  May be called again and again: each run starts from nothing, and reuses the
 * memory of the last.
 *
 * Returns: how the run ended: SIM_OUTCOME_NO_MEMORY also where a sink or the policy had no memory
 *          for what it must know, though a sink may have been told of another end. */
enum sim_outcome sim_run(struct sim *sim, sim_body_fn main, void *arg);

/* The same for an asyncio program: main is a task on a loop of the first thread.
 *
 * As:      asyncio.run(main()) */
enum sim_outcome sim_run_async(struct sim *sim, sim_body_fn main, void *arg);

/* After a run: its choices (borrowed until the next run), its registry, steps taken, virtual end.
 */
const struct schedule *sim_schedule(const struct sim *sim);
const struct registry *sim_registry(const struct sim *sim);
uint32_t sim_steps(const struct sim *sim);

/* Did the last run use priorities (thread/priority.h)?  Who can run then depends on more than the
 * steps that dpor takes for dependent. */
bool sim_priorities_used(const struct sim *sim);
/* What was not offered to the policy in the last run, although it could have happened: a set. */
enum sim_withheld {
    SIM_WITHHELD_EARLY = 1,    /* one more deadline before its turn */
    SIM_WITHHELD_SPURIOUS = 2, /* one more wake-up for no reason */
};
unsigned sim_withheld(const struct sim *sim);

/* What main returned, and the exception with which it failed (NULL if it did not). */
struct sim_value sim_result(const struct sim *sim);
const struct sim_exception *sim_failure(const struct sim *sim);

/* In the next run: where nothing can run any more, wake this actor, once, if it waits at a
 * condition, a condition variable or an event, as if it had been notified; end the run at most so
 * many steps later.  The run is a fork of the one that would have been stuck. */
void sim_rescue(struct sim *sim, uint32_t actor, uint32_t steps);

/* ---- For bodies. ---- */

/* Virtual time since the run began.  As loop.time(). */
int64_t sim_now(struct sim *sim);

/* Zeroed memory, max-aligned, that lives until the run ends; never NULL: a full arena ends the run
 * with SIM_OUTCOME_MEMORY, and a machine without memory with SIM_OUTCOME_NO_MEMORY. */
void *sim_alloc(struct sim *sim, size_t size);

/* A formatted string in the arena. */
const char *sim_format(struct sim *sim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Print one line (without its newline) as the program's output.  As print(). */
void sim_print(struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Set what the running body returns, and return SIM_OK.  As `return value`. */
enum sim_status sim_return(struct sim *sim, struct sim_value value);

/* Raise: remember an exception of this kind and message for the running task or thread.
 *
 * Returns: status, to be returned.  As `raise ValueError("...")`. */
enum sim_status sim_raise(struct sim *sim, enum sim_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the place: what sim_raise is for whoever includes sim/sim.h. */
enum sim_status sim_raise_at(struct sim *sim, enum sim_status status, const struct sim_site *site,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

/* State what must be true: a false one is a finding of the run, which goes on.
 *
 * Returns: ok. */
bool(sim_check)(struct sim *sim, bool ok, const struct sim_site *site, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
#define sim_check(sim, ok, ...) (sim_check)((sim), (ok), SIM_HERE, __VA_ARGS__)

/* A whole number among 0 .. count-1 that the policy chooses: every one is explored. */
uint32_t sim_choose_number(struct sim *sim, uint32_t count);

/* Exceptions: kind, message ("" if none), and what it was raised from (NULL if nothing). */
enum sim_status sim_exception_kind(const struct sim_exception *exception);
const char *sim_exception_message(const struct sim_exception *exception);
const struct sim_exception *sim_exception_cause(const struct sim_exception *exception);

/* The exception that the running task or thread met last; NULL if none. */
const struct sim_exception *sim_exception(const struct sim *sim);

#endif
