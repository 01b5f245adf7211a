#include "sim/explore/strategy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/explore.h"
#include "sim/policy/dfs.h"

static const char *const policy_names[] = {
#define EXPLORE_POLICY_NAME(id, name, make) [id] = (name),
    EXPLORE_POLICIES(EXPLORE_POLICY_NAME)
#undef EXPLORE_POLICY_NAME
};

const char *explore_policy_name(enum explore_policy policy)
{
    return policy_names[policy];
}

enum explore_policy explore_policy_named(const char *name)
{
    unsigned policy = 0;

    while (policy < EXPLORE_POLICY_COUNT && strcmp(policy_names[policy], name) != 0)
        policy++;
    return (enum explore_policy)policy;
}

struct strategy *strategy_new(const struct explore_request *request)
{
    static struct strategy *(*const makers[])(const struct explore_request *) = {
#define EXPLORE_POLICY_MAKE(id, name, make) [id] = (make),
        EXPLORE_POLICIES(EXPLORE_POLICY_MAKE)
#undef EXPLORE_POLICY_MAKE
    };

    return makers[request->policy](request);
}

/* ---- Depth first. ---- */

struct strategy_depth_first {
    struct strategy strategy; /* first */
    struct policy_dfs dfs;
};

static bool dfs_next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_depth_first *self = (struct strategy_depth_first *)strategy;

    (void)outcome;
    strategy->choices = self->dfs.depth;
    strategy->out_of_memory = self->dfs.out_of_memory;
    strategy->nondeterministic = self->dfs.nondeterministic;
    return !strategy->out_of_memory && !strategy->nondeterministic && policy_dfs_next(&self->dfs);
}

static enum explore_verdict dfs_judge(const struct strategy *strategy, bool complete, char *why,
                                      size_t size)
{
    const struct strategy_depth_first *self = (const struct strategy_depth_first *)strategy;

    if (!complete)
        return EXPLORE_INCONCLUSIVE;
    if (!self->dfs.pruned)
        return EXPLORE_EXHAUSTED;
    (void)snprintf(why, size, "at most %d preemptions", self->dfs.max_preemptions);
    return EXPLORE_BOUNDED;
}

static double dfs_share(const struct strategy *strategy, char *of, size_t size)
{
    const struct strategy_depth_first *self = (const struct strategy_depth_first *)strategy;

    (void)snprintf(of, size, "all schedules");
    if (self->dfs.pruned)
        (void)snprintf(of, size, "those with at most %d preemptions", self->dfs.max_preemptions);
    return policy_dfs_share(&self->dfs);
}

static bool dfs_save(struct strategy *strategy, FILE *out)
{
    policy_dfs_save(&((struct strategy_depth_first *)strategy)->dfs, out);
    return true;
}

static bool dfs_load(struct strategy *strategy, struct reader *in)
{
    return policy_dfs_load(&((struct strategy_depth_first *)strategy)->dfs, in);
}

static void dfs_free(struct strategy *strategy)
{
    struct strategy_depth_first *self = (struct strategy_depth_first *)strategy;

    policy_dfs_free(&self->dfs);
    free(self);
}

struct strategy *strategy_dfs(const struct explore_request *request)
{
    static const struct strategy_ops ops = {.next = dfs_next,
                                            .judge = dfs_judge,
                                            .free = dfs_free,
                                            .share = dfs_share,
                                            .save = dfs_save,
                                            .load = dfs_load};
    struct strategy_depth_first *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    policy_dfs_init(&self->dfs, request->max_preemptions);
    self->strategy.ops = &ops;
    self->strategy.policy = &self->dfs.policy;
    self->strategy.splits = true;
    self->strategy.repeats = true;
    return &self->strategy;
}
