/* Policy: asked, wherever more than one thing could happen next, which of them does. */
#ifndef SIM_CORE_POLICY_H
#define SIM_CORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct sim;
struct snapshots;

enum sim_choice_kind {
    SIM_CHOICE_THREAD, /* which thread takes the next step */
    SIM_CHOICE_TASK,   /* which ready handle a loop runs next (freedom "any") */
    SIM_CHOICE_NUMBER, /* sim_choose_number: options differ only in their index */
    /* The others are like numbers: none of their options is a step of somebody's. */
    SIM_CHOICE_TIME,   /* which deadline passes at a turn of a loop, if one does */
    SIM_CHOICE_WAKE,   /* a wait for a condition variable: 1: it ends for no reason */
    SIM_CHOICE_CANCEL, /* an await: 1: it is cancelled as it begins; 2: as it ends */
};

/* Are its options numbers, and not who goes next? */
static inline bool sim_choice_is_number(enum sim_choice_kind kind)
{
    return kind >= SIM_CHOICE_NUMBER;
}

/* One thing that could happen next: who, and the operation it stands before. */
struct sim_option {
    uint32_t actor;  /* task, or thread that runs none; 0: a callback of the loop */
    uint32_t object; /* that the operation is on; 0: none known */
    uint32_t thread; /* SIM_CHOICE_THREAD: on which it is done; the actor may be a task on it */
    uint8_t op;      /* enum sim_event_kind announced; SIM_EV_RESUME when none is known */
    uint8_t call;    /* SIM_CHOICE_TASK: enum sim_call of what is no step of a task */
};

/* A choice.  Threads: option 0 is the thread that ran last if it can go on (`preempting` is then
 * true: every other option is a preemption), and the others follow in cyclic order of id; the clock
 * stands last, if it may go in their place (its actor is the object of that kind).  Tasks: option 0
 * is what asyncio does, and the others follow in the order in which it would do them; the loop's
 * thread stands for the end of its run, and the clock, if it may go, last. */
struct sim_choice {
    enum sim_choice_kind kind;
    bool preempting;
    uint32_t count; /* of options, at least 2, or 1 for a policy that is asked every time */
    uint32_t index; /* how many choices were taken before this one */
    int64_t now_ns; /* virtual time */
    /* NULL for a blind policy, unless somebody else needs them. */
    const struct sim_option *options;
    struct sim *sim;
    uint32_t from;  /* index of the thread with which options begin */
    bool gives_way; /* who chooses could go on, and does if it is taken */
};

/* The options, listed now if they are not yet; valid until the policy has answered.  The same into
 * memory of the policy's own, with room for all of them.  Who one of them is, without that.  Of a
 * choice of threads. */
const struct sim_option *sim_choice_options(const struct sim_choice *choice);
void sim_choice_list(const struct sim_choice *choice, struct sim_option *options);
uint32_t sim_choice_actor(const struct sim_choice *choice, uint32_t option);

struct sink;

/* An answer to a choice that had so many options. */
struct sim_answer {
    uint32_t option;
    uint32_t offered;
};

/* What is known before a run: it begins as an earlier one did.  The policy is not asked for these
 * answers, and its sink need not be told what happens before the last of them is used.  Where a
 * summary is kept, that sink alone is told of what follows. */
struct sim_answers {
    const struct sim_answer *at;
    uint32_t count;
    uint32_t next; /* moved on by the run */
    uint32_t save; /* the answer before which the simulation is worth saving; UINT32_MAX: none */
    bool broken;   /* there was another number of options, which has ended the run */
    struct sink *sink;
};

/* Choices of threads that are taken without asking: the running thread goes on, as long as so many
 * could and there has been nothing that sim_choice_has_news would tell of. */
struct sim_passes {
    uint32_t offered;       /* 0: each choice is asked for */
    uint32_t taken;         /* counted by the run */
    struct sim_option last; /* taken in the last of them */
};

/* Option 0 of a choice of threads. */
struct sim_option sim_choice_first(const struct sim_choice *choice);

/* Tell this sink what has happened so far: for a blind policy that keeps one, and looks at some
 * choices only.  And has there been anything since, but that threads went on and joined others that
 * had ended? */
void sim_choice_tell(const struct sim_choice *choice, const struct sink *sink);
bool sim_choice_has_news(const struct sim_choice *choice);

/* Does a deadline pass only when nobody can go on?  If not, so many more may pass before
 * (UINT32_MAX: that is not known). */
bool sim_choice_time_is_late(const struct sim_choice *choice);
uint32_t sim_choice_early_left(const struct sim_choice *choice);

/* What it wants is looked at when an execution begins, after begin. */
struct policy {
    bool every; /* asked before every step, even if only one thing can happen: that is no choice */
    /* It does not look at the options of every choice: they need not be listed. */
    bool blind;
    /* A new execution begins.  May be NULL. */
    void (*begin)(struct policy *policy);
    /* Returns an index below choice->count; SIM_DIVERGE to end the run as diverged; or
     * SIM_NO_MEMORY to end it so. */
    uint32_t (*choose)(struct policy *policy, const struct sim_choice *choice);
    /* The same answer to a choice of which only this much is told: for a policy that is blind, and
     * does not look at the others, either.  May be NULL; else it may be another one whenever the
     * policy has been called.  SIM_SAVE: it is to be asked again, once the simulation is saved
     * (core/snapshot.h). */
    uint32_t (*draw)(struct policy *policy, uint32_t count, bool preempting);
    /* The one sink that must know all that has happened when it chooses, and need not know what
     * happens after the last choice.  NULL: all of them must, or none, if it is blind. */
    struct sink *learns;
    /* As long as fewer operations in a row may have changed nothing, that sink need not be told,
     * and another policy is asked in place of this one; but not where who chooses gives way.  Both
     * may be changed whenever the policy is called.  Of interest only with a sink that learns. */
    uint32_t patience;
    struct policy *deputy;
    /* For a blind policy without a sink that learns.  NULL: nothing is known before. */
    struct sim_answers *answers;
    /* For a blind policy, which may change it whenever it is called.  NULL: it is always asked. */
    struct sim_passes *passes;
    /* Where it may save the simulation at a choice (core/snapshot.h); NULL: nowhere. */
    struct snapshots *snapshots;
};

#define SIM_DIVERGE UINT32_MAX
#define SIM_SAVE (UINT32_MAX - 1)
#define SIM_NO_MEMORY (UINT32_MAX - 2)

/* Is the answer the number of an option? */
static inline bool sim_is_option(uint32_t answer)
{
    return answer < SIM_NO_MEMORY;
}

#endif
