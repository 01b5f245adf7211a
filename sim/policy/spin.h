/* Spin: who repeats itself and waits for what another must do, as a search that reduces orders
 * needs to know it.  fair.h asks the same, and answers with everything that has happened since.
 * Here the answer depends on nothing but the actor's own deeds and on the changes of what it looked
 * at, so that it is the same in every order of independent steps.
 *
 * An actor that reads the same value again, writes what is there already, or tries in vain again,
 * FAIR_REPEATS times, spins; one that takes a mutex for it, after SPIN_POLLS rounds.  It need not
 * go on before something that it looked at has changed.  A change is another value, or the release
 * of what it tried to take.  To give way is no deed.  Who holds a mutex that it took as part of
 * this is not stopped there.
 *
 * A task that gives way within its repetition is between two rounds whenever it does.  It may be
 * cancelled there: then it begins anew.
 *
 * What is known can be taken back to any moment of the execution: the next one may begin as the
 * last one did. */
#ifndef SIM_POLICY_SPIN_H
#define SIM_POLICY_SPIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/trace/event.h"

enum {
    SPIN_RECENT = 4, /* a loop may look at so many things and still be seen to repeat itself */
    SPIN_POLLS = 8,  /* rounds of a loop that takes a mutex each time */
};

/* What was done to which object. */
struct spin_deed {
    int64_t value;
    uint32_t object;
    uint32_t version; /* of the object then */
    uint8_t kind;
    bool looks; /* it matters when the object changes */
};

/* How often an actor has repeated itself, and in what. */
struct spin_count {
    uint32_t repeats;
    uint32_t deeds;   /* that are known; the last SPIN_RECENT of them in recent */
    uint32_t taken;   /* mutexes, since it began to repeat itself, and not released */
    uint32_t yielded; /* 1: since then */
};

struct spin_actor {
    struct spin_count count;
    struct spin_deed recent[SPIN_RECENT];
};

struct spin_object {
    int64_t value;
    uint32_t version; /* counts changes */
    bool valued;
};

/* What one deed has changed. */
struct spin_undo {
    struct spin_count count; /* the actor's */
    uint32_t actor;
    uint32_t object;           /* UINT32_MAX: none */
    uint32_t slot;             /* in recent; SPIN_RECENT: none */
    struct spin_object before; /* the object */
    struct spin_deed deed;     /* that was in the slot */
};

/* Invariant: when everything is taken back, all is zero. */
struct spin {
    struct spin_actor *actors; /* owned; by id */
    size_t actor_capacity;
    struct spin_object *objects; /* owned; by id */
    size_t object_capacity;
    struct spin_undo *undo; /* owned */
    size_t undo_count;
    size_t undo_capacity;
    uint32_t repeaters; /* actors who have repeated themselves now as often as who spins */
    bool out_of_memory;
};

/* {0} is empty. */
void spin_free(struct spin *spin);

/* An execution begins that is the same as the last up to where undo_count was this; 0: a new one.
 */
void spin_rewind(struct spin *spin, size_t undo_count);

/* The actor begins anew. */
void spin_forget(struct spin *spin, uint32_t id);
void spin_forget_all(struct spin *spin);

enum spin_change {
    SPIN_SAME,   /* others cannot notice it */
    SPIN_FREED,  /* a mutex was released: only who tried to take it can */
    SPIN_CHANGED /* they can */
};

/* An event, of a task or of a thread: does it change anything?  Only of a task it counts what it
 * asks without an operation. */
enum spin_change spin_see(struct spin *spin, const struct sim_event *event, bool of_task);

/* The same of an access to a variable, or of who takes or releases a mutex. */
enum spin_change spin_see_access(struct spin *spin, const struct sim_event *event);

/* The same of what is a change for certain, of something that nobody looks at again and again: what
 * its actor repeated before does not count. */
static inline void spin_see_news(struct spin *spin, uint32_t id)
{
    if (id < spin->actor_capacity && spin->actors[id].count.deeds > 0)
        spin_forget(spin, id);
}

/* Has the actor repeated itself enough, and would do so again with what it stands before (op: the
 * enum sim_event_kind that is announced)? */
bool spin_repeats(const struct spin *spin, uint32_t id, uint32_t object, uint8_t op);

/* The same of a task that stands between two rounds, and for a thread that runs a task, which gives
 * way to others of its loop: whether it does. */
bool spin_polls(const struct spin *spin, uint32_t id);
bool spin_yields(const struct spin *spin, uint32_t id);

/* Has nothing changed that one who repeats itself has looked at since? */
bool spin_sees_no_change(const struct spin *spin, uint32_t id);

/* The next object that the actor looked at in its repetition, from *place, which begins as 0.
 * Returns 0 after the last. */
uint32_t spin_looked_at(const struct spin *spin, uint32_t id, uint32_t *place);

#endif
