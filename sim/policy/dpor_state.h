/* The inside of optimal DPOR: the execution as a stack of frames, one a decision. */
#ifndef SIM_POLICY_DPOR_STATE_H
#define SIM_POLICY_DPOR_STATE_H

#include "sim/base/vclock.h"
#include "sim/policy/dpor.h"
#include "sim/policy/footprint.h"
#include "sim/policy/identity.h"
#include "sim/policy/wakeup_tree.h"

#define DPOR_NONE UINT32_MAX

/* A step, or a choice of a number within one.  Kept from execution to execution for its memory. */
struct dpor_frame {
    struct footprint *print; /* of the step; NULL: a number */
    uint32_t option;         /* the answer */
    uint32_t offered;        /* options there were */
    uint8_t op;              /* announced */
    bool of_task;            /* from one await to the next */
    bool finished;           /* its clock is known, and it stands in the histories */
    bool could_time;         /* a deadline could have passed in its place */
    uint32_t time_object;    /* and that would have touched this; 0: it is not known what */

    /* Of a step. */
    uint32_t index; /* of its actor's steps, from 1 */
    uint32_t epoch; /* the frame with which the clock last moved */
    int64_t now_ns;
    struct vclock clock;          /* by actor: how many of its steps happened before, or are this */
    struct vclock before;         /* of all, where an epoch begins */
    struct wakeup_node *siblings; /* to be tried instead */
    struct footprint **sleep;     /* need not be tried: what they lead to has been; owned */
    size_t sleep_count;
    size_t sleep_capacity;

    /* Of a number. */
    uint32_t owner; /* the step, or DPOR_NONE */
    uint32_t nth;   /* of that step's numbers */
    uint32_t start; /* the value tried first */
    uint32_t tries;
};

enum { HISTORY_STEP = TOUCH_CHOICE }; /* beside enum touch_how: the object is the actor itself */

struct dpor_entry {
    uint32_t frame;
    uint32_t how;
};

/* What happened to one object or actor, oldest first. */
struct dpor_history {
    struct dpor_entry *at; /* owned */
    size_t count;
    size_t capacity;
};

struct dpor_race {
    uint32_t first;
    uint32_t second;         /* DPOR_NONE: a step that never came */
    struct footprint *never; /* that step; one reference */
    bool cut_off;            /* by the end of the program, which is the first */
};

/* An actor that stands before a mutex that is held. */
struct dpor_wanting {
    uint32_t actor;
    uint32_t mutex;
};

struct dpor {
    struct policy policy; /* first */
    struct sink sink;
    const struct registry *registry;
    struct identity identity;
    struct footprint_pool prints;
    struct wakeup_pool nodes;

    struct dpor_frame *frames; /* owned */
    uint32_t count;
    size_t frame_room; /* of which have been made */
    size_t frame_capacity;
    uint32_t kept;              /* frames of the last execution that this one repeats */
    uint32_t first_new;         /* the first whose footprint is not known yet */
    uint32_t depth;             /* decisions taken in this execution */
    uint32_t open;              /* the step that runs; DPOR_NONE: before the first */
    uint32_t numbers;           /* choices of numbers in it so far */
    struct wakeup_node *follow; /* what must come next */
    struct footprint *script;   /* how the open step went when it was planned; or NULL */

    struct dpor_history *histories; /* by stable id; owned */
    size_t history_capacity;
    struct dpor_race *races; /* of this execution, by second; owned */
    size_t race_count;
    size_t race_capacity;
    struct dpor_entry *rivals; /* scratch: who may be in a race with a step; owned */
    size_t rival_count;
    size_t rival_capacity;
    struct sequence sequence; /* scratch */
    struct footprint *second; /* of the race that is being planned */

    struct dpor_wanting *wanting; /* owned */
    size_t wanting_count;
    size_t wanting_capacity;
    struct touch *waits; /* by stable id: for what a task was suspended; object 0: nothing; owned */
    size_t wait_capacity;
    struct sim_option *last; /* options of the last decision on a step; owned */
    size_t last_count;
    size_t last_capacity;
    bool threads;    /* there is more than one */
    bool main_ended; /* while others could still run */
    bool gave_up;    /* this execution */

    struct dpor_statistics statistics;
};

static inline bool dpor_is_step(const struct dpor_frame *frame)
{
    return frame->print != NULL;
}

/* Are steps of the clock choices?  Then it is the second thing in the registry. */
enum { DPOR_CLOCK = 2 };
bool dpor_has_clock(const struct dpor *dpor);

/* The history of a stable id; NULL when out of memory. */
struct dpor_history *dpor_history(struct dpor *dpor, uint32_t id);

/* The open step has ended: order it after what it depends on, and note its races. */
bool dpor_finish(struct dpor *dpor, uint32_t at);
void dpor_unfinish(struct dpor *dpor, uint32_t at);

/* The clock of everything that has happened. */
bool dpor_clock_of_all(struct dpor *dpor, struct vclock *clock);

/* The execution is complete: plan the other order of every race. */
bool dpor_plan(struct dpor *dpor);

/* One event: what does the open step touch? */
void dpor_event(struct sink *sink, const struct sim_event *event);

/* What an announced operation would touch. */
struct footprint *dpor_announced(struct dpor *dpor, const struct sim_option *option);

/* What a deadline would touch as it passes, whose thread waits for the object; 0: not known. */
struct footprint *dpor_deadline(struct dpor *dpor, uint32_t object);

/* The step that is open now has begun; known: its footprint is. */
void dpor_begin_step(struct dpor *dpor, bool known, enum sim_choice_kind kind);

/* The stable id of the actor that all callbacks of loops are together: they stay in order. */
uint32_t dpor_callbacks(struct dpor *dpor);

/* The stable id of an option's actor. */
uint32_t dpor_actor(struct dpor *dpor, const struct sim_option *option);

#endif
