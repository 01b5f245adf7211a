/* Events: the one contract between what runs and what reads.
 *
 * An actor is a thread or a task; every actor and object of a run has an id in its registry, from
 * 1; 0 means "none" (the event loop itself, where an actor is asked for).  A step is one visible
 * operation: `step` grows by one with each operation an actor performs, so it names the operation;
 * an event that is only the consequence of an operation (somebody became ready) carries its step.
 */
#ifndef SIM_TRACE_EVENT_H
#define SIM_TRACE_EVENT_H

#include <stdint.h>

/* What an event means for happens-before: what the actor learns from, or leaves with, the object.
 */
enum sim_hb {
    SIM_HB_NONE,
    SIM_HB_ACQUIRE,
    SIM_HB_RELEASE,
    SIM_HB_BOTH,
    SIM_HB_READ,  /* plain access: must be ordered with every write */
    SIM_HB_WRITE, /* plain access: must be ordered with every other access */
};

/* One row a kind: constant, name in the trace file, happens-before, and in the comment what
 * object, aux and value hold.  `actor` is who did it. */
#define SIM_EVENTS(X)                                                                              \
    X(SIM_EV_SPAWN, "spawn", SIM_HB_RELEASE)  /* object: new task or thread */                     \
    X(SIM_EV_RESUME, "resume", SIM_HB_NONE)   /* actor gets the CPU; value: 1 the first time */    \
    X(SIM_EV_SUSPEND, "suspend", SIM_HB_NONE) /* object: what it waits for or 0; aux: sim_wait;    \
                                                 value: until when a thread waits at most, or      \
                                                 sleeps (ns); 0: no such limit */                  \
    X(SIM_EV_PREEMPT, "preempt", SIM_HB_NONE) /* a thread lost the CPU but can run */              \
    X(SIM_EV_WAKE, "wake", SIM_HB_NONE) /* object: who became ready; value: what by, or 0; aux: 1  \
                                           if only so that nothing is stuck */                     \
    X(SIM_EV_DONE, "done",                                                                         \
      SIM_HB_RELEASE) /* actor ended; object: itself; aux: status; value: result */                \
    X(SIM_EV_CANCEL, "cancel", SIM_HB_NONE) /* object: task or future asked to stop; aux: see      \
                                               enum sim_cancel */                                  \
    X(SIM_EV_JOIN, "join", SIM_HB_ACQUIRE)  /* object: the thread or task that had ended; aux: 1   \
                                               if it was only looked at */                         \
    X(SIM_EV_RAISE, "raise", SIM_HB_NONE)   /* aux: status; value: string id of the message */     \
    X(SIM_EV_RETRIEVE, "retrieve",                                                                 \
      SIM_HB_NONE)                          /* object: task or future whose exception was read */  \
    X(SIM_EV_RESULT, "result", SIM_HB_NONE) /* object: future that got a result */                 \
    X(SIM_EV_TIMER, "timer",                                                                       \
      SIM_HB_NONE)                      /* object: whom it concerns or 0; value: deadline (ns) */  \
    X(SIM_EV_FIRE, "fire", SIM_HB_NONE) /* a deadline passed; object: whom it concerns or 0 */     \
    X(SIM_EV_ACQUIRE, "acquire",                                                                   \
      SIM_HB_ACQUIRE) /* object: lock or mutex taken; aux: 1 if it could do without */             \
    X(SIM_EV_RELEASE, "release", SIM_HB_RELEASE) /* object: lock or mutex given up */              \
    X(SIM_EV_BLOCK, "block", SIM_HB_NONE) /* object: lock or mutex that is held; value: holder id; \
                                             aux: 1 if it is waited for until a deadline */        \
    X(SIM_EV_SET, "set", SIM_HB_RELEASE)  /* object: event; value: number of waiters woken */      \
    X(SIM_EV_CLEAR, "clear", SIM_HB_NONE) /* object: event */                                      \
    X(SIM_EV_COND_WAIT, "cond_wait", SIM_HB_NONE)   /* object: condition */                        \
    X(SIM_EV_COND_WOKEN, "cond_woken", SIM_HB_NONE) /* object: condition; aux: status; value: 1    \
                                                       for no reason */                            \
    X(SIM_EV_NOTIFY, "notify",                                                                     \
      SIM_HB_NONE)                         /* object: condition; value: number of waiters woken */ \
    X(SIM_EV_READ, "read", SIM_HB_READ)    /* object: variable; value: what was read */            \
    X(SIM_EV_WRITE, "write", SIM_HB_WRITE) /* object: variable; value: what was written */         \
    X(SIM_EV_ATOMIC_LOAD, "load", SIM_HB_ACQUIRE) /* object: atomic; value: what was read */       \
    X(SIM_EV_ATOMIC_STORE, "store", SIM_HB_BOTH)  /* object: atomic; value: what was written */    \
    X(SIM_EV_ATOMIC_RMW, "rmw", SIM_HB_BOTH)      /* object: atomic; value: what was written;      \
                                                     aux: 1 if it was compared first */            \
    X(SIM_EV_PRINT, "print", SIM_HB_NONE)         /* value: string id of the line */               \
    X(SIM_EV_CHECK, "check", SIM_HB_NONE)   /* a check failed; value: string id of the claim */    \
    X(SIM_EV_CHOICE, "choice", SIM_HB_NONE) /* aux: sim_choice_kind; object: what was taken;       \
                                               value: index << 32 | options */                     \
    X(SIM_EV_LOOP_CLOSE, "loop_close",                                                             \
      SIM_HB_NONE) /* main returned; object: main; value: tasks pending */                         \
    X(SIM_EV_PENDING, "pending", SIM_HB_NONE) /* object: task pending when its loop closes */      \
    X(SIM_EV_END, "end", SIM_HB_NONE)         /* last event; aux: sim_outcome */                   \
    X(SIM_EV_SEM_ACQUIRE, "sem_acquire",                                                           \
      SIM_HB_ACQUIRE) /* object: semaphore; value: permits that are left */                        \
    X(SIM_EV_SEM_RELEASE, "sem_release",                                                           \
      SIM_HB_RELEASE) /* object: semaphore; value: permits with this one */                        \
    X(SIM_EV_BARRIER_ARRIVE, "arrive",                                                             \
      SIM_HB_RELEASE) /* object: barrier; value: how many must still come */                       \
    X(SIM_EV_BARRIER_LEAVE, "leave",                                                               \
      SIM_HB_ACQUIRE) /* object: barrier; aux: status; value: index */                             \
    X(SIM_EV_BARRIER_RESET, "reset", SIM_HB_RELEASE) /* object: barrier; value: how many wait */   \
    X(SIM_EV_BARRIER_ABORT, "abort", SIM_HB_RELEASE) /* object: barrier; value: how many wait */   \
    X(SIM_EV_PUT, "put", SIM_HB_RELEASE)             /* object: queue; value: the item */          \
    X(SIM_EV_GET, "get", SIM_HB_ACQUIRE)             /* object: queue; value: the item */          \
    X(SIM_EV_TASK_DONE, "task_done",                                                               \
      SIM_HB_RELEASE) /* object: queue; value: items that are not done */                          \
    X(SIM_EV_QUEUE_JOIN, "queue_join", SIM_HB_ACQUIRE) /* object: queue whose items are done */    \
    X(SIM_EV_SHUTDOWN, "shutdown",                                                                 \
      SIM_HB_RELEASE) /* object: queue or executor; value: 1 if it is emptied, too */              \
    X(SIM_EV_SUBMIT, "submit", SIM_HB_RELEASE) /* object: executor; value: the job */              \
    X(SIM_EV_WORK, "work", SIM_HB_ACQUIRE)     /* a worker takes a job; object, value: as above */ \
    X(SIM_EV_COMPLETE, "complete",                                                                 \
      SIM_HB_RELEASE) /* object: job, or call for a loop; aux: status; value: result */            \
    X(SIM_EV_SETTLE, "settle", SIM_HB_ACQUIRE) /* who waits, or the loop, gets it; object: it */   \
    X(SIM_EV_COMPUTE, "compute", SIM_HB_NONE)  /* the thread is busy; value: for how long (ns) */  \
    X(SIM_EV_CREATE, "create", SIM_HB_NONE)    /* object: coroutine */                             \
    X(SIM_EV_AWAITED, "awaited", SIM_HB_NONE)  /* object: coroutine that runs, or is closed */     \
    X(SIM_EV_KILL, "kill", SIM_HB_NONE)        /* object: thread that never runs again */          \
    X(SIM_EV_CONNECT, "connect", SIM_HB_NONE)  /* object: stream to the server; aux: status */     \
    X(SIM_EV_ACCEPT, "accept", SIM_HB_NONE)    /* object: stream from the client */                \
    X(SIM_EV_SEND, "send", SIM_HB_RELEASE)     /* object: stream; value: bytes */                  \
    X(SIM_EV_RECEIVE, "receive", SIM_HB_ACQUIRE) /* object: stream; value: bytes */                \
    X(SIM_EV_CLOSE, "close", SIM_HB_RELEASE)     /* object: stream, server or file */              \
    X(SIM_EV_EXIT, "exit", SIM_HB_RELEASE)       /* object: process; value: its exit code */       \
    X(SIM_EV_REAP, "reap", SIM_HB_ACQUIRE)       /* object: process; value: its exit code */       \
    X(SIM_EV_FILE, "file", SIM_HB_NONE) /* object: file; value: bytes written, or -read */         \
    X(SIM_EV_TRY, "try", SIM_HB_NONE)   /* object: mutex found held; value: holder id; or a thread \
                                           that was found not to have ended */                     \
    X(SIM_EV_LOOK, "look", SIM_HB_NONE) /* object: whose state was asked; 0: that of a loop's      \
                                           queue; aux: sim_look, how, which says what value is.    \
                                           Only told to policies that ask each time */             \
    X(SIM_EV_PRIORITY, "priority",                                                                 \
      SIM_HB_NONE) /* object: thread; value: its priority from now on; aux: 1 if it is lent */     \
    X(SIM_EV_PROPERTY, "property", SIM_HB_NONE) /* object: a property that does not hold; aux:     \
                                                   sim_property_kind; actor: who broke it.  Before \
                                                   it, with SIM_PROPERTY_SAW: an object that its   \
                                                   predicate looked at; value: what it saw */      \
    X(SIM_EV_CLOCK, "clock", SIM_HB_NONE) /* a deadline passes, where that is a choice; actor,     \
                                             object: the clock; value: the deadline (ns); aux: 1   \
                                             if others could have gone on */

enum sim_event_kind {
#define SIM_EVENT_ENUM(id, name, hb) id,
    SIM_EVENTS(SIM_EVENT_ENUM)
#undef SIM_EVENT_ENUM
        SIM_EVENT_COUNT
};

/* Why an actor does not run: aux of SIM_EV_SUSPEND. */
#define SIM_WAITS(X)                                                                               \
    X(SIM_WAIT_YIELD, "yield")   /* ready again at once: sleep(0), thread yield */                 \
    X(SIM_WAIT_SLEEP, "sleep")   /* for virtual time */                                            \
    X(SIM_WAIT_FUTURE, "future") /* for a future, task or group */                                 \
    X(SIM_WAIT_LOCK, "lock")     /* for a lock or mutex: "blocked" in pictures */                  \
    X(SIM_WAIT_EVENT, "event")                                                                     \
    X(SIM_WAIT_CONDITION, "condition")                                                             \
    X(SIM_WAIT_JOIN, "join")     /* for a thread to end */                                         \
    X(SIM_WAIT_SELECT, "select") /* a loop's thread: nothing ready */                              \
    X(SIM_WAIT_SEMAPHORE, "semaphore")                                                             \
    X(SIM_WAIT_BARRIER, "barrier")                                                                 \
    X(SIM_WAIT_GET, "get")               /* for an item in a queue */                              \
    X(SIM_WAIT_PUT, "put")               /* for room in a queue */                                 \
    X(SIM_WAIT_QUEUE_JOIN, "queue_join") /* for a queue's items to be done */                      \
    X(SIM_WAIT_WORK, "work")         /* a worker: for something to do; or for all to be done */    \
    X(SIM_WAIT_BLOCKING, "blocking") /* a thread sleeps and so blocks the loop that it runs */     \
    X(SIM_WAIT_COMPUTE, "compute")   /* it does not wait: it is busy */                            \
    X(SIM_WAIT_GIL, "gil")           /* for its turn to compute */                                 \
    X(SIM_WAIT_CONNECT, "connect")   /* for a connection */                                        \
    X(SIM_WAIT_RECEIVE, "receive")   /* for bytes from a stream */                                 \
    X(SIM_WAIT_DRAIN, "drain")       /* for room in a stream */                                    \
    X(SIM_WAIT_CLOSED, "closed")     /* for a stream or server to be closed */                     \
    X(SIM_WAIT_PROCESS, "process")   /* for a process to end */

enum sim_wait {
#define SIM_WAIT_ENUM(id, name) id,
    SIM_WAITS(SIM_WAIT_ENUM)
#undef SIM_WAIT_ENUM
        SIM_WAIT_COUNT
};

/* How somebody looks, and what else only policies must know of: aux of SIM_EV_LOOK.  With object 0,
 * SIM_LOOK_AT and SIM_LOOK_CHANGED say that a call will be added to a loop's queue.  The numbers
 * may stand in trace files. */
enum sim_look {
    SIM_LOOK_AT = 0,      /* at the state of the object, which stays as it is */
    SIM_LOOK_CHANGED = 1, /* its state was changed, although that is no event */
    /* Begins to wait for the object, the clock, as the first who does; value: the thread, if it
     * stands still until then, and 0 where a deadline is set for later. */
    SIM_LOOK_WAITS_FIRST = 2,
    SIM_LOOK_WAITS = 3,   /* the same, and somebody waits for it already */
    SIM_LOOK_ENDED = 4,   /* has waited for the end of the object, a thread */
    SIM_LOOK_ENABLED = 5, /* the object, a thread, can go on */
    /* To a loop's queue; object 0; value: loop << 32 | kind << SIM_CALL_SHIFT | number of call. */
    SIM_LOOK_CALL_ADDED = 6,
    SIM_LOOK_CALL_MADE = 7, /* of a loop's queue; the same */
    /* A turn of a loop begins: what was added before is made in it.  Object 0; value: loop << 32,
     * and 1 if other threads have added all of it, so that the loop would have waited else. */
    SIM_LOOK_TURN = 8,
    SIM_LOOK_ITEM_ADDED = 9,  /* at the end of the object, a queue; value: number of the item */
    SIM_LOOK_ITEM_TAKEN = 10, /* from its front; the same */
    SIM_LOOK_ITEM_NONE = 11,  /* there is none to be taken */
    SIM_LOOK_STOPS = 12,      /* a loop, for good: what has not been called by then is not */
    SIM_LOOK_CALL_FIRST = 13, /* of its kind may now be another one; object 0; value: as above */
    /* A handle is called now, or cancelled; object: who made it; value: as his nth. */
    SIM_LOOK_HANDLE = 14,
    SIM_LOOK_CANCELLED = 15, /* the object, a task or future */
    SIM_LOOK_TIME = 16,      /* at what time it is; object 0 */
    SIM_LOOK_SELECTS = 17,   /* a loop, for nothing is ready; object 0 */
};

/* What a loop calls that is no step of a task.  Those of one kind stay in order among themselves:
 * as they were added; by deadline; or as their descriptors became ready. */
enum sim_call {
    SIM_CALL_ADDED,
    SIM_CALL_TIMER,
    SIM_CALL_IO,
    SIM_CALLS,
    SIM_CALL_STOP = SIM_CALLS, /* and the end of its run, which keeps no order with others */
};

/* In the number of a call, its kind stands from this bit on. */
enum { SIM_CALL_SHIFT = 28 };

/* Where cancellations are tried (--cancel): aux of SIM_EV_CANCEL, which is 0 for the program's own.
 */
enum sim_cancel {
    SIM_CANCEL_BEGINS = 1, /* from outside, as the await begins */
    SIM_CANCEL_ENDS,       /* from outside, as the await ends: what it waited for is there */
    SIM_CANCEL_TAKEN_BACK, /* Task.uncancel, of a task that was cancelled from outside */
};

/* How a run ended: aux of SIM_EV_END. */
#define SIM_OUTCOMES(X)                                                                            \
    X(SIM_OUTCOME_FINISHED, "finished")   /* main returned SIM_OK */                               \
    X(SIM_OUTCOME_FAILED, "failed")       /* main raised */                                        \
    X(SIM_OUTCOME_STUCK, "stuck")         /* nothing can run and no timer is pending */            \
    X(SIM_OUTCOME_STEPS, "steps")         /* stopped by the limit on steps */                      \
    X(SIM_OUTCOME_MEMORY, "memory")       /* stopped by the limit on memory */                     \
    X(SIM_OUTCOME_OVERFLOW, "overflow")   /* a fiber overran its stack */                          \
    X(SIM_OUTCOME_DIVERGED, "diverged")   /* a replay met other choices than recorded */           \
    X(SIM_OUTCOME_NO_MEMORY, "no-memory") /* the machine has run out of it */

enum sim_outcome {
#define SIM_OUTCOME_ENUM(id, name) id,
    SIM_OUTCOMES(SIM_OUTCOME_ENUM)
#undef SIM_OUTCOME_ENUM
        SIM_OUTCOME_COUNT
};

/* aux of SIM_EV_PROPERTY: it is false; it never was true; it is false at the end. */
enum sim_property_kind {
    SIM_PROPERTY_INVARIANT,
    SIM_PROPERTY_EVENTUALLY,
    SIM_PROPERTY_FINALLY,
    SIM_PROPERTY_SAW
};

struct sim_event {
    int64_t time_ns; /* virtual */
    int64_t value;
    uint32_t step; /* from 1 */
    uint32_t actor;
    uint32_t object;
    uint16_t site; /* in the registry; 0: unknown */
    uint8_t kind;
    uint8_t aux;
};

_Static_assert(sizeof(struct sim_event) == 32, "an event is 32 bytes");

/* Names as in the trace file; "?" for a number that is none. */
const char *sim_event_name(unsigned kind);
const char *sim_wait_name(unsigned wait);
const char *sim_outcome_name(unsigned outcome);

/* How a run ended, for a sentence: "stopped by the limit on steps", and most as their names. */
const char *sim_outcome_words(unsigned outcome);

/* Happens-before meaning of a kind. */
enum sim_hb sim_event_hb(unsigned kind);

#endif
