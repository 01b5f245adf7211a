/* Optimal dynamic partial order reduction: exactly one execution for each Mazurkiewicz trace, that
 * is, for each order of dependent steps (Abdulla, Aronis, Jonsson, Sagonas: Optimal dynamic partial
 * order reduction, POPL 2014, and Source sets, JACM 2017: sleep sets and wake-up trees).
 *
 * A step is what an actor does from one scheduling point to the next.  Dependent are steps of one
 * actor, a step and those that it enables, and steps that touch the same object, unless both only
 * read it; printing touches nothing.  Taking a mutex waits until it is free, so its race is with
 * the taking before it, not with the release.  What a deadline wakes comes after everything that
 * happened before the clock moved.  Every value of a sim_choose_number is tried.
 *
 * A thread or task that spins cannot go on before something has changed that it looked at
 * (spin.h): held says that there was such a one, and that "every order" then means every one with
 * at most FAIR_REPEATS repetitions.
 *
 * What a thread does before it first touches anything, and the joining of threads that have ended,
 * are no steps but the beginning of the next one (dpor_pieces.c).  What a task does is not known
 * before it is run: difference, its step is planned as far as it is known (dpor_plan.c).  Beside
 * threads, several turns of its loop can be one step to the others (dpor_turn.c).  A step in which
 * numbers are chosen is one of several (dpor_sleep.c).  An execution learns nothing where it begins
 * as the last one did: there the policy only repeats its answers (dpor_rewind.c).
 *
 * The search is a policy and a sink of the same run.  What it holds in memory is one execution, and
 * the wake-up trees along it.  They are small as a rule, but where very many races of one step wait
 * for their turn they grow with the number of executions (with n readers of a variable and one
 * writer, as 2^n).  Difference: they may hold only so much; beyond that, steps are tried without a
 * plan, with sleep sets alone, from the beginning of the execution on.  So memory is bounded by the
 * length of an execution times the number of actors, and the number of executions stays exact, but
 * some more may be given up half-way. */
#ifndef SIM_POLICY_DPOR_H
#define SIM_POLICY_DPOR_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/core/policy.h"
#include "sim/trace/reader.h"
#include "sim/trace/sink.h"

struct dpor;

/* NULL when out of memory.  Owner: the caller. */
struct dpor *dpor_new(void);
void dpor_free(struct dpor *dpor);

struct policy *dpor_policy(struct dpor *dpor);
struct sink *dpor_sink(struct dpor *dpor);

/* After a run, which came to an end of its own (complete) or was abandoned by this policy or a
 * limit: prepare the next.  Returns false when every trace has been run, or out of memory. */
bool dpor_next(struct dpor *dpor, bool complete);

/* Before the first run: how many steps may be planned (16384).  If there would be more, steps are
 * tried without a plan, and executions may be given up; their number without those stays exact. */
void dpor_limit(struct dpor *dpor, uint64_t plans);

/* Before the first run: search only this part of all, counted from 0.  The parts share no
 * execution, and together they are the whole.  They need not know of each other. */
void dpor_divide(struct dpor *dpor, uint32_t part, uint32_t parts);

/* Is the last run of this part? */
bool dpor_owns(const struct dpor *dpor);

/* Between runs: the share of the search that is done, from 0 to 1, as the choices along the last
 * execution suggest (Knuth, Mathematics of Computation 29, 1975).  What races will be found is not
 * known, so it may become less. */
double dpor_share(const struct dpor *dpor);

/* Between runs, which is after dpor_next or before the first: write how far the search has come, as
 * lines; and, into a new one that was divided and limited in the same way, read it and go on from
 * there.  What is read is consistent in itself; whether the program is the same, runs will show.
 *
 * Returns: save: false when out of memory; load: false after a message, and when out of memory. */
bool dpor_save(const struct dpor *dpor, FILE *out);
bool dpor_load(struct dpor *dpor, struct reader *in);

/* After a run, which need not have come to its end: prepare the same once more. */
void dpor_again(struct dpor *dpor);

/* How many choices the last run took. */
uint64_t dpor_choices(const struct dpor *dpor);

/* Did the policy abandon the last run? */
bool dpor_gave_up(const struct dpor *dpor);

struct dpor_statistics {
    uint64_t asleep;     /* executions given up because all that could go on had been tried */
    uint64_t infeasible; /* planned steps that could not be taken: 0 unless dependence is inexact */
    uint64_t listed;     /* given up as soon as it was known who could go on at some point */
    uint64_t memory;     /* pieces of memory that it holds */
    bool held;           /* somebody spun, and was not let go on */
    bool unseen; /* something else could be chosen after everybody had spun, and was not tried */
    bool out_of_memory;    /* it cannot go on */
    bool nondeterministic; /* the program did not repeat itself */
};

struct dpor_statistics dpor_statistics(const struct dpor *dpor);

#endif
