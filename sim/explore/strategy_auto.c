/* What is done when nobody says how: every schedule, depth first, while there are few; if there are
 * too many, one of all that differ only in the order of independent steps; and if those are too
 * many, too, random ones.
 *
 * A small program gets a proof, and a large one the policy that finds shallow bugs soonest.  The
 * bounds are numbers of executions and choices, not times, so that the same search is the same
 * everywhere.  The first two stages come in the same order in every shard, which runs all of them
 * and counts its own: it must know when there were too many, and they are few. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy.h"
#include "sim/trace/reader.h"

/* Of each of the first two stages, at most: so many choices, and so many executions, or twice as
 * many if half of all seem to be done. */
enum { EXECUTIONS = 20000, CHOICES = 2000000 };

/* Choices of an execution, on average, with which there is no hope that dpor comes to an end. */
enum { LONG = 1000 };

enum { STAGES = 3 };

static const enum explore_policy policies[STAGES] = {EXPLORE_DFS, EXPLORE_DPOR, EXPLORE_RANDOM};

/* Of one of the first two stages. */
struct stage {
    uint64_t most;    /* executions, unless half of all seem to be done */
    uint64_t begun;   /* executions, also those that were given up half-way */
    uint64_t counted; /* of them, in all shards */
    uint64_t choices; /* that they took */
    uint64_t given_up;
    bool ended; /* nothing is left of it */
};

struct strategy_auto {
    struct strategy strategy; /* first */
    const struct explore_request *request;
    struct strategy *inner; /* owned; of the stage at work */
    unsigned at;            /* that is */
    struct stage stages[STAGES - 1];
    bool exhausted; /* there are no other executions */
    bool cut;       /* one of the first two stages' was ended by a limit, or was too long for it */
};

/* Executions of the first two stages, in all shards. */
static uint64_t ordered(const struct strategy_auto *self)
{
    return self->stages[0].counted + self->stages[1].counted;
}

/* Executions that are asked for and left; UINT64_MAX: it is not said. */
static uint64_t left(const struct strategy_auto *self)
{
    uint64_t all = self->request->max_executions;

    if (all == 0 || all >= INT64_MAX)
        return UINT64_MAX;
    return all > ordered(self) ? all - ordered(self) : 0;
}

/* The strategy of the stage at work.  Returns false when out of memory. */
static bool make_inner(struct strategy_auto *self)
{
    struct strategy *strategy = &self->strategy;
    struct explore_request request = *self->request;

    request.policy = policies[self->at];
    request.max_preemptions = -1;
    if (self->at < STAGES - 1) {
        request.shard_count = 1;
        request.shard_index = 0;
        self->stages[self->at].most = left(self) / 2 < EXECUTIONS ? left(self) / 2 : EXECUTIONS;
    } else if (left(self) != UINT64_MAX) {
        request.max_executions = left(self);
    }
    if (self->inner != NULL)
        self->inner->ops->free(self->inner);
    self->inner = strategy_new(&request);
    strategy->out_of_memory = self->inner == NULL;
    if (self->inner == NULL)
        return false;
    strategy->stage = self->at;
    strategy->policy = self->inner->policy;
    strategy->sink = self->inner->sink;
    strategy->by = self->at == 0 ? NULL : explore_policy_name(policies[self->at]);
    strategy->max_steps = self->inner->max_steps;
    strategy->passes_long = self->at == 1 && request.run.max_steps == 0;
    strategy->fair = self->inner->fair;
    strategy->reduces = self->inner->reduces;
    strategy->repeats = self->inner->repeats;
    return true;
}

static void set_number(struct strategy_auto *self)
{
    self->strategy.number = ordered(self) + (self->at < STAGES - 1 ? 1 : self->inner->number);
}

/* Is it worth while to go on in order? */
static bool go_on(const struct strategy_auto *self)
{
    const struct stage *stage = &self->stages[self->at];
    char of[64];

    if (stage->choices >= CHOICES || stage->begun >= 2 * stage->most || (self->cut && self->at > 0))
        return false;
    if (stage->begun < stage->most)
        return true;
    /* What dpor knows to be left is seldom all: others are not to go without for that. */
    return (self->at == 0 || left(self) == UINT64_MAX) &&
           self->inner->ops->share(self->inner, of, sizeof(of)) >= 0.5;
}

/* What does not end, or has too many choices, is not for dpor. */
static bool is_for_dpor(const struct strategy_auto *self)
{
    return !self->cut && self->stages[0].choices <= LONG * self->stages[0].begun;
}

/* Begin the next stage that has room for an execution.  Returns false when nothing of it is this
 * shard's, or out of memory. */
static bool enter(struct strategy_auto *self)
{
    do {
        self->at += self->at == 0 && !is_for_dpor(self) ? 2 : 1;
        if (!make_inner(self))
            return false;
    } while (self->at < STAGES - 1 && self->stages[self->at].most == 0);
    set_number(self);
    return !self->inner->idle;
}

static bool inner_counts(const struct strategy_auto *self)
{
    return self->inner->ops->counts == NULL || self->inner->ops->counts(self->inner);
}

static bool counts(const struct strategy *strategy)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;
    uint32_t shards = self->request->shard_count == 0 ? 1 : self->request->shard_count;

    return inner_counts(self) &&
           (self->at == STAGES - 1 || ordered(self) % shards == self->request->shard_index);
}

static bool gave_up(const struct strategy *strategy)
{
    const struct strategy *inner = ((const struct strategy_auto *)strategy)->inner;

    return inner->ops->gave_up != NULL && inner->ops->gave_up(inner);
}

/* Nothing is left of the stage: is that a proof? */
static bool is_proof(const struct strategy_auto *self)
{
    char why[256];

    return self->inner->ops->judge(self->inner, true, why, sizeof(why)) == EXPLORE_EXHAUSTED;
}

/* An execution of the first two stages has ended. */
static bool next_in_order(struct strategy_auto *self, enum sim_outcome outcome)
{
    struct strategy *strategy = &self->strategy;
    struct stage *stage = &self->stages[self->at];

    stage->begun++;
    stage->counted +=
        inner_counts(self) && !(outcome == SIM_OUTCOME_STEPS && strategy->passes_long);
    self->cut |= outcome == SIM_OUTCOME_STEPS || outcome == SIM_OUTCOME_MEMORY;
    bool more = self->inner->ops->next(self->inner, outcome);

    stage->choices += self->inner->choices;
    stage->ended = !more;
    if (self->inner->ops->given_up != NULL)
        stage->given_up = self->inner->ops->given_up(self->inner);
    strategy->out_of_memory = self->inner->out_of_memory;
    strategy->nondeterministic = self->inner->nondeterministic;
    strategy->held = self->inner->held;
    if (strategy->out_of_memory || strategy->nondeterministic)
        return false;
    self->exhausted = !more && !(strategy->passes_long && self->cut) && is_proof(self);
    set_number(self);
    if (self->exhausted)
        return false;
    return (more && go_on(self)) || (left(self) > 0 && enter(self));
}

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;

    if (self->at < STAGES - 1)
        return next_in_order(self, outcome);
    bool more = self->inner->ops->next(self->inner, outcome);

    strategy->out_of_memory = self->inner->out_of_memory;
    set_number(self);
    return more;
}

static void again(struct strategy *strategy)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    if (self->inner->ops->again != NULL)
        self->inner->ops->again(self->inner);
}

static uint64_t given_up(const struct strategy *strategy)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    /* The same in all shards: the first one says it. */
    return self->request->shard_index == 0 ? self->stages[1].given_up : 0;
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    (void)complete;
    /* What sampling rests on is said of all shards together: strategy_describe. */
    if (size > 0)
        why[0] = '\0';
    if (self->exhausted)
        return self->inner->ops->judge(self->inner, true, why, size);
    return self->at == STAGES - 1 ? EXPLORE_SAMPLED : EXPLORE_INCONCLUSIVE;
}

/* Executions of the second stage that are this shard's: those with these numbers, from 0. */
static uint64_t own_between(const struct strategy_auto *self, uint64_t from, uint64_t to)
{
    uint64_t shards = self->request->shard_count == 0 ? 1 : self->request->shard_count;
    uint64_t index = self->request->shard_index;

    return (to + shards - 1 - index) / shards - (from + shards - 1 - index) / shards;
}

static void sampled(const struct strategy *strategy, struct explore_sampled *sampled)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    *sampled = (struct explore_sampled){0};
    if (self->at == STAGES - 1)
        self->inner->ops->sampled(self->inner, sampled);
    sampled->reduced = own_between(self, self->stages[0].counted, ordered(self));
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    return self->inner->ops->share(self->inner, of, size);
}

static bool save(struct strategy *strategy, FILE *out)
{
    const struct strategy_auto *self = (const struct strategy_auto *)strategy;

    (void)fprintf(out, "auto %u %d %d\n", self->at, self->exhausted, self->cut);
    for (unsigned i = 0; i < STAGES - 1; i++)
        (void)fprintf(out, "stage %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %d\n",
                      self->stages[i].begun, self->stages[i].counted, self->stages[i].choices,
                      self->stages[i].given_up, self->stages[i].ended);
    return self->inner->ops->save(self->inner, out);
}

static bool load_stage(struct stage *stage, struct reader *in)
{
    uint64_t *const numbers[] = {&stage->begun, &stage->counted, &stage->choices, &stage->given_up};

    if (!reader_key(in, "stage"))
        return false;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        int64_t number = 0;

        if (!reader_number(in, 0, INT64_MAX / STAGES, &number))
            return false;
        *numbers[i] = (uint64_t)number;
    }
    return reader_flag(in, &stage->ended) && reader_end(in) &&
           (stage->counted <= stage->begun || reader_fail(in, "more than all executions"));
}

/* How many come in order depends on how many are asked for. */
static bool is_of_request(const struct stage *stage, bool over)
{
    bool whole = stage->most == 0 ? stage->begun == 0 : stage->begun % stage->most == 0;

    return stage->begun <= 2 * stage->most &&
           (!over || whole || stage->ended || stage->choices >= CHOICES);
}

/* Make the stages up to this one.  Returns false after a message. */
static bool make_stages(struct strategy_auto *self, const struct stage *stages, unsigned at,
                        struct reader *in)
{
    for (self->at = 0;; self->at++) {
        if (!make_inner(self))
            return reader_fail(in, "out of memory");
        if (self->at == STAGES - 1)
            return true;
        struct stage *stage = &self->stages[self->at];
        uint64_t most = stage->most;

        *stage = stages[self->at];
        stage->most = most;
        if (!is_of_request(stage, self->at < at && !self->cut))
            return reader_fail(in,
                               "%" PRIu64 " executions were run by %s, and with as many as are "
                               "asked for here it would be %" PRIu64,
                               stage->begun, explore_policy_name(policies[self->at]), most);
        if (self->at == at)
            return true;
    }
}

static bool load(struct strategy *strategy, struct reader *in)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;
    struct stage stages[STAGES - 1] = {{0}};
    uint32_t at = 0;

    if (!reader_key(in, "auto") || !reader_u32(in, STAGES - 1, &at) ||
        !reader_flag(in, &self->exhausted) || !reader_flag(in, &self->cut) || !reader_end(in) ||
        !load_stage(&stages[0], in) || !load_stage(&stages[1], in) ||
        !make_stages(self, stages, at, in))
        return false;
    if (!self->inner->ops->load(self->inner, in))
        return false;
    set_number(self);
    strategy->idle = self->at == STAGES - 1 ? self->inner->idle : self->exhausted;
    /* More may be asked for than when there was nothing left to do. */
    if (self->at < STAGES - 1 && !self->exhausted && !go_on(self))
        strategy->idle = left(self) == 0 || !enter(self);
    return !strategy->out_of_memory || reader_fail(in, "out of memory");
}

static void auto_free(struct strategy *strategy)
{
    struct strategy_auto *self = (struct strategy_auto *)strategy;

    if (self->inner != NULL)
        self->inner->ops->free(self->inner);
    free(self);
}

struct strategy *strategy_auto(const struct explore_request *request)
{
    static const struct strategy_ops ops = {.next = next,
                                            .again = again,
                                            .judge = judge,
                                            .free = auto_free,
                                            .counts = counts,
                                            .gave_up = gave_up,
                                            .given_up = given_up,
                                            .sampled = sampled,
                                            .share = share,
                                            .save = save,
                                            .load = load};
    struct strategy_auto *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->request = request;
    self->strategy.ops = &ops;
    self->strategy.samples = true;
    if (make_inner(self)) {
        set_number(self);
        self->strategy.idle = self->stages[0].most == 0 && !enter(self);
    }
    if (!self->strategy.out_of_memory)
        return &self->strategy;
    auto_free(&self->strategy);
    return NULL;
}
