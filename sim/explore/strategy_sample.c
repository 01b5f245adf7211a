/* Executions that are drawn, each from its number and the seed alone, so that a shard can run those
 * whose numbers are its own; and those of which there is only one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy.h"
#include "sim/policy/pct.h"
#include "sim/policy/pos.h"
#include "sim/policy/random.h"
#include "sim/policy/round_robin.h"
#include "sim/policy/surw.h"
#include "sim/trace/reader.h"

struct strategy_sample {
    struct strategy strategy; /* first */
    enum explore_policy kind;
    uint64_t limit;            /* executions of all shards */
    uint64_t measuring;        /* so many first ones are needed by every shard */
    uint64_t now;              /* number of the execution, from 0 */
    uint64_t *execution;       /* the policy's own number of its next run; NULL: it has none */
    const bool *out_of_memory; /* the policy's; NULL: it needs none */
    uint64_t used;             /* own ones, past those that measure */
    uint32_t index;            /* of the shard */
    uint32_t count;
    union {
        struct policy plain;
        struct policy_random random;
        struct policy_pct pct;
        struct policy_pos pos;
        struct policy_surw surw;
    } as;
};

static bool owns(const struct strategy_sample *self, uint64_t number)
{
    /* A division takes as long as a good part of an execution. */
    return self->count == 1 || number % self->count == self->index;
}

static bool counts(const struct strategy *strategy)
{
    const struct strategy_sample *self = (const struct strategy_sample *)strategy;

    return owns(self, self->now);
}

/* The policy's own number of its next run. */
static inline void set_execution(struct strategy_sample *self)
{
    if (self->execution != NULL)
        *self->execution = self->now;
}

/* Returns false when no execution of this shard is left. */
static bool seek(struct strategy_sample *self)
{
    while (self->now >= self->measuring && !owns(self, self->now))
        self->now++;
    if (self->now < self->limit) {
        set_execution(self);
        self->strategy.number = self->now + 1;
        return true;
    }
    return false;
}

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_sample *self = (struct strategy_sample *)strategy;

    (void)outcome;
    strategy->out_of_memory = self->out_of_memory != NULL && *self->out_of_memory;
    self->used += self->now >= self->measuring && owns(self, self->now);
    self->now++;
    return !strategy->out_of_memory && seek(self);
}

static void again(struct strategy *strategy)
{
    set_execution((struct strategy_sample *)strategy);
}

static void sampled(const struct strategy *strategy, struct explore_sampled *sampled)
{
    const struct strategy_sample *self = (const struct strategy_sample *)strategy;

    *sampled = (struct explore_sampled){.runs = self->used};
    if (self->kind != EXPLORE_PCT)
        return;
    sampled->actors = self->as.pct.actors;
    sampled->assumed = self->as.pct.assumed;
    sampled->longest = self->as.pct.longest;
    sampled->numbers = self->as.pct.numbers;
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    (void)strategy;
    (void)complete;
    /* What it rests on is said of all shards together: strategy_describe. */
    if (size > 0)
        why[0] = '\0';
    return EXPLORE_SAMPLED;
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    const struct strategy_sample *self = (const struct strategy_sample *)strategy;

    (void)snprintf(of, size, "those asked for");
    return self->limit == INT64_MAX ? -1 : (double)self->now / (double)self->limit;
}

static bool save(struct strategy *strategy, FILE *out)
{
    struct strategy_sample *self = (struct strategy_sample *)strategy;
    uint64_t now = self->now < self->limit ? self->now : self->limit;

    (void)fprintf(out, "drawn %" PRIu64 " %" PRIu64 "\n", now, self->used);
    if (self->kind == EXPLORE_PCT)
        policy_pct_save(&self->as.pct, out);
    else if (self->kind == EXPLORE_SURW)
        policy_surw_save(&self->as.surw, out);
    return true;
}

static bool load(struct strategy *strategy, struct reader *in)
{
    struct strategy_sample *self = (struct strategy_sample *)strategy;
    int64_t now = 0;
    int64_t used = 0;

    if (!reader_key(in, "drawn") || !reader_number(in, 0, INT64_MAX, &now) ||
        !reader_number(in, 0, now, &used) || !reader_end(in))
        return false;
    if ((uint64_t)now > self->limit)
        return reader_fail(in,
                           "%" PRId64 " executions were run, and only %" PRIu64 " are asked for",
                           now, self->limit);
    self->now = (uint64_t)now;
    self->used = (uint64_t)used;
    if ((self->kind == EXPLORE_PCT && !policy_pct_load(&self->as.pct, in)) ||
        (self->kind == EXPLORE_SURW && !policy_surw_load(&self->as.surw, in)))
        return false;
    strategy->idle = !seek(self);
    return true;
}

static void sample_free(struct strategy *strategy)
{
    struct strategy_sample *self = (struct strategy_sample *)strategy;

    if (self->kind == EXPLORE_PCT)
        policy_pct_free(&self->as.pct);
    else if (self->kind == EXPLORE_POS)
        policy_pos_free(&self->as.pos);
    else if (self->kind == EXPLORE_SURW)
        policy_surw_free(&self->as.surw);
    free(self);
}

/* Without its policy. */
static struct strategy_sample *make(const struct explore_request *request, enum explore_policy kind,
                                    uint64_t limit, uint64_t measuring)
{
#define SAMPLE_OPS                                                                                 \
    .next = next, .again = again, .judge = judge, .free = sample_free, .sampled = sampled,         \
    .share = share, .save = save, .load = load
    static const struct strategy_ops ops = {SAMPLE_OPS};
    static const struct strategy_ops ops_of_a_shard = {SAMPLE_OPS, .counts = counts};
#undef SAMPLE_OPS
    struct strategy_sample *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->kind = kind;
    self->limit = limit;
    self->measuring = measuring;
    self->count = request->shard_count == 0 ? 1 : request->shard_count;
    self->index = request->shard_index;
    self->strategy.ops = self->count == 1 ? &ops : &ops_of_a_shard;
    self->strategy.samples = true;
    /* The others learn from every run. */
    self->strategy.repeats = kind == EXPLORE_RANDOM || kind == EXPLORE_POS;
    return self;
}

static struct strategy *ready(struct strategy_sample *self, struct policy *policy)
{
    self->strategy.policy = policy;
    self->strategy.idle = !seek(self);
    return &self->strategy;
}

static uint64_t limit_of(const struct explore_request *request)
{
    return request->max_executions == 0 ? STRATEGY_SAMPLES : request->max_executions;
}

struct strategy *strategy_random(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_RANDOM, limit_of(request), 0);

    if (self == NULL)
        return NULL;
    policy_random_init(&self->as.random, request->run.seed, 0);
    self->execution = &self->as.random.execution;
    return ready(self, &self->as.random.policy);
}

struct strategy *strategy_pct(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_PCT, limit_of(request), PCT_PROFILE);

    if (self == NULL)
        return NULL;
    policy_pct_init(&self->as.pct, request->run.seed,
                    request->depth == 0 ? STRATEGY_DEPTH : request->depth);
    self->execution = &self->as.pct.execution;
    self->out_of_memory = &self->as.pct.priorities.out_of_memory;
    return ready(self, &self->as.pct.policy);
}

struct strategy *strategy_pos(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_POS, limit_of(request), 0);

    if (self == NULL)
        return NULL;
    policy_pos_init(&self->as.pos, request->run.seed);
    self->execution = &self->as.pos.execution;
    self->out_of_memory = &self->as.pos.priorities.out_of_memory;
    return ready(self, &self->as.pos.policy);
}

struct strategy *strategy_surw(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_SURW, limit_of(request), SURW_PROFILE);

    if (self == NULL)
        return NULL;
    policy_surw_init(&self->as.surw, request->run.seed);
    self->execution = &self->as.surw.execution;
    self->out_of_memory = &self->as.surw.sink.out_of_memory;
    self->strategy.sink = &self->as.surw.sink;
    return ready(self, &self->as.surw.policy);
}

static uint32_t first_option(struct policy *policy, const struct sim_choice *choice)
{
    (void)policy;
    (void)choice;
    return 0;
}

struct strategy *strategy_fifo(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_FIFO, 1, 0);

    if (self == NULL)
        return NULL;
    self->as.plain = (struct policy){.choose = first_option};
    return ready(self, &self->as.plain);
}

struct strategy *strategy_guided(const struct explore_request *request)
{
    return strategy_fifo(request);
}

struct strategy *strategy_round_robin(const struct explore_request *request)
{
    struct strategy_sample *self = make(request, EXPLORE_ROUND_ROBIN, 1, 0);

    if (self == NULL)
        return NULL;
    policy_round_robin_init(&self->as.plain);
    return ready(self, &self->as.plain);
}

/* A probability, cut rather than rounded: it is the least that may be claimed. */
static void put_least(double probability, char *out, size_t size)
{
    if (probability > 0.9999)
        (void)snprintf(out, size, "0.9999");
    else if (probability >= 0.001)
        (void)snprintf(out, size, "%.4g", (double)(int64_t)(probability * 10000) / 10000);
    else
        (void)snprintf(out, size, "%.1e", probability * 0.95);
}

void strategy_describe(enum explore_policy policy, uint32_t depth,
                       const struct explore_sampled *sampled, char *out, size_t size)
{
    char least[32];

    out[0] = '\0';
    if (policy != EXPLORE_PCT)
        return;
    if (depth == 0)
        depth = STRATEGY_DEPTH;
    if (sampled->runs == 0 || sampled->held) {
        (void)snprintf(out, size, "PCT depth %u: no bound, %s", depth,
                       sampled->held ? "since threads spin" : "too few executions");
        return;
    }
    double bound = policy_pct_bound(sampled->actors, sampled->assumed, depth);

    put_least(policy_pct_at_least_once(bound, sampled->runs), least, sizeof(least));
    (void)snprintf(out, size,
                   "PCT depth %u: finds a bug of depth %u%s with probability at least %s (%" PRIu64
                   " tries of 1/(%u*%u^%u))%s",
                   depth, depth, sampled->longest > sampled->assumed ? " in the first choices" : "",
                   least, sampled->runs, sampled->actors, sampled->assumed, depth - 1,
                   sampled->numbers ? ", whatever numbers it needs aside" : "");
}
