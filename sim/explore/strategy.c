#include "sim/explore/strategy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy_dpor.h"
#include "sim/policy/dfs.h"
#include "sim/policy/random.h"

static const char *const policy_names[] = {
#define EXPLORE_POLICY_NAME(id, name) [id] = (name),
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

/* ---- Depth first. ---- */

struct strategy_dfs {
    struct strategy strategy; /* first */
    struct policy_dfs dfs;
};

static bool dfs_next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_dfs *self = (struct strategy_dfs *)strategy;

    (void)outcome;
    strategy->out_of_memory = self->dfs.out_of_memory;
    strategy->nondeterministic = self->dfs.nondeterministic;
    return !strategy->out_of_memory && !strategy->nondeterministic && policy_dfs_next(&self->dfs);
}

static enum explore_verdict dfs_judge(const struct strategy *strategy, bool complete, char *why,
                                      size_t size)
{
    const struct strategy_dfs *self = (const struct strategy_dfs *)strategy;

    if (!complete)
        return EXPLORE_INCONCLUSIVE;
    if (!self->dfs.pruned)
        return EXPLORE_EXHAUSTED;
    (void)snprintf(why, size, "at most %d preemptions", self->dfs.max_preemptions);
    return EXPLORE_BOUNDED;
}

static void dfs_free(struct strategy *strategy)
{
    struct strategy_dfs *self = (struct strategy_dfs *)strategy;

    policy_dfs_free(&self->dfs);
    free(self);
}

static struct strategy *dfs_new(const struct explore_request *request)
{
    static const struct strategy_ops ops = {dfs_next, dfs_judge, dfs_free};
    struct strategy_dfs *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    policy_dfs_init(&self->dfs, request->max_preemptions);
    self->strategy.ops = &ops;
    self->strategy.policy = &self->dfs.policy;
    return &self->strategy;
}

/* ---- Random. ---- */

enum { DEFAULT_SAMPLES = 1000 };

struct strategy_random {
    struct strategy strategy; /* first */
    struct policy_random random;
};

static bool random_next(struct strategy *strategy, enum sim_outcome outcome)
{
    (void)strategy;
    (void)outcome;
    return true;
}

static enum explore_verdict random_judge(const struct strategy *strategy, bool complete, char *why,
                                         size_t size)
{
    (void)strategy;
    (void)complete;
    (void)snprintf(why, size, "%s", "");
    return EXPLORE_SAMPLED;
}

static void random_free(struct strategy *strategy)
{
    free(strategy);
}

static struct strategy *random_new(const struct explore_request *request)
{
    static const struct strategy_ops ops = {random_next, random_judge, random_free};
    struct strategy_random *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    policy_random_init(&self->random, request->run.seed, 0);
    self->strategy.ops = &ops;
    self->strategy.policy = &self->random.policy;
    self->strategy.samples = true;
    self->strategy.default_runs = DEFAULT_SAMPLES;
    return &self->strategy;
}

struct strategy *strategy_new(const struct explore_request *request)
{
    static struct strategy *(*const makers[])(const struct explore_request *) = {
        [EXPLORE_DFS] = dfs_new,
        [EXPLORE_RANDOM] = random_new,
        [EXPLORE_DPOR] = strategy_dpor_new,
    };

    return makers[request->policy](request);
}
