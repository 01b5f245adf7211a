/* Policy: asked, wherever more than one thing could happen next, which of them does. */
#ifndef SIM_CORE_POLICY_H
#define SIM_CORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum sim_choice_kind {
    SIM_CHOICE_THREAD, /* which thread takes the next step */
    SIM_CHOICE_TASK,   /* which ready handle a loop runs next (freedom "any") */
    SIM_CHOICE_NUMBER, /* sim_choose_number: options differ only in their index */
};

/* One thing that could happen next: who, and the operation it stands before. */
struct sim_option {
    uint32_t actor;  /* task, or thread that runs none; 0: a callback of the loop */
    uint32_t object; /* that the operation is on; 0: none known */
    uint32_t thread; /* SIM_CHOICE_THREAD: on which it is done; the actor may be a task on it */
    uint8_t op;      /* enum sim_event_kind announced; SIM_EV_RESUME when none is known */
};

/* A choice.  Threads: option 0 is the thread that ran last if it can go on (`preempting` is then
 * true: every other option is a preemption), and the others follow in cyclic order of id.  Tasks:
 * options are the ready queue from its front, and option 0 is what asyncio does. */
struct sim_choice {
    enum sim_choice_kind kind;
    bool preempting;
    uint32_t count; /* of options, at least 2, or 1 for a policy that is asked every time */
    uint32_t index; /* how many choices were taken before this one */
    int64_t now_ns; /* virtual time */
    const struct sim_option *options; /* NULL for a blind policy, if no sink is told of choices */
};

struct policy {
    bool every; /* asked before every step, even if only one thing can happen: that is no choice */
    /* A new execution begins.  May be NULL. */
    void (*begin)(struct policy *policy);
    /* Returns an index below choice->count, or SIM_DIVERGE to end the run as diverged. */
    uint32_t (*choose)(struct policy *policy, const struct sim_choice *choice);
    /* It never looks at the options, only at their number: they need not be listed. */
    bool blind;
};

#define SIM_DIVERGE UINT32_MAX

#endif
