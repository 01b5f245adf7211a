/* What is done when nobody says how: every schedule, depth first, while there are few; and if there
 * are too many, random ones.
 *
 * A small program gets a proof, and a large one the policy that finds shallow bugs soonest.  The
 * bounds are numbers of executions and choices, not times, so that the same search is the same
 * everywhere.  Depth first comes in the same order in every shard, which runs all of it and counts
 * its own: it must know when there were too many, and they are few. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy.h"
#include "sim/policy/dfs.h"
#include "sim/trace/reader.h"

/* Of the first stage, at most: so many choices, and so many executions, or twice as many if half of
 * all seem to be done. */
enum { EXECUTIONS = 20000, CHOICES = 2000000 };

struct strategy_auto {
    struct strategy strategy; /* first */
    const struct explore_request *request;
    struct policy_dfs dfs;
    struct strategy *random; /* owned; the second stage; NULL: it is the first */
    uint64_t most;           /* executions of the first stage */
    uint64_t ordered;        /* of it, run so far, in all shards */
    uint64_t choices;        /* that they took */
    bool exhausted;          /* there are no others */
};

/* Executions that are asked for; 0: it is not said. */
static uint64_t all_of(const struct explore_request *request)
{
    return request->max_executions;
}

static uint64_t most_of(const struct explore_request *request)
{
    uint64_t half = all_of(request) / 2;

    return all_of(request) != 0 && half < EXECUTIONS ? half : EXECUTIONS;
}

/* Begin the second stage.  Returns false when nothing of it is this shard's, or out of memory. */
static bool enter(struct strategy_auto *self)
{
    struct explore_request request = *self->request;
    uint64_t all = all_of(self->request);

    request.policy = EXPLORE_RANDOM;
    if (all != 0 && all < INT64_MAX)
        request.max_executions = all - self->ordered;
    self->random = strategy_new(&request);
    if (self->random == NULL) {
        self->strategy.out_of_memory = true;
        return false;
    }
    self->strategy.policy = self->random->policy;
    self->strategy.by = explore_policy_name(EXPLORE_RANDOM);
    self->strategy.number = self->ordered + self->random->number;
    return !self->random->idle;
}

/* Is it worth while to go on in order? */
static bool go_on(const struct strategy_auto *self)
{
    if (self->choices >= CHOICES || self->ordered >= 2 * self->most)
        return false;
    return self->ordered < self->most || policy_dfs_share(&self->dfs) >= 0.5;
}

static bool counts(const struct strategy *strategy)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;
    uint32_t shards = self->request->shard_count == 0 ? 1 : self->request->shard_count;

    if (self->random != NULL)
        return self->random->ops->counts(self->random);
    return self->ordered % shards == self->request->shard_index;
}

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;

    if (self->random != NULL) {
        bool more = self->random->ops->next(self->random, outcome);

        strategy->out_of_memory = self->random->out_of_memory;
        strategy->number = self->ordered + self->random->number;
        return more;
    }
    strategy->out_of_memory = self->dfs.out_of_memory;
    strategy->nondeterministic = self->dfs.nondeterministic;
    self->ordered++;
    self->choices += self->dfs.depth;
    if (strategy->out_of_memory || strategy->nondeterministic)
        return false;
    self->exhausted = !policy_dfs_next(&self->dfs);
    strategy->number = self->ordered + 1;
    if (self->exhausted)
        return false;
    return go_on(self) || (self->ordered != all_of(self->request) && enter(self));
}

static void again(struct strategy *strategy)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    if (self->random != NULL)
        self->random->ops->again(self->random);
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    (void)complete;
    /* What sampling rests on is said of all shards together: strategy_describe. */
    if (size > 0)
        why[0] = '\0';
    if (self->random != NULL)
        return EXPLORE_SAMPLED;
    return self->exhausted ? EXPLORE_EXHAUSTED : EXPLORE_INCONCLUSIVE;
}

static void sampled(const struct strategy *strategy, struct explore_sampled *sampled)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    *sampled = (struct explore_sampled){0};
    if (self->random != NULL)
        self->random->ops->sampled(self->random, sampled);
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    if (self->random != NULL)
        return self->random->ops->share(self->random, of, size);
    (void)snprintf(of, size, "all schedules");
    return policy_dfs_share(&self->dfs);
}

static bool save(struct strategy *strategy, FILE *out)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;

    (void)fprintf(out, "auto %d %d %" PRIu64 " %" PRIu64 "\n", self->random != NULL,
                  self->exhausted, self->ordered, self->choices);
    if (self->random != NULL)
        return self->random->ops->save(self->random, out);
    policy_dfs_save(&self->dfs, out);
    return true;
}

/* Go on in the second stage. */
static bool load_random(struct strategy_auto *self, struct reader *in)
{
    if (self->random != NULL)
        self->random->ops->free(self->random);
    self->random = NULL;
    (void)enter(self);
    if (self->random == NULL)
        return reader_fail(in, "out of memory");
    if (!self->random->ops->load(self->random, in))
        return false;
    self->strategy.idle = self->random->idle;
    self->strategy.number = self->ordered + self->random->number;
    return true;
}

static bool load(struct strategy *strategy, struct reader *in)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;
    int64_t ordered = 0;
    int64_t choices = 0;
    bool random = false;

    if (!reader_key(in, "auto") || !reader_flag(in, &random) ||
        !reader_flag(in, &self->exhausted) || !reader_number(in, 0, INT64_MAX, &ordered) ||
        !reader_number(in, 0, INT64_MAX, &choices) || !reader_end(in))
        return false;
    self->ordered = (uint64_t)ordered;
    self->choices = (uint64_t)choices;
    /* How many come depth first depends on how many are asked for. */
    bool whole = self->most == 0 ? ordered == 0 : self->ordered % self->most == 0;

    if (self->ordered > 2 * self->most || (random && !whole && choices < CHOICES))
        return reader_fail(in,
                           "%" PRId64 " executions were run depth first, and with as many as are "
                           "asked for here it would be %" PRIu64,
                           ordered, self->most);
    strategy->number = self->ordered + 1;
    if (random)
        return load_random(self, in);
    if (!policy_dfs_load(&self->dfs, in))
        return false;
    strategy->idle = self->exhausted;
    /* More may be asked for than when there was nothing left to do. */
    if (!self->exhausted && !go_on(self))
        strategy->idle = self->ordered == all_of(self->request) || !enter(self);
    return !strategy->out_of_memory || reader_fail(in, "out of memory");
}

static void auto_free(struct strategy *strategy)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;

    if (self->random != NULL)
        self->random->ops->free(self->random);
    policy_dfs_free(&self->dfs);
    free(self);
}

struct strategy *strategy_auto(const struct explore_request *request)
{
    static const struct strategy_ops ops = {.next = next,
                                            .again = again,
                                            .judge = judge,
                                            .free = auto_free,
                                            .counts = counts,
                                            .sampled = sampled,
                                            .share = share,
                                            .save = save,
                                            .load = load};
    struct strategy_auto *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    policy_dfs_init(&self->dfs, -1);
    self->request = request;
    self->most = most_of(request);
    self->strategy.ops = &ops;
    self->strategy.policy = &self->dfs.policy;
    self->strategy.samples = true;
    self->strategy.repeats = true;
    self->strategy.number = 1;
    if (self->most > 0)
        return &self->strategy;
    self->strategy.idle = !enter(self);
    if (!self->strategy.out_of_memory)
        return &self->strategy;
    auto_free(&self->strategy);
    return NULL;
}
