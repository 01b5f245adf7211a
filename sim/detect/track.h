/* Track: who waits for what, who holds what, who ended how.  Several detectors read it at the end.
 */
#ifndef SIM_DETECT_TRACK_H
#define SIM_DETECT_TRACK_H

#include <stdbool.h>

#include "sim/detect/permits.h"

/* What is known of one id, as an actor and as an object.  Zeroed: nothing yet. */
struct tracked {
    struct moment wait;    /* actor: where it was suspended last */
    struct moment block;   /* actor: found a lock held */
    struct moment heard;   /* actor: began to wait at a condition */
    struct moment raised;  /* actor: raised last; value: text id */
    struct moment done;    /* actor: ended; future: got its outcome */
    struct moment taken;   /* lock: by whom, when; queue: the last item */
    struct moment unheard; /* condition: notified, event: set, when nobody waited */
    struct moment cleared; /* event that was: by whom it was cleared again; step 0: not */
    struct moment cancel;  /* task: somebody asked it to stop, before its loop closed */
    struct moment woken;   /* actor: became ready; step 0: not since it was suspended last */
    struct sim_event
        seen; /* actor: the last event of which it is known where it was; step 0: none */
    int64_t woken_ns;
    int64_t deadline_ns;        /* actor: until when at most it waits, or waited; 0: no timer */
    int64_t until_ns;           /* thread: the same of its wait; 0: as long as it takes */
    int64_t missing;            /* barrier: how many must still come; queue: taken, not yet done */
    struct permit_list permits; /* semaphore */
    uint32_t looked;  /* actor: step of its last read before it waited at a condition or event */
    uint32_t blocker; /* thread: the task that blocks it, and so its loop; or did last */
    uint32_t first_waiter; /* lock: who began to wait while nobody else did, or last */
    uint32_t newest;       /* actor: the lock that it took last and holds; 0: none */
    uint32_t below;        /* lock that is held: the one that its holder took before; 0: none */
    uint32_t wait_object;
    uint8_t wait_why; /* enum sim_wait */
    uint8_t if_woken; /* actor that is stuck: enum wake_result of detect.h */
    uint8_t status;   /* enum sim_status with which it ended, or that a future got */
    uint8_t raised_status;
    bool suspended;
    bool awaited; /* task: somebody was suspended for it */
    bool held;
    bool handed_on; /* lock: given up by another than who took it */
    bool retrieved;
};

extern const struct tracked tracked_nothing;

struct track {
    const struct registry *registry;
    struct tracked *ids; /* by id - 1; owned */
    struct permits permits;
    uint32_t count; /* of ids in use */
    size_t capacity;
    uint32_t main; /* task of a loop that has closed; 0: none yet */
    bool tried;    /* a cancellation came from outside of the program, to see what becomes of it */
    uint32_t end_actor;
    uint32_t closed;    /* step at which the first loop closed; 0: none has */
    uint32_t held;      /* locks */
    uint32_t blocked;   /* actors that wait for a lock, or a permit, now */
    uint32_t suspended; /* actors that wait for anything, now */
    uint32_t failures;  /* ended with an exception that nobody has looked at */
    uint32_t last_step;
    bool out_of_memory;
    uint8_t outcome;
};

void track_begin(struct track *track, const struct registry *registry);
void track_free(struct track *track);

/* What an actor did: SIM_EV_SUSPEND, _RESUME, _BLOCK, _COND_WAIT, _RAISE, _DONE. */
void track_actor(struct track *track, const struct sim_event *event);

/* The actor waits at a condition or for an event, and read a variable at this step last; 0: it
 * never did. */
void track_looked(struct track *track, uint32_t actor, uint32_t step);

/* Any event, where somebody asks for words: who acts was seen there, and who is started. */
void track_seen(struct track *track, const struct sim_event *event);

/* What became of an object: SIM_EV_TIMER, _CANCEL, _WAKE, _ACQUIRE, _RELEASE, _SEM_ACQUIRE,
 * _SEM_RELEASE, _BARRIER_ARRIVE, _BARRIER_LEAVE, _NOTIFY, _SET, _CLEAR, _RESULT, _RETRIEVE, _GET,
 * _TASK_DONE. */
void track_object(struct track *track, const struct sim_event *event);

/* SIM_EV_LOOP_CLOSE, _END. */
void track_end(struct track *track, const struct sim_event *event);

/* What is known of an id; nothing, if it is 0 or was never seen. */
static inline const struct tracked *track_of(const struct track *track, uint32_t id)
{
    return id == 0 || id > track->count ? &tracked_nothing : &track->ids[id - 1];
}

/* Does it wait for something that somebody has: a lock, a mutex, a permit of a semaphore? */
bool track_blocked(const struct track *track, uint32_t actor);

/* Does it wait for so long, and no longer?  Also if that has passed, and it has not gone on yet. */
bool track_gives_up(const struct track *track, uint32_t actor, int64_t now_ns);

/* For whom the actor waits: the holder of a lock or permit (of several, one who has ended, else who
 * took his first), the task or thread awaited, or who blocks its loop; 0 if that is nobody. */
uint32_t track_awaited(const struct track *track, uint32_t actor);

/* Who blocks the loop of this task, by waiting for a mutex or a thread; 0: nobody else. */
uint32_t track_blocker(const struct track *track, uint32_t actor);

/* When that holder took it; its step is 0 if the actor does not wait for a holder. */
struct moment track_taken(const struct track *track, uint32_t actor);

/* How an actor ended, in words: of a run that is over, and of the step at which it does. */
const char *track_ended(const struct tracked *actor);
const char *track_ends(const struct tracked *actor);

#endif
