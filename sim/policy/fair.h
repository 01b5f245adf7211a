/* Fair: holds back who spins, and leaves every other choice to another policy (after Musuvathi and
 * Qadeer: Fair Stateless Model Checking, PLDI 2008).
 *
 * A thread or task that reads the same again, tries the same again or gives way again, while
 * nothing has changed since, waits for something that another must do.  A policy that lets it go on
 * for ever never sees a run end.  So after FAIR_REPEATS such repetitions it is held back until
 * something changes, or until everybody else who can run has had a turn.  Somebody can always go:
 * whoever ran longest ago is never held back.
 *
 * Differences: the paper learns of spinning from yields alone, and raises priorities at each; here
 * repetition counts, so that loops that never yield end, too.  A loop that does the same so often
 * for another reason loses those schedules in which it goes on undisturbed: `held` says that there
 * may be such, and that "every schedule" then means every one with at most so many repetitions. */
#ifndef SIM_POLICY_FAIR_H
#define SIM_POLICY_FAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"
#include "sim/trace/sink.h"

enum { FAIR_REPEATS = 4 };

struct fair_actor;
struct fair_value;

struct policy_fair {
    struct policy policy; /* first */
    struct sink sink;     /* must be told of every event that it does not ignore */
    struct policy *inner; /* borrowed; may be exchanged between runs; NULL takes the first option */
    struct policy first;  /* takes the first option */
    struct fair_actor *actors; /* owned; by id */
    size_t actor_capacity;
    struct fair_value *values; /* owned; by id of variable: what it holds */
    size_t value_capacity;
    struct sim_option *options; /* owned; those that are left */
    uint32_t *places;           /* owned; where they stood */
    size_t option_capacity;
    size_t place_capacity;
    uint64_t run;
    uint64_t now;     /* counts turns, over all runs */
    uint64_t changed; /* when something last did */
    uint64_t spun;    /* when somebody was last found to spin */
    uint32_t last;    /* who acted last */
    bool alone;       /* no sink but its own needs to be told before a choice */
    bool held;        /* in any run, somebody was held back */
};

void policy_fair_init(struct policy_fair *fair, struct policy *inner);
void policy_fair_free(struct policy_fair *fair);

#endif
