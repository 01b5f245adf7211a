/* Several strategies in turn, each with its part of the executions: what one overlooks, another
 * finds. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/explore/explore.h"
#include "sim/explore/strategy.h"
#include "sim/trace/reader.h"

struct stage {
    enum explore_policy policy;
    unsigned percent; /* of the executions; what earlier ones leave over goes to the last */
};

static const struct stage stages[] = {
    {EXPLORE_PB, 40}, {EXPLORE_RANDOM, 20}, {EXPLORE_PCT, 20}, {EXPLORE_POS, 20}};

enum { STAGES = sizeof(stages) / sizeof(stages[0]), PREEMPTIONS = 2 };

struct strategy_portfolio {
    struct strategy strategy; /* first */
    struct sink sink;
    const struct explore_request *request;
    struct strategy *inner; /* owned; at work */
    size_t stage;
    uint64_t executions; /* that count, of all stages */
    uint64_t before;     /* of them, those of earlier stages */
    uint64_t limit;      /* of this stage and those before it, together */
    bool exhausted;      /* a stage has run every schedule */
};

static void tell(struct sink *sink, const struct sim_event *event)
{
    struct strategy_portfolio *self =
        (struct strategy_portfolio *)(void *)((char *)sink -
                                              offsetof(struct strategy_portfolio, sink));

    if (self->inner->sink != NULL)
        self->inner->sink->event(self->inner->sink, event);
    sink->out_of_memory = self->inner->sink != NULL && self->inner->sink->out_of_memory;
}

static uint64_t limit_of(const struct explore_request *request)
{
    return request->max_executions == 0 ? STRATEGY_SAMPLES : request->max_executions;
}

/* Begin a stage.  Returns false when out of memory. */
static bool enter(struct strategy_portfolio *self)
{
    struct explore_request request = *self->request;
    uint64_t all = limit_of(self->request);
    uint64_t part =
        all / 100 * stages[self->stage].percent + all % 100 * stages[self->stage].percent / 100;

    if (self->stage + 1 == STAGES || part > all - self->executions)
        part = all - self->executions;
    if (part == 0)
        part = 1;
    request.policy = stages[self->stage].policy;
    request.max_executions = part;
    if (request.max_preemptions < 0)
        request.max_preemptions = PREEMPTIONS;
    self->before = self->executions;
    self->limit = self->executions + part;
    self->inner = strategy_new(&request);
    if (self->inner == NULL) {
        self->strategy.out_of_memory = true;
        return false;
    }
    self->strategy.policy = self->inner->policy;
    self->strategy.by = explore_policy_name(request.policy);
    return true;
}

static bool counts(const struct strategy *strategy)
{
    const struct strategy *inner = ((const struct strategy_portfolio *)strategy)->inner;

    return inner->ops->counts == NULL || inner->ops->counts(inner);
}

static bool next(struct strategy *strategy, enum sim_outcome outcome)
{
    struct strategy_portfolio *self = (struct strategy_portfolio *)strategy;
    char why[160] = "";

    self->executions += counts(strategy);
    bool more = self->inner->ops->next(self->inner, outcome);

    strategy->policy = self->inner->policy;
    strategy->out_of_memory = self->inner->out_of_memory;
    strategy->nondeterministic = self->inner->nondeterministic;
    if (strategy->out_of_memory || strategy->nondeterministic)
        return false;
    if (more && self->executions < self->limit)
        return true;
    self->exhausted =
        self->inner->ops->judge(self->inner, !more, why, sizeof(why)) == EXPLORE_EXHAUSTED;
    if (self->exhausted || self->stage + 1 == STAGES || self->executions >= limit_of(self->request))
        return false;
    self->inner->ops->free(self->inner);
    self->inner = NULL;
    self->stage++;
    return enter(self);
}

static enum explore_verdict judge(const struct strategy *strategy, bool complete, char *why,
                                  size_t size)
{
    const struct strategy_portfolio *self = (const struct strategy_portfolio *)strategy;

    (void)complete;
    if (self->exhausted)
        return EXPLORE_EXHAUSTED;
    size_t used = 0;

    for (size_t i = 0; i <= self->stage && used < size; i++) {
        int length = snprintf(why + used, size - used, "%s%s", i == 0 ? "by " : ", ",
                              explore_policy_name(stages[i].policy));

        used += length > 0 ? (size_t)length : 0;
    }
    return EXPLORE_SAMPLED;
}

static double share(const struct strategy *strategy, char *of, size_t size)
{
    const struct strategy_portfolio *self = (const struct strategy_portfolio *)strategy;
    uint64_t all = limit_of(self->request);

    (void)snprintf(of, size, "those asked for");
    return all >= INT64_MAX ? -1 : (double)self->executions / (double)all;
}

static bool save(struct strategy *strategy, FILE *out)
{
    struct strategy_portfolio *self = (struct strategy_portfolio *)strategy;

    (void)fprintf(out, "stage %zu %" PRIu64 " %" PRIu64 " %" PRIu64 " %d\n", self->stage,
                  limit_of(self->request), self->before, self->executions, self->exhausted);
    return self->inner->ops->save(self->inner, out);
}

static bool load(struct strategy *strategy, struct reader *in)
{
    struct strategy_portfolio *self = (struct strategy_portfolio *)strategy;
    int64_t all = (int64_t)limit_of(self->request);
    int64_t limit = 0;
    int64_t before = 0;
    int64_t executions = 0;
    uint32_t stage = 0;

    if (!reader_key(in, "stage") || !reader_u32(in, STAGES - 1, &stage) ||
        !reader_number(in, 1, INT64_MAX, &limit) || !reader_number(in, 0, limit, &before) ||
        !reader_number(in, before, limit, &executions) || !reader_flag(in, &self->exhausted) ||
        !reader_end(in))
        return false;
    if (limit != all)
        return reader_fail(in,
                           "the stages of a portfolio of %" PRId64 " executions are not those of "
                           "one of %" PRId64,
                           limit, all);
    self->inner->ops->free(self->inner);
    self->inner = NULL;
    self->stage = stage;
    self->executions = (uint64_t)before;
    if (!enter(self))
        return reader_fail(in, "out of memory");
    self->executions = (uint64_t)executions;
    return self->inner->ops->load(self->inner, in);
}

static void portfolio_free(struct strategy *strategy)
{
    struct strategy_portfolio *self = (struct strategy_portfolio *)strategy;

    if (self->inner != NULL)
        self->inner->ops->free(self->inner);
    free(self);
}

struct strategy *strategy_portfolio(const struct explore_request *request)
{
    static const struct strategy_ops ops = {.next = next,
                                            .judge = judge,
                                            .free = portfolio_free,
                                            .counts = counts,
                                            .share = share,
                                            .save = save,
                                            .load = load};
    struct strategy_portfolio *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->request = request;
    self->sink.event = tell;
    self->strategy.ops = &ops;
    self->strategy.sink = &self->sink;
    self->strategy.samples = true;
    if (enter(self))
        return &self->strategy;
    free(self);
    return NULL;
}
