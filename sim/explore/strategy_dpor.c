#include "sim/explore/strategy.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/policy/dpor.h"

/* An execution in which tasks spin ends here: what it costs grows with the square of its choices.
 * Where tasks keep their order it has few, and may be long, for there may be many of them. */
enum { STEPS_MAX = 20000, STEPS_MAX_IN_ORDER = 200000 };

struct strategy_dpor {
    struct strategy strategy; /* first */
    struct dpor *dpor;
};

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_dpor *self = (struct strategy_dpor *)strategy;
    bool complete = outcome == SIM_OUTCOME_FINISHED || outcome == SIM_OUTCOME_FAILED ||
                    outcome == SIM_OUTCOME_STUCK;

    strategy->choices = dpor_choices(self->dpor);
    bool more = dpor_next(self->dpor, complete);
    struct dpor_statistics statistics = dpor_statistics(self->dpor);

    strategy->held = statistics.held;
    strategy->out_of_memory = statistics.out_of_memory;
    strategy->nondeterministic = statistics.nondeterministic;
    return more;
}

static void again(struct strategy *strategy)
{
    dpor_again(((struct strategy_dpor *)strategy)->dpor);
}

static bool gave_up(const struct strategy *strategy)
{
    return dpor_gave_up(((const struct strategy_dpor *)strategy)->dpor);
}

/* What was given up half-way is no execution; what another part runs is not this one's. */
static bool counts(const struct strategy *strategy)
{
    return !gave_up(strategy) && dpor_owns(((const struct strategy_dpor *)strategy)->dpor);
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    const struct strategy_dpor *self = (const struct strategy_dpor *)strategy;

    if (!complete)
        return EXPLORE_INCONCLUSIVE;
    struct dpor_statistics statistics = dpor_statistics(self->dpor);

    if (statistics.unseen) {
        (void)snprintf(why, size, "what is chosen after everybody has waited in a loop");
        return EXPLORE_INCONCLUSIVE;
    }
    (void)snprintf(why, size, "up to the order of independent steps");
    return EXPLORE_EXHAUSTED;
}

static uint64_t given_up(const struct strategy *strategy)
{
    struct dpor_statistics statistics =
        dpor_statistics(((const struct strategy_dpor *)strategy)->dpor);

    return statistics.asleep + statistics.infeasible + statistics.listed;
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    (void)snprintf(of, size, "what is known to be left");
    return dpor_share(((const struct strategy_dpor *)strategy)->dpor);
}

static bool save(struct strategy *strategy, FILE *out)
{
    return dpor_save(((struct strategy_dpor *)strategy)->dpor, out);
}

static bool load(struct strategy *strategy, struct reader *in)
{
    return dpor_load(((struct strategy_dpor *)strategy)->dpor, in);
}

static void free_dpor(struct strategy *strategy)
{
    struct strategy_dpor *self = (struct strategy_dpor *)strategy;

    dpor_free(self->dpor);
    free(self);
}

struct strategy *strategy_dpor(const struct explore_request *request)
{
    static const struct strategy_ops ops = {.next = next,
                                            .judge = judge,
                                            .free = free_dpor,
                                            .again = again,
                                            .counts = counts,
                                            .gave_up = gave_up,
                                            .given_up = given_up,
                                            .share = share,
                                            .save = save,
                                            .load = load};
    struct strategy_dpor *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->dpor = dpor_new();
    if (self->dpor == NULL) {
        free(self);
        return NULL;
    }
    if (request->shard_count > 1)
        dpor_divide(self->dpor, request->shard_index, request->shard_count);
    self->strategy.ops = &ops;
    self->strategy.policy = dpor_policy(self->dpor);
    self->strategy.sink = dpor_sink(self->dpor);
    /* It holds back itself who spins, for that changes who can run. */
    self->strategy.repeats = true;
    self->strategy.divides = true;
    self->strategy.fair = true;
    self->strategy.reduces = true;
    self->strategy.max_steps = request->run.scenario->async && request->run.level == SIM_LEVEL_FIFO
                                   ? STEPS_MAX_IN_ORDER
                                   : STEPS_MAX;
    return &self->strategy;
}
