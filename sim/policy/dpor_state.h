/* The inside of optimal DPOR: the execution as a stack of frames, one a decision. */
#ifndef SIM_POLICY_DPOR_STATE_H
#define SIM_POLICY_DPOR_STATE_H

#include "sim/base/vclock.h"
#include "sim/base/vec.h"
#include "sim/policy/dpor.h"
#include "sim/policy/footprint.h"
#include "sim/policy/identity.h"
#include "sim/policy/spin.h"
#include "sim/policy/wakeup_tree.h"

#define DPOR_NONE UINT32_MAX

/* What steps touch that is no object of the program; the last ones by kind of call. */
enum dpor_own {
    DPOR_OWN_FIRST_WAIT = 1, /* who waits for a deadline when nobody else does */
    DPOR_OWN_TURNS,          /* of loops beside threads, as a mutex */
    DPOR_OWN_TASKS,          /* that there are some */
    DPOR_OWN_OUTPUT,
    DPOR_OWN_TIME, /* where the clock is no actor: it moves in a step that keeps its loop waiting */
    DPOR_OWN_CALLBACKS,                              /* as an actor, and its queue */
    DPOR_OWN_ORDER = DPOR_OWN_CALLBACKS + SIM_CALLS, /* in which they were started */
    DPOR_OWN_FRONT = DPOR_OWN_ORDER + SIM_CALLS,     /* which is the first of them */
};

enum { FIRST_THREAD = 1 };

/* A step that need not be tried, or one way that it can go: see dpor_sleep.c. */
struct dpor_sleeper {
    struct footprint *print; /* one reference */
    bool light;       /* it fell asleep in a wide frame: nobody has planned what will wake it */
    bool one_of_many; /* ways; the others sleep, too */
    bool waits;       /* until all ways of its step, which is at work, have been tried */
    bool woken;       /* others of its ways sleep on */
};

/* A place in an execution, and what was known there: see dpor_rewind.c. */
struct dpor_mark {
    uint32_t call; /* calls of the policy before this one */
    uint32_t ids;  /* of the registry that were known */
    bool threads;  /* what the flags of the search were */
    bool loops;
    bool idles;
    bool news;
    size_t undo; /* notes there were */
    size_t spin_undo;
};

enum dpor_undo_kind { UNDO_WAIT, UNDO_WANT, UNDO_WANT_NO_MORE };

/* What something was before it changed: the wait of the actor at, or the wanting at that place. */
struct dpor_undo {
    enum dpor_undo_kind kind;
    uint32_t at;
    uint32_t first;
    uint32_t second;
};

/* A step, or a choice of a number within one. */
struct dpor_frame {
    struct footprint *print; /* of the step; NULL: a number */
    uint32_t option;         /* the answer */
    uint32_t offered;        /* options there were */
    uint8_t op;              /* announced */
    bool of_task;            /* from one await to the next */
    bool finished;           /* its clock is known, and it stands in the histories */
    bool wide;               /* all that can go on is tried here, whatever the races say */
    bool unlisted;           /* wide, and it has to be seen yet who can */
    bool shared;             /* every part of a divided search takes it */
    bool has_clock;          /* steps of the clock are choices */
    bool last_resort;        /* the clock moved, for nobody else could go on */
    bool could_time;         /* a deadline could have passed in its place */
    bool varies;             /* what it reads it may write, in another order */
    bool changed;            /* it has changed something, or released a mutex */
    bool woken;              /* its actor spun, and could not have taken it without a change */
    bool released;           /* before it, everybody who was left spun: see dpor_spin.c */
    bool alone;              /* all steps come before it or after it: see dpor_block.c */

    /* Of a step. */
    uint32_t actor;               /* of print; known once it is finished, as what follows */
    uint32_t step_before;         /* frame + 1 of its actor's step before it; 0: none */
    uint32_t index;               /* of its actor's steps, from 1 */
    uint32_t steps_before;        /* of those that races can matter to */
    uint32_t epoch;               /* the frame with which the clock last moved */
    int64_t now_ns;               /* as it began */
    int64_t until_ns;             /* later, if it kept its loop waiting */
    struct wakeup_node *siblings; /* to be tried instead */
    uint64_t asleep;              /* who sleeps, modulo 64 */
    size_t sleep_count;
    struct footprint *rest; /* what turns that followed at once touched: see dpor_turn.c; or NULL */
    uint32_t tried;         /* steps that were taken here before this one */
    uint32_t pieces;        /* that it goes on with after silent ones: see dpor_pieces.c */
    uint32_t width;         /* wide: actors tried */
    uint32_t prefixes;      /* shared: there may be so many prefixes like the one up to here */
    uint32_t early;         /* so many deadlines could pass from here on while others can go on */
    uint32_t time_object;   /* could_time: and that would have touched this; 0: it is not known */

    /* Of a number. */
    uint32_t nth;   /* of its step's numbers */
    uint32_t start; /* the value tried first */
    uint32_t tries;

    /* All before this begins as 0. */
    uint32_t owner;        /* of a number, the step, or DPOR_NONE */
    struct dpor_mark mark; /* as it was asked for; call 0: not known, or the first */

    /* Kept from execution to execution for their memory. */
    struct vclock clock;        /* by actor: how many of its steps happened before, or are this */
    struct vclock before;       /* of all, where an epoch begins */
    struct dpor_sleeper *sleep; /* owned */
    size_t sleep_capacity;
};

struct dpor_entry {
    uint32_t frame;
    uint32_t how;
    size_t changed; /* the last entry before it that does not only read, counted from 1; 0: none */
};

/* What happened to one object or actor, oldest first.  Of an actor: frame + 1 of its last step; 0:
 * it has taken none. */
struct dpor_history {
    struct dpor_entry *at; /* owned */
    size_t count;
    size_t capacity;
    uint32_t last_step;
};

/* A step that is finished, and not silent, in short. */
struct dpor_step {
    struct footprint *print; /* borrowed from its frame, as the elements of the clock */
    struct vclock clock;
};

/* A call that was added to a loop's queue. */
struct dpor_call {
    uint32_t call;
    uint32_t frame;
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
    uint8_t *kinds; /* of objects: enum sim_object_kind, by the registry's id; owned */
    size_t kind_capacity;
    struct identity identity;
    struct footprint_pool prints;
    struct wakeup_pool nodes;

    struct dpor_frame *frames; /* owned */
    size_t frame_capacity;
    uint32_t count;                /* of frames */
    uint32_t kept;                 /* frames of the last execution that this one repeats */
    uint32_t first_new;            /* the first whose footprint is not known yet */
    uint32_t depth;                /* decisions taken in this execution */
    uint32_t open;                 /* the step that runs; DPOR_NONE: before the first */
    uint32_t numbers;              /* choices of numbers in it so far */
    uint32_t pieces;               /* that it went on with so far */
    uint32_t call;                 /* of the policy, in this execution */
    struct wakeup_node *follow;    /* what must come next */
    uint64_t prefix;               /* number of the shared prefix of this execution, from 0 */
    uint64_t plans_max;            /* steps that may be planned */
    uint32_t callbacks[SIM_CALLS]; /* by kind: the actor they are; 0: nobody has asked yet */
    uint32_t part;                 /* of the search: every parts-th prefix, from this one on */
    uint32_t parts;
    struct footprint *script; /* how the open step went when it was planned; or NULL */

    struct dpor_history *histories; /* by stable id; owned */
    size_t history_capacity;
    struct dpor_step *steps; /* of this execution; owned */
    size_t step_count;
    size_t step_capacity;
    struct dpor_call *calls; /* in this execution; owned */
    size_t call_count;
    size_t call_capacity;
    struct dpor_race *races; /* of this execution, by second; owned */
    size_t race_count;
    size_t race_capacity;
    uint32_t *rivals; /* scratch: who may be in a race with a step; owned */
    size_t rival_count;
    size_t rival_capacity;
    struct sequence sequence; /* scratch */
    struct sequence rest;     /* the same */
    struct footprint *second; /* of the race that is being planned */

    struct dpor_mark here; /* where the policy is being asked */
    /* By call; owned.  So many of the first are those of the last execution: what happens before
     * the next call is known, and skipped. */
    struct sim_answer *answers;
    size_t answer_capacity;
    struct sim_answers known;
    struct sim_passes passing; /* pieces that the simulation goes on with without asking */
    bool unlisted;             /* some frame is */
    bool skips;                /* what happens now */
    bool again;                /* the whole execution is that of the last time */
    struct dpor_undo *undo;    /* owned */
    size_t undo_count;
    size_t undo_capacity;

    struct spin spin;
    bool idles; /* all who could go on spin: they take turns, and that is no part of the search */
    bool news;  /* and something has changed since */
    bool released; /* and that has ended: whatever comes next comes after all of it */

    uint32_t *stops; /* frames of steps that touch all, after which others went on; owned */
    size_t stop_count;
    size_t stop_capacity;
    struct dpor_wanting *wanting; /* owned */
    size_t wanting_count;
    size_t wanting_capacity;
    struct touch *waits; /* by stable id: for what a task was suspended; object 0: nothing; owned */
    size_t wait_capacity;
    struct sim_option *last; /* options of the last decision on a step, if it is listed; owned */
    bool listed;
    uint32_t last_count;
    uint32_t last_from; /* the first, in cyclic order */
    uint32_t last_at;   /* the one that was taken */
    size_t last_capacity;
    bool threads;   /* there is more than one */
    bool tasks;     /* there are some, in any execution */
    bool has_clock; /* its steps are choices */
    bool turns;     /* loops choose whose turn it is; in all executions */
    bool beside;    /* threads beside a loop; in any execution */
    bool lists;     /* this execution ends as soon as it is known who can go on in its last frame */
    bool begin_again; /* the search, for that was not known */
    bool by_task;     /* the open step is a task's */
    bool passes;      /* it went on at once when the policy was asked last: see dpor_pieces.c */
    bool woke;        /* the open step has woken somebody */
    bool many_loops;  /* there are, in any execution: their queues are one object */
    bool selects;     /* it has ended, and its loop waits */
    bool loops;       /* the first does nothing but run a loop */
    bool main_ended;  /* while others could still run */
    bool gave_up;     /* this execution */
    bool unwoken;     /* because everybody sleeps, and what that hides must be planned */

    struct dpor_statistics statistics;
};

static inline bool dpor_is_step(const struct dpor_frame *frame)
{
    return frame->print != NULL;
}

/* The stable id of one of these, or of the next ones. */
static inline uint32_t dpor_own(struct dpor *dpor, uint32_t own)
{
    return identity_intern(&dpor->identity, 0, own);
}

/* Where steps of the clock are choices, it is the second thing in the registry. */
enum { DPOR_CLOCK = 2 };

/* Do tasks go in any order, with no thread beside their loop? */
static inline bool dpor_has_loop_alone(const struct dpor *dpor)
{
    return dpor->turns && !dpor->threads;
}

/* Is the object with this id of the registry of the kind? */
static inline bool dpor_is_kind(const struct dpor *dpor, uint32_t id, enum sim_object_kind kind)
{
    return id <= dpor->identity.known && dpor->kinds[id] == kind;
}

/* The open step has ended: order it after what it depends on, and note its races. */
bool dpor_finish(struct dpor *dpor, uint32_t at);
void dpor_unfinish(struct dpor *dpor, uint32_t at);

/* Order a step after what it depends on, and note its races: the clock begins as what its actor did
 * before, which is another's task where the step has never come.  Both return false when out of
 * memory. */
bool dpor_begin_clock(struct dpor *dpor, uint32_t actor, struct vclock *clock);
bool dpor_order(struct dpor *dpor, const struct footprint *print, struct vclock *clock,
                struct dpor_race race);
/* Takes over the reference, if there is one. */
bool dpor_add_race(struct dpor *dpor, struct dpor_race race);

/* The clock of everything that has happened. */
bool dpor_clock_of_all(struct dpor *dpor, struct vclock *clock);

/* The clock moves: plan that who stands before a held mutex had it before its holder, and that who
 * was ready while a task blocked its loop had its turn before that.  What happens later comes after
 * all this, and is in no race with it.  Returns false when out of memory. */
bool dpor_plan_before_clock(struct dpor *dpor);

/* Forget the races with steps that never came. */
void dpor_drop_never(struct dpor *dpor);

/* The execution is complete: plan the other order of every race. */
bool dpor_plan(struct dpor *dpor);

/* How it is told of events. */
void dpor_sink_init(struct dpor *dpor);

/* The open step touches the object; 0: nothing. */
static inline void dpor_touch(struct dpor *dpor, uint32_t object, enum touch_how how)
{
    if (object != 0 && !footprint_add(&dpor->prints, &dpor->frames[dpor->open].print,
                                      (struct touch){object, (uint32_t)how}))
        dpor->sink.out_of_memory = true;
}

/* A task or future is cancelled: who waits for something leaves the queue in which he stands. */
void dpor_cancel(struct dpor *dpor, uint32_t object);

/* What it touches by a look; object: the event's, by its stable id. */
void dpor_look(struct dpor *dpor, const struct sim_event *event, uint32_t object);

/* Know what is in the registry. */
void dpor_learn(struct dpor *dpor);

/* A new frame, and the last one given back.  NULL when out of memory. */
struct dpor_frame *dpor_push(struct dpor *dpor);
void dpor_pop(struct dpor *dpor);

/* It sleeps from now on; takes over the reference.  Returns false when out of memory. */
bool dpor_fall_asleep(struct dpor_frame *frame, struct dpor_sleeper sleeper);

/* The frame's step has been tried, the last way that it can go or one of several: it sleeps, and
 * the frame has none.  Both return false when out of memory. */
bool dpor_lay_down(struct dpor_frame *frame);
bool dpor_lay_down_way(struct dpor_frame *frame);

/* Would the frame's step, with the nth number and those before it, go a way that sleeps? */
bool dpor_sleeps_that_way(const struct dpor_frame *frame, uint32_t nth, uint32_t value);

/* In a new frame, after the open step has been finished: who sleeps, and what happened before the
 * clock moved.  Both return false when out of memory. */
bool dpor_inherit_sleep(struct dpor *dpor, struct dpor_frame *frame);
bool dpor_begin_epoch(struct dpor *dpor, struct dpor_frame *frame, int64_t now_ns);

/* The slow half of dpor_sleeps. */
bool dpor_sleeps_surely(const struct dpor_frame *frame, uint32_t actor);

/* Is the actor asleep? */
static inline bool dpor_sleeps(const struct dpor_frame *frame, uint32_t actor)
{
    return (frame->asleep >> actor % 64 & 1) != 0 && dpor_sleeps_surely(frame, actor);
}

/* Does what begins with somebody who sleeps cover the sequence? */
bool dpor_covers(const struct dpor_frame *frame, const struct sequence *sequence);

/* Has the actor taken a step? */
bool dpor_has_begun(const struct dpor *dpor, uint32_t actor);

/* A new frame of a divided search: must it be wide, and is it shared?  Returns false if it is
 * another part's. */
bool dpor_share_out(struct dpor *dpor, struct dpor_frame *frame);

/* Try everybody else who can go on from here, too.  Returns false when out of memory. */
bool dpor_widen(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *choice);

/* The same for a frame that is not at hand: from the next execution on that comes there. */
void dpor_make_wide(struct dpor *dpor, struct dpor_frame *frame);

/* Too much is planned: make frames wide instead, the first ones first. */
void dpor_forget_plans(struct dpor *dpor);

/* The open step, which is wide, has ended: need nobody else be tried in its place? */
void dpor_narrow(struct dpor *dpor);

/* The same of any step that is open. */
static inline void dpor_narrow_open(struct dpor *dpor)
{
    if (dpor->open != DPOR_NONE && dpor->frames[dpor->open].wide)
        dpor_narrow(dpor);
}

/* Take a step of this frame, the last one, and open it: the one that was planned, if one was and it
 * is there, or the first that need not sleep.  Returns the answer. */
uint32_t dpor_take(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *choice);

/* The same of an option that is known: the at-th of so many. */
uint32_t dpor_open_step(struct dpor *dpor, struct dpor_frame *frame,
                        const struct sim_option *option, uint32_t at, uint32_t offered);

/* Is the next decision on a step an ordinary one, of a thread?  Then take it.  Returns the answer.
 */
bool dpor_is_plain(const struct dpor *dpor, const struct sim_choice *given);
uint32_t dpor_step_plainly(struct dpor *dpor, const struct sim_choice *given);

/* The answer of who is out of memory.  What is lost cannot be had again: the sink says so for good.
 */
static inline uint32_t dpor_out_of_memory(struct dpor *dpor)
{
    dpor->sink.out_of_memory = true;
    return SIM_NO_MEMORY;
}

/* What the next frames were to do is done, or can't be. */
void dpor_forget_script(struct dpor *dpor);

/* Is it the first step of a turn, beside threads?  Such a one takes turns from others. */
static inline bool dpor_is_turn(const struct dpor_frame *frame)
{
    return frame->of_task && frame->print->locks;
}

/* This frame has ended: if it is a turn, what it touches belongs to the choice of threads before.
 * Returns false when out of memory. */
bool dpor_note_turn(struct dpor *dpor, uint32_t at);

/* This frame's turn is the first that is more than one step.  Returns false when out of memory. */
bool dpor_split_turn(struct dpor *dpor, struct dpor_frame *frame);

/* Plan the other order of a race whose first step is a turn.  Returns false when out of memory. */
bool dpor_plan_before_turn(struct dpor *dpor, const struct dpor_race *race);

/* Plan the scratch sequence at a frame; open: as for wakeup_insert.  Returns false when out of
 * memory. */
bool dpor_insert(struct dpor *dpor, struct dpor_frame *frame, bool open);

/* The open step has ended, of which it was not known all that it does: plans that it may begin are
 * to follow it.  Returns false when out of memory. */
bool dpor_sort_plans(struct dpor *dpor);

/* The frame's step is to sleep, with all that followed at once.  Returns false when out of memory.
 */
bool dpor_join_rest(struct dpor *dpor, struct dpor_frame *frame);

/* What was planned first at this frame cannot be done: beside threads and where tasks go in any
 * order, everybody is tried in its place.  Returns false when out of memory. */
bool dpor_try_all(struct dpor *dpor, uint32_t at, const struct sim_choice *choice);

/* The open step is of a task beside threads that keeps its loop waiting. */
void dpor_block_loop(struct dpor *dpor);

/* What an announced operation would touch. */
struct footprint *dpor_announced(struct dpor *dpor, const struct sim_option *option);

/* Within the open step a turn of a loop begins, with a choice of what is due: the deadlines that
 * come are those of the steps before it. */
void dpor_begin_turn(struct dpor *dpor);

/* What a deadline would touch as it passes, whose thread waits for the object; 0: not known. */
struct footprint *dpor_deadline(struct dpor *dpor, uint32_t object);

/* The step that is open now has begun; known: its footprint is. */
void dpor_begin_step(struct dpor *dpor, bool known, enum sim_choice_kind kind);

/* The slow half of dpor_waits. */
bool dpor_waits_surely(const struct dpor *dpor, const struct sim_option *option);

/* Does the option's actor spin, so that it cannot go on? */
static inline bool dpor_waits(const struct dpor *dpor, const struct sim_option *option)
{
    return dpor->spin.repeaters > 0 && dpor_waits_surely(dpor, option);
}

/* A decision, before anything else is done with it.  Is it taken outside of the search? */
bool dpor_idles(struct dpor *dpor, const struct sim_choice *choice, uint32_t *option);

/* A decision: is it no such, but that the open step goes on? */
bool dpor_goes_on(struct dpor *dpor, const struct sim_choice *choice, uint32_t *option);

/* The same of one that is not looked at closer; but not always. */
bool dpor_goes_on_at_once(struct dpor *dpor, const struct sim_choice *given);

/* A step of a thread has begun, or passes: the simulation need not ask before each piece of it. */
void dpor_let_pass(struct dpor *dpor, uint32_t offered);

/* The slow half of dpor_see_passes. */
void dpor_see_passes_surely(struct dpor *dpor);

/* Know of the pieces that were gone on with without asking. */
static inline void dpor_see_passes(struct dpor *dpor)
{
    if (dpor->passing.taken > 0)
        dpor_see_passes_surely(dpor);
}

/* Keep the options of a decision on a step, of which one was taken.  Returns false when out of
 * memory. */
bool dpor_remember(struct dpor *dpor, const struct sim_choice *choice);

/* The nth of those options, in their order. */
static inline const struct sim_option *dpor_last(const struct dpor *dpor, uint32_t nth)
{
    uint32_t at = dpor->last_from + nth;

    return &dpor->last[at < dpor->last_count ? at : at - dpor->last_count];
}

/* The open step begins, as the option says: was its actor woken?  Of interest where somebody has
 * repeated himself. */
void dpor_wake(struct dpor *dpor, const struct sim_option *option, bool known);

/* Could the second step of a race have been taken without the first? */
bool dpor_can_wake(const struct dpor *dpor, const struct dpor_race *race);

/* The stable id of the actor that callbacks of loops are, all of one kind together: they stay in
 * order. */
uint32_t dpor_callbacks(struct dpor *dpor, uint32_t kind);

/* Is it one of those that have gone? */
static inline bool dpor_is_callbacks(const struct dpor *dpor, uint32_t actor)
{
    for (uint32_t kind = 0; kind < SIM_CALLS; kind++)
        if (dpor->callbacks[kind] == actor)
            return true;
    return false;
}

/* A decision: is it no such, but that the open turn goes on, which has kept its loop waiting? */
bool dpor_turn_goes_on(struct dpor *dpor, const struct sim_choice *choice);

/* Is the next step still part of that turn?  Then the open step is in no order with others' that
 * could have come before it or after it: all that happened comes before it, and the rest after it.
 */
bool dpor_stands_alone(struct dpor *dpor, const struct sim_choice *choice);

/* Where the execution stands. */
struct dpor_mark dpor_mark(const struct dpor *dpor);

/* The next execution begins: go to the first step that is not known. */
void dpor_rewind(struct dpor *dpor);

/* The first answers of an execution are known: all of the last one, if it is to be the same, or
 * those before the next call.  And the next of them, where somebody stands between this policy and
 * the simulation, which else takes them itself. */
void dpor_say_again(struct dpor *dpor);
uint32_t dpor_answer_again(struct dpor *dpor, const struct sim_choice *choice);

/* The policy has answered its last call.  Returns false when out of memory. */
static inline bool dpor_note_answer(struct dpor *dpor, struct sim_answer answer)
{
    if (!vec_reserve(&dpor->answers, dpor->call, &dpor->answer_capacity, sizeof(*dpor->answers)))
        return false;
    dpor->answers[dpor->call - 1] = answer;
    return true;
}

/* For what an actor waits, of which there is a wait; and a mutex that is wanted, or is no more,
 * whose place is then taken by the last. */
void dpor_set_wait(struct dpor *dpor, uint32_t actor, struct touch touch);
void dpor_want(struct dpor *dpor, struct dpor_wanting wanting);
void dpor_want_no_more(struct dpor *dpor, uint32_t at);

/* The stable id of an option's actor. */
uint32_t dpor_actor(struct dpor *dpor, const struct sim_option *option);

#endif
