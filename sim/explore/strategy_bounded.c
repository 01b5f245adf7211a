/* Depth first, with a bound on preemptions or delays that grows. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy.h"
#include "sim/policy/bounded.h"

struct strategy_bounded {
    struct strategy strategy; /* first */
    struct policy_bounded bounded;
};

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_bounded *self = (struct strategy_bounded *)strategy;

    (void)outcome;
    strategy->out_of_memory = self->bounded.out_of_memory;
    strategy->nondeterministic = self->bounded.nondeterministic;
    return !strategy->out_of_memory && !strategy->nondeterministic &&
           policy_bounded_next(&self->bounded);
}

static bool counts(const struct strategy *strategy)
{
    return !policy_bounded_repeats(&((const struct strategy_bounded *)strategy)->bounded);
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    const struct policy_bounded *bounded = &((const struct strategy_bounded *)strategy)->bounded;
    const char *what = bounded->cost == BOUNDED_DELAYS ? "delay" : "preemption";

    if (complete && !bounded->pruned)
        return EXPLORE_EXHAUSTED;
    if (complete)
        (void)snprintf(why, size, "at most %u %s%s", bounded->bound, what,
                       bounded->bound == 1 ? "" : "s");
    else if (bounded->bound > 0)
        (void)snprintf(why, size, "every execution with at most %u %s%s was run, with %u not all",
                       bounded->bound - 1, what, bounded->bound == 2 ? "" : "s", bounded->bound);
    return complete ? EXPLORE_BOUNDED : EXPLORE_INCONCLUSIVE;
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    const struct policy_bounded *bounded = &((const struct strategy_bounded *)strategy)->bounded;

    (void)snprintf(of, size, "those with at most %u %s", bounded->bound,
                   bounded->cost == BOUNDED_DELAYS ? "delays" : "preemptions");
    return policy_bounded_share(bounded);
}

static bool save(struct strategy *strategy, FILE *out)
{
    policy_bounded_save(&((struct strategy_bounded *)strategy)->bounded, out);
    return true;
}

static bool load(struct strategy *strategy, struct reader *in)
{
    return policy_bounded_load(&((struct strategy_bounded *)strategy)->bounded, in);
}

static void bounded_free(struct strategy *strategy)
{
    policy_bounded_free(&((struct strategy_bounded *)strategy)->bounded);
    free(strategy);
}

static struct strategy *make(enum bounded_cost cost, int last)
{
    static const struct strategy_ops ops = {.next = next,
                                            .judge = judge,
                                            .free = bounded_free,
                                            .counts = counts,
                                            .share = share,
                                            .save = save,
                                            .load = load};
    struct strategy_bounded *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    policy_bounded_init(&self->bounded, cost, last);
    self->strategy.ops = &ops;
    self->strategy.policy = &self->bounded.policy;
    self->strategy.splits = true;
    self->strategy.repeats = true;
    return &self->strategy;
}

struct strategy *strategy_pb(const struct explore_request *request)
{
    return make(BOUNDED_PREEMPTIONS, request->max_preemptions);
}

struct strategy *strategy_db(const struct explore_request *request)
{
    return make(BOUNDED_DELAYS, request->max_delays);
}
