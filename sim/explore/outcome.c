#include "sim/explore/outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"
#include "sim/explore/freedom.h"

bool outcome_init(struct outcome *outcome, const struct explore_request *request,
                  struct explore_report *report)
{
    *outcome = (struct outcome){
        .policy = (uint8_t)request->policy,
        .seed = (int64_t)(request->run.seed & INT64_MAX),
        .depth = request->depth,
        .preemptions = request->max_preemptions,
        .delays = request->max_delays,
        .executions = (int64_t)(request->max_executions & INT64_MAX),
        .max_memory = (int64_t)(request->run.max_memory & INT64_MAX),
        .max_steps = request->run.max_steps,
        .keep_going = request->keep_going,
        .shard_count = request->shard_count == 0 ? 1 : request->shard_count,
        .report = *report,
    };
    *report = (struct explore_report){.worst = -1};
    SIM_ASSERT(outcome->shard_count <= OUTCOME_SHARDS_MAX);
    SIM_ASSERT(request->shard_index < outcome->shard_count);
    outcome->has[request->shard_index] = true;
    (void)snprintf(outcome->program, sizeof(outcome->program), "%s", request->run.scenario->name);
    run_request_params(&request->run, outcome->params, sizeof(outcome->params));
    (void)snprintf(outcome->level, sizeof(outcome->level), "%s",
                   freedom_level_name(request->run.level));
    (void)snprintf(outcome->time, sizeof(outcome->time), "%s",
                   freedom_time_name(request->run.time));
    (void)snprintf(outcome->cancel, sizeof(outcome->cancel), "%s",
                   request->run.cancel == NULL ? "" : request->run.cancel);
    outcome->early = request->run.early;
    return request->prefix == NULL || schedule_copy(&outcome->prefix, request->prefix);
}

void outcome_free(struct outcome *outcome)
{
    schedule_free(&outcome->prefix);
    map_free(outcome->map);
    outcome->map = NULL;
    explore_report_free(&outcome->report);
}

uint32_t outcome_first_shard(const struct outcome *outcome)
{
    uint32_t shard = 0;

    while (shard + 1 < outcome->shard_count && !outcome->has[shard])
        shard++;
    return shard;
}

uint32_t outcome_missing(const struct outcome *outcome)
{
    uint32_t missing = 0;

    for (uint32_t i = 0; i < outcome->shard_count; i++)
        missing += !outcome->has[i];
    return missing;
}

/* What was asked for, as one line: equal for parts of one search.  NULL when out of memory. */
static char *describe(const struct outcome *outcome)
{
    char *text = NULL;
    size_t size = 0;
    char *prefix = schedule_format(&outcome->prefix);
    FILE *out = open_memstream(&text, &size);

    if (out == NULL || prefix == NULL) {
        free(prefix);
        if (out != NULL)
            (void)fclose(out);
        free(text);
        return NULL;
    }
    (void)fprintf(
        out,
        "%s %s, level %s, time %s, early %" PRId64 ", cancel '%s', policy %s, seed %" PRId64
        ", depth %u, preemptions %" PRId64 ", delays %" PRId64 ", executions %" PRId64
        ", steps %u, memory %" PRId64 ", all %d, prefix %s, %u shards",
        outcome->program, outcome->params, outcome->level, outcome->time, outcome->early,
        outcome->cancel, explore_policy_name((enum explore_policy)outcome->policy), outcome->seed,
        outcome->depth, outcome->preemptions, outcome->delays, outcome->executions,
        outcome->max_steps, outcome->max_memory, outcome->keep_going, prefix, outcome->shard_count);
    free(prefix);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static bool same_search(const struct outcome *a, const struct outcome *b, const char *name,
                        char *error, size_t error_size)
{
    char *one = describe(a);
    char *other = describe(b);
    bool same = one != NULL && other != NULL && strcmp(one, other) == 0;

    if (one == NULL || other == NULL)
        (void)snprintf(error, error_size, "%s: out of memory", name);
    else if (!same)
        (void)snprintf(error, error_size, "%s: it is of another search\n  this:   %s\n  others: %s",
                       name, other, one);
    free(one);
    free(other);
    for (uint32_t i = 0; same && i < a->shard_count; i++) {
        if (a->has[i] && b->has[i]) {
            (void)snprintf(error, error_size, "%s: shard %u of %u is there twice", name, i + 1,
                           a->shard_count);
            return false;
        }
    }
    return same;
}

/* Of two verdicts on parts, the one on both: the more modest. */
static void add_verdict(struct explore_report *to, const struct explore_report *from)
{
    static const int modesty[] = {
        [EXPLORE_EXHAUSTED] = 0,    [EXPLORE_BOUNDED] = 1, [EXPLORE_SAMPLED] = 2,
        [EXPLORE_INCONCLUSIVE] = 3, [EXPLORE_STOPPED] = 4, [EXPLORE_NONDETERMINISTIC] = 5};
    int more = modesty[from->verdict] - modesty[to->verdict];

    /* A part with nothing to bound says less than one that was bounded. */
    if (more > 0 || (more == 0 && strlen(from->why) > strlen(to->why)))
        memcpy(to->why, from->why, sizeof(to->why));
    if (more > 0)
        to->verdict = from->verdict;
    to->interrupted |= from->interrupted;
}

static void add_sampled(struct explore_sampled *to, const struct explore_sampled *from)
{
    to->runs += from->runs;
    to->reduced += from->reduced;
    to->actors = from->actors > to->actors ? from->actors : to->actors;
    to->assumed = from->assumed > to->assumed ? from->assumed : to->assumed;
    to->longest = from->longest > to->longest ? from->longest : to->longest;
    to->numbers |= from->numbers;
    to->held |= from->held;
}

/* Returns false when out of memory. */
static bool add_difference(struct explore_difference *to, const struct explore_difference *from)
{
    if (to->execution != 0 || from->execution == 0)
        return true;
    to->execution = from->execution;
    to->at = from->at;
    return schedule_copy(&to->schedule, &from->schedule);
}

/* Returns false when out of memory. */
static bool add_kind(struct explore_kind *to, const struct explore_kind *from)
{
    to->executions += from->executions;
    if (from->first == 0 || (to->first != 0 && to->first <= from->first))
        return true;
    to->first = from->first;
    to->by = from->by;
    return schedule_copy(&to->schedule, &from->schedule);
}

static int worse(const struct explore_report *report, int a, int b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    int error_a = sim_finding_is_error((unsigned)a);
    int error_b = sim_finding_is_error((unsigned)b);

    if (error_a != error_b)
        return error_a ? a : b;
    return report->kinds[b].first < report->kinds[a].first ? b : a;
}

bool outcome_add(struct outcome *outcome, const struct outcome *other, const char *name,
                 char *error, size_t error_size)
{
    struct explore_report *to = &outcome->report;
    const struct explore_report *from = &other->report;
    bool limited = limits_decided(to) || limits_decided(from);

    if (!same_search(outcome, other, name, error, error_size))
        return false;
    for (uint32_t i = 0; i < outcome->shard_count; i++)
        outcome->has[i] |= other->has[i];
    to->executions += from->executions;
    to->cut_by_steps += from->cut_by_steps;
    to->cut_by_memory += from->cut_by_memory;
    to->found += from->found;
    to->given_up += from->given_up;
    add_verdict(to, from);
    /* Each has said it of its own. */
    if (limited && to->verdict == EXPLORE_INCONCLUSIVE)
        limits_say(to, "execution", to->why, sizeof(to->why));
    add_sampled(&to->sampled, &from->sampled);
    bool ok = add_difference(&to->difference, &from->difference);

    ok = ok && trials_add(&to->trials, &from->trials);
    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
        ok = ok && add_kind(&to->kinds[kind], &from->kinds[kind]);
    if (!ok) {
        (void)snprintf(error, error_size, "%s: out of memory", name);
        return false;
    }
    to->worst = worse(to, to->worst, from->worst);
    /* A map of some parts would say that the others saw nothing. */
    if (outcome->map != NULL && other->map != NULL) {
        map_merge(outcome->map, other->map);
    } else {
        map_free(outcome->map);
        outcome->map = NULL;
    }
    if (to->verdict == EXPLORE_SAMPLED)
        strategy_describe((enum explore_policy)outcome->policy, outcome->depth, &to->sampled,
                          to->why, sizeof(to->why));
    return true;
}

void outcome_conclude(struct outcome *outcome)
{
    struct explore_report *report = &outcome->report;
    uint32_t missing = outcome_missing(outcome);

    if (missing == 0 || report->verdict == EXPLORE_STOPPED)
        return;
    report->verdict = EXPLORE_INCONCLUSIVE;
    (void)snprintf(report->why, sizeof(report->why), "%u of %u shards missing", missing,
                   outcome->shard_count);
}
