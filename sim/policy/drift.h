/* Drift: takes the choices of a recorded run again, and checks at each step whether the program is
 * still the one that was recorded: how many can run, who is next, and what each does.
 *
 * It is a policy and a sink; both see the run.  The first difference is kept in words: "step 9:
 * expected A at acquire m, but A is at resume". */
#ifndef SIM_POLICY_DRIFT_H
#define SIM_POLICY_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"
#include "sim/trace/sink.h"

struct trace;

enum { DRIFT_WHY_MAX = 768 };

struct policy_drift {
    struct policy policy; /* first */
    struct sink sink;     /* must be told of the run, too */
    const struct trace *recorded;
    const struct registry *registry; /* of the run */
    bool stop;                       /* end the run as diverged at the first drift */
    size_t next;                     /* event of the recorded run that comes next */
    uint64_t drifts;                 /* choices and events that differed; all, if it goes on */
    uint32_t step;
    char why[DRIFT_WHY_MAX]; /* of the first; "" if there is none */
};

/* recorded is borrowed.  stop: end the run at the first drift; else it goes on with who went next
 * in the recorded run if that one can run, and with option 0 if not. */
void policy_drift_init(struct policy_drift *drift, const struct trace *recorded, bool stop);

/* After a run: has the recorded one anything left?  That is a drift, too. */
void policy_drift_end(struct policy_drift *drift);

#endif
