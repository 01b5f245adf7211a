/* World: what everybody and everything is like at a moment of a run, computed from its trace.
 *
 * A trace says only what changes.  To know how things stand after any number of events, copies of
 * the whole state are kept at regular distances, and the events behind the nearest one are applied
 * again: with distances of about the square root of the number of events, both the memory and the
 * time of a jump stay small.  The copies of a run with very many objects are farther apart. */
#ifndef RENDER_WORLD_H
#define RENDER_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/trace/trace.h"

enum world_state {
    WORLD_ABSENT, /* has not begun, or is not known to act */
    WORLD_CREATED,
    WORLD_READY,
    WORLD_RUNNING,
    WORLD_WAITING,
    WORLD_DONE,
};

enum { WORLD_NEVER = -1 };

/* One object of the registry: an actor, or what actors use. */
struct world_thing {
    int64_t value;    /* variable: what it holds; semaphore: permits left; event: 1 if set; queue:
                         items in it; executor: jobs in it; barrier: who must still come; process:
                         its exit code */
    int64_t wake_ns;  /* actor that waits: when it wakes by itself; WORLD_NEVER: it does not */
    int64_t timer_ns; /* a timer that concerns it and has not fired; WORLD_NEVER: none was set */
    uint32_t event;   /* index: since when its state, holder or value is what it is */
    uint32_t object;  /* actor that waits: for what, or 0; lock: its holder, or 0; variable: who
                         wrote it last, or 0; thread: the task that stops it, or 0 */
    uint8_t state;    /* enum world_state: of an actor, or a future that is done */
    uint8_t why;    /* enum sim_wait, of an actor that waits; SIM_WAIT_GIL: a mutex whose holder is
                       not told */
    uint8_t status; /* enum sim_status, of an actor that is done */
    bool known;     /* value has been told */
    bool asked;     /* to stop: a task that was cancelled and is not done */
};

struct world;

/* Begin before the first event of a trace (borrowed).  Returns NULL when out of memory. */
struct world *world_new(const struct trace *trace);
void world_free(struct world *world);

/* Go to where so many events have happened, from 0 to all; more are all. */
void world_seek(struct world *world, size_t events);

/* How many events have happened. */
size_t world_events(const struct world *world);

/* How many events have happened when the step of an event is over, and time has not moved since. */
size_t world_after(const struct trace *trace, size_t event);

/* The virtual time of the last event that has happened; 0 before the first. */
int64_t world_now(const struct world *world);

/* Who is who in it. */
const struct registry *world_registry(const struct world *world);

/* The thing with this id, from 1 to registry_count; valid until the next seek. */
const struct world_thing *world_thing(const struct world *world, uint32_t id);

/* Who runs; 0: nobody, or the event loop itself. */
uint32_t world_running(const struct world *world);

/* The actors in a state, in order of id; who waits for an object, in the order in which they began
 * to.  At most `most` of them go to ids.  Returns how many there are. */
size_t world_in_state(const struct world *world, enum world_state state, uint32_t *ids,
                      size_t most);
size_t world_waiters(const struct world *world, uint32_t object, uint32_t *ids, size_t most);

/* Those who can run and do not: ready, or created and not yet run; in the order in which they
 * became so, which is that of a loop's ready queue.  The first `most` go to ids.  Returns how many.
 */
size_t world_ready(const struct world *world, uint32_t *ids, size_t most);

/* Lines printed so far, and one of them, from 0. */
size_t world_printed(const struct world *world);
const char *world_line(const struct world *world, size_t index);

/* A timer that was set and has not fired.  Nothing is told of a call_at that was cancelled. */
struct world_timer {
    int64_t at_ns;
    uint32_t object; /* whom it concerns; 0: a callback */
};

/* Timers in the order in which they are due; the first `most` go to timers.  Returns how many there
 * are. */
size_t world_timers(const struct world *world, struct world_timer *timers, size_t most);

/* A line of the description of a world. */
enum world_words {
    WORLD_HEAD,  /* "tasks and threads", "locks" ... */
    WORLD_WORDS, /* "Task-2: awaits gather" */
    WORLD_MORE,  /* "and 12 more" */
};

struct world_teller {
    void (*line)(void *arg, enum world_words kind, uint32_t object, const char *text);
    void *arg;
    size_t most; /* lines under a head, at least 1, and of timers at most 32; one more says how many
                    are left */
};

/* Describe it all: who runs, is ready, waits and for what; locks with holders and waiters; values;
 * timers; lines printed. */
void world_tell(const struct world *world, const struct world_teller *teller);

#endif
